/* see_cut.h - characters of a page, cut out of it: their ink and nothing else. */
#ifndef SL_INSPECT_SEE_CUT_H
#define SL_INSPECT_SEE_CUT_H

#include "inspect/see/see_units.h"

/* A picture of characters alone on white. */
struct see_cut {
	PIX *pix;     /* owned by whoever asked for it */
	int dx;	      /* from the page's x to its own */
	int enlarged; /* 1 or 2 times */
};

/* Characters [first, end) of one line, with ink, as high as the line.  SL_E_NOMEM. */
int see_cut_out(const struct see_units *u, PIX *gray, uint32_t first, uint32_t end,
		struct see_cut *ret_c) SL_MUST_USE;
/* Is none of these much lighter than the darkest?  Beside dark ink the models take light
 * ink for paper, and read nothing where letters stand. */
bool see_cut_is_even(const struct see_units *u, uint32_t first, uint32_t end);

#endif
