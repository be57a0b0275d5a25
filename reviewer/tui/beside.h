/* beside.h - in a wide window a file's text and the draft's findings, side by side.
 *
 * The text is r->page, the list r->side.  Which of the two a key moves is r->panel: with
 * PANEL_FINDINGS the list, and the text follows to the chosen finding's place; with PANEL_PART
 * the text, but for "next finding" and "previous finding", which move both. */
#ifndef SL_REVIEWER_TUI_BESIDE_H
#define SL_REVIEWER_TUI_BESIDE_H

#include "tui/reader.h"

enum { BESIDE_COLS = 132 };

/* Is this panel, of that part, shown so in a window of so many columns? */
bool beside_fits(const struct reader *r, enum panel panel, unsigned part, int cols);
/* Fill both pages; with PANEL_FINDINGS r->part becomes the chosen finding's. */
int beside_fill(struct reader *r, struct sl_why *why) SL_MUST_USE;
/* The text goes to the place of the chosen finding. */
void beside_follow(struct reader *r);
void beside_draw(struct reader *r, int row, int rows);

#endif
