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

/* Start it: fork, descriptors, exec.  On failure it counts as ended. */
int process_spawn(struct process *p, int null_fd, const sigset_t *child_mask) SL_MUST_USE;
/* Read what it says; true once the line is complete or the pipe is closed. */
bool process_listen(struct process *p);

#endif
