/* views.h - two views of a page: what its text layer says, and what was read off it.
 *
 * Reading errs, so nothing is compared for equality.  A text counts as shown when its
 * neighbourhoods are: each character must stand in a row of two or three (with a Chinese
 * character in it) or of four (letters and digits) that the other view has anywhere on
 * the page.  One misread character leaves a gap of one; what is not there at all leaves
 * a run.  Blanks, punctuation and characters of other scripts are not judged, so that
 * line breaks and layout make no difference; full width, case and the digits that look
 * like letters are folded. */
#ifndef SL_INSPECT_VIEWS_H
#define SL_INSPECT_VIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A character's class for comparing (full width, case, 0 and o, 1, l and i are one each);
 * 0: it is not judged. */
uint32_t views_fold(uint32_t cp);

struct views_page; /* neighbourhoods of one view of one page */

int views_page_new(struct views_page **ret_p) SL_MUST_USE;
void views_page_free(struct views_page *p);
/* More text of this view; texts added one after the other are joined.  SL_E_NOMEM. */
int views_page_add(struct views_page *p, const char *s, size_t len) SL_MUST_USE;
/* Characters that are judged, in all that was added. */
size_t views_page_count(const struct views_page *p);

struct views_run {
	size_t start, len; /* bytes of the text that was asked about */
	unsigned count;	   /* characters that are judged */
};
/* The next run of at least `least` judged characters that the page does not show, from
 * byte *at on; false when there is none.  *at moves behind it.  Single characters that
 * it happens to show do not end a run. */
bool views_missing(const struct views_page *p, const char *s, size_t len, unsigned least,
		   size_t *at, struct views_run *ret_run);

#endif
