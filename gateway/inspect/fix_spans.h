/* fix_spans.h - where findings stand in a passage, and masks for those that overlap. */
#ifndef SL_INSPECT_FIX_SPANS_H
#define SL_INSPECT_FIX_SPANS_H

#include <stdbool.h>

#include "base/json.h"
#include "inspect/fix_masks.h"
#include "policy/passage.h"

enum { FIX_SPANS_MAX = 1000 };

struct fix_span { /* one finding that a mask mends; all borrowed */
	const json_t *finding;
	size_t from, to; /* bytes of its passage */
	const char *with, *shown;
	uint8_t severity; /* enum severity */
	size_t index;	  /* of the finding in its report */
};
struct fix_spans { /* of one passage */
	struct fix_span span[FIX_SPANS_MAX];
	size_t n;
};

struct fix_cursor { /* walks a passage forwards, so that many places cost one pass */
	const struct passage *passage;
	unsigned segment;
	bool inside; /* at and offset are of this segment */
	size_t at;
	uint64_t offset;
};
/* Bytes of the passage that are the code points [offset, offset + length) of its object's
 * text; false when they do not stand in it.  Offsets must not fall from call to call; the
 * cursor begins as {.passage = …}. */
bool fix_spans_find(struct fix_cursor *c, uint64_t offset, uint64_t length, size_t *ret_from,
		    size_t *ret_to);
void fix_spans_sort(struct fix_spans *all);
/* Masks for sorted spans of `text`.  What lies inside of another is masked there too; what
 * reaches over its end is starred, so that no mask leaves a part of another finding. */
int fix_spans_mask(const struct fix_spans *all, const char *text,
		   struct fix_masks *m) SL_MUST_USE;
/* The line around a span (from and to only), without pieces of longer words or numbers where
 * it had to be cut. */
struct fix_span fix_spans_line(const char *text, size_t len, const struct fix_span *s);

#endif
