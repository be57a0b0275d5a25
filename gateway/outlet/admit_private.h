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
/* The head is well formed, and so are the older pages that are not in the tree yet. */
int admit_feed(struct admit *a, struct sl_why *why) SL_MUST_USE;

#endif
