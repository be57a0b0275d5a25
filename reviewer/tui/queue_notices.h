/* queue_notices.h - what waits for this person beside the drafts in review. */
#ifndef SL_REVIEWER_TUI_QUEUE_NOTICES_H
#define SL_REVIEWER_TUI_QUEUE_NOTICES_H

#include "base/json.h"

/* The notices of an answer to review.list; caller owns.  NULL: there are none. */
json_t *queue_notices_take(const json_t *result);
/* Rows they take above the list. */
int queue_notices_rows(const json_t *notices);
/* Draw them; returns the rows that were used.  me: pid of whoever looks on. */
int queue_notices_draw(const json_t *notices, const char *me, int row, int cols);

#endif
