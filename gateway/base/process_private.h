/* process_private.h - inside process*.c only: one started program. */
#ifndef SL_BASE_PROCESS_PRIVATE_H
#define SL_BASE_PROCESS_PRIVATE_H

#include <signal.h>

#include "base/process.h"

enum {
	PROCESS_BACKOFF_MIN_MS = 100,
	PROCESS_BACKOFF_MAX_MS = 10000,
	PROCESS_QUIET_MS = 60000, /* without trouble this long: all is forgiven */
	PROCESS_LOOP_ENDS = 5,	  /* this many ends within PROCESS_QUIET_MS are a loop */
	PROCESS_READY_DEFAULT_S = 60,
};

struct process {
	char *name;
	char *argv[PROCESS_ARGS];
	unsigned stage;
	bool spare;
	int64_t ready_ms;
	enum process_state state;
	pid_t pid;
	int word_fd;		   /* read end of its descriptor 3, or -1 */
	char word[PROCESS_REASON]; /* what came from it so far */
	size_t word_len;
	int64_t since; /* monotonic: start of the present state */
	int64_t due;   /* monotonic: BACKOFF until then */
	int64_t backoff_ms;
	int64_t ends[PROCESS_LOOP_ENDS]; /* monotonic times of the last ends, ring */
	unsigned n_ends;
	unsigned starts;
	int64_t started; /* wall clock */
	bool was_ready;	 /* once: later stages need not wait again */
	bool said_failed;
	char reason[PROCESS_REASON];
};

enum { PROCESS_RETIRED_MAX = 8 };

struct process_set {
	struct process p[PROCESS_MAX];
	unsigned n;
	int signals; /* signalfd */
	int null_fd;
	sigset_t child_mask; /* what this process had before */
	bool canceled;	     /* a signal came */
	bool changed;
	/* ---- process_swap.c ---- */
	struct {
		struct process *of; /* whose place it takes; NULL: none is at its start */
		struct process p;
		int grace_ms;
		char refused[PROCESS_REASON]; /* why the last one was not taken, "" if it was */
	} next;
	struct {
		pid_t pid;    /* 0: free */
		int64_t ends; /* monotonic: then it is killed */
	} retired[PROCESS_RETIRED_MAX];
};

/* Copies; the caller releases name and arguments also after an error. */
int process_copy_spec(struct process *p, const struct process_spec *spec) SL_MUST_USE;
/* process_swap.c: its part of a turn, of an end, of a wait. */
void process_swap_due(struct process_set *s);
void process_swap_reap(struct process_set *s);
int64_t process_swap_until(const struct process_set *s, int64_t now, int64_t at_most);
void process_swap_stop(struct process_set *s);
void process_swap_release(struct process_set *s);

/* Start it: fork, descriptors, exec.  On failure it counts as ended. */
int process_spawn(struct process *p, int null_fd, const sigset_t *child_mask) SL_MUST_USE;
/* Read what it says; true once the line is complete or the pipe is closed. */
bool process_listen(struct process *p);

#endif
