/* queue.h - the list of drafts that wait. */
#ifndef SL_REVIEWER_TUI_QUEUE_H
#define SL_REVIEWER_TUI_QUEUE_H

#include "tui/command.h"
#include "wire/session.h"

struct queue {
	json_t *reply; /* result of review.list; owned */
	unsigned n, top, at;
};
int queue_load(struct session *s, struct queue *q, struct sl_why *why) SL_MUST_USE;
void queue_release(struct queue *q);
void queue_draw(struct queue *q, int row, int rows, int cols);
/* Movement; true when the command was one of ours. */
bool queue_move(struct queue *q, enum command cmd, int rows);
const char *queue_current(const struct queue *q); /* draft id or NULL */

#endif
