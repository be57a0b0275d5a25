/* see_ink.h - the ink of a drawn page, in connected pieces. */
#ifndef SL_INSPECT_SEE_INK_H
#define SL_INSPECT_SEE_INK_H

#include <leptonica/allheaders.h>
#include <stdint.h>

#include "base/err.h"

enum {
	SEE_INK = 192,	     /* of 255: darker than this holds a piece together */
	SEE_PAPER = 248,     /* lighter than this is nothing */
	SEE_INK_SIDE = 8192, /* pixels; larger pages are read whole */
};

struct see_box {
	int32_t left, top, right, bottom; /* right and bottom are outside */
};

/* Widens *all, which is empty at first (all zero), so that it holds *one too. */
void see_box_add(struct see_box *all, const struct see_box *one);

/* Dark pixels side by side in one row. */
struct see_run {
	uint32_t piece;
	uint16_t y, x, len;
};

struct see_ink {
	struct see_run *runs; /* owned; from top to bottom, from left to right */
	size_t n_runs;
	struct see_box *pieces; /* owned */
	uint32_t n_pieces;
};

/* Pixels that touch, at a corner too, are one piece.  SL_E_LIMIT: too large a page or too
 * many runs; SL_E_NOMEM. */
int see_ink_find(PIX *gray, struct see_ink *ret_ink) SL_MUST_USE;
void see_ink_release(struct see_ink *ink);

#endif
