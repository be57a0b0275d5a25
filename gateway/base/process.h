/* process.h - a small supervisor: a set of programs kept alive.
 *
 * Programs start in stages; a stage starts when every program of the stages
 * before it has said "ready" on its descriptor 3 ("failed: why" says that it
 * cannot).  One that ends is started again after 0.1 s, doubling to 10 s, and
 * back to 0.1 s after a minute without trouble.  Five ends within a minute is a
 * crash loop: it goes on being restarted, and the owner is told.  A program
 * that the supervisor started dies with it.
 *
 *   WAITING -> STARTING -> READY -> (ends) -> BACKOFF -> STARTING ...
 *                   \-> (ends, or says nothing in time) -> BACKOFF
 *
 * What a program writes on descriptor 3 is untrusted: one line, bounded, made
 * printable. */
#ifndef SL_BASE_PROCESS_H
#define SL_BASE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/json.h"

enum { PROCESS_MAX = 32, PROCESS_ARGS = 32, PROCESS_REASON = 240 };

enum process_state {
	PROCESS_WAITING,  /* for an earlier stage */
	PROCESS_STARTING, /* runs, has not said ready yet */
	PROCESS_READY,
	PROCESS_BACKOFF, /* ended; will be started again */
	PROCESS_STOPPED, /* ended by process_set_stop */
};

struct process_spec {
	const char *name;		/* "desk": in logs and status */
	const char *argv[PROCESS_ARGS]; /* argv[0] is the absolute path; ends with NULL */
	unsigned stage;
	uint32_t ready_seconds; /* to say ready; 0: 60 */
	bool spare;		/* the others neither wait for it nor stop without it */
};

/* One process as the owner and `status` see it. */
struct process_view {
	const char *name;
	enum process_state state;
	pid_t pid;		     /* 0 when it does not run */
	int64_t started;	     /* seconds since 1970; 0: never */
	unsigned restarts;	     /* since the set began */
	bool looping;		     /* five ends in the last minute */
	bool spare;		     /* of its spec */
	bool said_failed;	     /* its last word was "failed: ..." */
	char reason[PROCESS_REASON]; /* of the last end, printable; "" none */
};

struct process_set;

/* Copies the specs.  Blocks SIGTERM, SIGINT, SIGHUP and SIGCHLD in this process
 * (they are read by process_set_step); children get them back unblocked.
 * SL_E_LIMIT for more than PROCESS_MAX. */
int process_set_new(const struct process_spec *specs, unsigned n,
		    struct process_set **ret_s) SL_MUST_USE;
void process_set_free(
	struct process_set *s); /* does not end anything: call process_set_stop first */
/* One turn: start what is due, wait at most timeout_ms, note what happened.
 * SL_OK, or SL_E_CANCELED once SIGTERM or SIGINT arrived. */
int process_set_step(struct process_set *s, int timeout_ms) SL_MUST_USE;
/* Did anything change since the last call of this function? */
bool process_set_changed(struct process_set *s);
/* Every program but the spare ones is READY? */
bool process_set_ready(const struct process_set *s);
unsigned process_set_count(const struct process_set *s);
void process_set_view(const struct process_set *s, unsigned i, struct process_view *ret_v);
/* Start a successor of the program of that name aside, with these arguments.  Once it says
 * "ready" it takes the place: the old one gets SIGUSR1, which asks it to finish what it has in
 * hand and end, and `grace_ms` for it.  One that cannot work is dropped and the old one stays.
 * SL_E_UNREACHABLE while another successor is at its start, SL_E_NOTFOUND. */
int process_set_swap(struct process_set *s, const struct process_spec *spec,
		     int grace_ms) SL_MUST_USE;
/* Is a successor at its start? *ret_refused (borrowed; "" none): why the last was dropped. */
bool process_set_swapping(const struct process_set *s, const char **ret_refused);
/* End everything, last stage first: SIGTERM, grace_ms, SIGKILL. */
void process_set_stop(struct process_set *s, int grace_ms);
/* End everything the same way, then go on with these programs instead.  A signal
 * that came meanwhile is told by the next process_set_step. */
int process_set_replace(struct process_set *s, const struct process_spec *specs, unsigned n,
			int grace_ms) SL_MUST_USE;

/* "waiting", "starting", "ready", "backoff", "stopped". */
const char *process_state_name(enum process_state state);
/* [{"name","state","pid","started","restarts","looping","reason"}, …]; NULL without memory. */
json_t *process_set_json(const struct process_set *s);
/* Resident bytes of a process from /proc; 0 when it is not there. */
uint64_t process_resident(pid_t pid);

/* For the started program: say "ready" or, with why, "failed: why" on descriptor 3
 * and close it.  Does nothing when descriptor 3 is not open (started by hand). */
void process_say_ready(void);
void process_say_failed(const char *why);

#endif
