/* supervisor.c - what the two supervisors, the gateway's and the outlet's, do alike. */
#include "base/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

enum { TURN_MS = 1000, GRACE_MS = 10000, STATUS_MAX = 1 << 18 };

int supervisor_open(struct supervisor *s, const struct supervisor_options *o, const char *data,
		    struct sl_why *why)
{
	char path[SUPERVISOR_PATH];
	int r = file_join(path, sizeof(path), data, "run");

	memset(s, 0, sizeof(*s));
	s->o = *o;
	s->run_dir = s->lock = -1;
	if (r == SL_OK)
		r = s->run_dir = file_open_dir(AT_FDCWD, path);
	if (r < 0)
		return why_set(why, r, "%s/run: %s", data, sl_strerror(r));
	s->lock = openat(s->run_dir, o->lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->lock < 0)
		return why_set(why, sl_err_errno(errno), "run/%s: %s", o->lock,
			       strerror(errno));
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
		return why_set(why, SL_E_UNREACHABLE, "the %s runs already in %s", o->what,
			       data);
	return SL_OK;
}

void supervisor_release(struct supervisor *s)
{
	process_set_free(s->set);
	file_close(s->lock);
	file_close(s->run_dir);
}

void supervisor_put(const struct supervisor *s, const char *name, const char *text)
{
	int r = file_write_durable(s->run_dir, name, text, strlen(text), s->o.mode);

	if (r != SL_OK)
		log_err("run.file", "name=%s error=%s", name, sl_errname(r));
}

void supervisor_drop(const struct supervisor *s, const char *name)
{
	if (unlinkat(s->run_dir, name, 0) != 0 && errno != ENOENT)
		log_err("run.file", "name=%s error=%s", name, strerror(errno));
}

static const char *state_of(const struct supervisor *s)
{
	const char *state = s->o.state == NULL ? NULL : s->o.state(s->o.arg);

	if (!s->up && !s->degraded)
		return "starting";
	return state != NULL ? state : "running";
}

static void put_status(const struct supervisor *s, const char *state)
{
	json_t *j = json_pack("{ss si sI so*}", "state", state, "pid", (int)getpid(), "at",
			      (json_int_t)clock_now(), "roles", process_set_json(s->set));
	struct buf b;

	buf_init(&b, STATUS_MAX);
	if (j != NULL && s->o.describe != NULL)
		s->o.describe(s->o.arg, j);
	if (j != NULL && json_compact(j, &b) == SL_OK)
		supervisor_put(s, "status.json", buf_str(&b));
	buf_release(&b);
	json_decref(j);
}

void supervisor_status(const struct supervisor *s)
{
	put_status(s, state_of(s));
}

int supervisor_start(struct supervisor *s, const struct process_spec *specs, unsigned n)
{
	char pid[32];
	int r = process_set_new(specs, n, &s->set);

	if (r != SL_OK)
		return r;
	supervisor_drop(s, "ready");
	supervisor_drop(s, "stopped");
	(void)snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	supervisor_put(s, s->o.pid, pid);
	return SL_OK;
}

int supervisor_replace(struct supervisor *s, const struct process_spec *specs, unsigned n)
{
	memset(s->seen, 0, sizeof(s->seen));
	return process_set_replace(s->set, specs, n, GRACE_MS);
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
		if (v.state == PROCESS_BACKOFF && s->o.ended != NULL)
			s->o.ended(s->o.arg, &v);
		s->seen[i].state = v.state;
		s->seen[i].pid = v.pid;
	}
}

/* At the first start a program that cannot work ends everything: better no gateway
 * than one that accepts drafts nobody can look at. */
static int judge_start(struct supervisor *s, struct sl_why *why)
{
	char event[64];

	for (unsigned i = 0; i < process_set_count(s->set); i++) {
		struct process_view v;

		process_set_view(s->set, i, &v);
		if (v.spare)
			continue;
		if ((v.said_failed && v.state == PROCESS_BACKOFF) || v.looping)
			return why_set(why, SL_E_STATE, "%s: %s", v.name, v.reason);
	}
	if (!process_set_ready(s->set))
		return SL_OK;
	s->up = true;
	/* Whoever waits for the file may ask for the status at once. */
	supervisor_status(s);
	supervisor_put(s, "ready", "ready\n");
	(void)snprintf(event, sizeof(event), "%s.ready", s->o.what);
	log_info(event, "roles=%u", process_set_count(s->set));
	return SL_OK;
}

static int turn(struct supervisor *s, struct sl_why *why)
{
	int r = SL_OK;

	log_changes(s);
	if (!s->up && !s->degraded)
		r = judge_start(s, why);
	if (r == SL_OK && s->o.turn != NULL)
		r = s->o.turn(s->o.arg, why);
	if (process_set_changed(s->set))
		supervisor_status(s);
	return r;
}

int supervisor_watch(struct supervisor *s, struct sl_why *why)
{
	char event[64];
	int r = SL_OK;

	while (r == SL_OK && process_set_step(s->set, TURN_MS) == SL_OK)
		r = turn(s, why);
	(void)snprintf(event, sizeof(event), "%s.stopping", s->o.what);
	log_info(event, "pid=%ld", (long)getpid());
	process_set_stop(s->set, GRACE_MS);
	supervisor_drop(s, "ready");
	supervisor_drop(s, "stopped");
	supervisor_drop(s, s->o.pid);
	put_status(s, "down");
	return r;
}

int supervisor_libexec(char out[SUPERVISOR_PATH], struct sl_why *why)
{
	char self[SUPERVISOR_PATH];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n <= 0)
		return why_set(why, SL_E_IO, "/proc/self/exe: %s", strerror(errno));
	self[n] = '\0';
	/* Never from the environment, which could name other people's programs. */
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(self, '/');

		if (slash == NULL)
			return why_set(why, SL_E_IO, "%s has no directory", self);
		*slash = '\0';
	}
	return file_join(out, SUPERVISOR_PATH, self, "libexec/sluice");
}
