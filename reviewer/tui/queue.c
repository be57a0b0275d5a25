/* queue.c - pages of rows, the chosen one, and marks. */
#include "tui/queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/queue_notices.h"

static const char *const sort_names[] = {
	[SORT_DUE] = "due",   [SORT_RISK] = "risk",   [SORT_AGE] = "age",
	[SORT_UNIT] = "unit", [SORT_TITLE] = "title", [SORT_NUMBER] = "number"};

static void forget(struct queue *q)
{
	for (unsigned i = 0; i < QUEUE_PAGES; i++) {
		json_decref(q->page[i].drafts);
		q->page[i] = (struct queue_page){.drafts = NULL};
	}
}

void queue_release(struct queue *q)
{
	forget(q);
	json_decref(q->notices);
	free(q->marks);
	memset(q, 0, sizeof(*q));
}

const char *queue_sort_name(enum queue_sort s)
{
	return sort_names[s];
}

bool queue_sort_from_name(const char *name, enum queue_sort *ret_s)
{
	for (int i = 0; i < SORT_COUNT; i++) {
		if (strcmp(sort_names[i], name) == 0) {
			*ret_s = (enum queue_sort)i;
			return true;
		}
	}
	return false;
}

static void another_list(struct queue *q)
{
	forget(q);
	q->version++;
	q->loaded = false;
	q->total = q->top = q->at = 0;
	q->chosen[0] = '\0';
}

void queue_set_sort(struct queue *q, enum queue_sort s, bool reverse)
{
	q->sort = s;
	q->reverse = reverse;
	another_list(q);
}

void queue_set_filter(struct queue *q, const char *words)
{
	(void)snprintf(q->filter, sizeof(q->filter), "%s", words);
	another_list(q);
}

static const struct queue_page *page_of(const struct queue *q, unsigned number)
{
	for (unsigned i = 0; i < QUEUE_PAGES; i++) {
		if (q->page[i].drafts != NULL && q->page[i].number == number)
			return &q->page[i];
	}
	return NULL;
}

bool queue_wants(const struct queue *q, int rows, int64_t now_ms, int64_t fresh_ms,
		 unsigned *ret_page)
{
	unsigned height = rows > 0 ? (unsigned)rows : 1;
	unsigned end = q->top + height < q->total ? q->top + height : q->total;
	unsigned first = q->top / QUEUE_PAGE, last = end > 0 ? (end - 1) / QUEUE_PAGE : 0;

	if (!q->loaded) {
		*ret_page = 0;
		return true;
	}
	for (unsigned n = first; n <= last && n < first + QUEUE_PAGES; n++) {
		if (page_of(q, n) == NULL) {
			*ret_page = n;
			return true;
		}
	}
	for (unsigned n = first; n <= last && n < first + QUEUE_PAGES; n++) {
		const struct queue_page *p = page_of(q, n);

		if (p != NULL && now_ms - p->asked_ms >= fresh_ms) {
			*ret_page = n;
			return true;
		}
	}
	return false;
}

void queue_stale(struct queue *q)
{
	for (unsigned i = 0; i < QUEUE_PAGES; i++)
		q->page[i].asked_ms = INT64_MIN / 2;
}

json_t *queue_args(const struct queue *q, unsigned page)
{
	json_t *j = json_pack("{s:i,s:I,s:s,s:b}", "limit", QUEUE_PAGE, "offset",
			      (json_int_t)page * QUEUE_PAGE, "sort", sort_names[q->sort],
			      "reverse", q->reverse);

	if (j != NULL && q->filter[0] != '\0')
		(void)json_object_set_new(j, "filter", json_string(q->filter));
	return j;
}

/* A free place, or the one that was looked at longest ago. */
static struct queue_page *place_for(struct queue *q, unsigned number)
{
	struct queue_page *best = &q->page[0];

	for (unsigned i = 0; i < QUEUE_PAGES; i++) {
		if (q->page[i].drafts != NULL && q->page[i].number == number)
			return &q->page[i];
		if (q->page[i].drafts == NULL ||
		    (best->drafts != NULL && q->page[i].used < best->used))
			best = &q->page[i];
	}
	return best;
}

static void follow_chosen(struct queue *q, const struct queue_page *p)
{
	const json_t *d;
	size_t i;

	if (q->chosen[0] == '\0' || q->at / QUEUE_PAGE != p->number)
		return;
	json_array_foreach(p->drafts, i, d)
	{
		const char *id = json_str(d, "draft");

		if (id == NULL || strcmp(id, q->chosen) != 0)
			continue;
		unsigned row = p->number * QUEUE_PAGE + (unsigned)i;

		/* The line on the screen stays where it is. */
		q->top = row + q->top > q->at ? row + q->top - q->at : 0;
		q->at = row;
		return;
	}
}

static void note_chosen(struct queue *q)
{
	const char *id = queue_current(q);

	if (id != NULL)
		(void)snprintf(q->chosen, sizeof(q->chosen), "%s", id);
}

void queue_put(struct queue *q, unsigned page, const json_t *result, int64_t now_ms)
{
	struct queue_page *p = place_for(q, page);
	const json_t *drafts = json_arr(result, "drafts");
	int64_t total = (int64_t)page * QUEUE_PAGE + (int64_t)json_array_size(drafts);

	(void)json_i64(result, "total", &total);
	q->total = total < 0 ? 0 : total > UINT32_MAX ? UINT32_MAX : (unsigned)total;
	json_decref(p->drafts);
	p->drafts = drafts != NULL ? json_deep_copy(drafts) : json_array();
	p->number = page;
	p->asked_ms = now_ms;
	p->used = ++q->clock;
	json_decref(q->notices);
	q->notices = queue_notices_take(result);
	q->loaded = true;
	follow_chosen(q, p);
	if (q->at >= q->total)
		q->at = q->total > 0 ? q->total - 1 : 0;
	note_chosen(q);
}

const json_t *queue_row(const struct queue *q, unsigned i)
{
	const struct queue_page *p = page_of(q, i / QUEUE_PAGE);

	return p != NULL ? json_array_get(p->drafts, i % QUEUE_PAGE) : NULL;
}

const char *queue_current(const struct queue *q)
{
	return q->at < q->total ? json_str(queue_row(q, q->at), "draft") : NULL;
}

void queue_go(struct queue *q, unsigned row)
{
	q->at = row < q->total ? row : q->total > 0 ? q->total - 1 : 0;
	q->chosen[0] = '\0';
	note_chosen(q);
}

bool queue_move(struct queue *q, enum command cmd, int rows)
{
	unsigned page = rows > 2 ? (unsigned)rows - 1 : 1,
		 last = q->total > 0 ? q->total - 1 : 0;

	switch (cmd) {
	case COMMAND_UP:
		queue_go(q, q->at > 0 ? q->at - 1 : 0);
		return true;
	case COMMAND_DOWN:
		queue_go(q, q->at + 1);
		return true;
	case COMMAND_PAGE_UP:
		queue_go(q, q->at > page ? q->at - page : 0);
		return true;
	case COMMAND_PAGE_DOWN:
		queue_go(q, last - q->at > page ? q->at + page : last);
		return true;
	case COMMAND_HOME:
		queue_go(q, 0);
		return true;
	case COMMAND_END:
		queue_go(q, last);
		return true;
	default:
		return false;
	}
}

static int mark_at(const struct queue *q, const char *id)
{
	for (unsigned i = 0; i < q->n_marks; i++) {
		if (strcmp(q->marks[i], id) == 0)
			return (int)i;
	}
	return -1;
}

bool queue_marked(const struct queue *q, const char *id)
{
	return mark_at(q, id) >= 0;
}

bool queue_mark(struct queue *q, const char *id, bool on)
{
	int at = mark_at(q, id);

	if (!on) {
		if (at >= 0) {
			q->n_marks--;
			memmove(q->marks[at], q->marks[at + 1],
				(q->n_marks - (unsigned)at) * sizeof(*q->marks));
		}
		return true;
	}
	if (q->marks == NULL)
		q->marks = calloc(QUEUE_MARKS_MAX, sizeof(*q->marks));
	if (q->marks == NULL || (at < 0 && q->n_marks == QUEUE_MARKS_MAX))
		return false;
	if (at < 0)
		(void)snprintf(q->marks[q->n_marks++], sizeof(*q->marks), "%s", id);
	(void)snprintf(q->last_mark, sizeof(q->last_mark), "%s", id);
	return true;
}

void queue_unmark_all(struct queue *q)
{
	q->n_marks = 0;
	q->last_mark[0] = '\0';
}

/* The row of the last mark, looked for in the pages that are there. */
static bool find_last_mark(const struct queue *q, unsigned *ret_row)
{
	for (unsigned i = 0; q->last_mark[0] != '\0' && i < QUEUE_PAGES; i++) {
		const struct queue_page *p = &q->page[i];

		for (size_t k = 0; p->drafts != NULL && k < json_array_size(p->drafts); k++) {
			const char *id = json_str(json_array_get(p->drafts, k), "draft");

			if (id != NULL && strcmp(id, q->last_mark) == 0) {
				*ret_row = p->number * QUEUE_PAGE + (unsigned)k;
				return true;
			}
		}
	}
	return false;
}

int queue_mark_range(struct queue *q)
{
	unsigned from, to = q->at;
	int n = 0;

	if (!find_last_mark(q, &from))
		return -1;
	if (from > to) {
		to = from;
		from = q->at;
	}
	for (unsigned i = from; i <= to; i++) {
		const char *id = json_str(queue_row(q, i), "draft");

		if (id == NULL || !queue_mark(q, id, true))
			return -1;
		n++;
	}
	return n;
}
