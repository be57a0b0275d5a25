/* reinspect_run.h - the files of a draft in the hands of a program that inspects them. */
#ifndef SL_REVIEWER_REINSPECT_RUN_H
#define SL_REVIEWER_REINSPECT_RUN_H

#include <sys/types.h>

#include "case.h"

struct reinspect_run {
	pid_t pid; /* 0: none */
	int out;   /* its words, not blocking; -1 */
	/* Before it is started: files without a name, those before `fetched` complete. */
	int files[CASE_FILES_MAX];
	unsigned n, fetched;
	struct case_pieces pieces; /* of the one that is on its way */
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
/* Fetch the next piece of the files into memory that has no name, checked against the
 * manifest.  *ret_all: every file is there. */
int reinspect_run_fetch(struct reinspect_run *r, struct session *s, const struct review_case *c,
			bool *ret_all, struct sl_why *why) SL_MUST_USE;
/* Start the program with them; they are given away. */
int reinspect_run_start(struct reinspect_run *r, const struct client_config *config,
			const struct review_case *c, const struct reinspect_ask *ask,
			struct sl_why *why) SL_MUST_USE;
/* End it and what it started; twice is fine.  That takes them a moment, which is not waited
 * for: reinspect_run_reap collects them. */
void reinspect_run_end(struct reinspect_run *r);
/* Take leave of those that have ended meanwhile; who goes on for long calls it now and then. */
void reinspect_run_reap(void);

#endif
