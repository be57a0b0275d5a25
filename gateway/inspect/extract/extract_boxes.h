/* extract_boxes.h - what is painted over what, on one page of a drawing. */
#ifndef SL_INSPECT_EXTRACT_BOXES_H
#define SL_INSPECT_EXTRACT_BOXES_H

#include "inspect/extract/extract.h"

/* One shape; lengths in any unit, the same for the page. */
struct extract_box {
	int64_t x, y, w, h;
	bool placed;	   /* the four are known */
	bool opaque;	   /* hides what is below */
	bool plain;	   /* black or white, like a bar that is drawn to hide something */
	size_t start, end; /* its text in stream `where` of the part */
	uint8_t where;
};

struct extract_boxes {		 /* all zero at the start */
	struct extract_box *box; /* owned, in the order of painting */
	size_t n, cap;
};

/* *ret_i: place of the new box, all zero.  SL_E_LIMIT, SL_E_NOMEM. */
int extract_boxes_add(struct extract_boxes *b, size_t *ret_i) SL_MUST_USE;
/* How far a later opaque box hides box i. */
enum extract_cover { COVER_NONE, COVER_PART /* by a black or white one */, COVER_WHOLE };
enum extract_cover extract_boxes_cover(const struct extract_boxes *b, size_t i);
/* Text under a later opaque box goes to COVERED as well, DH-007: S1 when it is covered as
 * good as whole, S2 when a black or white box without text covers a part.  Empties the
 * list, for the next page. */
void extract_boxes_judge(struct extract_boxes *b, struct extract_part *p);
void extract_boxes_release(struct extract_boxes *b);

#endif
