/* releaser.c - sluice-releaser: proves every approved draft again and signs what goes out.
 *
 * Acquires its six keys, the store (read, state of drafts), DATA/release, DATA/log-signed,
 * DATA/audit and the rules in force (read); then no network, no path but these.  Knows nothing
 * about documents.  It cannot publish alone: releases and feed also need the checker's keys. */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "base/wake.h"
#include "crypto/hash.h"
#include "release/audit_log.h"
#include "release/line.h"
#include "sandbox/role.h"

enum { IDLE_MS = 15000, CHECKER_MS = 1000, TROUBLE_MS = 5000, PATH = 4096 };

struct places {
	char store[PATH], objects[PATH], release[PATH], outbox[PATH], wake[PATH], log[PATH];
	char mine[PATH], checker[PATH], sent[PATH], audit[PATH], rules[PATH];
};

static int join_all(const char *data, struct places *p)
{
	struct {
		char *out;
		const char *name;
	} const all[] = {
		{p->store, "store"},
		{p->objects, "objects"},
		{p->release, "release"},
		{p->outbox, "outbox"},
		{p->wake, "run/wake"},
		{p->log, "log-signed"},
		{p->mine, "run/wake/releaser"},
		{p->checker, "run/wake/checker"},
		{p->sent, "outbox/sent"},
		{p->audit, "audit"},
		{p->rules, "policies"},
	};
	int r = SL_OK;

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]) && r == SL_OK; i++)
		r = file_join(all[i].out, PATH, data, all[i].name);
	return r;
}

static int open_bells(const struct places *p, struct wake **ret_w)
{
	const char *const dirs[] = {p->mine, p->checker, p->sent};
	int r = wake_new(ret_w);

	for (unsigned i = 0; i < 3 && r == SL_OK; i++)
		r = file_mkdirs(dirs[i], 0700);
	if (r == SL_OK)
		r = wake_watch(*ret_w, p->mine);
	return r == SL_OK ? wake_watch(*ret_w, p->sent) : r;
}

static int confine(const struct gateway_config *c, const struct places *p, struct sl_why *why)
{
	struct role_paths paths = {.n = 0};

	role_path(&paths, p->store, true, false);
	role_path(&paths, p->objects, false, true);
	role_path(&paths, p->release, true, false);
	role_path(&paths, p->outbox, true, false);
	role_path(&paths, p->wake, true, false);
	role_path(&paths, p->log, true, false);
	role_path(&paths, p->audit, true, false);
	role_path(&paths, p->rules, false, true);
	role_path(&paths, c->policies, false, true);
	role_path(&paths, c->repository, false, false);
	role_path(&paths, c->trust_root, false, false);
	role_path(&paths, c->approval_policy, false, false);
	return role_sandbox("releaser", &paths, &c->sandbox.optional, why);
}

/* The audit's log, a neighbour of the release log by name: ORIGIN/audit-log. */
struct audit {
	struct audit_log *log; /* once the witness policy has given its name */
	int fd;
	char origin[NOTE_NAME_MAX];
};

static int open_audit(const struct line *l, struct audit *a, struct sl_why *why)
{
	static const char suffix[] = "/release-log";
	const char *name = tlog_policy_log(l->chain->witness)->name;
	size_t len = strlen(name), end = sizeof(suffix) - 1;
	const struct audit_log_options o = {.audit_fd = a->fd,
					    .signed_fd = l->f.signed_fd,
					    .store = l->store,
					    .key = l->keys.log,
					    .origin = a->origin};

	if (len > end && strcmp(name + len - end, suffix) == 0)
		len -= end;
	if ((size_t)snprintf(a->origin, sizeof(a->origin), "%.*s/audit-log", (int)len, name) >=
	    sizeof(a->origin))
		return why_set(why, SL_E_LIMIT, "%s is too long for a log's name", name);
	return audit_log_new(&o, &a->log, why);
}

/* One line a cause, not one a second; `last` is what was said before. */
static void complain(int r, const struct sl_why *why, struct sl_why *last)
{
	if (r == SL_OK) {
		last->text[0] = '\0';
		return;
	}
	if (strcmp(last->text, why_text(why, r)) == 0)
		return;
	(void)why_set(last, r, "%s", why_text(why, r));
	log_err("stopped", "error=%s reason=%s nothing is lost; trying again", sl_errname(r),
		log_q(why_text(why, r)));
}

/* An audit that cannot be signed is said every time, and stops no release: whoever
 * damaged it shall not have stopped a recall too. */
static void step_audit(struct line *l, struct audit *a, int64_t now)
{
	struct sl_why why = {.text = ""};
	uint8_t root[HASH_LEN];
	uint64_t size = 0;
	int r = SL_OK;

	if (a->log == NULL && l->chain != NULL)
		r = open_audit(l, a, &why);
	if (r == SL_OK && a->log != NULL)
		r = audit_log_step(a->log, now, &why);
	if (r == SL_OK && a->log != NULL) {
		audit_log_head(a->log, &size, root);
		l->anchor.version = (int64_t)size;
		text_hex(root, sizeof(root), l->anchor.sha256);
	}
	if (r != SL_OK)
		log_err("audit.unsigned", "error=%s reason=%s", sl_errname(r),
			log_q(why_text(&why, r)));
}

/* Ends with SL_OK, or with SL_E_CORRUPT for the supervisor, who looks at the store. */
static int loop(struct line *l, struct audit *a, struct wake *w, const struct places *p)
{
	struct sl_why last = {.text = ""};

	while (!role_stopping()) {
		struct sl_why why = {.text = ""};
		enum line_step step = LINE_IDLE;
		int r = line_step(l, clock_now(), &step, &why);

		complain(r, &why, &last);
		step_audit(l, a, clock_now());
		if (r == SL_E_CORRUPT && store_is_damaged(l->c->data))
			return r;
		if (r == SL_OK && step == LINE_DID)
			continue;
		if (step == LINE_WAITS)
			wake_ring(p->checker);
		r = wake_wait(w, r != SL_OK	      ? TROUBLE_MS
				 : step == LINE_WAITS ? CHECKER_MS
						      : IDLE_MS);
		if (r < 0)
			log_warn("wake", "error=%s", sl_errname(r));
	}
	return SL_OK;
}

static int releaser_main(const char *config, struct sl_why *why)
{
	struct gateway_config *c = NULL;
	struct places *p = calloc(1, sizeof(*p));
	struct wake *w = NULL;
	struct audit a = {.fd = -1};
	struct line l;
	int r = p == NULL ? SL_E_NOMEM : config_gateway_load(config, &c, why);

	memset(&l, 0, sizeof(l));
	role_signals();
	if (r == SL_OK)
		r = crypto_start();
	if (r == SL_OK)
		r = join_all(c->data, p);
	if (r == SL_OK)
		r = line_open(c, &l, why);
	if (r == SL_OK) {
		r = open_bells(p, &w);
		if (r == SL_OK) {
			a.fd = role_directory(c->data, "audit", why);
			r = a.fd < 0 ? a.fd : SL_OK;
		}
		if (r == SL_OK)
			r = confine(c, p, why);
		if (r == SL_OK) {
			process_say_ready();
			r = loop(&l, &a, w, p);
		}
		audit_log_free(a.log);
		file_close(a.fd);
		line_close(&l);
	}
	wake_free(w);
	free(p);
	config_gateway_free(c);
	return r;
}

static int run(const struct cli *c)
{
	return role_run(c, releaser_main, _("the releaser stopped"));
}

int main(int argc, char **argv)
{
	return role_main("sluice-releaser",
			 N_("Proves approved drafts again and signs what goes out; needs the "
			    "checker's consent."),
			 run, argc, argv);
}
