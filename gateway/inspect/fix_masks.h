/* fix_masks.h - which text becomes which in a fix: a set of masks, and using it on a line. */
#ifndef SL_INSPECT_FIX_MASKS_H
#define SL_INSPECT_FIX_MASKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct fix_mask {
	char *text;	  /* as it stands in the document; owned, like the others */
	char *with;	  /* what is to stand there */
	char *shown;	  /* text as a report may show it */
	uint8_t severity; /* enum severity of the finding it came from */
};
struct fix_masks { /* {0} is empty */
	struct fix_mask *mask;
	size_t n, cap;
};
void fix_masks_release(struct fix_masks *m); /* wipes */
/* Copies all three.  For a text that has a mask already the worse finding's stays.
 * SL_E_LIMIT: text too long or too many; nothing was added then. */
int fix_masks_add(struct fix_masks *m, const char *text, size_t len, const char *with,
		  const char *shown, uint8_t severity) SL_MUST_USE;
/* Append s, the longest mask that begins at a place replaced by what it becomes, or (shown)
 * by what a report may show of it.  *ret_used (may be NULL): how many places. */
int fix_masks_apply(const struct fix_masks *m, const char *s, size_t len, bool shown,
		    struct buf *out, uint32_t *ret_used) SL_MUST_USE;

#endif
