/* build_private.h - shared by the build*.c files only. */
#ifndef SL_RELEASE_BUILD_PRIVATE_H
#define SL_RELEASE_BUILD_PRIVATE_H

#include "release/build.h"
#include "trust/statement.h"

/* Copy newer root, targets and policy files of the custodians into the tree. */
int build_custodians(struct build *b, struct sl_why *why) SL_MUST_USE;

/* Root and policy that are new to the log, the keys that this policy ended, the entries of the
 * case, its tiles in the tree and the checkpoint with the log's signature.  SL_E_STATE,
 * SL_E_CORRUPT: what is on the disk is not what was signed last. */
int build_log(struct build *b, struct sl_why *why) SL_MUST_USE;
/* Write a target's file; *f becomes its digest and length. */
int build_put_target(struct build *b, const char *target, const struct buf *bytes,
		     struct delta_file *f) SL_MUST_USE;
/* The files of a manifest from the store, those that are in the tree already excepted. */
int build_put_blobs(struct build *b, const struct manifest *m, struct sl_why *why) SL_MUST_USE;

/* Give the item the next serials of the feed and of the manifest's channels; once it is
 * proved, build_counted adds it to the case.  SL_E_LIMIT: too many channels. */
int build_number(const struct build *b, struct casefile_item *it, const struct manifest *m,
		 struct sl_why *why) SL_MUST_USE;
int build_counted(struct build *b, const struct casefile_item *it,
		  struct sl_why *why) SL_MUST_USE;

/* An approval of what was stored before the draft was inspected again counts for nothing. */
bool build_is_old(const struct draft *d, const struct statement *s);
/* build_route.c: the route was walked in order and to its end, by what was signed.  The report
 * is the one that was signed for (build_item.c has checked).  SL_E_DENIED says what is
 * missing. */
int build_route(struct build *b, const struct draft *d, struct statement *submission,
		struct statement *inspection, const struct manifest *m,
		struct sl_why *why) SL_MUST_USE;

/* Say what failed: before the sentence that is there, or as the whole sentence. */
int build_explain(struct sl_why *why, int r, const char *what) SL_MUST_USE;

#endif
