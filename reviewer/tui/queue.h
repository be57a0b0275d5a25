/* queue.h - the list of drafts that wait, as far as it was looked at.
 *
 * The desk sorts and filters; here is only what its answers said, in pages of QUEUE_PAGE rows.
 * However long the list is, a few pages are kept and a row that is not there yet is drawn as
 * dots: a key never waits for the gateway. */
#ifndef SL_REVIEWER_TUI_QUEUE_H
#define SL_REVIEWER_TUI_QUEUE_H

#include "base/json.h"
#include "tui/command.h"

enum {
	QUEUE_PAGE = 100,
	QUEUE_PAGES = 8,
	QUEUE_MARKS_MAX = 200,
	QUEUE_ID = 24,
	QUEUE_FILTER = 401
};
enum queue_sort {
	SORT_DUE,
	SORT_RISK,
	SORT_AGE,
	SORT_UNIT,
	SORT_TITLE,
	SORT_NUMBER,
	SORT_COUNT
};

struct queue_page {
	json_t *drafts;	  /* NULL: a free place */
	unsigned number;  /* its first row is number * QUEUE_PAGE */
	int64_t asked_ms; /* when, by the monotonic clock */
	unsigned used;	  /* larger: looked at later */
};
struct queue {
	struct queue_page page[QUEUE_PAGES];
	json_t *notices; /* queue_notices.c; of the newest answer, or NULL */
	const char *me;	 /* pid of whoever looks on; borrowed */
	unsigned total, top, at;
	bool loaded;	  /* an answer to the present sort and filter has come */
	unsigned version; /* of sort and filter: an answer to an older one is thrown away */
	unsigned clock;	  /* for queue_page.used */
	enum queue_sort sort;
	bool reverse;
	char filter[QUEUE_FILTER]; /* in force, "" for none */
	char chosen[QUEUE_ID];	   /* id of the row at `at` when it was last seen */
	char (*marks)[QUEUE_ID];
	unsigned n_marks;
	char last_mark[QUEUE_ID]; /* where a range begins */
};

void queue_release(struct queue *q);
/* "due", "risk" …; the name that the desk and a person's `:sort` use. */
const char *queue_sort_name(enum queue_sort s);
bool queue_sort_from_name(const char *name, enum queue_sort *ret_s);
/* Another order or filter: what is known of the rows is forgotten, the marks stay. */
void queue_set_sort(struct queue *q, enum queue_sort s, bool reverse);
void queue_set_filter(struct queue *q, const char *words);

/* The page that is needed most: one on the screen that is not there, else one of those on the
 * screen that was asked for more than `fresh_ms` ago (by `now_ms`).  false: none. */
bool queue_wants(const struct queue *q, int rows, int64_t now_ms, int64_t fresh_ms,
		 unsigned *ret_page);
/* Every page counts as asked for long ago. */
void queue_stale(struct queue *q);
/* Arguments of review.list for a page; the caller owns them, NULL without memory. */
json_t *queue_args(const struct queue *q, unsigned page);
/* Take in the answer; the chosen draft stays chosen when it moved within the page. */
void queue_put(struct queue *q, unsigned page, const json_t *result, int64_t now_ms);

/* A row, or NULL while it is not there.  Borrowed until the next queue_put. */
const json_t *queue_row(const struct queue *q, unsigned i);
const char *queue_current(const struct queue *q); /* draft id or NULL */
/* Movement; true when the command was one of ours. */
bool queue_move(struct queue *q, enum command cmd, int rows);
void queue_go(struct queue *q, unsigned row);

bool queue_marked(const struct queue *q, const char *id);
/* Mark or unmark; false when there are QUEUE_MARKS_MAX marks already. */
bool queue_mark(struct queue *q, const char *id, bool on);
void queue_unmark_all(struct queue *q);
/* From the last marked draft to the chosen one: marked so many; -1 when that draft is not
 * among the rows known, or there would be too many marks. */
int queue_mark_range(struct queue *q);

#endif
