/* recompare.h - the gateway's report of a file against what this machine made of the bytes.
 *
 * Both reports are inspection.md's "sluice-report/1".  Compared is what depends on bytes
 * and rules only.  Left out is what the gateway's memory adds: findings by likeness to
 * other drafts (DH-016, RP-005) and marks of suppression (assure.h proves those).  The
 * gateway's report is hostile: its own sums, verdict and digest are made again from what it
 * lists, so that none of them can say less than the findings do. */
#ifndef SL_REVIEWER_RECOMPARE_H
#define SL_REVIEWER_RECOMPARE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/json.h"

enum {
	RECOMPARE_MAX = 50 /* differences that are named; one is enough to refuse */
};

struct recompare {
	json_t *differences; /* owned: [{"file","what","gateway","here"}…] */
	json_t *left_out;    /* owned: [{"file","why"}…]: what could not be compared */
};
int recompare_init(struct recompare *c) SL_MUST_USE;
void recompare_release(struct recompare *c);

/* Do both name the same rule set? False also when either names none. */
bool recompare_same_rules(const json_t *theirs, const json_t *mine);
/* Compare the two reports of one file. `unseen`: this machine did not read its pictures,
 * so that nothing of it is compared but its sums.  SL_E_NOMEM. */
int recompare_file(struct recompare *c, const char *file, const json_t *theirs,
		   const json_t *mine, bool unseen) SL_MUST_USE;
/* The same under newer rules than the report's: only what these find and the report does not
 * have is a difference. */
int recompare_newer(struct recompare *c, const char *file, const json_t *theirs,
		    const json_t *mine, bool unseen) SL_MUST_USE;
/* The draft's report: does it add up to its files' reports? */
int recompare_draft(struct recompare *c, const json_t *report, unsigned n_files) SL_MUST_USE;
/* Add one difference, or one thing that was left out.  Past RECOMPARE_MAX nothing is added.
 */
int recompare_differs(struct recompare *c, const char *file, const char *what,
		      const char *gateway, const char *here) SL_MUST_USE;
int recompare_leave_out(struct recompare *c, const char *file, const char *why) SL_MUST_USE;

#endif
