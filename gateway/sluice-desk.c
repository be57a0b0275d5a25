/* sluice-desk.c - the desk: the one process that people's programs talk to.
 *
 * Acquires its identity key, the roster, the routes; enters the sandbox; then
 * opens store and sockets and answers one request after the other.  Who asks is
 * known by signature only (wire/server.h); what they may do is decided in
 * intake/ and review/, which do not know each other: this program joins them.
 *
 * Every refused request is an audit entry.  Those of strangers are rationed, so
 * that nobody without a key can fill the disk with them. */
#include <errno.h>
#include <fcntl.h>
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
#include "intake/intake.h"
#include "review/review.h"
#include "sandbox/role.h"

enum {
	PATH = 4096,
	POLICY_MAX = 1 << 20,
	OPS_MAX = 32,
	TICK_MS = 200,
	SWEEP_MS = 3600 * 1000,
	UPLOAD_DAYS_S = 7 * 86400,
	NONCES = 1 << 18,
	STRANGERS_A_MINUTE = 60
};

struct desk {
	struct gateway_config *config;
	struct key *identity;
	struct buf policy;
	struct roster *roster;
	struct routes *routes;
	struct store *store;
	struct wire_server *server;
	struct intake intake;
	struct review review;
	struct wire_op ops[OPS_MAX];
	char stopped[PATH], wake_inspector[PATH], wake_releaser[PATH];
	char dirs[5][PATH];
	volatile int stop;
	int64_t next_sweep;
	int64_t strangers_minute; /* refused requests of strangers, counted by minute */
	unsigned strangers;
};

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
	return r == SL_OK ? routes_load(d->config->policies, &d->routes, why) : r;
}

static int make_dirs(struct desk *d, struct sl_why *why)
{
	static const char *const names[] = {"store",
					    "objects",
					    "uploads",
					    "run",
					    "run/wake/inspector",
					    "run/wake/releaser"};
	char path[PATH];
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < sizeof(names) / sizeof(names[0]); i++) {
		r = file_join(path, sizeof(path), d->config->data, names[i]);
		if (r == SL_OK)
			r = file_mkdirs(path, 0700);
	}
	if (r == SL_OK)
		r = file_join(d->stopped, PATH, d->config->data, "run/stopped");
	if (r == SL_OK)
		r = file_join(d->wake_inspector, PATH, d->config->data, "run/wake/inspector");
	if (r == SL_OK)
		r = file_join(d->wake_releaser, PATH, d->config->data, "run/wake/releaser");
	return r == SL_OK ? r : why_set(why, r, _("cannot prepare %s"), d->config->data);
}

/* Directory of an ipc:// socket, made before the sandbox closes. */
static int allow_socket(const char *url, char dir[PATH], struct role_paths *paths,
			struct sl_why *why)
{
	static const char scheme[] = "ipc://";
	char *slash;
	int r;

	if (strncmp(url, scheme, sizeof(scheme) - 1) != 0)
		return SL_OK;
	if ((size_t)snprintf(dir, PATH, "%s", url + sizeof(scheme) - 1) >= PATH)
		return why_set(why, SL_E_CONFIG, _("%s is too long"), url);
	slash = strrchr(dir, '/');
	if (slash == NULL || slash == dir)
		return why_set(why, SL_E_CONFIG,
			       _("%s needs an absolute path below a directory"), url);
	*slash = '\0';
	r = file_mkdirs(dir, 0700);
	if (r != SL_OK)
		return why_set(why, r, _("cannot make %s"), dir);
	role_path(paths, dir, true, false);
	return SL_OK;
}

static int confine(struct desk *d, struct sl_why *why)
{
	static const char *const names[] = {"store", "objects", "uploads", "run"};
	char sockets[8][PATH];
	const struct config_list *listen = &d->config->listen;
	struct role_paths paths = {.n = 0};
	int r = SL_OK;

	if (listen->n > sizeof(sockets) / sizeof(sockets[0]))
		return why_set(why, SL_E_CONFIG, _("at most %zu addresses to listen on"),
			       sizeof(sockets) / sizeof(sockets[0]));
	for (size_t i = 0; r == SL_OK && i < sizeof(names) / sizeof(names[0]); i++) {
		r = file_join(d->dirs[i], PATH, d->config->data, names[i]);
		role_path(&paths, d->dirs[i], true, false);
	}
	for (unsigned i = 0; r == SL_OK && i < listen->n; i++)
		r = allow_socket(listen->item[i], sockets[i], &paths, why);
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

	if (p == NULL || (k->use != KEY_DSSE_AUTHOR && k->use != KEY_DSSE_REVIEWER))
		return SL_E_DENIED;
	if (now < k->from || now > k->until)
		return SL_E_EXPIRED;
	(void)snprintf(ret_peer->pid, sizeof(ret_peer->pid), "%s", p->pid);
	ret_peer->person = p;
	memcpy(ret_public, k->public_key, KEY_PUBLIC);
	return SL_OK;
}

static void audit_refusal(struct desk *d, const char *actor, const char *op, int error,
			  const char *detail)
{
	json_t *record = json_pack("{s:s,s:s,s:s}", "operation", op, "error", sl_errname(error),
				   "detail", detail);
	int r = record == NULL ? SL_E_NOMEM
			       : store_audit(d->store, "request.refused", actor, record);

	json_decref(record);
	if (r != SL_OK)
		log_warn("audit", "error=%s", sl_errname(r));
}

/* Before it was known who asks. */
static void on_stranger(void *arg, const char *keyid, const char *op, int error)
{
	struct desk *d = arg;
	int64_t minute = clock_mono_ms() / 60000;
	char actor[32];

	if (minute != d->strangers_minute) {
		d->strangers_minute = minute;
		d->strangers = 0;
	}
	if (d->strangers++ >= STRANGERS_A_MINUTE)
		return;
	(void)snprintf(actor, sizeof(actor), "key %.16s", keyid);
	log_info("request.refused", "key=%.16s operation=%s error=%s", keyid, log_q(op),
		 sl_errname(error));
	audit_refusal(d, actor, op, error, "");
}

static void on_refusal(void *arg, const struct wire_peer *peer, const char *op, int error,
		       const char *detail)
{
	audit_refusal(arg, peer->pid, op, error, detail);
	if (error == SL_E_CORRUPT || error == SL_E_INTERNAL || error == SL_E_IO ||
	    error == SL_E_FULL)
		log_err("request.failed", "operation=%s error=%s why=%s", op, sl_errname(error),
			log_q(detail));
}

static void on_tick(void *arg)
{
	struct desk *d = arg;
	int64_t now = clock_mono_ms();
	int r;

	d->stop = role_stopping();
	if (now < d->next_sweep)
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
					.arg = d,
					.replay_slots = NONCES};
	int r = urls == NULL ? SL_E_NOMEM
			     : store_open(d->config->data, STORE_DESK, &d->store, why);

	for (unsigned i = 0; r == SL_OK && i < l->n; i++)
		urls[i] = l->item[i];
	d->intake = (struct intake){.store = d->store,
				    .config = d->config,
				    .roster = d->roster,
				    .policy = &d->policy,
				    .routes = d->routes,
				    .stopped = d->stopped,
				    .wake = d->wake_inspector};
	d->review = (struct review){
		.store = d->store, .roster = d->roster, .wake = d->wake_releaser};
	if (r == SL_OK)
		r = review_init(&d->review);
	add_ops(d, intake_ops(), &d->intake);
	add_ops(d, review_ops(), &d->review);
	/* Nothing is accepted that could be a repetition from before this start. */
	if (r == SL_OK)
		r = store_audit_newest(d->store, &o.known_ms);
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
	routes_free(d->routes);
	roster_free(d->roster);
	buf_release(&d->policy);
	key_free(d->identity);
	config_gateway_free(d->config);
	free(d);
}

static int desk_main(const char *config, struct sl_why *why)
{
	struct desk *d = calloc(1, sizeof(*d));
	int r;

	if (d == NULL)
		return SL_E_NOMEM;
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
	close_desk(d);
	return r;
}

static int run(const struct cli *c)
{
	return role_run(c, desk_main, _("the desk stopped"));
}

static int export_to(const struct gateway_config *config, const char *path, uint64_t *ret_rows,
		     bool *ret_damaged, struct sl_why *why)
{
	struct store *s = NULL;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600), r;

	if (fd < 0)
		return why_set(why, sl_err_errno(errno), _("%s cannot be written"), path);
	r = store_open(config->data, STORE_READER, &s, why);
	if (r == SL_OK)
		r = store_export(s, fd, ret_rows, ret_damaged);
	if (r == SL_OK && fsync(fd) != 0)
		r = sl_err_errno(errno);
	store_close(s);
	file_close(fd);
	return r;
}

static int run_export(const struct cli *c)
{
	struct gateway_config *config = NULL;
	struct sl_why why = {.text = ""};
	bool damaged = false;
	uint64_t rows = 0;
	int r;

	if (c->config == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("no configuration file given"),
				_("Use --config gateway.yaml."));
	r = config_gateway_load(c->config, &config, &why);
	if (r == SL_OK)
		r = export_to(config, c->operands[0], &rows, &damaged, &why);
	config_gateway_free(config);
	if (r != SL_OK)
		return cli_fail(r, &why, _("nothing was exported"), NULL);
	printf(_("%llu rows written to %s.\n"), (unsigned long long)rows, c->operands[0]);
	if (damaged)
		printf("%s\n", _("The database is damaged: some rows are missing, some may be "
				 "there twice."));
	return damaged ? CLI_REFUSED : CLI_DONE;
}

int main(int argc, char **argv)
{
	static const struct cli_command commands[] = {
		{"", "", N_("Run until stopped; started by the supervisor."), NULL, 0, 0, run},
		{"export", "FILE",
		 N_("Write what can be read of the store to FILE, a JSON object a line."), NULL,
		 1, 1, run_export},
		{.name = NULL},
	};
	static const struct cli_program program = {
		.name = "sluice-desk",
		.about = N_("Answers authors and reviewers; started by sluiced, not by hand. "
			    "When the "
			    "database is damaged, \"export\" saves what it still gives."),
		.commands = commands};

	i18n_init();
	log_init(program.name, LOG_LEVEL_INFO);
	return cli_main(&program, argc, argv);
}
