/* recheck_worker.h - when nothing new waits: look whether rules or signatures changed, and
 * inspect again what they were not applied to. */
#ifndef SL_INSPECT_RECHECK_WORKER_H
#define SL_INSPECT_RECHECK_WORKER_H

#include <sys/stat.h>

#include "inspect/verdict_case.h"

struct recheck_worker { /* of one worker; the others take new drafts only */
	const char *data;
	int run; /* DATA/run, for reinspection.json */
	struct timespec rules, signatures;
	int64_t next_look; /* monotonic */
	int64_t next_case; /* monotonic */
	int64_t eager;	   /* monotonic: asked often until then */
	uint64_t shown;	   /* what the file says, as one number */
	bool once;	   /* it was written */
};
/* `run`: descriptor of DATA/run, borrowed. */
void recheck_worker_init(struct recheck_worker *w, const char *data, int run);
/* One step: SL_OK when something was done, SL_E_NOTFOUND when nothing is left to do now,
 * SL_E_EXPIRED when the match filter goes by other rules than `b`. */
int recheck_worker_step(struct recheck_worker *w, const struct verdict_bench *b) SL_MUST_USE;

#endif
