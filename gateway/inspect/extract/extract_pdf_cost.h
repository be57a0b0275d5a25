/* extract_pdf_cost.h - what a page costs to interpret, known before it is interpreted.
 *
 * A form may paint other forms, as often as it likes: thirty forms of twenty bytes, each
 * painting the next one twice, are a thousand million operators.  Counted here with each
 * form's content read once: operators, the content of forms, patterns, soft masks, glyphs
 * that are drawings, appearances of notes; a picture counts by its pixels.
 *
 * Of pictures in the content itself the pixels are judged as well (EXTRACT_PIXELS_MAX). */
#ifndef SL_INSPECT_EXTRACT_PDF_COST_H
#define SL_INSPECT_EXTRACT_PDF_COST_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	PDF_COST_PAGE_MAX = 5 * 1000 * 1000,  /* the densest maps have a few million */
	PDF_COST_ALL_MAX = 100 * 1000 * 1000, /* of all pages */
	PDF_COST_PICTURE = 256,		      /* pixels that cost as much as an operator */
};

/* SL_E_LIMIT: a page or the whole is beyond the ceilings, forms paint themselves, or the
 * content unpacks to more than EXTRACT_UNPACKED_MAX.  0 also for a file that cannot be
 * read: whoever reads it says so.  SL_E_NOMEM. */
int extract_pdf_cost(const uint8_t *bytes, size_t len) SL_MUST_USE;

#endif
