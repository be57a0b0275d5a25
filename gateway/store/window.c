/* window.c - one window of a long list: found in the index alone, then its few rows read.
 *
 * The words and names compared come from reviewers: they are bound, never part of the SQL. */
#include <stdio.h>
#include <string.h>

#include "store/draft_row.h"
#include "store/store_private.h"

enum { BINDS_MAX = 24, SQL_MAX = 4096 };

struct search {
	struct buf sql;
	struct {
		const char *text; /* NULL: the number */
		int64_t number;
	} bind[BINDS_MAX];
	int n;
	char like[DRAFT_WORDS_MAX][2 * 64 + 3];
};

static void bind_text(struct search *x, const char *sql, const char *text)
{
	BUG(x->n == BINDS_MAX);
	buf_puts(&x->sql, sql);
	x->bind[x->n++].text = text;
}

static void bind_number(struct search *x, const char *sql, int64_t number)
{
	BUG(x->n == BINDS_MAX);
	buf_puts(&x->sql, sql);
	x->bind[x->n++].number = number;
}

/* '%word%' with LIKE's own signs taken literally. */
static const char *like_of(const char *word, char out[2 * 64 + 3])
{
	size_t n = 0;

	out[n++] = '%';
	for (; *word != '\0'; word++) {
		if (*word == '%' || *word == '_' || *word == '\\')
			out[n++] = '\\';
		out[n++] = *word;
	}
	out[n++] = '%';
	out[n] = '\0';
	return out;
}

static void put_states(struct search *x, const struct draft_query *q)
{
	for (unsigned i = 0; i < q->n_states; i++) /* names of our own */
		buf_putf(&x->sql, "%s'%s'", i == 0 ? " AND state IN (" : ",",
			 draft_state_name(q->states[i]));
	buf_puts(&x->sql, ")");
}

static void put_where(struct search *x, const struct draft_query *q)
{
	buf_puts(&x->sql, " FROM draft WHERE newest = 1");
	put_states(x, q);
	if (q->unit[0] != '\0' || q->rule[0] != '\0' || q->type[0] != '\0' ||
	    q->klass[0] != '\0' || q->n_words > 0)
		buf_puts(&x->sql, " AND state <> 'SPILL'");
	if (q->n_words > 0)
		buf_puts(&x->sql, " AND state NOT IN ('SUBMITTED','INSPECTING')");
	if (q->unit[0] != '\0')
		bind_text(x, " AND unit = ?", q->unit);
	if (q->type[0] != '\0')
		bind_text(x, " AND content_type = ?", q->type);
	if (q->klass[0] != '\0')
		bind_text(x, " AND klass = ?", q->klass);
	if (q->rule[0] != '\0')
		bind_text(x, " AND instr(rules, ' ' || ? || ' ') > 0", q->rule);
	if (q->created_before != 0)
		bind_number(x, " AND created < ?", q->created_before);
	if (q->created_after != 0)
		bind_number(x, " AND created > ?", q->created_after);
	if (q->due_before != 0)
		bind_number(x, " AND due <> 0 AND due < ?", q->due_before);
	if (q->due_after != 0)
		bind_number(x, " AND due > ?", q->due_after);
	for (unsigned i = 0; i < q->n_words; i++) {
		if (q->words[i].exact)
			bind_text(x, " AND instr(title, ?) > 0", q->words[i].text);
		else
			bind_text(x, " AND title LIKE ? ESCAPE '\\'",
				  like_of(q->words[i].text, x->like[i]));
	}
}

static void put_order(struct search *x, const struct draft_query *q, bool reverse)
{
	static const char *const keys[] = {
		[DRAFT_BY_DUE] = "due",
		[DRAFT_BY_RISK] = "CASE state WHEN 'SPILL' THEN 9 ELSE worst END",
		[DRAFT_BY_AGE] = "created",
		[DRAFT_BY_UNIT] = "CASE state WHEN 'SPILL' THEN '' ELSE unit END",
		[DRAFT_BY_TITLE] = "CASE WHEN state IN ('SPILL','SUBMITTED','INSPECTING')"
				   " THEN '' ELSE title END",
		[DRAFT_BY_NUMBER] = "number",
	};
	const char *down = reverse ? " DESC" : "";

	buf_putf(&x->sql, " ORDER BY %s%s", keys[q->order], down);
	if (q->order != DRAFT_BY_DUE && q->order != DRAFT_BY_NUMBER)
		buf_putf(&x->sql, ", due%s", down);
	if (q->order != DRAFT_BY_NUMBER)
		buf_putf(&x->sql, ", number%s", down);
}

static int start(struct store *s, const struct search *x, sqlite3_stmt **ret_q)
{
	sqlite3_stmt *q = NULL;
	int r = buf_error(&x->sql);

	if (r == SL_OK)
		r = db_code(sqlite3_prepare_v2(s->db.handle, buf_str(&x->sql), -1, &q, NULL));
	for (int i = 0; r == SL_OK && i < x->n; i++) {
		if (x->bind[i].text != NULL)
			r = db_code(sqlite3_bind_text(q, i + 1, x->bind[i].text, -1,
						      SQLITE_STATIC));
		else
			r = db_code(sqlite3_bind_int64(q, i + 1, x->bind[i].number));
	}
	if (r == SL_OK)
		*ret_q = q;
	else
		(void)sqlite3_finalize(q);
	return r;
}

static int count(struct store *s, const struct draft_query *q, uint64_t *ret_total)
{
	struct search x = {.n = 0};
	sqlite3_stmt *st = NULL;
	int r;

	buf_init(&x.sql, SQL_MAX);
	buf_puts(&x.sql, "SELECT count(*)");
	put_where(&x, q);
	r = start(s, &x, &st);
	if (r == SL_OK)
		r = db_step(st);
	if (r > 0)
		*ret_total = (uint64_t)sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	buf_release(&x.sql);
	return r > 0 ? SL_OK : r;
}

/* From the nearer end: what lies before the window has to be sorted and stepped over. */
static int find(struct store *s, const struct draft_query *q, uint64_t total, int64_t *numbers,
		unsigned *ret_n)
{
	uint64_t left = total > q->offset ? total - q->offset : 0;
	unsigned n = 0, want = left < q->limit ? (unsigned)left : q->limit;
	bool from_end = q->offset > total / 2;
	struct search x = {.n = 0};
	sqlite3_stmt *st = NULL;
	int r;

	buf_init(&x.sql, SQL_MAX);
	buf_puts(&x.sql, "SELECT number");
	put_where(&x, q);
	put_order(&x, q, q->reverse != from_end);
	buf_putf(&x.sql, " LIMIT %u OFFSET %llu", want,
		 (unsigned long long)(from_end ? left - want : q->offset));
	r = start(s, &x, &st);
	while (r == SL_OK && n < want && (r = db_step(st)) > 0) {
		numbers[from_end ? want - 1 - n : n] = sqlite3_column_int64(st, 0);
		n++;
		r = SL_OK;
	}
	(void)sqlite3_finalize(st);
	buf_release(&x.sql);
	if (r == SL_OK && n < want && from_end) /* somebody moved one meanwhile */
		memmove(numbers, numbers + (want - n), n * sizeof(*numbers));
	*ret_n = n;
	return r;
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
	int64_t numbers[DRAFT_WINDOW_MAX];
	uint64_t total = 0;
	unsigned n = 0;
	int r;

	if (q->n_states == 0 || q->n_states > DRAFT_STATE_COUNT || q->limit == 0 ||
	    q->limit > DRAFT_WINDOW_MAX || q->offset > DRAFT_OFFSET_MAX)
		return SL_E_LIMIT;
	r = count(s, q, &total);
	if (r == SL_OK)
		r = find(s, q, total, numbers, &n);
	for (unsigned i = 0; r == SL_OK && i < n; i++) {
		struct draft d = {0};

		r = read_row(s, numbers[i], &d);
		if (r == SL_OK)
			r = fn(&d, arg);
	}
	if (r == SL_OK)
		*ret_total = total;
	return r;
}

/* "D-2026-000123" and every end of it, such as "123". */
static bool number_ends(int64_t number, const char *text)
{
	char id[32];
	int n = snprintf(id, sizeof(id), "D-%04lld-%06lld", (long long)(number / 1000000),
			 (long long)(number % 1000000));
	size_t len = strlen(text);

	return n > 0 && len > 0 && len <= (size_t)n && strcmp(id + n - len, text) == 0;
}

struct find {
	bool before_any, after_any;
	unsigned first, last, before, after; /* of the list; next to `from` */
};

static void note_match(struct find *f, unsigned place, unsigned from)
{
	if (!f->before_any && !f->after_any && place != from)
		f->first = place;
	f->last = place;
	if (place < from) {
		f->before = place;
		f->before_any = true;
	} else if (place > from && !f->after_any) {
		f->after = place;
		f->after_any = true;
	}
}

int store_draft_find(struct store *s, const struct draft_query *q, const char *text, bool exact,
		     unsigned from, bool backwards, unsigned *ret_place)
{
	struct search x = {.n = 0};
	struct find f = {.before_any = false};
	sqlite3_stmt *st = NULL;
	unsigned place = 0;
	bool any = false;
	char like[2 * 64 + 3];
	int r;

	if (text[0] == '\0' || strlen(text) >= sizeof(q->words[0].text))
		return SL_E_LIMIT;
	buf_init(&x.sql, SQL_MAX);
	buf_puts(&x.sql, "SELECT number, state NOT IN ('SPILL','SUBMITTED','INSPECTING') AND ");
	if (exact)
		bind_text(&x, "instr(title, ?) > 0", text);
	else
		bind_text(&x, "title LIKE ? ESCAPE '\\'", like_of(text, like));
	put_where(&x, q);
	put_order(&x, q, q->reverse);
	r = start(s, &x, &st);
	while (r == SL_OK && place <= DRAFT_OFFSET_MAX && (r = db_step(st)) > 0) {
		if (sqlite3_column_int(st, 1) != 0 ||
		    number_ends(sqlite3_column_int64(st, 0), text)) {
			note_match(&f, place, from);
			any = true;
		}
		place++;
		r = SL_OK;
	}
	(void)sqlite3_finalize(st);
	buf_release(&x.sql);
	if (r != SL_OK || !any)
		return r != SL_OK ? r : SL_E_NOTFOUND;
	if (backwards)
		*ret_place = f.before_any ? f.before : f.last;
	else
		*ret_place = f.after_any ? f.after : f.before_any ? f.first : f.last;
	return SL_OK;
}
