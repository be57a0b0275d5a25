/* reader.h - one draft on the screen: its parts, and panels of what else is known of it.
 *
 * A part is opened when somebody turns to it; its text is shown from the first piece on and
 * the rest comes meanwhile.  It counts as shown when all of it is here and its digest is
 * right.  What other panels fetch counts for nothing by itself. */
#ifndef SL_REVIEWER_TUI_READER_H
#define SL_REVIEWER_TUI_READER_H

#include "case.h"
#include "seen.h"
#include "show.h"
#include "tui/again.h"
#include "tui/command.h"
#include "tui/page.h"

enum panel {
	PANEL_PART, /* the summary, or the text of a file */
	PANEL_FINDINGS,
	PANEL_PROPERTIES,
	PANEL_HIDDEN,
	PANEL_PAGES,
	PANEL_CHANGES,
	PANEL_VOTES,
	PANEL_AUDIT,
	PANEL_AGAIN, /* the second inspection */
	PANEL_FORM,
	PANEL_COUNT
};
struct drawn; /* drawn.h: a page as cells */

struct reader {
	struct exact_result exact; /* the gateway's claim about edits, looked at here … */
	bool exact_known;	   /* … if that was possible */
	struct session *s;	   /* borrowed */
	struct review_case *c;
	struct again again; /* opened by who opens the reader */
	struct seen *seen;
	struct page *page;
	struct page *side; /* the findings, when `wide` (beside.h) */
	bool wide;
	enum panel panel;
	unsigned part; /* 0: summary, 1..n: file part-1 */
	unsigned top, side_top;
	int rows, cols;	   /* what the page was made for */
	struct sl_why why; /* of a fill that failed on its way */

	/* Where the filling of the page stands. */
	struct show_walk *walk;
	unsigned file, place;
	size_t item;

	unsigned chosen; /* of all findings */
	struct page_hit hit;
	bool searched;
	char words[400]; /* "": nothing is searched for */

	json_t *audit;	       /* once asked for */
	json_t *form;	       /* of PANEL_FORM: the checked record */
	bool form_english;     /* otherwise Chinese, as the paper is */
	json_t *changes;       /* of PANEL_CHANGES, once compared */
	int64_t compared_with; /* revision; 0: none yet */
	bool since_vote;       /* compare with what this person voted on last */
	/* Of PANEL_PAGES: the file, its bytes, and the page that is drawn. */
	struct drawn *drawn;
	unsigned drawn_file, drawn_page, drawn_pages;
	int drawn_fd;	     /* -1: none */
	uint8_t *looked_at;  /* a bit for each page of that file */
	const char *draw_as; /* "symbols", "sixel" or "kitty" */
};
int reader_open(struct session *s, const char *draft, struct reader *r,
		struct sl_why *why) SL_MUST_USE;
void reader_close(struct reader *r);
/* Turn to a panel, of that part where it shows one. */
int reader_show(struct reader *r, enum panel panel, unsigned part, int rows, int cols,
		struct sl_why *why) SL_MUST_USE;
/* Nothing else to do: fetch one more piece of what was opened.  *ret_more: there is more. */
int reader_idle(struct reader *r, bool *ret_more, struct sl_why *why) SL_MUST_USE;
void reader_draw(struct reader *r, int row, int rows, int cols);
bool reader_move(struct reader *r, enum command cmd, int rows);
/* The next place with r->words; false: nowhere. */
bool reader_find(struct reader *r, bool backwards);
/* From a finding to its place.  SL_E_NOTFOUND: it is about the file as a whole. */
int reader_jump(struct reader *r, struct sl_why *why) SL_MUST_USE;
/* Fetch the rest of what was opened and note it.  0 when all was opened, SL_E_DENIED with
 * the names of what was not appended to `out`. */
int reader_settle(struct reader *r, struct buf *out, struct sl_why *why) SL_MUST_USE;
const char *reader_panel_name(enum panel p);

/* --- what beside.h and this share --- */

/* The line in the text of file `file`, which r->page shows, where its finding stands. */
bool reader_line_of(struct reader *r, unsigned file, unsigned of_file, unsigned *ret_line);
/* Scroll the list of findings to the chosen one, in a window of so many lines. */
void reader_show_chosen(struct reader *r, unsigned window);
void reader_draw_tabs(const struct reader *r, int row, int cols);

#endif
