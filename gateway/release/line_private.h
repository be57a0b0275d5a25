/* line_private.h - shared by the line*.c files only. */
#ifndef SL_RELEASE_LINE_PRIVATE_H
#define SL_RELEASE_LINE_PRIVATE_H

#include "release/line.h"

/* Is it the item that is wrong (and not this host's disk, memory or clock)? */
bool line_broken(int r);
/* Is an order void that fails like this?  Everything else is tried again, loudly: a
 * recall is never forgotten because of a disk. */
bool line_void(int r);
/* An approved draft that may not go out: back to review when its approvals do not
 * suffice any more, HELD when its stored case is broken.  Other errors come back. */
int line_send_back(struct line *l, const char *id, int64_t revision, int r,
		   struct sl_why *why) SL_MUST_USE;
int line_drop_order(struct line *l, int64_t number, const char *release, int r,
		    const struct sl_why *why) SL_MUST_USE;
/* The checker said no: log, decide whom it concerns, move the case out of the way. */
int line_refused(struct line *l, int case_fd, const struct casefile *c, int64_t now,
		 struct sl_why *why) SL_MUST_USE;

#endif
