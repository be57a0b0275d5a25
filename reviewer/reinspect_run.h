/* reinspect_run.h - the files of a draft in the hands of a program that inspects them. */
#ifndef SL_REVIEWER_REINSPECT_RUN_H
#define SL_REVIEWER_REINSPECT_RUN_H

#include <sys/types.h>

#include "case.h"

struct reinspect_run {
	pid_t pid; /* 0: none */
	int out;   /* its words, not blocking; -1 */
};
struct reinspect_ask {
	const char *rules; /* digest of the rule set that is wanted, or NULL … */
	int64_t version;   /* … or a newer one than this; 0: no other */
	bool see;
	uint32_t seconds, see_seconds;
};

void reinspect_run_init(struct reinspect_run *r);
/* What this machine lacks: "filters" or "rules"; NULL: nothing. */
const char *reinspect_run_missing(const struct client_config *config);
/* Fetch every file into memory that has no name, checked against the manifest, and start
 * the program with them. */
int reinspect_run_start(struct reinspect_run *r, struct session *s, const struct review_case *c,
			const struct reinspect_ask *ask, struct sl_why *why) SL_MUST_USE;
/* End it and what it started; twice is fine. */
void reinspect_run_end(struct reinspect_run *r);

#endif
