/* turn.c - rows of turns and escalations. */
#include "store/turn.h"

#include "store/store_private.h"

int store_turns_due(struct store *s, int64_t now, struct turn_name *ret, unsigned cap,
		    unsigned *ret_n)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db,
			 "SELECT t.number, d.id FROM turn t JOIN draft d"
			 " ON d.number = t.number AND d.newest = 1"
			 " WHERE t.next <= ? ORDER BY t.next, t.number LIMIT ?",
			 &q, "ii", now, (int64_t)cap);

	*ret_n = 0;
	while (r == SL_OK && (r = db_step(q)) > 0) {
		struct turn_name *x = &ret[(*ret_n)++];

		x->number = sqlite3_column_int64(q, 0);
		r = db_copy(q, 1, x->draft, sizeof(x->draft));
	}
	db_done(q);
	return r;
}

static int close_others(struct store *s, int64_t number, const char *role)
{
	return db_run(&s->db,
		      "UPDATE escalation SET open = 0 WHERE number = ? AND open = 1"
		      " AND role <> ?",
		      "is", number, role);
}

int store_turn_wait(struct store *s, int64_t number, const char *role, int64_t next)
{
	int r = db_begin_soft(&s->db);

	if (r != SL_OK)
		return r;
	r = close_others(s, number, role);
	if (r == SL_OK)
		r = db_run(&s->db, "UPDATE turn SET next = ? WHERE number = ?", "ii", next,
			   number);
	return db_end(&s->db, r);
}

int store_turn_forget(struct store *s, int64_t number)
{
	int r = db_begin_soft(&s->db);

	if (r != SL_OK)
		return r;
	r = close_others(s, number, "");
	if (r == SL_OK)
		r = db_run(&s->db, "DELETE FROM turn WHERE number = ?", "i", number);
	return db_end(&s->db, r);
}

int store_turns_again(struct store *s)
{
	return db_run(&s->db, "UPDATE turn SET next = 0 WHERE next <> 0", "");
}

static int note(struct store *s, const struct draft *d, const char *role, const char *told,
		const char *clock, int64_t since)
{
	return audit_take(s, "review.escalated", "desk", d->id,
			  json_pack("{s:s,s:I,s:s,s:s,s:s,s:I}", "draft", d->id, "revision",
				    (json_int_t)d->revision, "role", role, "told", told,
				    "clock", clock, "since", (json_int_t)since));
}

int store_escalation_open(struct store *s, const struct draft *d, const char *role,
			  const char *told, const char *clock, int64_t since)
{
	int64_t known = 0;
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = close_others(s, d->number, role);
	if (r == SL_OK)
		r = db_int(&s->db,
			   "SELECT count(*) FROM escalation WHERE number = ? AND revision = ?"
			   " AND role = ?",
			   &known, "iis", d->number, d->revision, role);
	if (r == SL_OK)
		r = db_run(&s->db,
			   "INSERT INTO escalation (number, revision, role, told, since, open)"
			   " VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT (number, revision, role)"
			   " DO UPDATE SET open = 1, told = excluded.told",
			   "iissi", d->number, d->revision, role, told, since);
	if (r == SL_OK)
		r = db_run(&s->db, "UPDATE turn SET next = ? WHERE number = ?", "ii",
			   TURN_NEVER, d->number);
	if (r == SL_OK && known == 0)
		r = note(s, d, role, told, clock, since);
	return db_end(&s->db, r);
}

#define COLUMNS "e.number, e.revision, d.id, e.role, e.told, e.since"

static int read_row(sqlite3_stmt *q, struct escalation *e)
{
	int r = db_copy(q, 2, e->draft, sizeof(e->draft));

	e->number = sqlite3_column_int64(q, 0);
	e->revision = sqlite3_column_int64(q, 1);
	if (r == SL_OK)
		r = db_copy(q, 3, e->role, sizeof(e->role));
	if (r == SL_OK)
		r = db_copy(q, 4, e->told, sizeof(e->told));
	e->since = sqlite3_column_int64(q, 5);
	return r;
}

int store_escalation_get(struct store *s, int64_t number, struct escalation *ret_e)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db,
			 "SELECT " COLUMNS " FROM escalation e JOIN draft d"
			 " ON d.number = e.number AND d.revision = e.revision AND d.newest = 1"
			 " WHERE e.number = ? AND e.open = 1",
			 &q, "i", number);

	if (r == SL_OK)
		r = db_step(q);
	if (r == 0)
		r = SL_E_NOTFOUND;
	if (r > 0)
		r = read_row(q, ret_e);
	db_done(q);
	return r;
}

int store_escalation_each(struct store *s, const char *told, const char *unit, unsigned limit,
			  int (*fn)(const struct escalation *e, void *arg), void *arg)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db,
			 "SELECT " COLUMNS " FROM escalation e JOIN draft d"
			 " ON d.number = e.number AND d.revision = e.revision AND d.newest = 1"
			 " WHERE e.open = 1 AND e.told = ? AND (? = '' OR d.unit = ?)"
			 " ORDER BY e.since, e.number LIMIT ?",
			 &q, "sssi", told, unit != NULL ? unit : "", unit != NULL ? unit : "",
			 (int64_t)limit);

	while (r == SL_OK && (r = db_step(q)) > 0) {
		struct escalation e;

		r = read_row(q, &e);
		if (r == SL_OK)
			r = fn(&e, arg);
	}
	db_done(q);
	return r;
}
