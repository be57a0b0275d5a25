/* panel.h - what fills the page of a draft; each file panel_*.c is one panel.
 *
 * Called with r->page empty and r->cols wide.  A panel may be long: it then gives the page a
 * function that adds to it as somebody looks on. */
#ifndef SL_REVIEWER_TUI_PANEL_H
#define SL_REVIEWER_TUI_PANEL_H

#include "tui/reader.h"

int panel_summary(struct reader *r, struct sl_why *why) SL_MUST_USE;
int panel_text(struct reader *r, struct sl_why *why) SL_MUST_USE;
int panel_findings(struct reader *r, struct sl_why *why) SL_MUST_USE;
int panel_properties(struct reader *r, struct sl_why *why) SL_MUST_USE;
int panel_form(struct reader *r, struct sl_why *why) SL_MUST_USE;
int panel_hidden(struct reader *r, struct sl_why *why) SL_MUST_USE;
int panel_pages(struct reader *r, struct sl_why *why) SL_MUST_USE;
int panel_changes(struct reader *r, struct sl_why *why) SL_MUST_USE;
int panel_votes(struct reader *r, struct sl_why *why) SL_MUST_USE;
int panel_again(struct reader *r, struct sl_why *why) SL_MUST_USE;
int panel_audit(struct reader *r, struct sl_why *why) SL_MUST_USE;

/* --- what they share --- */

/* Words printed to a stream, then added to the page line by line. */
struct panel_words {
	FILE *f; /* NULL: no memory */
	char *text;
	size_t len;
};
void panel_words_open(struct panel_words *w);
/* mark and look are of the first line (-1: no mark), the others are plain. */
int panel_words_add(struct panel_words *w, struct page *p, enum screen_look first,
		    int mark) SL_MUST_USE;
/* The next piece of r->walk, a file's text with its findings in place; fetches more when it
 * must.  label: what stands before a segment, "" for nothing. */
int panel_walk_step(struct reader *r, struct page *p,
		    void (*label)(const struct show_segment *g, char *out,
				  size_t cap)) SL_MUST_USE;
/* Walk through another file, or other places of it. */
int panel_walk_start(struct reader *r, unsigned file, uint32_t places) SL_MUST_USE;
enum screen_look panel_severity_look(int severity);

/* Findings of all files by one number: which file and which of its findings. */
unsigned panel_findings_count(const struct review_case *c);
const json_t *panel_finding_at(const struct review_case *c, unsigned i, unsigned *ret_file,
			       unsigned *ret_of_file);

/* panel_pages.c: instead of a page of text. */
void panel_pages_draw(struct reader *r, int row, int rows, int cols);
/* So many pages on or back; in the next file after the last page.  false: there is none. */
bool panel_pages_turn(struct reader *r, int by);
void panel_pages_release(struct reader *r);
/* Can it be drawn at all? */
bool panel_pages_can(const struct case_file *f);

#endif
