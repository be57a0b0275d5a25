/* form_colour.h - what an archive needs to know of a black and white paper's colours. */
#ifndef SL_FORM_FORM_COLOUR_H
#define SL_FORM_FORM_COLOUR_H

#include "base/buf.h"

/* Append an ICC profile (ICC.1:2001-04, version 2.1: three components, a display): sRGB's
 * primaries with a gamma of 2.2.  The same bytes every time. */
int form_colour_profile(struct buf *out) SL_MUST_USE;

#endif
