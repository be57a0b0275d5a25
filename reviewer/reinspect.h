/* reinspect.h - inspect a draft's files again on this machine and compare.
 *
 *   fetch files ─▶ sluice-reinspect (sandboxed filters, local rules) ─▶ recompare.h
 *
 * Every step does a little: first it asks for what people signed and fetches a piece from the
 * desk, then, while a program
 * works by itself, it takes in what that has said, so that a terminal stays usable.  A gateway
 * that left a finding out, changed one, or shows another text than the files have is told
 * apart from a machine that could not look.  What assure.h finds comes first.  When the rules
 * here are newer than the report's, and signed, what they find beyond the report is a
 * difference ("newer" in the result). */
#ifndef SL_REVIEWER_REINSPECT_H
#define SL_REVIEWER_REINSPECT_H

#include "case.h"

enum reinspect_state {
	REINSPECT_SAME,
	REINSPECT_PARTLY,      /* equal as far as it was compared; "left_out" says what was not
				*/
	REINSPECT_DIFFERS,     /* blocks an approval */
	REINSPECT_OTHER_RULES, /* the rules here are not those of the report */
	REINSPECT_IMPOSSIBLE,  /* no filters or rules here, or they did not come to an end */
	REINSPECT_STATES
};
const char *reinspect_state_name(enum reinspect_state s); /* "same" "partly" … */

struct reinspect_options {
	bool see;	    /* read pictures, too: seconds a page */
	uint32_t seconds;   /* of all of it, 0: a default that suits `see` */
	uint64_t bytes_max; /* of all files, 0: no limit; more is REINSPECT_IMPOSSIBLE */
};
struct reinspect;

/* s and c: borrowed until reinspect_free.  What this machine lacks is no error but the result.
 * Nothing is asked or fetched yet. */
int reinspect_start(struct session *s, struct review_case *c, const struct reinspect_options *o,
		    struct reinspect **ret_r) SL_MUST_USE;
/* To poll for reading; -1: nothing to wait for, the next step has something to do or the
 * result is there. */
int reinspect_fd(const struct reinspect *r);
/* Fetch one more piece, or take in what there is without waiting; the deadline is watched
 * here, too.  *ret_done: the result is there.  *ret_files: files looked at.
 * SL_E_UNREACHABLE and others when a file could not be fetched, SL_E_SIGNATURE when it is
 * not the manifest's. */
int reinspect_step(struct reinspect *r, bool *ret_done, unsigned *ret_files,
		   struct sl_why *why) SL_MUST_USE;
/* Until it is done, with `progress` from time to time (may be NULL). */
int reinspect_wait(struct reinspect *r, void (*progress)(uint64_t done, uint64_t total),
		   struct sl_why *why) SL_MUST_USE;
/* {"state","differences":[{"file","what","gateway","here"}…],"left_out":[{"file","why"}…],
 * "newer"?,"rules"?,"why"?}; borrowed, NULL before it is done. */
const json_t *reinspect_result(const struct reinspect *r);
/* Ends the program if it still works. */
void reinspect_free(struct reinspect *r);

#endif
