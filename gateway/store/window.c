/* window.c - one window of a long list: found in the index alone, then its few rows read. */
#include <string.h>

#include "store/draft_row.h"
#include "store/window_sql.h"

struct found {
	int64_t numbers[DRAFT_WINDOW_MAX];
	unsigned n;
	uint64_t total;
};

/* How many are in each state is kept, so only the window is read: from the nearer end, as what
 * lies before it has to be stepped over. */
static int part_of_all(struct store *s, const struct draft_query *q, struct found *f)
{
	struct window_part part = {.reverse = q->reverse, .offset = q->offset};
	sqlite3_stmt *st = NULL;
	struct window_sql x;
	bool from_end;
	unsigned want;
	uint64_t left;
	int r = window_count(s, q, &f->total);

	if (r != SL_OK)
		return r;
	left = f->total > q->offset ? f->total - q->offset : 0;
	part.limit = want = left < q->limit ? (unsigned)left : q->limit;
	from_end = q->offset > f->total / 2;
	if (from_end) {
		part.reverse = !q->reverse;
		part.offset = left - want;
	}
	window_sql_init(&x, q);
	r = window_sql_start(s, &x, q, &part, &st);
	while (r == SL_OK && f->n < want && (r = db_step(st)) > 0) {
		f->numbers[from_end ? want - 1 - f->n : f->n] = sqlite3_column_int64(st, 0);
		f->n++;
		r = SL_OK;
	}
	(void)sqlite3_finalize(st);
	window_sql_release(&x);
	if (r == SL_OK && f->n < want && from_end) /* a damaged store lost some */
		memmove(f->numbers, f->numbers + (want - f->n), f->n * sizeof(*f->numbers));
	return r;
}

/* What a filter lets pass has to be counted, and is found on the way. */
static int part_of_filtered(struct store *s, const struct draft_query *q, struct found *f)
{
	const struct window_part all = {.reverse = q->reverse, .limit = INT64_MAX};
	sqlite3_stmt *st = NULL;
	struct window_sql x;
	int r;

	window_sql_init(&x, q);
	r = window_sql_start(s, &x, q, &all, &st);
	f->total = 0;
	while (r == SL_OK && (r = db_step(st)) > 0) {
		if (f->total >= q->offset && f->n < q->limit)
			f->numbers[f->n++] = sqlite3_column_int64(st, 0);
		f->total++;
		r = SL_OK;
	}
	(void)sqlite3_finalize(st);
	window_sql_release(&x);
	return r == SL_E_NOTFOUND ? SL_OK : r;
}

static int read_row(struct store *s, int64_t number, struct draft *ret_d)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db,
			 "SELECT " ROW_COLUMNS " FROM draft WHERE newest = 1 AND number = ?",
			 &q, "i", number);

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0)
		r = row_read(q, ret_d);
	else if (r == 0)
		r = SL_E_CORRUPT;
	db_done(q);
	return r;
}

int store_draft_window(struct store *s, const struct draft_query *q, uint64_t *ret_total,
		       int (*fn)(const struct draft *d, void *arg), void *arg)
{
	struct found f = {.n = 0};
	int r;

	if (q->n_states == 0 || q->n_states > DRAFT_STATE_COUNT || q->limit == 0 ||
	    q->limit > DRAFT_WINDOW_MAX || q->offset > DRAFT_OFFSET_MAX)
		return SL_E_LIMIT;
	r = db_begin_read(&s->db);
	if (r != SL_OK)
		return r;
	r = window_sql_filters(q) ? part_of_filtered(s, q, &f) : part_of_all(s, q, &f);
	for (unsigned i = 0; r == SL_OK && i < f.n; i++) {
		struct draft d = {0};

		r = read_row(s, f.numbers[i], &d);
		if (r == SL_OK)
			r = fn(&d, arg);
	}
	r = db_end(&s->db, r);
	if (r == SL_OK)
		*ret_total = f.total;
	return r;
}
