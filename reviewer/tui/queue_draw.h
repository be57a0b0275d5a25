/* queue_draw.h - the list on the screen, and beside or below it what is known of one draft. */
#ifndef SL_REVIEWER_TUI_QUEUE_DRAW_H
#define SL_REVIEWER_TUI_QUEUE_DRAW_H

#include "tui/queue.h"

/* Draw in `rows` rows from `row` on; `now` is the gateway's time.  The pane stands right of
 * the list from 140 columns on, below it from 40 rows on. */
void queue_draw(struct queue *q, int64_t now, int row, int rows, int cols);
/* How many drafts are seen at once in a window of that size. */
int queue_rows(const struct queue *q, int rows, int cols);

#endif
