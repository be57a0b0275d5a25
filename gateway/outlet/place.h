/* place.h - put an admitted unit into the tree, so that at every instant what timestamp.json
 * lists is whole. */
#ifndef SL_OUTLET_PLACE_H
#define SL_OUTLET_PLACE_H

#include "outlet/admit.h"

/* Roots, blobs, targets, role metadata, snapshot, log tiles, checkpoint, hints, and
 * timestamp.json last,
 * each durable before the next kind begins.  `before_timestamp` (may be NULL) is
 * called just before the rename that makes the new version visible.  May be
 * repeated after a crash at any instant. */
int place_unit(struct admit *a, void (*before_timestamp)(void *arg), void *arg,
	       struct sl_why *why) SL_MUST_USE;
/* Then: remove what the unit lists and nothing current needs; *ret_n files went.
 * a->refs_fd is an index of this tree that knows the unit (refs_open, refs_expect). */
int place_removes(struct admit *a, unsigned *ret_n, struct sl_why *why) SL_MUST_USE;

#endif
