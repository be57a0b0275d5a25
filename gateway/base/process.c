/* process.c - the turn of the supervisor: what is due, what happened, what to do next. */
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process_private.h"

static const char *const state_names[] = {"waiting", "starting", "ready", "backoff", "stopped"};

const char *process_state_name(enum process_state state)
{
	return (unsigned)state <= PROCESS_STOPPED ? state_names[state] : "unknown";
}

int process_copy_spec(struct process *p, const struct process_spec *spec)
{
	p->word_fd = -1;
	p->stage = spec->stage;
	p->spare = spec->spare;
	p->backoff_ms = PROCESS_BACKOFF_MIN_MS;
	p->ready_ms = 1000 * (int64_t)(spec->ready_seconds != 0 ? spec->ready_seconds
								: PROCESS_READY_DEFAULT_S);
	p->name = strdup(spec->name);
	if (p->name == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; spec->argv[i] != NULL; i++) {
		if (i == PROCESS_ARGS - 1)
			return SL_E_LIMIT;
		p->argv[i] = strdup(spec->argv[i]);
		if (p->argv[i] == NULL)
			return SL_E_NOMEM;
	}
	return SL_OK;
}

static int take_signals(struct process_set *s)
{
	sigset_t mine;

	(void)sigemptyset(&mine);
	(void)sigaddset(&mine, SIGTERM);
	(void)sigaddset(&mine, SIGINT);
	(void)sigaddset(&mine, SIGHUP);
	(void)sigaddset(&mine, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &mine, &s->child_mask) != 0)
		return sl_err_errno(errno);
	s->signals = signalfd(-1, &mine, SFD_CLOEXEC | SFD_NONBLOCK);
	s->null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	return s->signals < 0 || s->null_fd < 0 ? sl_err_errno(errno) : SL_OK;
}

static int copy_specs(struct process_set *s, const struct process_spec *specs, unsigned n)
{
	int r = n > PROCESS_MAX ? SL_E_LIMIT : SL_OK;

	for (s->n = 0; s->n < n && r == SL_OK; s->n++)
		r = process_copy_spec(&s->p[s->n], &specs[s->n]);
	s->changed = true;
	return r;
}

static void release_specs(struct process_set *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		free(s->p[i].name);
		for (unsigned k = 0; k < PROCESS_ARGS; k++)
			free(s->p[i].argv[k]);
		file_close(s->p[i].word_fd);
	}
	process_swap_release(s);
	memset(s->p, 0, sizeof(s->p));
	s->n = 0;
}

int process_set_new(const struct process_spec *specs, unsigned n, struct process_set **ret_s)
{
	struct process_set *s = calloc(1, sizeof(*s));
	int r;

	if (s == NULL)
		return SL_E_NOMEM;
	s->signals = s->null_fd = -1;
	r = copy_specs(s, specs, n);
	if (r == SL_OK)
		r = take_signals(s);
	if (r != SL_OK)
		goto out;
	*ret_s = s;
	s = NULL; /* moved */
out:
	process_set_free(s);
	return r;
}

void process_set_free(struct process_set *s)
{
	if (s == NULL)
		return;
	release_specs(s);
	if (s->signals >= 0)
		(void)sigprocmask(SIG_SETMASK, &s->child_mask, NULL);
	file_close(s->signals);
	file_close(s->null_fd);
	free(s);
}

static bool is_looping(const struct process *p, int64_t now)
{
	/* Before the ring has gone round once, its oldest slot is the next one to fill. */
	return p->n_ends >= PROCESS_LOOP_ENDS &&
	       now - p->ends[p->n_ends % PROCESS_LOOP_ENDS] < PROCESS_QUIET_MS;
}

static void note_end(struct process_set *s, struct process *p, const char *fmt, int detail)
{
	int64_t now = clock_mono_ms();

	if (!p->said_failed) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(p->reason, sizeof(p->reason), fmt, detail);
#pragma GCC diagnostic pop
	}
	file_close(p->word_fd);
	p->word_fd = -1;
	if (p->state == PROCESS_READY && now - p->since >= PROCESS_QUIET_MS)
		p->backoff_ms = PROCESS_BACKOFF_MIN_MS;
	p->ends[p->n_ends++ % PROCESS_LOOP_ENDS] = now;
	p->pid = 0;
	p->state = PROCESS_BACKOFF;
	p->since = now;
	p->due = now + p->backoff_ms;
	p->backoff_ms *= 2;
	if (p->backoff_ms > PROCESS_BACKOFF_MAX_MS)
		p->backoff_ms = PROCESS_BACKOFF_MAX_MS;
	s->changed = true;
}

static void reap(struct process_set *s, struct process *p)
{
	siginfo_t info;
	int status = 0;

	memset(&info, 0, sizeof(info));
	if (p->pid == 0 ||
	    waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
	    info.si_pid == 0)
		return;
	/* Its own children must not outlive it; while it is not reaped its number
	 * cannot belong to anyone else. */
	(void)kill(-p->pid, SIGKILL);
	(void)waitpid(p->pid, &status, 0);
	(void)process_listen(p);
	if (WIFSIGNALED(status))
		note_end(s, p, "ended by signal %d", WTERMSIG(status));
	else
		note_end(s, p, "ended with exit code %d", WEXITSTATUS(status));
}

static bool stage_open(const struct process_set *s, unsigned stage)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (s->p[i].stage < stage && !s->p[i].was_ready && !s->p[i].spare)
			return false;
	}
	return true;
}

static void start_due(struct process_set *s)
{
	int64_t now = clock_mono_ms();

	for (unsigned i = 0; i < s->n; i++) {
		struct process *p = &s->p[i];
		/* With a successor at its start, only when that one fails. */
		bool due = (p->state == PROCESS_WAITING && stage_open(s, p->stage)) ||
			   (p->state == PROCESS_BACKOFF && now >= p->due && s->next.of != p);

		if (p->state == PROCESS_STARTING && now - p->since >= p->ready_ms) {
			p->since = now; /* killed once, then waited for */
			(void)kill(p->pid, SIGKILL);
		}
		if (!due)
			continue;
		s->changed = true;
		if (process_spawn(p, s->null_fd, &s->child_mask) != SL_OK)
			note_end(s, p, "could not be started", 0);
	}
}

static int64_t until_next(const struct process_set *s, int64_t at_most)
{
	int64_t now = clock_mono_ms();

	for (unsigned i = 0; i < s->n; i++) {
		const struct process *p = &s->p[i];
		int64_t left = at_most;

		if (p->state == PROCESS_BACKOFF)
			left = p->due - now;
		else if (p->state == PROCESS_STARTING)
			left = p->since + p->ready_ms - now;
		if (left < at_most)
			at_most = left < 0 ? 0 : left;
	}
	return process_swap_until(s, now, at_most);
}

static void read_signals(struct process_set *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
			s->canceled = true;
	}
	/* Several ends may have become one SIGCHLD: look at everyone. */
	for (unsigned i = 0; i < s->n; i++)
		reap(s, &s->p[i]);
	process_swap_reap(s);
}

static void wait_for_events(struct process_set *s, int timeout_ms)
{
	struct pollfd fds[PROCESS_MAX + 2];
	struct process *of[PROCESS_MAX + 2];
	nfds_t n = 0;

	fds[n++] = (struct pollfd){.fd = s->signals, .events = POLLIN};
	for (unsigned i = 0; i < s->n; i++) {
		if (s->p[i].word_fd < 0)
			continue;
		of[n] = &s->p[i];
		fds[n++] = (struct pollfd){.fd = s->p[i].word_fd, .events = POLLIN};
	}
	if (s->next.of != NULL && s->next.p.word_fd >= 0) {
		of[n] = &s->next.p;
		fds[n++] = (struct pollfd){.fd = s->next.p.word_fd, .events = POLLIN};
	}
	if (poll(fds, n, (int)until_next(s, timeout_ms)) <= 0)
		return;
	for (nfds_t i = 1; i < n; i++) {
		if (fds[i].revents != 0 && process_listen(of[i]))
			s->changed = true;
	}
	if (fds[0].revents != 0)
		read_signals(s);
}

int process_set_step(struct process_set *s, int timeout_ms)
{
	if (!s->canceled)
		start_due(s);
	if (!s->canceled)
		wait_for_events(s, timeout_ms);
	if (!s->canceled)
		process_swap_due(s);
	return s->canceled ? SL_E_CANCELED : SL_OK;
}

bool process_set_changed(struct process_set *s)
{
	bool changed = s->changed;

	s->changed = false;
	return changed;
}

bool process_set_ready(const struct process_set *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (s->p[i].state != PROCESS_READY && !s->p[i].spare)
			return false;
	}
	return true;
}

unsigned process_set_count(const struct process_set *s)
{
	return s->n;
}

void process_set_view(const struct process_set *s, unsigned i, struct process_view *ret_v)
{
	const struct process *p = &s->p[i];

	BUG(i >= s->n);
	*ret_v = (struct process_view){
		.name = p->name,
		.state = p->state,
		.pid = p->pid,
		.started = p->started,
		.restarts = p->starts > 0 ? p->starts - 1 : 0,
		.looping = is_looping(p, clock_mono_ms()),
		.spare = p->spare,
		.said_failed = p->said_failed,
	};
	(void)snprintf(ret_v->reason, sizeof(ret_v->reason), "%s", p->reason);
}

static bool stage_running(const struct process_set *s, unsigned stage)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (s->p[i].stage == stage && s->p[i].pid != 0)
			return true;
	}
	return false;
}

static void signal_stage(const struct process_set *s, unsigned stage, int sig)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (s->p[i].stage == stage && s->p[i].pid != 0)
			(void)kill(s->p[i].pid, sig);
	}
}

static void stop_stage(struct process_set *s, unsigned stage, int grace_ms)
{
	int64_t end = clock_mono_ms() + grace_ms;
	bool killed = false;

	signal_stage(s, stage, SIGTERM);
	while (stage_running(s, stage)) {
		struct pollfd p = {.fd = s->signals, .events = POLLIN};
		int64_t left = end - clock_mono_ms();

		if (left <= 0 && !killed) {
			signal_stage(s, stage, SIGKILL);
			killed = true;
		}
		(void)poll(&p, 1, left > 0 ? (int)left : 1000);
		read_signals(s);
	}
}

void process_set_stop(struct process_set *s, int grace_ms)
{
	unsigned last = 0;

	process_swap_stop(s);
	for (unsigned i = 0; i < s->n; i++) {
		if (s->p[i].stage > last)
			last = s->p[i].stage;
	}
	for (unsigned stage = last + 1; stage-- > 0;)
		stop_stage(s, stage, grace_ms);
	for (unsigned i = 0; i < s->n; i++)
		s->p[i].state = PROCESS_STOPPED;
	s->changed = true;
}

int process_set_replace(struct process_set *s, const struct process_spec *specs, unsigned n,
			int grace_ms)
{
	process_set_stop(s, grace_ms);
	release_specs(s);
	return copy_specs(s, specs, n);
}

json_t *process_set_json(const struct process_set *s)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < s->n && all != NULL; i++) {
		struct process_view v;
		json_t *one;

		process_set_view(s, i, &v);
		one = json_pack("{ss ss si sI si sb ss}", "name", v.name, "state",
				process_state_name(v.state), "pid", (int)v.pid, "started",
				(json_int_t)v.started, "restarts", (int)v.restarts, "looping",
				v.looping, "reason", v.reason);
		if (one == NULL || json_array_append_new(all, one) != 0) {
			json_decref(all);
			all = NULL;
		}
	}
	return all;
}
