/* clocks.c - rows of clocks and what a word does to them. */
#include "store/clocks.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "store/store_private.h"

enum { HOUR_S = 3600, MINUTE_S = 60 };

#define CLOCK_COLUMNS                                                                          \
	"kind, routes, starts, pauses, ends, unit, length, moves, extended, started, due,"     \
	" paused, paused_total, ended"

/* ",A,C," and "A" */
static bool has_word(const char *list, const char *word)
{
	char with[40];

	return snprintf(with, sizeof(with), ",%s,", word) < (int)sizeof(with) &&
	       strstr(list, with) != NULL;
}

static bool by_day(const struct store_clock *c)
{
	return strcmp(c->unit, "working-day") == 0 || strcmp(c->unit, "day") == 0;
}

static bool is_running(const struct store_clock *c)
{
	return c->started > 0 && c->ended == 0;
}

bool store_clock_open(const struct store_clock *c, const char *klass)
{
	return is_running(c) && (c->routes[0] == '\0' || has_word(c->routes, klass));
}

/* Of terms in seconds; those in days are counted by the desk. */
static void set_due(struct store_clock *c)
{
	int64_t unit = strcmp(c->unit, "hour") == 0 ? HOUR_S : MINUTE_S;

	c->due = by_day(c) ? 0 : c->started + c->length * unit + c->paused_total;
}

static int read_row(sqlite3_stmt *q, struct store_clock *c)
{
	const struct {
		char *out;
		size_t cap;
	} texts[] = {{c->kind, sizeof(c->kind)},     {c->routes, sizeof(c->routes)},
		     {c->starts, sizeof(c->starts)}, {c->pauses, sizeof(c->pauses)},
		     {c->ends, sizeof(c->ends)},     {c->unit, sizeof(c->unit)}};
	int r = SL_OK;

	for (int i = 0; r == SL_OK && i < (int)(sizeof(texts) / sizeof(texts[0])); i++)
		r = db_copy(q, i, texts[i].out, texts[i].cap);
	c->length = sqlite3_column_int64(q, 6);
	c->moves = sqlite3_column_int64(q, 7) != 0;
	c->extended = sqlite3_column_int64(q, 8) != 0;
	c->started = sqlite3_column_int64(q, 9);
	c->due = sqlite3_column_int64(q, 10);
	c->paused = sqlite3_column_int64(q, 11);
	c->paused_total = sqlite3_column_int64(q, 12);
	c->ended = sqlite3_column_int64(q, 13);
	return r;
}

static int read_rows(sqlite3_stmt *q, struct store_clock *ret, unsigned *ret_n)
{
	unsigned n = 0;
	int r = SL_OK;

	while (r == SL_OK && (r = db_step(q)) > 0) {
		if (n == STORE_CLOCKS_MAX) {
			r = SL_E_LIMIT;
			break;
		}
		r = read_row(q, &ret[n++]);
	}
	db_done(q);
	if (r == SL_OK)
		*ret_n = n;
	return r;
}

int store_clocks_get(struct store *s, int64_t number, struct store_clock *ret, unsigned *ret_n)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db, "SELECT " CLOCK_COLUMNS " FROM clock WHERE number = ?", &q,
			 "i", number);

	return r == SL_OK ? read_rows(q, ret, ret_n) : r;
}

int store_clocks_running(struct store *s, int64_t number, struct store_clock *ret,
			 unsigned *ret_n)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db,
			 "SELECT " CLOCK_COLUMNS " FROM clock WHERE number = ? AND started > 0"
			 " AND ended = 0",
			 &q, "i", number);

	return r == SL_OK ? read_rows(q, ret, ret_n) : r;
}

int store_clock_pauses(struct store *s, int64_t number, const char *kind,
		       struct store_clock_pause *ret, unsigned *ret_n)
{
	sqlite3_stmt *q = NULL;
	unsigned n = 0;
	int r = db_query(&s->db,
			 "SELECT since, until FROM clock_pause WHERE number = ? AND kind = ?"
			 " ORDER BY since LIMIT ?",
			 &q, "isi", number, kind, (int64_t)STORE_CLOCK_PAUSES_MAX);

	while (r == SL_OK && (r = db_step(q)) > 0) {
		r = SL_OK;
		ret[n++] = (struct store_clock_pause){sqlite3_column_int64(q, 0),
						      sqlite3_column_int64(q, 1)};
	}
	db_done(q);
	if (r == SL_OK)
		*ret_n = n;
	return r;
}

/* What changes while it runs; the rule stays. */
static int write_times(struct store *s, int64_t number, const struct store_clock *c)
{
	return db_run(&s->db,
		      "UPDATE clock SET started = ?, due = ?, paused = ?, paused_total = ?,"
		      " ended = ? WHERE number = ? AND kind = ?",
		      "iiiiiis", c->started, c->due, c->paused, c->paused_total, c->ended,
		      number, c->kind);
}

/* The earliest date of those that run; of paused ones only when nothing else has a date. */
static int64_t earliest(const struct store_clock *c, unsigned n, const char *klass)
{
	int64_t due = 0, paused = 0;

	for (unsigned i = 0; i < n; i++) {
		int64_t *least = c[i].paused == 0 ? &due : &paused;

		if (store_clock_open(&c[i], klass) && c[i].due > 0 &&
		    (*least == 0 || c[i].due < *least))
			*least = c[i].due;
	}
	return due > 0 ? due : paused;
}

/* revision 0: the newest. */
static int write_draft_due(struct store *s, int64_t number, int64_t revision,
			   const struct store_clock *c, unsigned n)
{
	sqlite3_stmt *q = NULL;
	int64_t was = 0, due;
	char klass[8] = "";
	int r = db_query(&s->db,
			 "SELECT revision, klass, due FROM draft WHERE number = ?1 AND"
			 " (revision = ?2 OR (?2 = 0 AND newest = 1))",
			 &q, "ii", number, revision);

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0) {
		revision = sqlite3_column_int64(q, 0);
		was = sqlite3_column_int64(q, 2);
		r = db_copy(q, 1, klass, sizeof(klass));
	} else if (r == 0) {
		r = SL_E_NOTFOUND;
	}
	db_done(q);
	due = earliest(c, n, klass);
	if (r != SL_OK || due == was)
		return r;
	return db_run(&s->db, "UPDATE draft SET due = ? WHERE number = ? AND revision = ?",
		      "iii", due, number, revision);
}

static int resume(struct store *s, int64_t number, struct store_clock *c, int64_t now)
{
	/* A host's clock that was set back must not stop a draft from being moved. */
	int64_t until = now < c->paused ? c->paused : now;
	int r = db_run(&s->db,
		       "INSERT INTO clock_pause (number, kind, since, until)"
		       " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		       "isii", number, c->kind, c->paused, until);

	c->paused_total += until - c->paused;
	c->paused = 0;
	set_due(c);
	return r;
}

static int start(struct store *s, int64_t number, struct store_clock *c, int64_t now)
{
	bool again = c->ended > 0;

	c->started = now;
	c->ended = c->paused = c->paused_total = 0;
	set_due(c);
	return !again ? SL_OK
		      : db_run(&s->db, "DELETE FROM clock_pause WHERE number = ? AND kind = ?",
			       "is", number, c->kind);
}

/* Of a draft that came to this state there is nothing more to wait for. */
static bool no_way_on(const char *word)
{
	return has_word(",SPILL,REFUSED,WITHDRAWN,CANCELED,", word);
}

/* What the first word (a state or an event) and the second (why it is REFERRED) do to one. */
static int step(struct store *s, int64_t number, const struct clock_turn *t,
		struct store_clock *c, bool *ret_changed)
{
	bool starts = has_word(c->starts, t->word), pauses, ends;
	const struct store_clock was = *c;
	int r = SL_OK;

	if (!is_running(c)) {
		r = starts ? start(s, number, c, t->now) : SL_OK;
	} else {
		pauses = has_word(c->pauses, t->word) ||
			 (t->second != NULL && has_word(c->pauses, t->second));
		ends = has_word(c->ends, t->word) || (no_way_on(t->word) && !starts);
		if (c->paused > 0 && (ends || (t->is_state && !pauses)))
			r = resume(s, number, c, t->now);
		else if (c->paused == 0 && t->is_state && pauses && !ends)
			c->paused = t->now;
		if (ends)
			c->ended = t->now;
	}
	*ret_changed =
		was.started != c->started || was.paused != c->paused || was.ended != c->ended;
	return r == SL_OK && *ret_changed ? write_times(s, number, c) : r;
}

int clock_turn(struct store *s, int64_t number, int64_t revision, const struct clock_turn *t)
{
	struct store_clock c[STORE_CLOCKS_MAX];
	unsigned n = 0;
	bool changed = false;
	int r = store_clocks_get(s, number, c, &n);

	/* A draft of before there were clocks keeps the date it has. */
	if (r != SL_OK || n == 0)
		return r;
	for (unsigned i = 0; r == SL_OK && i < n; i++)
		r = step(s, number, t, &c[i], &changed);
	return r == SL_OK ? write_draft_due(s, number, revision, c, n) : r;
}

int store_clock_event(struct store *s, const char *id, const char *word)
{
	const struct clock_turn t = {.word = word, .now = clock_now()};
	int64_t number;
	int r = draft_number(id, id[0] == 'R' ? 'R' : 'D', &number);

	if (r == SL_OK)
		r = db_begin(&s->db);
	if (r != SL_OK)
		return r;
	return db_end(&s->db, clock_turn(s, number, 0, &t));
}

/* ---- the desk's part ---- */

static int put_rule(struct store *s, int64_t number, const struct store_clock *c)
{
	struct store_clock first = *c;

	set_due(&first);
	if (first.started == 0)
		first.due = 0;
	/* One that runs or has run keeps the rule under which it did. */
	return db_run(&s->db,
		      "INSERT INTO clock (number, kind, routes, starts, pauses, ends, unit,"
		      " length, moves, started, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		      " ON CONFLICT (number, kind) DO UPDATE SET routes = excluded.routes,"
		      " starts = excluded.starts, pauses = excluded.pauses, ends ="
		      " excluded.ends, unit = excluded.unit, length = excluded.length, moves ="
		      " excluded.moves WHERE clock.started = 0",
		      "issssssiiii", number, c->kind, c->routes, c->starts, c->pauses, c->ends,
		      c->unit, c->length, (int64_t)c->moves, first.started, first.due);
}

static bool named(const struct store_clock *c, unsigned n, const char *kind)
{
	for (unsigned i = 0; i < n; i++) {
		if (strcmp(c[i].kind, kind) == 0)
			return true;
	}
	return false;
}

/* A revision of another content type has other clocks. */
static int drop_others(struct store *s, int64_t number, const struct store_clock *c, unsigned n)
{
	struct store_clock have[STORE_CLOCKS_MAX];
	unsigned n_have = 0;
	int r = store_clocks_get(s, number, have, &n_have);

	for (unsigned i = 0; r == SL_OK && i < n_have; i++) {
		if (named(c, n, have[i].kind) || have[i].ended > 0)
			continue;
		if (have[i].started == 0) {
			r = db_run(&s->db, "DELETE FROM clock WHERE number = ? AND kind = ?",
				   "is", number, have[i].kind);
		} else {
			have[i].ended = clock_now();
			have[i].paused = 0;
			r = write_times(s, number, &have[i]);
		}
	}
	return r;
}

int store_clocks_set(struct store *s, int64_t number, const struct store_clock *c, unsigned n)
{
	int r = n > STORE_CLOCKS_MAX ? SL_E_LIMIT : db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = drop_others(s, number, c, n);
	for (unsigned i = 0; r == SL_OK && i < n; i++)
		r = put_rule(s, number, &c[i]);
	return db_end(&s->db, r);
}

int store_clocks_uncounted(struct store *s, struct store_clock_name *ret, unsigned cap,
			   unsigned *ret_n)
{
	sqlite3_stmt *q = NULL;
	unsigned n = 0;
	int r = db_query(&s->db,
			 "SELECT number, kind FROM clock WHERE due = 0 AND started > 0 AND"
			 " ended = 0 LIMIT ?",
			 &q, "i", (int64_t)cap);

	while (r == SL_OK && n < cap && (r = db_step(q)) > 0) {
		ret[n].number = sqlite3_column_int64(q, 0);
		r = db_copy(q, 1, ret[n].kind, sizeof(ret[n].kind));
		n++;
	}
	db_done(q);
	if (r == SL_OK)
		*ret_n = n;
	return r;
}

static int due_within(struct store *s, int64_t number, const char *kind, int64_t due)
{
	struct store_clock c[STORE_CLOCKS_MAX];
	unsigned n = 0;
	int r = db_run(&s->db, "UPDATE clock SET due = ? WHERE number = ? AND kind = ?", "iis",
		       due, number, kind);

	if (r == SL_OK && db_changed(&s->db) == 0)
		r = SL_E_NOTFOUND;
	if (r == SL_OK)
		r = store_clocks_get(s, number, c, &n);
	return r == SL_OK ? write_draft_due(s, number, 0, c, n) : r;
}

int store_clock_due(struct store *s, int64_t number, const char *kind, int64_t due)
{
	int r = db_begin_soft(&s->db);

	return r == SL_OK ? db_end(&s->db, due_within(s, number, kind, due)) : r;
}

int store_clocks_uncount(struct store *s)
{
	int r = db_begin_soft(&s->db);

	if (r != SL_OK)
		return r;
	r = db_run(&s->db,
		   "UPDATE clock SET due = 0 WHERE started > 0 AND ended = 0 AND unit IN"
		   " ('working-day', 'day')",
		   "");
	return db_end(&s->db, r);
}

static int extend_within(struct store *s, const struct draft *d, const struct store_clock *was,
			 int64_t length, const char *pid, const char *reason)
{
	struct store_clock c = *was;
	int r;

	c.length = length;
	set_due(&c);
	r = db_run(&s->db,
		   "UPDATE clock SET length = ?, extended = 1, due = ? WHERE number = ? AND"
		   " kind = ?",
		   "iiis", length, c.due, d->number, c.kind);
	if (r == SL_OK)
		r = audit_take(s, "clock.extend", pid, d->id,
			       json_pack("{s:s,s:s,s:I,s:I,s:s}", "draft", d->id, "kind",
					 c.kind, "from", (json_int_t)was->length, "to",
					 (json_int_t)length, "reason", reason));
	return r;
}

int store_clock_extend(struct store *s, const struct draft *d, const char *kind, int64_t length,
		       const char *pid, const char *reason, struct sl_why *why)
{
	struct store_clock c[STORE_CLOCKS_MAX];
	unsigned n = 0, i = 0;
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = store_clocks_get(s, d->number, c, &n);
	while (r == SL_OK && i < n && strcmp(c[i].kind, kind) != 0)
		i++;
	if (r == SL_OK && i == n)
		r = why_set(why, SL_E_NOTFOUND, _("%s has no clock %s"), d->id, kind);
	else if (r == SL_OK && !store_clock_open(&c[i], d->klass))
		r = why_set(why, SL_E_STATE, _("the clock %s of %s does not run"), kind, d->id);
	else if (r == SL_OK && c[i].extended)
		r = why_set(why, SL_E_STATE, _("the clock %s of %s was extended already"), kind,
			    d->id);
	if (r == SL_OK)
		r = extend_within(s, d, &c[i], length, pid, reason);
	return db_end(&s->db, r);
}
