/* see_tips.h - pixels around a known character that are too light to hold on to it. */
#ifndef SL_INSPECT_SEE_TIPS_H
#define SL_INSPECT_SEE_TIPS_H

#include <leptonica/allheaders.h>

#include "inspect/see/see_ink.h"

enum {
	SEE_TIPS_AROUND = 2, /* pixels around the ink of a character */
	SEE_TIPS_MOST = 6,
};

/* In `rest`, of which a known character whose ink was `ink` is painted over: paper where the
 * tips of its strokes are.  So few light pixels alone say nothing.  More of them stay, and so
 * does whatever is a part of something else: beside ink that is left, or going on outside. */
void see_tips_paint_over(const struct see_box *ink, PIX *rest);

#endif
