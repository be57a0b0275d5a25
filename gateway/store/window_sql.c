/* window_sql.c - the words and names compared come from reviewers: they are bound, never part
 * of the SQL. */
#include "store/window_sql.h"

#include <string.h>

enum { SQL_MAX = 32768 };

/* A place with a number: each state's question names it again. */
static void bind(struct window_sql *x, struct buf *to, const char *before, const char *text,
		 const char *after)
{
	BUG(x->n == WINDOW_BINDS_MAX);
	x->bind[x->n++].text = text;
	buf_putf(to, "%s?%d%s", before, x->n, after);
}

static void bind_text(struct window_sql *x, const char *before, const char *text)
{
	if (text[0] != '\0')
		bind(x, &x->where, before, text, "");
}

static void bind_time(struct window_sql *x, const char *before, int64_t t)
{
	if (t == 0)
		return;
	bind(x, &x->where, before, NULL, "");
	x->bind[x->n - 1].number = t;
}

/* '%word%' with LIKE's own signs taken literally. */
static const char *like_of(const char *word, char out[WINDOW_LIKE_MAX])
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

/* Without a letter that has a small and a large form there is nothing that LIKE, which takes
 * twice as long, would do differently: it folds those of ASCII alone. */
static bool has_case(const char *word)
{
	for (; *word != '\0'; word++) {
		if ((*word >= 'a' && *word <= 'z') || (*word >= 'A' && *word <= 'Z'))
			return true;
	}
	return false;
}

static void put_word(struct window_sql *x, struct buf *to, const char *and, const char *text,
		     bool exact)
{
	buf_puts(to, and);
	if (exact || !has_case(text))
		bind(x, to, "instr(title, ", text, ") > 0");
	else
		bind(x, to, "title LIKE ", like_of(text, x->like[x->n_like++]), " ESCAPE '\\'");
}

bool window_sql_filters(const struct draft_query *q)
{
	return q->unit[0] != '\0' || q->rule[0] != '\0' || q->type[0] != '\0' ||
	       q->klass[0] != '\0' || q->told[0] != '\0' || q->created_before != 0 ||
	       q->created_after != 0 || q->due_before != 0 || q->due_after != 0 ||
	       q->n_words > 0;
}

static bool is_unread(enum draft_state state)
{
	return state == DRAFT_SUBMITTED || state == DRAFT_INSPECTING;
}

static bool may_compare(const struct draft_query *q, enum draft_state state)
{
	if (state == DRAFT_SPILL)
		return q->unit[0] == '\0' && q->rule[0] == '\0' && q->type[0] == '\0' &&
		       q->klass[0] == '\0' && q->told[0] == '\0' && q->n_words == 0;
	return q->n_words == 0 || !is_unread(state);
}

bool window_sql_admits(const struct draft_query *q, enum draft_state state)
{
	for (unsigned i = 0; i < q->n_states; i++) {
		if (q->states[i] == state)
			return may_compare(q, state);
	}
	return false;
}

void window_sql_init(struct window_sql *x, const struct draft_query *q)
{
	memset(x, 0, sizeof(*x));
	buf_init(&x->where, SQL_MAX);
	buf_init(&x->match, SQL_MAX);
	bind_text(x, " AND unit = ", q->unit);
	bind_text(x, " AND content_type = ", q->type);
	bind_text(x, " AND klass = ", q->klass);
	if (q->rule[0] != '\0')
		bind(x, &x->where, " AND instr(rules, ' ' || ", q->rule, " || ' ') > 0");
	if (strcmp(q->told, "any") == 0)
		buf_puts(&x->where, " AND number IN (SELECT number FROM escalation"
				    " WHERE open = 1)");
	else if (q->told[0] != '\0')
		bind(x, &x->where,
		     " AND number IN (SELECT number FROM escalation WHERE open = 1 AND told = ",
		     q->told, ")");
	bind_time(x, " AND created < ", q->created_before);
	bind_time(x, " AND created > ", q->created_after);
	bind_time(x, " AND due <> 0 AND due < ", q->due_before);
	bind_time(x, " AND due > ", q->due_after);
	for (unsigned i = 0; i < q->n_words; i++)
		put_word(x, &x->where, " AND ", q->words[i].text, q->words[i].exact);
}

void window_sql_match(struct window_sql *x, const char *text, bool exact)
{
	put_word(x, &x->match, "", text, exact);
}

void window_sql_release(struct window_sql *x)
{
	buf_release(&x->where);
	buf_release(&x->match);
}

/* What a state is sorted by; the same for all of it where the row may not tell. */
static const char *key_of(enum draft_order order, enum draft_state state)
{
	static const char *const keys[] = {
		[DRAFT_BY_DUE] = "due",	    [DRAFT_BY_RISK] = "worst",
		[DRAFT_BY_AGE] = "created", [DRAFT_BY_UNIT] = "unit",
		[DRAFT_BY_TITLE] = "title", [DRAFT_BY_NUMBER] = "number",
	};

	if (order == DRAFT_BY_RISK && state == DRAFT_SPILL)
		return "9";
	if ((order == DRAFT_BY_UNIT && state == DRAFT_SPILL) ||
	    (order == DRAFT_BY_TITLE && (state == DRAFT_SPILL || is_unread(state))))
		return "''";
	return keys[order];
}

static void put_order(struct buf *sql, enum draft_order order, bool reverse)
{
	const char *down = reverse ? " DESC" : "";

	if (order == DRAFT_BY_NUMBER)
		buf_putf(sql, " ORDER BY number%s", down);
	else if (order == DRAFT_BY_DUE)
		buf_putf(sql, " ORDER BY due%s, number%s", down, down);
	else
		buf_putf(sql, " ORDER BY k%s, due%s, number%s", down, down, down);
}

static void put_state(struct buf *sql, const struct window_sql *x, const struct draft_query *q,
		      enum draft_state state)
{
	bool hidden = state == DRAFT_SPILL || is_unread(state) || x->match.len == 0;

	/* The name of the state is our own. */
	buf_putf(sql,
		 "SELECT number, %s AS hit, due, %s AS k FROM draft WHERE newest = 1"
		 " AND state = '%s'%s",
		 hidden ? "0" : buf_str(&x->match), key_of(q->order, state),
		 draft_state_name(state), buf_str(&x->where));
}

static int bind_all(const struct window_sql *x, sqlite3_stmt *st)
{
	int r = SL_OK;

	for (int i = 0; r == SL_OK && i < sqlite3_bind_parameter_count(st); i++) {
		if (x->bind[i].text != NULL)
			r = db_code(sqlite3_bind_text(st, i + 1, x->bind[i].text, -1,
						      SQLITE_STATIC));
		else
			r = db_code(sqlite3_bind_int64(st, i + 1, x->bind[i].number));
	}
	return r;
}

int window_sql_start(struct store *s, const struct window_sql *x, const struct draft_query *q,
		     const struct window_part *p, sqlite3_stmt **ret_st)
{
	sqlite3_stmt *st = NULL;
	unsigned states = 0;
	struct buf sql;
	int r;

	buf_init(&sql, SQL_MAX);
	for (int i = 0; i < DRAFT_STATE_COUNT; i++) {
		if (!window_sql_admits(q, (enum draft_state)i))
			continue;
		buf_puts(&sql, states++ > 0 ? " UNION ALL " : "");
		put_state(&sql, x, q, (enum draft_state)i);
	}
	put_order(&sql, q->order, p->reverse);
	buf_putf(&sql, " LIMIT %llu OFFSET %llu", (unsigned long long)p->limit,
		 (unsigned long long)p->offset);
	r = states == 0 ? SL_E_NOTFOUND : buf_error(&sql);
	if (r == SL_OK)
		r = db_code(sqlite3_prepare_v2(s->db.handle, buf_str(&sql), -1, &st, NULL));
	if (r == SL_OK)
		r = bind_all(x, st);
	if (r == SL_OK)
		*ret_st = st;
	else
		(void)sqlite3_finalize(st);
	buf_release(&sql);
	return r;
}

static int count_kept(struct store *s, const struct draft_query *q, uint64_t *ret_total)
{
	uint64_t counts[DRAFT_STATE_COUNT], total = 0;
	int r = store_draft_counts(s, counts);

	for (int i = 0; r == SL_OK && i < DRAFT_STATE_COUNT; i++)
		total += window_sql_admits(q, (enum draft_state)i) ? counts[i] : 0;
	if (r == SL_OK)
		*ret_total = total;
	return r;
}

int window_count(struct store *s, const struct draft_query *q, uint64_t *ret_total)
{
	const struct window_part all = {.limit = INT64_MAX};
	sqlite3_stmt *st = NULL;
	struct window_sql x;
	uint64_t total = 0;
	int r;

	if (!window_sql_filters(q))
		return count_kept(s, q, ret_total);
	window_sql_init(&x, q);
	r = window_sql_start(s, &x, q, &all, &st);
	while (r == SL_OK && (r = db_step(st)) > 0) {
		total++;
		r = SL_OK;
	}
	(void)sqlite3_finalize(st);
	window_sql_release(&x);
	if (r == SL_OK || r == SL_E_NOTFOUND)
		*ret_total = total;
	return r == SL_E_NOTFOUND ? SL_OK : r;
}
