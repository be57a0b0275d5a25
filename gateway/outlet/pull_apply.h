/* pull_apply.h - make what the feed says true on this platform's disk. */
#ifndef SL_OUTLET_PULL_APPLY_H
#define SL_OUTLET_PULL_APPLY_H

#include "outlet/pull_feed.h"
#include "outlet/pull_run.h"

/* Entries in order.  A release that cannot be proved is refused and stops the
 * state before its serial; recalls behind it are honoured all the same.
 * Returns 0 (p->refused counts refusals) or the error that ended this look:
 * the outlet out of reach, the disk full. */
int pull_apply_feed(struct pull_run *p, const struct pull_feed *f,
		    struct sl_why *why) SL_MUST_USE;

#endif
