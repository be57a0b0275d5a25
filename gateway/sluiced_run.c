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
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

enum {
	TURN_MS = 1000,
	GRACE_MS = 10000,
	ANTIVIRUS_EVERY_MS = 60000,
	PATHS_MAX = 64,
	IPC_PREFIX = 6
};

struct supervisor {
	const struct gateway_config *c;
	char config[PATH_MAX], libexec[SLUICED_PATH];
	enum sluiced_store store; /* not SOUND: read-only */
	struct sl_why store_why;
	bool desk_ended; /* since the store was looked at */
	struct sluiced_roles roles;
	struct process_set *set;
	int run_dir, lock;
	bool up;	   /* every role was ready once */
	char stopped[512]; /* why the line stands still, "" = it does not */
	int64_t antivirus_next;
	int antivirus;
	struct sl_why antivirus_why;
	struct {
		enum process_state state;
		pid_t pid;
	} seen[PROCESS_MAX]; /* what was logged last */
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

/* One supervisor a data directory; the lock goes with the process. */
static int take_lock(struct supervisor *s, struct sl_why *why)
{
	char path[SLUICED_PATH];
	int r = file_join(path, sizeof(path), s->c->data, "run");

	if (r == SL_OK)
		r = s->run_dir = file_open_dir(AT_FDCWD, path);
	if (r < 0)
		return why_set(why, r, "%s: %s", s->c->data, sl_strerror(r));
	s->lock = openat(s->run_dir, "sluiced.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			 0600);
	if (s->lock < 0)
		return why_set(why, sl_err_errno(errno), "run/sluiced.lock: %s",
			       strerror(errno));
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
		return why_set(why, SL_E_UNREACHABLE, "a gateway runs already in %s",
			       s->c->data);
	return SL_OK;
}

static void put_file(const struct supervisor *s, const char *name, const char *text)
{
	int r = file_write_durable(s->run_dir, name, text, strlen(text), 0600);

	if (r != SL_OK)
		log_err("run.file", "name=%s error=%s", name, sl_errname(r));
}

static void drop_file(const struct supervisor *s, const char *name)
{
	if (unlinkat(s->run_dir, name, 0) != 0 && errno != ENOENT)
		log_err("run.file", "name=%s error=%s", name, strerror(errno));
}

static void allow(struct supervisor *s, const char *path, bool write, bool execute)
{
	BUG(s->n_paths + 1 >= PATHS_MAX);
	s->path[s->n_paths++] = (struct sandbox_path){
		.path = path, .write = write, .execute = execute, .optional = true};
}

static void allow_ipc(struct supervisor *s, const char *url, unsigned slot)
{
	char *slash;

	if (url == NULL || strncmp(url, "ipc://", IPC_PREFIX) != 0)
		return;
	(void)snprintf(s->ipc_dirs[slot], SLUICED_PATH, "%s", url + IPC_PREFIX);
	slash = strrchr(s->ipc_dirs[slot], '/');
	if (slash == NULL)
		return;
	*slash = '\0';
	allow(s, s->ipc_dirs[slot], true, false);
}

static int confine(struct supervisor *s, struct sl_why *why)
{
	struct sandbox_profile p = *sandbox_profile_named("supervisor");
	unsigned optional = 0, slot = 0;
	int r = sandbox_optional(&s->c->sandbox.optional, &optional, why);

	if (r != SL_OK)
		return r;
	allow(s, "/", false, false);
	allow(s, s->c->data, true, false);
	/* A role writes its own uid map there; its own sandbox closes this again. */
	allow(s, "/proc", true, false);
	allow(s, "/dev/null", true, false);
	allow(s, "/dev/shm", true, false); /* where the antivirus filter unpacks */
	if (s->c->link.directory != NULL)
		allow(s, s->c->link.directory, true, false);
	for (; slot < s->c->listen.n; slot++)
		allow_ipc(s, s->c->listen.item[slot], slot);
	allow_ipc(s, s->c->link.url, slot);
	allow(s, s->libexec, false, true);
	/* The dynamic loader is run like a program. */
	allow(s, "/lib", false, true);
	allow(s, "/lib64", false, true);
	allow(s, "/usr/lib", false, true);
	p.paths = s->path;
	return sandbox_enter(&p, optional, NULL, why);
}

static bool is_read_only(const struct supervisor *s)
{
	return s->store != SLUICED_STORE_SOUND;
}

static const char *line_state(const struct supervisor *s)
{
	if (is_read_only(s))
		return "read-only";
	if (!s->up)
		return "starting";
	return s->stopped[0] != '\0' ? "stopped" : "running";
}

static void write_status(const struct supervisor *s, const char *state)
{
	json_t *j = json_pack("{ss si ss ss ss sI so*}", "state", state, "pid", (int)getpid(),
			      "host", s->c->host, "reason", s->stopped, "store",
			      sluiced_store_name(s->store), "at", (json_int_t)clock_now(),
			      "roles", process_set_json(s->set));
	struct buf b;

	buf_init(&b, 1 << 18);
	if (j != NULL && json_compact(j, &b) == SL_OK)
		put_file(s, "status.json", buf_str(&b));
	buf_release(&b);
	json_decref(j);
}

static void log_changes(struct supervisor *s)
{
	for (unsigned i = 0; i < process_set_count(s->set); i++) {
		struct process_view v;

		process_set_view(s->set, i, &v);
		if (v.state == s->seen[i].state && v.pid == s->seen[i].pid)
			continue;
		if (v.state == PROCESS_READY)
			log_info("role.ready", "role=%s pid=%ld", v.name, (long)v.pid);
		else if (v.state == PROCESS_BACKOFF)
			log_warn("role.ended", "role=%s restarts=%u why=%s", v.name, v.restarts,
				 log_q(v.reason));
		if (v.state == PROCESS_BACKOFF && strcmp(v.name, "desk") == 0)
			s->desk_ended = true;
		s->seen[i].state = v.state;
		s->seen[i].pid = v.pid;
	}
}

static void look_at_antivirus(struct supervisor *s)
{
	int64_t now = clock_mono_ms();

	if (now < s->antivirus_next)
		return;
	s->antivirus_next = now + ANTIVIRUS_EVERY_MS;
	s->antivirus_why.text[0] = '\0';
	s->antivirus = sluiced_host_antivirus_fit(s->c, &s->antivirus_why);
}

/* Why the line must stand still now; "" when it need not. */
static void find_reason(struct supervisor *s, char *out, size_t cap)
{
	out[0] = '\0';
	look_at_antivirus(s);
	if (s->antivirus != SL_OK)
		(void)snprintf(out, cap, "%s", why_text(&s->antivirus_why, s->antivirus));
	for (unsigned i = 0; i < process_set_count(s->set) && out[0] == '\0'; i++) {
		struct process_view v;

		process_set_view(s->set, i, &v);
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

static void judge_line(struct supervisor *s)
{
	char reason[sizeof(s->stopped)];

	find_reason(s, reason, sizeof(reason));
	/* A filter that is about to be tried again has not recovered yet. */
	if (reason[0] == '\0' && s->stopped[0] != '\0' && !process_set_ready(s->set))
		return;
	if (strcmp(reason, s->stopped) == 0)
		return;
	(void)snprintf(s->stopped, sizeof(s->stopped), "%s", reason);
	if (reason[0] != '\0') {
		log_err("line.stopped", "why=%s", log_q(reason));
		write_status(s, line_state(s));
		put_file(s, "stopped", reason);
	} else {
		log_info("line.running", "all filters work again");
		drop_file(s, "stopped");
		write_status(s, line_state(s));
	}
}

/* At the first start a role that cannot work ends everything: better no gateway
 * than one that accepts drafts nobody can look at. */
static int judge_start(struct supervisor *s, struct sl_why *why)
{
	for (unsigned i = 0; i < process_set_count(s->set); i++) {
		struct process_view v;

		process_set_view(s->set, i, &v);
		if ((v.said_failed && v.state == PROCESS_BACKOFF) || v.looping)
			return why_set(why, SL_E_STATE, "%s: %s", v.name, v.reason);
	}
	if (!process_set_ready(s->set))
		return SL_OK;
	s->up = true;
	/* Whoever waits for the file may ask for the status at once. */
	write_status(s, line_state(s));
	put_file(s, "ready", "ready\n");
	log_info("gateway.ready", "roles=%u", process_set_count(s->set));
	return SL_OK;
}

/* From now on until the next start. */
static void say_read_only(struct supervisor *s)
{
	const char *why = why_text(&s->store_why, SL_E_CORRUPT);

	(void)snprintf(s->stopped, sizeof(s->stopped), "%s", why);
	log_err("gateway.read-only", "store=%s why=%s", sluiced_store_name(s->store),
		log_q(why));
	(void)fprintf(stderr, "sluiced: %s\n", sluiced_store_advice(s->store));
	drop_file(s, "ready");
	/* Whoever waits for the file may ask for the status at once. */
	write_status(s, line_state(s));
	put_file(s, "stopped", why);
}

static int fill_roles(struct supervisor *s, struct sl_why *why)
{
	return sluiced_roles_fill(s->c, s->config, s->libexec, s->store, &s->roles, why);
}

/* The desk ends when it finds its database damaged under its hands. */
static int doubt_store(struct supervisor *s, struct sl_why *why)
{
	int r;

	s->desk_ended = false;
	r = sluiced_store_look(s->config, s->libexec, &s->store, &s->store_why);
	if (r != SL_OK) { /* the desk is tried again, and then this */
		log_warn("store.look", "why=%s", log_q(why_text(&s->store_why, r)));
		return SL_OK;
	}
	if (!is_read_only(s))
		return SL_OK;
	say_read_only(s);
	r = fill_roles(s, why);
	if (r == SL_OK)
		r = process_set_replace(s->set, s->roles.spec, s->roles.n, GRACE_MS);
	memset(s->seen, 0, sizeof(s->seen));
	return r;
}

static int judge(struct supervisor *s, struct sl_why *why)
{
	int r = SL_OK;

	if (is_read_only(s))
		return SL_OK;
	if (!s->up)
		r = judge_start(s, why);
	if (s->up)
		judge_line(s);
	if (s->up && s->desk_ended)
		r = doubt_store(s, why);
	return r;
}

static int watch(struct supervisor *s, struct sl_why *why)
{
	int r = SL_OK;

	while (r == SL_OK && process_set_step(s->set, TURN_MS) == SL_OK) {
		log_changes(s);
		r = judge(s, why);
		if (process_set_changed(s->set))
			write_status(s, line_state(s));
	}
	log_info("gateway.stopping", "pid=%ld", (long)getpid());
	process_set_stop(s->set, GRACE_MS);
	drop_file(s, "ready");
	drop_file(s, "stopped");
	drop_file(s, "sluiced.pid");
	write_status(s, "down");
	return r;
}

static int prepare(struct supervisor *s, const char *config, struct sl_why *why)
{
	char pid[32];
	int r = make_layout(s->c, why);

	if (r == SL_OK)
		r = take_lock(s, why);
	if (r == SL_OK)
		r = sluiced_host_libexec(s->libexec, why);
	if (r == SL_OK && realpath(config, s->config) == NULL)
		r = why_set(why, SL_E_NOTFOUND, "%s: %s", config, strerror(errno));
	if (r == SL_OK) {
		r = sluiced_store_look(s->config, s->libexec, &s->store, &s->store_why);
		if (r != SL_OK)
			(void)why_set(why, r, "%s", why_text(&s->store_why, r));
	}
	if (r == SL_OK)
		r = fill_roles(s, why);
	if (r == SL_OK)
		r = process_set_new(s->roles.spec, s->roles.n, &s->set);
	if (r != SL_OK)
		return r;
	drop_file(s, "ready");
	drop_file(s, "stopped");
	(void)snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	put_file(s, "sluiced.pid", pid);
	if (is_read_only(s))
		say_read_only(s);
	if (s->c->antivirus.demo)
		log_warn("antivirus.demo",
			 "demonstration signatures: NO PROTECTION against real malware");
	return SL_OK;
}

static bool configuration_is_complete(const struct gateway_config *c)
{
	struct sluiced_report report;
	bool ok;

	sluiced_report_init(&report);
	sluiced_check_all(c, &report);
	ok = report.all_ok && !report.broken;
	if (!ok)
		sluiced_report_complain(&report);
	sluiced_report_release(&report);
	return ok;
}

int sluiced_run(const struct cli *c)
{
	struct supervisor *s = NULL;
	struct gateway_config *config;
	struct sl_why why = {.text = ""};
	int code = CLI_REFUSED, r;

	log_init("sluiced", LOG_LEVEL_INFO);
	config = sluiced_config(c, &code);
	if (config == NULL)
		return code;
	s = calloc(1, sizeof(*s));
	if (s == NULL || !configuration_is_complete(config))
		goto out;
	s->c = config;
	s->run_dir = s->lock = -1;
	r = prepare(s, c->config, &why);
	if (r == SL_OK)
		r = confine(s, &why);
	if (r == SL_OK)
		r = watch(s, &why);
	code = r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, _("the gateway stopped"),
				     _("Cure the cause and start it again; no draft is lost."));
	process_set_free(s->set);
	file_close(s->lock);
	file_close(s->run_dir);
out:
	free(s);
	config_gateway_free(config);
	return code;
}
