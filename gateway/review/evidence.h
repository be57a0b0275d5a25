/* evidence.h - the signed statements of a draft, read from the store to be judged. */
#ifndef SL_REVIEW_EVIDENCE_H
#define SL_REVIEW_EVIDENCE_H

#include "store/store.h"
#include "trust/approval.h"

enum { EVIDENCE_MAX = 100 }; /* votes on one revision; more are refused */

struct evidence {
	struct manifest *manifest;
	struct statement *statement[EVIDENCE_MAX + 3];
	unsigned n;
	/* Approvals of another manifest or report of this revision: it was inspected again
	 * since; and whatever was decided before an appeal was admitted.  They count for
	 * nothing any more. */
	struct statement *old[EVIDENCE_MAX];
	unsigned n_old;
};
/* Manifest, submission, inspection and every vote of this revision. */
int evidence_load(struct store *s, const struct draft *d, struct evidence *ret_e,
		  struct sl_why *why) SL_MUST_USE;
void evidence_release(struct evidence *e);
/* One more statement, taken (also on failure). */
int evidence_add(struct evidence *e, struct statement *s) SL_MUST_USE;
/* The case as trust/approval.h wants it; borrows e. */
struct approval_case evidence_case(const struct evidence *e, const struct roster *r,
				   int64_t now);
/* The manifest in force, or before the inspection the first one offered. */
int evidence_manifest(struct store *s, const struct draft *d, char ret_sha256[65],
		      struct buf *out) SL_MUST_USE;

#endif
