/* delegation.c - rows of who stands in for whom; nothing of them is ever deleted. */
#include "store/delegation.h"

#include "base/clock.h"
#include "store/store_private.h"

#define COLUMNS                                                                                \
	"number, unit, person, role, substitute, first_day, last_day, reason, begun_by,"       \
	" opening, time, ended, ended_by, ending"

static int read_row(sqlite3_stmt *q, struct delegation *d)
{
	const struct {
		int column;
		char *out;
		size_t cap;
	} texts[] = {
		{1, d->unit, sizeof(d->unit)},
		{2, d->person, sizeof(d->person)},
		{3, d->role, sizeof(d->role)},
		{5, d->from, sizeof(d->from)},
		{4, d->substitute, sizeof(d->substitute)},
		{6, d->until, sizeof(d->until)},
		{7, d->reason, sizeof(d->reason)},
		{9, d->begin, sizeof(d->begin)},
		{8, d->begun_by, sizeof(d->begun_by)},
		{13, d->ending, sizeof(d->ending)},
		{12, d->ended_by, sizeof(d->ended_by)},
	};
	int r = SL_OK;

	d->number = sqlite3_column_int64(q, 0);
	d->time = sqlite3_column_int64(q, 10);
	d->ended = sqlite3_column_int64(q, 11);
	for (size_t i = 0; r == SL_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
		r = db_copy(q, texts[i].column, texts[i].out, texts[i].cap);
	return r;
}

/* The reason stays out of it: why somebody is away concerns the unit alone. */
static int note(struct store *s, const char *kind, const char *pid, const struct delegation *d,
		const char *envelope)
{
	return audit_take(s, kind, pid, "",
			  json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "number",
				    (json_int_t)d->number, "unit", d->unit, "person", d->person,
				    "role", d->role, "substitute", d->substitute, "from",
				    d->from, "until", d->until, "envelope", envelope));
}

int store_delegation_add(struct store *s, struct delegation *d)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = db_run(&s->db,
		   "INSERT INTO delegation (unit, person, role, substitute, first_day,"
		   " last_day, reason, begun_by, opening, time)"
		   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		   "sssssssssi", d->unit, d->person, d->role, d->substitute, d->from, d->until,
		   d->reason, d->begun_by, d->begin, d->time);
	if (r == SL_OK)
		r = db_int(&s->db, "SELECT max(number) FROM delegation", &d->number, "");
	if (r == SL_OK)
		r = note(s, "delegation.begin", d->begun_by, d, d->begin);
	return db_end(&s->db, r);
}

int store_delegation_end(struct store *s, int64_t number, const char *pid, const char *envelope)
{
	struct delegation d;
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = store_delegation_get(s, number, &d);
	if (r == SL_OK)
		r = db_run(&s->db,
			   "UPDATE delegation SET ended_by = ?, ending = ?, ended = ?"
			   " WHERE number = ? AND ended = 0",
			   "ssii", pid, envelope, clock_now(), number);
	if (r == SL_OK && db_changed(&s->db) == 0)
		r = SL_E_CONFLICT;
	if (r == SL_OK)
		r = note(s, "delegation.end", pid, &d, envelope);
	return db_end(&s->db, r);
}

int store_delegation_get(struct store *s, int64_t number, struct delegation *ret_d)
{
	sqlite3_stmt *q = NULL;
	struct delegation d;
	int r = db_query(&s->db, "SELECT " COLUMNS " FROM delegation WHERE number = ?", &q, "i",
			 number);

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0)
		r = read_row(q, &d);
	else if (r == 0)
		r = SL_E_NOTFOUND;
	db_done(q);
	if (r == SL_OK)
		*ret_d = d;
	return r;
}

int store_delegation_each(struct store *s, const char *unit, const char *substitute,
			  int (*fn)(const struct delegation *d, void *arg), void *arg)
{
	sqlite3_stmt *q = NULL;
	int stop = 0, r;

	if (substitute != NULL)
		r = db_query(&s->db,
			     "SELECT " COLUMNS " FROM delegation WHERE substitute = ?"
			     " AND ended = 0 ORDER BY number",
			     &q, "s", substitute);
	else if (unit != NULL)
		r = db_query(&s->db,
			     "SELECT " COLUMNS " FROM delegation WHERE unit = ? ORDER BY "
			     "number",
			     &q, "s", unit);
	else
		r = db_query(&s->db, "SELECT " COLUMNS " FROM delegation ORDER BY number", &q,
			     "");
	while (r == SL_OK && stop == 0 && (r = db_step(q)) > 0) {
		struct delegation d;

		r = read_row(q, &d);
		if (r == SL_OK)
			stop = fn(&d, arg);
	}
	db_done(q);
	return stop != 0 ? stop : r;
}

int store_delegation_audit(struct store *s,
			   int (*fn)(int64_t seq, int64_t ms, const char *kind,
				     const char *actor, const char *record, void *arg),
			   void *arg)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db,
			 "SELECT seq, ms, kind, actor, record FROM audit"
			 " WHERE kind IN ('delegation.begin', 'delegation.end')"
			 " ORDER BY seq",
			 &q, "");

	return r == SL_OK ? audit_rows(q, fn, arg) : r;
}
