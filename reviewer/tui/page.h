/* page.h - text of a part, wrapped into lines of cells, with findings marked. */
#ifndef SL_REVIEWER_TUI_PAGE_H
#define SL_REVIEWER_TUI_PAGE_H

#include "case.h"
#include "tui/screen.h"

struct page; /* lines ready to draw */

int page_new(struct page **ret_p) SL_MUST_USE;
void page_free(struct page *p);
/* Summary and findings as a page (part 0), or the text of a file. */
int page_fill_summary(struct page *p, const struct review_case *c, int cols) SL_MUST_USE;
int page_fill_text(struct page *p, const struct review_case *c, unsigned file,
		   int cols) SL_MUST_USE;
/* Add one line of plain text (wrapped). */
int page_add(struct page *p, enum screen_look look, const char *text, int cols) SL_MUST_USE;
unsigned page_lines(const struct page *p);
void page_draw(const struct page *p, unsigned first, int row, int rows, int cols);
/* Line of the next marked place after `from` (or before, backwards); `from` when there is none.
 */
unsigned page_next_mark(const struct page *p, unsigned from, bool backwards);

#endif
