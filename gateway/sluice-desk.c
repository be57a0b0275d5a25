/* sluice-desk.c - the desk: the one process that people's programs talk to.
 *
 * Acquires its identity key, the roster, the routes; enters the sandbox; then
 * opens store and sockets and answers one request after the other.  Who asks is
 * known by signature only (wire/server.h); what they may do is decided in
 * intake/ and review/, which do not know each other: this program joins them.
 *
 * Every refused request is an audit entry (desk_refusals.h). */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/process.h"
#include "crypto/hash.h"
#include "desk_audit.h"
#include "desk_clocks.h"
#include "desk_commands.h"
#include "desk_limited.h"
#include "desk_policy.h"
#include "desk_refusals.h"
#include "desk_routes.h"
#include "desk_socket.h"
#include "intake/intake.h"
#include "review/review.h"
#include "sandbox/role.h"

enum {
	PATH = 4096,
	POLICY_MAX = 1 << 20,
	OPS_MAX = 64,
	TICK_MS = 200,
	SWEEP_MS = 3600 * 1000,
	UPLOAD_DAYS_S = 7 * 86400,
	NONCES = 1 << 18
};

struct desk {
	struct gateway_config *config;
	struct key *identity;
	struct buf policy;
	struct roster *roster;
	struct desk_policy in_force;
	struct desk_routes routes;
	struct store *store;
	struct desk_limited limited; /* its fitness STORE_SOUND: no limits */
	struct desk_refusals refusals;
	struct wire_server *server;
	struct intake intake;
	struct review review;
	struct wire_op ops[OPS_MAX];
	char stopped[PATH], wake_inspector[PATH], wake_releaser[PATH];
	char dirs[5][PATH], rules[PATH];
	atomic_int stop;
	int64_t next_sweep;
};

static bool is_limited(const struct desk *d)
{
	return d->limited.fitness != STORE_SOUND;
}

static int load(struct desk *d, const char *config, struct sl_why *why)
{
	int r = crypto_start();

	if (r == SL_OK)
		r = config_gateway_load(config, &d->config, why);
	if (r == SL_OK)
		r = key_load(d->config->keys.desk, KEY_DESK, NULL, &d->identity, why);
	if (r != SL_OK)
		return r;
	buf_init(&d->policy, POLICY_MAX);
	r = file_read(AT_FDCWD, d->config->approval_policy, POLICY_MAX, &d->policy);
	if (r != SL_OK)
		return why_set(why, r, _("cannot read the approval policy %s"),
			       d->config->approval_policy);
	r = roster_parse(d->policy.data, d->policy.len, &d->roster, why);
	desk_policy_init(&d->in_force, d->config);
	return r == SL_OK ? desk_routes_load(&d->routes, d->config, d->roster, why) : r;
}

static int make_dirs(struct desk *d, struct sl_why *why)
{
	int r = desk_folders_make(d->config->data);

	if (r == SL_OK)
		r = file_join(d->rules, PATH, d->config->data, "policies");
	if (r == SL_OK)
		r = file_join(d->stopped, PATH, d->config->data, "run/stopped");
	if (r == SL_OK)
		r = file_join(d->wake_inspector, PATH, d->config->data, "run/wake/inspector");
	if (r == SL_OK)
		r = file_join(d->wake_releaser, PATH, d->config->data, "run/wake/releaser");
	return r == SL_OK ? r : why_set(why, r, _("cannot prepare %s"), d->config->data);
}

static int confine(struct desk *d, struct sl_why *why)
{
	static const char *const names[] = {"store", "objects", "uploads", "run", "sealed"};
	char sockets[8][DESK_SOCKET_PATH];
	const struct config_list *listen = &d->config->listen;
	struct role_paths paths = {.n = 0};
	int r = SL_OK;

	if (listen->n > sizeof(sockets) / sizeof(sockets[0]))
		return why_set(why, SL_E_CONFIG, _("at most %zu addresses to listen on"),
			       sizeof(sockets) / sizeof(sockets[0]));
	for (size_t i = 0; r == SL_OK && i < sizeof(names) / sizeof(names[0]); i++) {
		/* Reading a database may need its shared memory beside it. */
		bool write = strcmp(names[i], "sealed") != 0 &&
			     (!is_limited(d) || strcmp(names[i], "store") == 0 ||
			      strcmp(names[i], "run") == 0);

		r = file_join(d->dirs[i], PATH, d->config->data, names[i]);
		role_path(&paths, d->dirs[i], write, false);
	}
	/* Newer versions of what custodians and policy officers sign. */
	role_path(&paths, d->rules, false, true);
	role_path(&paths, d->config->policies, false, true);
	role_path(&paths, d->config->repository, false, true);
	role_path(&paths, d->config->approval_policy, false, true);
	role_path(&paths, d->config->trust_root, false, true);
	for (unsigned i = 0; r == SL_OK && i < listen->n; i++)
		r = desk_socket_allow(listen->item[i], sockets[i], &paths, why);
	if (r == SL_OK && d->config->tls_certificate != NULL) {
		role_path(&paths, d->config->tls_certificate, false, false);
		role_paths_network(&paths);
	}
	return r == SL_OK ? role_sandbox("desk", &paths, &d->config->sandbox.optional, why) : r;
}

/* ---- what the wire asks ---- */

static int identify(void *arg, const char *keyid, struct wire_peer *ret_peer,
		    uint8_t ret_public[KEY_PUBLIC])
{
	const struct desk *d = arg;
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(d->roster, keyid, &k);
	int64_t now = clock_now();

	/* A key in OpenSSH's format signs decisions and nothing else, requests neither. */
	if (p == NULL || k->is_ssh ||
	    (k->use != KEY_DSSE_AUTHOR && k->use != KEY_DSSE_REVIEWER))
		return SL_E_DENIED;
	if (now < k->from || now > k->until)
		return SL_E_EXPIRED;
	(void)snprintf(ret_peer->pid, sizeof(ret_peer->pid), "%s", p->pid);
	ret_peer->person = p;
	memcpy(ret_public, k->public_key, KEY_PUBLIC);
	return SL_OK;
}

static void on_stranger(void *arg, const char *keyid, const char *op, int error)
{
	struct desk *d = arg;

	desk_refusals_stranger(&d->refusals, keyid, op, error);
}

static void on_refusal(void *arg, const struct wire_peer *peer, const char *op, int error,
		       const char *detail)
{
	struct desk *d = arg;

	desk_refusals_person(&d->refusals, peer->pid, op, error, detail);
}

/* From here on who may do what, and which approvals count, is the new version's word. */
static void renew_policy(struct desk *d)
{
	struct roster *next = NULL;
	struct sl_why why = {.text = ""};
	json_t *record;
	struct buf bytes;
	int r = SL_OK;

	buf_init(&bytes, POLICY_MAX);
	if (!desk_policy_poll(&d->in_force, d->roster, &next, &bytes, &r, &why)) {
		if (r != SL_OK)
			log_warn("policy.not-in-force", "error=%s why=%s", sl_errname(r),
				 log_q(why_text(&why, r)));
		buf_release(&bytes);
		return;
	}
	record = json_pack("{s:I,s:I}", "from", (json_int_t)roster_version(d->roster), "to",
			   (json_int_t)roster_version(next));
	r = is_limited(d)    ? SL_OK
	    : record == NULL ? SL_E_NOMEM
			     : store_audit(d->store, "policy.in-force", "desk", record);
	json_decref(record);
	log_info("policy.in-force", "from=%lld to=%lld audit=%s",
		 (long long)roster_version(d->roster), (long long)roster_version(next),
		 sl_errname(r));
	roster_free(d->roster);
	buf_release(&d->policy);
	d->roster = next;  /* moved */
	d->policy = bytes; /* moved */
	d->intake.roster = d->review.roster = d->roster;
	if (!is_limited(d))
		desk_clocks_escalate_again(&d->review);
	desk_routes_compare(&d->routes, d->roster);
}

static void renew_routes(struct desk *d)
{
	if (!desk_routes_poll(&d->routes, d->roster))
		return;
	d->intake.routes = d->routes.now;
	review_renew_routes(&d->review, d->routes.now);
	d->intake.clocks = d->review.clocks = d->routes.clocks;
	d->review.house = d->routes.house;
	if (!is_limited(d)) {
		desk_clocks_again(d->store);
		desk_clocks_escalate_again(&d->review);
	}
}

static void on_tick(void *arg)
{
	struct desk *d = arg;
	int64_t now = clock_mono_ms();
	int r;

	d->stop = role_stopping() || d->refusals.lost;
	renew_policy(d);
	renew_routes(d);
	if (!is_limited(d)) {
		desk_clocks_count(d->store, d->routes.clocks);
		desk_clocks_escalate(&d->review);
	}
	if (now < d->next_sweep || is_limited(d))
		return;
	d->next_sweep = now + SWEEP_MS;
	r = store_upload_sweep(d->store, clock_now() - UPLOAD_DAYS_S);
	if (r != SL_OK)
		log_warn("uploads.sweep", "error=%s", sl_errname(r));
}

/* ---- putting it together ---- */

static void add_ops(struct desk *d, const struct wire_op *ops, void *arg)
{
	unsigned n = 0;

	while (d->ops[n].name != NULL)
		n++;
	for (; ops->name != NULL; ops++) {
		BUG(n + 1 >= OPS_MAX);
		d->ops[n] = *ops;
		d->ops[n++].arg = arg;
	}
}

/* A store that cannot be opened at all is no reason not to say so to people. */
static int open_store(struct desk *d, struct sl_why *why)
{
	struct sl_why detail = {.text = ""};
	int r;

	if (!is_limited(d))
		return store_open(d->config->data, STORE_DESK, &d->store, why);
	r = store_open(d->config->data, STORE_READER, &d->store, &detail);
	d->limited.readable = r == SL_OK;
	log_err("desk.limited", "store=%s readable=%s why=%s",
		store_fitness_name(d->limited.fitness), r == SL_OK ? "yes" : "no",
		log_q(detail.text));
	return SL_OK;
}

/* Nothing is accepted that could be a repetition from before this start. */
static int newest_moment(const struct desk *d, int64_t *ret_ms)
{
	int r = d->store == NULL ? SL_OK : store_audit_newest(d->store, ret_ms);

	/* What a limited desk can be made to repeat changes nothing. */
	return is_limited(d) ? SL_OK : r;
}

static int open_desk(struct desk *d, struct sl_why *why)
{
	const struct config_list *l = &d->config->listen;
	const char **urls = calloc(l->n + 1, sizeof(*urls));
	struct wire_server_options o = {.listen = urls,
					.tls_certificate = d->config->tls_certificate,
					.identity = d->identity,
					.ops = d->ops,
					.identify = identify,
					.refused = on_stranger,
					.failed = on_refusal,
					.renewed = role_listener_renewed,
					.arg = d,
					.replay_slots = NONCES};
	int r = urls == NULL ? SL_E_NOMEM : open_store(d, why);

	for (unsigned i = 0; r == SL_OK && i < l->n; i++)
		urls[i] = l->item[i];
	d->intake = (struct intake){.store = d->store,
				    .config = d->config,
				    .roster = d->roster,
				    .policy = &d->policy,
				    .routes = d->routes.now,
				    .clocks = d->routes.clocks,
				    .stopped = d->stopped,
				    .wake = d->wake_inspector};
	d->review = (struct review){.store = d->store,
				    .roster = d->roster,
				    .routes = d->routes.now,
				    .clocks = d->routes.clocks,
				    .wake = d->wake_releaser,
				    .bell = d->wake_inspector,
				    .house = d->routes.house};
	d->refusals = (struct desk_refusals){
		.store = d->store, .data = d->config->data, .limited = is_limited(d)};
	if (r == SL_OK)
		r = review_init(&d->review);
	/* Other rules may have come into force while no desk ran. */
	if (r == SL_OK && !is_limited(d)) {
		desk_clocks_again(d->store);
		desk_clocks_escalate_again(&d->review);
	}
	add_ops(d, intake_ops(), &d->intake);
	add_ops(d, review_ops(), &d->review);
	if (is_limited(d))
		desk_limited_ops(&d->limited, d->ops);
	if (r == SL_OK)
		r = newest_moment(d, &o.known_ms);
	if (r == SL_OK)
		r = wire_server_open(&o, &d->server, why);
	free(urls);
	return r;
}

static void close_desk(struct desk *d)
{
	wire_server_close(d->server);
	review_release(&d->review);
	store_close(d->store);
	desk_routes_release(&d->routes);
	roster_free(d->roster);
	buf_release(&d->policy);
	key_free(d->identity);
	config_gateway_free(d->config);
	free(d);
}

static int serve(const char *config, enum store_fitness fitness, struct sl_why *why)
{
	struct desk *d = calloc(1, sizeof(*d));
	int r;

	if (d == NULL)
		return SL_E_NOMEM;
	d->limited.fitness = fitness;
	role_signals();
	r = load(d, config, why);
	if (r == SL_OK)
		r = make_dirs(d, why);
	if (r == SL_OK)
		r = confine(d, why);
	if (r == SL_OK)
		r = open_desk(d, why);
	if (r == SL_OK) {
		log_info("desk.open", "addresses=%u policy=%lld", d->config->listen.n,
			 (long long)roster_version(d->roster));
		process_say_ready();
		r = wire_server_run(d->server, &d->stop, TICK_MS, on_tick);
	}
	if (d->refusals.lost)
		r = why_set(why, SL_E_CORRUPT, "%s", d->refusals.why.text);
	close_desk(d);
	return r;
}

static int serve_sound(const char *config, struct sl_why *why)
{
	return serve(config, STORE_SOUND, why);
}

static int serve_damaged(const char *config, struct sl_why *why)
{
	return serve(config, STORE_DAMAGED, why);
}

static int serve_unwritable(const char *config, struct sl_why *why)
{
	return serve(config, STORE_UNWRITABLE, why);
}

static int run(const struct cli *c)
{
	static int (*const work[])(const char *config, struct sl_why *why) = {
		[STORE_SOUND] = serve_sound,
		[STORE_DAMAGED] = serve_damaged,
		[STORE_UNWRITABLE] = serve_unwritable};
	const char *limited = cli_value(c, "read-only");
	enum store_fitness fitness = STORE_SOUND;

	if (limited != NULL && store_fitness_from_name(limited, &fitness) != SL_OK)
		return cli_fail(SL_E_USAGE, NULL, _("--read-only takes damaged or unwritable"),
				NULL);
	return role_run(c, work[fitness], _("the desk stopped"));
}

int main(int argc, char **argv)
{
	static const struct cli_option run_options[] = {
		{"read-only", "WHY",
		 N_("change nothing in the store, which is damaged or unwritable"), false},
		{.name = NULL}};
	static const struct cli_command commands[] = {
		{"", "", N_("Run until stopped; started by the supervisor."), run_options, 0, 0,
		 run},
		{"look", "", N_("Say whether the store is sound, damaged or unwritable."), NULL,
		 0, 0, desk_commands_look},
		{"record", "TRANSCRIPT", N_("Enter a ceremony's transcript in the audit log."),
		 NULL, 1, 1, desk_commands_record},
		{"export", "FILE",
		 N_("Write what can be read of the store to FILE, a JSON object a line."), NULL,
		 1, 1, desk_commands_export},
		{"audit", "verify", N_("Prove the whole audit offline, name the first fault."),
		 NULL, 1, 1, desk_audit},
		{.name = NULL},
	};
	static const struct cli_program program = {
		.name = "sluice-desk",
		.about = N_("Answers authors and reviewers; started by sluiced, not by hand. "
			    "When the "
			    "database is damaged, \"export\" saves what it still gives."),
		.commands = commands};

	i18n_init();
	(void)i18n_learn(); /* without a catalogue everybody is answered in English */
	log_init(program.name, LOG_LEVEL_INFO);
	return cli_main(&program, argc, argv);
}
