/* supervisor.h - the life of a supervisor: one lock, its files in DATA/run, start, watch, end.
 *
 *   run/<lock>        held while it lives: one supervisor a data directory
 *   run/<pid>         its number
 *   run/ready         every program was ready once; whoever starts it waits for this
 *   run/stopped       the owner's: why no work is taken
 *   run/status.json   {"state","pid","at","roles",...}, rewritten at every change
 *
 * A program that says at the first start that it cannot work ends everything with
 * its reason; later it is restarted for ever.  What a supervisor may touch is its
 * owner's business: it confines itself between supervisor_start and _watch. */
#ifndef SL_BASE_SUPERVISOR_H
#define SL_BASE_SUPERVISOR_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/json.h"
#include "base/process.h"

enum { SUPERVISOR_PATH = 4096 };

struct supervisor_options {
	const char *what;	/* "gateway": in events and messages */
	const char *lock, *pid; /* file names in run/ */
	mode_t mode;		/* of the other files there */
	/* The owner's part of every turn; all may be NULL and get `arg`. */
	const char *(*state)(void *arg); /* once up; NULL result or function: "running" */
	void (*describe)(void *arg, json_t *status); /* more members */
	void (*ended)(void *arg, const struct process_view *v);
	int (*turn)(void *arg, struct sl_why *why); /* not SL_OK ends everything */
	void *arg;
};

struct supervisor {
	struct supervisor_options o;
	struct process_set *set;
	int run_dir, lock;
	bool up;       /* every program was ready once */
	bool degraded; /* set by the owner: not all programs run, so nothing is waited for and
			  "ready" is not said */
	struct {
		enum process_state state;
		pid_t pid;
	} seen[PROCESS_MAX]; /* what was logged last */
};

/* Open DATA/run, which must be there, and take the lock; SL_E_UNREACHABLE when
 * another holds it.  supervisor_release in every case. */
int supervisor_open(struct supervisor *s, const struct supervisor_options *o, const char *data,
		    struct sl_why *why) SL_MUST_USE;
void supervisor_release(struct supervisor *s);
/* Take these programs, started by the first turn of supervisor_watch. */
int supervisor_start(struct supervisor *s, const struct process_spec *specs,
		     unsigned n) SL_MUST_USE;
/* End all and go on with these. */
int supervisor_replace(struct supervisor *s, const struct process_spec *specs,
		       unsigned n) SL_MUST_USE;
/* Until SIGTERM or SIGINT (SL_OK) or an error; then all programs have ended. */
int supervisor_watch(struct supervisor *s, struct sl_why *why) SL_MUST_USE;

/* Files in run/; trouble is logged. */
void supervisor_put(const struct supervisor *s, const char *name, const char *text);
void supervisor_drop(const struct supervisor *s, const char *name);
void supervisor_status(const struct supervisor *s);

/* Directory of the role programs: beside our own program, ../libexec/sluice. */
int supervisor_libexec(char out[SUPERVISOR_PATH], struct sl_why *why) SL_MUST_USE;

#endif
