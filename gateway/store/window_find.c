/* window_find.c - where the next draft with a text stands: looked for from the place on which
 * one is, so that a near one is found without reading the rest of the list. */
#include <stdio.h>
#include <string.h>

#include "store/window_sql.h"

/* "D-2026-000123" and every end of it, such as "123". */
static bool number_ends(int64_t number, const char *text)
{
	char id[32];
	int n = snprintf(id, sizeof(id), "D-%04lld-%06lld", (long long)(number / 1000000),
			 (long long)(number % 1000000));
	size_t len = strlen(text);

	return n > 0 && len > 0 && len <= (size_t)n && strcmp(id + n - len, text) == 0;
}

/* The first that has it, counted from the beginning of the part. */
static int first_in(struct store *s, const struct window_sql *x, const struct draft_query *q,
		    const struct window_part *p, const char *text, uint64_t *ret_at)
{
	sqlite3_stmt *st = NULL;
	uint64_t at = 0;
	int r = window_sql_start(s, x, q, p, &st);

	while (r == SL_OK && (r = db_step(st)) > 0) {
		if (sqlite3_column_int(st, 1) != 0 ||
		    number_ends(sqlite3_column_int64(st, 0), text))
			break;
		at++;
		r = SL_OK;
	}
	(void)sqlite3_finalize(st);
	if (r > 0)
		*ret_at = at;
	return r > 0 ? SL_OK : r == SL_OK ? SL_E_NOTFOUND : r;
}

static int find_after(struct store *s, const struct window_sql *x, const struct draft_query *q,
		      uint64_t from, const char *text, uint64_t *ret_place)
{
	const struct window_part after = {.reverse = q->reverse,
					  .offset = from + 1,
					  .limit = INT64_MAX},
				 before = {.reverse = q->reverse, .limit = from + 1};
	uint64_t at = 0;
	int r = first_in(s, x, q, &after, text, &at);

	if (r == SL_OK)
		*ret_place = from + 1 + at;
	return r == SL_E_NOTFOUND ? first_in(s, x, q, &before, text, ret_place) : r;
}

static int find_before(struct store *s, const struct window_sql *x, const struct draft_query *q,
		       uint64_t from, const char *text, uint64_t *ret_place)
{
	struct window_part part = {.reverse = !q->reverse, .limit = INT64_MAX};
	uint64_t total = 0, at = 0;
	int r = window_count(s, q, &total);

	/* Backwards, all from `from` on lie before what is looked for. */
	part.offset = total > from ? total - from : 0;
	if (r == SL_OK)
		r = first_in(s, x, q, &part, text, &at);
	if (r == SL_E_NOTFOUND) {
		part.limit = part.offset;
		part.offset = 0;
		r = first_in(s, x, q, &part, text, &at);
	}
	at += part.offset + 1;
	if (r == SL_OK)
		*ret_place = total > at ? total - at : 0;
	return r;
}

int store_draft_find(struct store *s, const struct draft_query *q, const char *text, bool exact,
		     unsigned from, bool backwards, unsigned *ret_place)
{
	uint64_t place = 0;
	struct window_sql x;
	int r;

	if (text[0] == '\0' || strlen(text) >= sizeof(q->words[0].text))
		return SL_E_LIMIT;
	window_sql_init(&x, q);
	window_sql_match(&x, text, exact);
	r = backwards ? find_before(s, &x, q, from, text, &place)
		      : find_after(s, &x, q, from, text, &place);
	window_sql_release(&x);
	if (r == SL_OK && place > DRAFT_OFFSET_MAX)
		r = SL_E_NOTFOUND;
	if (r == SL_OK)
		*ret_place = (unsigned)place;
	return r;
}
