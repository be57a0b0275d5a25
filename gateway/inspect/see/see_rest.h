/* see_rest.h - a page of a PDF without the lines that are known, and what is read of it.
 *
 * Most pages of most documents are text, and nothing else: once the pictures of its
 * characters are known (see_known.h) a page says what its layer says where they stand, and
 * nothing where there is no ink.  Whatever else is drawn, and every line with a doubt, is
 * left, and is read as a picture of a page always is. */
#ifndef SL_INSPECT_SEE_REST_H
#define SL_INSPECT_SEE_REST_H

#include "inspect/see/see_page.h"

struct see_rest; /* what was learned from the pages of one document */

int see_rest_new(struct see_rest **ret_s) SL_MUST_USE;
void see_rest_free(struct see_rest *s);
/* Read a drawn page with a text layer into p: texts and codes.  SL_E_NOMEM, or an error of
 * the engine. */
int see_rest_read(struct see_rest *s, const struct see_page *g, PIX *gray,
		  struct extract_part *p) SL_MUST_USE;

#endif
