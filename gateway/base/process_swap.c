/* process_swap.c - a program's successor is started beside it and takes over when it is ready.
 *
 *   old READY ──▶ next STARTING ──▶ next ready: it has the place, old is asked to end
 *                       └─────────▶ ended, failed or too slow: dropped, old stays
 *
 * Both serve the same name (a socket renamed over), so nobody who asks sees a gap. */
#include "base/process.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process_private.h"

static void free_args(struct process *p)
{
	for (unsigned k = 0; k < PROCESS_ARGS; k++) {
		free(p->argv[k]);
		p->argv[k] = NULL;
	}
}

static void forget_next(struct process_set *s)
{
	free_args(&s->next.p);
	free(s->next.p.name);
	file_close(s->next.p.word_fd);
	memset(&s->next.p, 0, sizeof(s->next.p));
	s->next.p.word_fd = -1;
	s->next.of = NULL;
	s->changed = true;
}

/* A place is always free: the one whose time ends first is killed for it. */
static void retire(struct process_set *s, pid_t pid)
{
	unsigned at = 0;

	for (unsigned i = 0; i < PROCESS_RETIRED_MAX; i++) {
		if (s->retired[i].pid == 0 ||
		    (s->retired[at].pid != 0 && s->retired[i].ends < s->retired[at].ends))
			at = i;
	}
	if (s->retired[at].pid != 0) {
		(void)kill(-s->retired[at].pid, SIGKILL);
		(void)waitpid(s->retired[at].pid, NULL, 0);
	}
	s->retired[at].pid = pid;
	s->retired[at].ends = clock_mono_ms() + s->next.grace_ms;
	(void)kill(pid, SIGUSR1);
}

static void take_place(struct process_set *s)
{
	struct process *p = s->next.of, *n = &s->next.p;

	if (p->pid != 0)
		retire(s, p->pid);
	file_close(p->word_fd);
	p->word_fd = n->word_fd;
	free_args(p);
	memcpy(p->argv, n->argv, sizeof(p->argv));
	memset(n->argv, 0, sizeof(n->argv)); /* moved */
	n->word_fd = -1;		     /* moved */
	p->pid = n->pid;
	p->state = PROCESS_READY;
	p->since = n->since;
	p->started = n->started;
	p->was_ready = true;
	p->said_failed = false;
	p->reason[0] = '\0';
	p->backoff_ms = PROCESS_BACKOFF_MIN_MS;
	s->next.refused[0] = '\0';
	forget_next(s);
}

static void drop_next(struct process_set *s, const char *why)
{
	struct process *n = &s->next.p;

	(void)snprintf(s->next.refused, sizeof(s->next.refused), "%s",
		       n->said_failed ? n->reason : why);
	if (n->pid != 0) {
		(void)kill(-n->pid, SIGKILL);
		(void)waitpid(n->pid, NULL, 0);
	}
	forget_next(s);
}

int process_set_swap(struct process_set *s, const struct process_spec *spec, int grace_ms)
{
	struct process *of = NULL;
	int r;

	if (s->next.of != NULL)
		return SL_E_UNREACHABLE;
	for (unsigned i = 0; i < s->n; i++) {
		if (strcmp(s->p[i].name, spec->name) == 0)
			of = &s->p[i];
	}
	if (of == NULL)
		return SL_E_NOTFOUND;
	s->next.of = of;
	s->next.grace_ms = grace_ms;
	r = process_copy_spec(&s->next.p, spec);
	if (r == SL_OK)
		r = process_spawn(&s->next.p, s->null_fd, &s->child_mask);
	if (r != SL_OK)
		forget_next(s);
	return r;
}

bool process_set_swapping(const struct process_set *s, const char **ret_refused)
{
	*ret_refused = s->next.refused;
	return s->next.of != NULL;
}

void process_swap_due(struct process_set *s)
{
	int64_t now = clock_mono_ms();

	if (s->next.of != NULL && s->next.p.state == PROCESS_READY)
		take_place(s);
	else if (s->next.of != NULL && now - s->next.p.since >= s->next.p.ready_ms)
		drop_next(s, "was not ready in time");
	for (unsigned i = 0; i < PROCESS_RETIRED_MAX; i++) {
		if (s->retired[i].pid != 0 && now >= s->retired[i].ends)
			(void)kill(-s->retired[i].pid, SIGKILL);
	}
}

void process_swap_reap(struct process_set *s)
{
	siginfo_t info = {.si_pid = 0};

	for (unsigned i = 0; i < PROCESS_RETIRED_MAX; i++) {
		if (s->retired[i].pid != 0 &&
		    waitpid(s->retired[i].pid, NULL, WNOHANG) == s->retired[i].pid)
			s->retired[i].pid = 0;
	}
	if (s->next.of == NULL ||
	    waitid(P_PID, (id_t)s->next.p.pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
	    info.si_pid == 0)
		return;
	(void)process_listen(&s->next.p);
	drop_next(s, "ended before it was ready");
}

int64_t process_swap_until(const struct process_set *s, int64_t now, int64_t at_most)
{
	if (s->next.of != NULL && s->next.p.since + s->next.p.ready_ms - now < at_most)
		at_most = s->next.p.since + s->next.p.ready_ms - now;
	for (unsigned i = 0; i < PROCESS_RETIRED_MAX; i++) {
		if (s->retired[i].pid != 0 && s->retired[i].ends - now < at_most)
			at_most = s->retired[i].ends - now;
	}
	return at_most < 0 ? 0 : at_most;
}

void process_swap_stop(struct process_set *s)
{
	if (s->next.of != NULL)
		drop_next(s, "everything ends");
	for (unsigned i = 0; i < PROCESS_RETIRED_MAX; i++) {
		if (s->retired[i].pid == 0)
			continue;
		(void)kill(-s->retired[i].pid, SIGKILL);
		(void)waitpid(s->retired[i].pid, NULL, 0);
		s->retired[i].pid = 0;
	}
}

void process_swap_release(struct process_set *s)
{
	if (s->next.of != NULL)
		forget_next(s);
}
