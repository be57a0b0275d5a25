/* page.h - text wrapped into lines of cells, as far as somebody has looked.
 *
 * A page grows at its end: whoever fills it adds runs of text, or gives a function that adds
 * a little more each time somebody looks further.  So a text of any length opens at once. */
#ifndef SL_REVIEWER_TUI_PAGE_H
#define SL_REVIEWER_TUI_PAGE_H

#include "tui/screen.h"

struct page;
/* Add a little more.  SL_E_NOTFOUND: that was all; any other error stops there too. */
typedef int (*page_more)(void *arg, struct page *p);

int page_new(struct page **ret_p) SL_MUST_USE;
void page_free(struct page *p);
/* Empty again, `cols` wide.  more NULL: what is added by hand is all. */
void page_begin(struct page *p, int cols, page_more more, void *arg);
int page_cols(const struct page *p);
/* A run of one look, wrapped, from where the last one ended; '\n' ends a line.  mark: what
 * it belongs to (-1: nothing), for page_mark_line and page_next_mark. */
int page_run(struct page *p, enum screen_look look, const char *text, size_t len,
	     int mark) SL_MUST_USE;
/* The next run begins a line of its own. */
void page_end_line(struct page *p);
/* One line of its own. */
int page_line(struct page *p, enum screen_look look, const char *text) SL_MUST_USE;
/* A line made as by printf, of at most 2,000 bytes. */
int page_linef(struct page *p, enum screen_look look, const char *fmt, ...) SL_MUST_USE
	SL_PRINTF(3, 4);

/* Fill until there are so many lines, or all.  Returns the error that stopped it. */
int page_need(struct page *p, unsigned lines);
unsigned page_lines(const struct page *p); /* so far */
bool page_is_all(const struct page *p);
/* Draw lines from `first` on, from column `col`.  `words` (NULL: none) are shown where they
 * stand; the lines of `chosen` (-1: none) are the chosen ones. */
void page_draw(struct page *p, unsigned first, int row, int rows, int col, int cols,
	       const char *words, int chosen);
/* First line of a mark; fills until it is there.  false: nothing has that mark. */
bool page_mark_line(struct page *p, int mark, unsigned *ret_line);
/* First line of the next marked run after the line `from`, or before it.  false: none. */
bool page_next_mark(struct page *p, unsigned from, bool backwards, unsigned *ret_line);

/* A search within the page: byte `at` of what was added is where the last hit stands. */
struct page_hit {
	size_t at;
	unsigned line;
	bool wrapped; /* the search went on from the other end */
};
/* The next place with these words (small letters find large ones too) after h->at, or
 * before it; `fresh`: from line `from` on, that line included.  false: nowhere. */
bool page_find(struct page *p, const char *words, bool backwards, bool fresh, unsigned from,
	       struct page_hit *h);

#endif
