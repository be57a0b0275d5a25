/* admit_private.h - shared by the admit*.c files only. */
#ifndef SL_OUTLET_ADMIT_PRIVATE_H
#define SL_OUTLET_ADMIT_PRIVATE_H

#include "outlet/admit.h"

/* The files of the snapshot are all there. */
int admit_listed(struct admit *a, struct sl_why *why) SL_MUST_USE;
/* Forget a->listed unless it is what the tree's timestamp (NULL: none) names. */
void admit_listed_use(struct admit *a, const struct tuf_meta *timestamp);
/* Witness policy and checkpoint; of a unit that is not late, the checkpoint extends the
 * tree's, and exactly the tiles that the new entries make are marked to be placed.
 * SL_E_REPLAY, SL_E_SIGNATURE: another log; SL_E_UNREACHABLE: tiles are still to come. */
int admit_log(struct admit *a, struct sl_why *why) SL_MUST_USE;
/* A role's metadata, parsed but not proved. */
int admit_meta(const struct overlay *o, const char *path, const char *type, size_t max,
	       struct tuf_meta **ret_m) SL_MUST_USE;
/* The head is well formed, and so are the older pages that are not in the tree yet.  It
 * goes on from the tree's own head, without a gap in the feed or in a channel, and numbers
 * each release that is listed in the channels of its manifest. */
int admit_feed(struct admit *a, struct sl_why *why) SL_MUST_USE;

#endif
