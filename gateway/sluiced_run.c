/* sluiced_run.c - the supervisor at work: prepare, confine, start, watch, end in order.
 *
 * It reads no document, opens no socket and holds no key.  What it decides: a
 * role that says at the first start that it cannot work ends everything with
 * that reason; later, a filter that keeps ending or signatures that are missing
 * or too old stop the line: run/stopped holds the reason, the desk refuses new
 * drafts and says why, and the file goes when all is well again.
 *
 * A store that is damaged or cannot be written, at the start or later, leaves the
 * desk alone at work, read-only, until the supervisor is started again: authors
 * and reviewers read and are told why nothing else is possible.
 *
 * Its own sandbox is what its children can live with, since they inherit it:
 * Landlock (writing only where the gateway writes, running only our programs),
 * limits, no-new-privs, no dump.  No seccomp and no namespace of its own: the
 * roles need different calls, make their own user namespaces, and one of them
 * needs the network.  Each role closes itself in much further before it reads a
 * byte from outside. */
#include "sluiced.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

enum { ANTIVIRUS_EVERY_MS = 60000, PATHS_MAX = 64, IPC_PREFIX = 6 };

struct gateway {
	struct supervisor s;
	const struct gateway_config *c;
	char config[PATH_MAX], libexec[SLUICED_PATH];
	enum sluiced_store store; /* not SOUND: read-only */
	struct sl_why store_why;
	bool doubted; /* a program that uses the store ended since it was looked at */
	struct sluiced_roles roles;
	struct sluiced_swap swap;
	char stopped[512]; /* why the line stands still, "" = it does not */
	int64_t antivirus_next;
	int antivirus;
	struct sl_why antivirus_why;
	struct sandbox_path path[PATHS_MAX];
	unsigned n_paths;
	char ipc_dirs[PATHS_MAX][SLUICED_PATH];
};

static int make_layout(const struct gateway_config *c, struct sl_why *why)
{
	static const char *const dirs[] = {
		"store",
		"objects",
		"uploads",
		"run",
		"run/filters",
		"run/wake",
		"run/wake/inspector",
		"run/wake/releaser",
		"run/wake/checker",
		"run/wake/sender",
		"policies",
		"antivirus",
		"release",
		"release/repo",
		"release/cases",
		"outbox",
		"outbox/sent",
		"sealed",
	};
	char path[SLUICED_PATH];
	int r = file_mkdirs(c->data, 0700);

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]) && r == SL_OK; i++) {
		r = file_join(path, sizeof(path), c->data, dirs[i]);
		if (r == SL_OK)
			r = file_mkdirs(path, 0700);
	}
	return r == SL_OK ? r : why_set(why, r, "%s: %s", c->data, sl_strerror(r));
}

static void allow(struct gateway *g, const char *path, bool write, bool execute)
{
	BUG(g->n_paths + 1 >= PATHS_MAX);
	g->path[g->n_paths++] = (struct sandbox_path){
		.path = path, .write = write, .execute = execute, .optional = true};
}

static void allow_ipc(struct gateway *g, const char *url, unsigned slot)
{
	char *slash;

	if (url == NULL || strncmp(url, "ipc://", IPC_PREFIX) != 0)
		return;
	(void)snprintf(g->ipc_dirs[slot], SLUICED_PATH, "%s", url + IPC_PREFIX);
	slash = strrchr(g->ipc_dirs[slot], '/');
	if (slash == NULL)
		return;
	*slash = '\0';
	allow(g, g->ipc_dirs[slot], true, false);
}

static int confine(struct gateway *g, struct sl_why *why)
{
	struct sandbox_profile p = *sandbox_profile_named("supervisor");
	unsigned optional = 0, slot = 0;
	int r = sandbox_optional(&g->c->sandbox.optional, &optional, why);

	if (r != SL_OK)
		return r;
	allow(g, "/", false, false);
	allow(g, g->c->data, true, false);
	/* A role writes its own uid map there; its own sandbox closes this again. */
	allow(g, "/proc", true, false);
	allow(g, "/dev/null", true, false);
	allow(g, "/dev/shm", true, false); /* where the antivirus filter unpacks */
	if (g->c->link.directory != NULL)
		allow(g, g->c->link.directory, true, false);
	for (; slot < g->c->listen.n; slot++)
		allow_ipc(g, g->c->listen.item[slot], slot);
	allow_ipc(g, g->c->link.url, slot);
	allow(g, g->libexec, false, true);
	/* The dynamic loader is run like a program. */
	allow(g, "/lib", false, true);
	allow(g, "/lib64", false, true);
	allow(g, "/usr/lib", false, true);
	p.paths = g->path;
	return sandbox_enter(&p, optional, NULL, why);
}

static bool is_read_only(const struct gateway *g)
{
	return g->store != SLUICED_STORE_SOUND;
}

static const char *state(void *arg)
{
	const struct gateway *g = arg;

	if (is_read_only(g))
		return "read-only";
	return g->stopped[0] != '\0' ? "stopped" : "running";
}

static void describe(void *arg, json_t *status)
{
	const struct gateway *g = arg;

	(void)json_object_set_new(status, "host", json_string(g->c->host));
	(void)json_object_set_new(status, "reason", json_string(g->stopped));
	(void)json_object_set_new(status, "office", json_boolean(sluiced_host_office(g->c)));
	(void)json_object_set_new(status, "store", json_string(sluiced_store_name(g->store)));
	if (!is_read_only(g)) {
		json_t *swap = sluiced_swap_json(&g->swap);

		(void)json_object_update(status, swap);
		json_decref(swap);
	}
}

static void ended(void *arg, const struct process_view *v)
{
	struct gateway *g = arg;

	if (strcmp(v->name, "desk") == 0 || strcmp(v->name, "inspector") == 0 ||
	    strcmp(v->name, "releaser") == 0)
		g->doubted = true;
}

static void look_at_antivirus(struct gateway *g)
{
	int64_t now = clock_mono_ms();

	if (now < g->antivirus_next)
		return;
	g->antivirus_next = now + ANTIVIRUS_EVERY_MS;
	g->antivirus_why.text[0] = '\0';
	g->antivirus = sluiced_host_antivirus_fit(g->c, NULL, &g->antivirus_why);
}

/* Why the line must stand still now; "" when it need not. */
static void find_reason(struct gateway *g, char *out, size_t cap)
{
	out[0] = '\0';
	look_at_antivirus(g);
	if (g->antivirus != SL_OK)
		(void)snprintf(out, cap, "%s", why_text(&g->antivirus_why, g->antivirus));
	for (unsigned i = 0; i < process_set_count(g->s.set) && out[0] == '\0'; i++) {
		struct process_view v;

		process_set_view(g->s.set, i, &v);
		if (!sluiced_roles_is_filter(v.name))
			continue;
		if (v.looping)
			(void)snprintf(out, cap, "the filter %s keeps ending: %s", v.name,
				       v.reason);
		else if (v.said_failed && v.state != PROCESS_READY)
			(void)snprintf(out, cap, "the filter %s cannot work: %s", v.name,
				       v.reason);
	}
}

static void judge_line(struct gateway *g)
{
	char reason[sizeof(g->stopped)];

	find_reason(g, reason, sizeof(reason));
	/* A filter that is about to be tried again has not recovered yet. */
	if (reason[0] == '\0' && g->stopped[0] != '\0' && !process_set_ready(g->s.set))
		return;
	if (strcmp(reason, g->stopped) == 0)
		return;
	(void)snprintf(g->stopped, sizeof(g->stopped), "%s", reason);
	if (reason[0] != '\0') {
		log_err("line.stopped", "why=%s", log_q(reason));
		supervisor_status(&g->s);
		supervisor_put(&g->s, "stopped", reason);
	} else {
		log_info("line.running", "all filters work again");
		supervisor_drop(&g->s, "stopped");
		supervisor_status(&g->s);
	}
}

/* From now on until the next start. */
static void say_read_only(struct gateway *g)
{
	const char *why = why_text(&g->store_why, SL_E_CORRUPT);

	g->s.degraded = true;
	(void)snprintf(g->stopped, sizeof(g->stopped), "%s", why);
	log_err("gateway.read-only", "store=%s why=%s", sluiced_store_name(g->store),
		log_q(why));
	(void)fprintf(stderr, "sluiced: %s\n", sluiced_store_advice(g->store));
	supervisor_drop(&g->s, "ready");
	/* Whoever waits for the file may ask for the status at once. */
	supervisor_status(&g->s);
	supervisor_put(&g->s, "stopped", why);
}

static int fill_roles(struct gateway *g, struct sl_why *why)
{
	return sluiced_roles_fill(g->c, g->config, g->libexec, g->store, &g->roles, why);
}

/* They end when they find the database damaged under their hands. */
static int doubt_store(struct gateway *g, struct sl_why *why)
{
	int r;

	g->doubted = false;
	r = sluiced_store_look(g->config, g->libexec, &g->store, &g->store_why);
	if (r != SL_OK) { /* the desk is tried again, and then this */
		log_warn("store.look", "why=%s", log_q(why_text(&g->store_why, r)));
		return SL_OK;
	}
	if (!is_read_only(g))
		return SL_OK;
	say_read_only(g);
	r = fill_roles(g, why);
	return r == SL_OK ? supervisor_replace(&g->s, g->roles.spec, g->roles.n) : r;
}

static int judge(void *arg, struct sl_why *why)
{
	struct gateway *g = arg;

	if (is_read_only(g) || !g->s.up)
		return SL_OK;
	judge_line(g);
	if (sluiced_swap_turn(&g->swap, g->s.set)) {
		g->antivirus_next = 0; /* their age may be another now */
		supervisor_status(&g->s);
	}
	return g->doubted ? doubt_store(g, why) : SL_OK;
}

static int begin(struct gateway *g, const char *config, struct sl_why *why)
{
	const struct supervisor_options o = {.what = "gateway",
					     .lock = "sluiced.lock",
					     .pid = "sluiced.pid",
					     .mode = 0600,
					     .state = state,
					     .describe = describe,
					     .ended = ended,
					     .turn = judge,
					     .arg = g};
	int r = make_layout(g->c, why);

	if (r == SL_OK)
		r = supervisor_open(&g->s, &o, g->c->data, why);
	if (r == SL_OK)
		r = supervisor_libexec(g->libexec, why);
	if (r == SL_OK && realpath(config, g->config) == NULL)
		r = why_set(why, SL_E_NOTFOUND, "%s: %s", config, strerror(errno));
	if (r != SL_OK)
		return r;
	r = sluiced_rules_first(g->c, why);
	if (r != SL_OK)
		return r;
	sluiced_swap_init(&g->swap, g->c, g->config, g->libexec);
	r = sluiced_store_look(g->config, g->libexec, &g->store, &g->store_why);
	return r == SL_OK ? r : why_set(why, r, "%s", why_text(&g->store_why, r));
}

static int start_roles(struct gateway *g, struct sl_why *why)
{
	int r = fill_roles(g, why);

	if (r == SL_OK)
		r = supervisor_start(&g->s, g->roles.spec, g->roles.n);
	if (r == SL_OK && is_read_only(g))
		say_read_only(g);
	if (r == SL_OK && g->c->antivirus.demo)
		log_warn("antivirus.demo",
			 "demonstration signatures: NO PROTECTION against real malware");
	return r;
}

static bool configuration_is_complete(const struct gateway_config *c)
{
	struct report report;
	bool ok;

	report_init(&report);
	sluiced_check_all(c, &report);
	ok = report.all_ok;
	if (!ok)
		report_complain(&report, "sluiced");
	report_release(&report);
	return ok;
}

int sluiced_run(const struct cli *c)
{
	struct gateway *g = NULL;
	struct gateway_config *config;
	struct sl_why why = {.text = ""};
	int code = CLI_REFUSED, r;

	log_init("sluiced", LOG_LEVEL_INFO);
	config = sluiced_config(c, &code);
	if (config == NULL)
		return code;
	g = calloc(1, sizeof(*g));
	if (g == NULL || !configuration_is_complete(config))
		goto out;
	g->c = config;
	g->s.run_dir = g->s.lock = -1;
	r = begin(g, c->config, &why);
	if (r == SL_OK)
		r = start_roles(g, &why);
	if (r == SL_OK)
		r = confine(g, &why);
	if (r == SL_OK)
		r = supervisor_watch(&g->s, &why);
	code = r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, _("the gateway stopped"),
				     _("Cure the cause and start it again; no draft is lost."));
	supervisor_release(&g->s);
out:
	free(g);
	config_gateway_free(config);
	return code;
}
