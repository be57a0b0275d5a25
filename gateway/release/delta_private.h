/* delta_private.h - shared by the delta*.c files only. */
#ifndef SL_RELEASE_DELTA_PRIVATE_H
#define SL_RELEASE_DELTA_PRIVATE_H

#include "release/delta.h"

struct delta_work {
	struct delta *d;
	json_t **targets; /* of each role, private copies */
};
/* Items into targets and feed entries, in their order. */
int delta_put_items(const struct delta_work *w, const struct delta_item *items, unsigned n,
		    struct sl_why *why) SL_MUST_USE;
/* The head's bytes, and its entry in the feed's targets. */
int delta_put_feed(const struct delta_work *w) SL_MUST_USE;
/* The release log's checkpoint. */
int delta_put_checkpoint(const struct delta_work *w) SL_MUST_USE;

#endif
