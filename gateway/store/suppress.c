/* suppress.c - rows of suppressions; nothing of them is ever deleted. */
#include "store/suppress.h"

#include <string.h>

#include "base/clock.h"
#include "store/store_private.h"

#define COLUMNS                                                                                \
	"number, rule, text_hmac, owner, second_pid, first, second, reason, time, expires,"    \
	" revoked, revoked_by, revocation"

static int read_row(sqlite3_stmt *q, struct suppression *p)
{
	const struct {
		int column;
		char *out;
		size_t cap;
	} texts[] = {
		{1, p->rule, sizeof(p->rule)},
		{2, p->text_hmac, sizeof(p->text_hmac)},
		{3, p->owner, sizeof(p->owner)},
		{4, p->second_pid, sizeof(p->second_pid)},
		{5, p->first, sizeof(p->first)},
		{6, p->second, sizeof(p->second)},
		{7, p->reason, sizeof(p->reason)},
		{11, p->revoked_by, sizeof(p->revoked_by)},
		{12, p->revocation, sizeof(p->revocation)},
	};
	int r = SL_OK;

	p->number = sqlite3_column_int64(q, 0);
	p->time = sqlite3_column_int64(q, 8);
	p->expires = sqlite3_column_int64(q, 9);
	p->revoked = sqlite3_column_int64(q, 10);
	for (size_t i = 0; r == SL_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
		r = db_copy(q, texts[i].column, texts[i].out, texts[i].cap);
	return r;
}

static int note(struct store *s, const char *kind, const char *pid, int64_t number,
		const char *rule, const char *hmac, const char *envelope)
{
	return audit_take(s, kind, pid, "",
			  json_pack("{s:I,s:s,s:s,s:s}", "number", (json_int_t)number, "rule",
				    rule, "text_hmac", hmac, "envelope", envelope));
}

int store_suppress_add(struct store *s, struct suppression *p)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = db_run(&s->db,
		   "INSERT INTO suppression (rule, text_hmac, owner, first, reason, time,"
		   " expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
		   "sssssii", p->rule, p->text_hmac, p->owner, p->first, p->reason, p->time,
		   p->expires);
	if (r == SL_OK)
		r = db_int(&s->db, "SELECT max(number) FROM suppression", &p->number, "");
	if (r == SL_OK)
		r = note(s, "suppression.propose", p->owner, p->number, p->rule, p->text_hmac,
			 p->first);
	return db_end(&s->db, r);
}

static int change(struct store *s, const char *sql, const char *kind, int64_t number,
		  const char *pid, const char *envelope)
{
	struct suppression p;
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = store_suppress_get(s, number, &p);
	if (r == SL_OK)
		r = db_run(&s->db, sql, "ssii", pid, envelope, clock_now(), number);
	if (r == SL_OK && db_changed(&s->db) == 0)
		r = SL_E_CONFLICT;
	if (r == SL_OK)
		r = note(s, kind, pid, number, p.rule, p.text_hmac, envelope);
	return db_end(&s->db, r);
}

int store_suppress_confirm(struct store *s, int64_t number, const char *pid,
			   const char *envelope)
{
	return change(s,
		      "UPDATE suppression SET second_pid = ?, second = ?, confirmed = ?"
		      " WHERE number = ? AND second = '' AND revoked = 0",
		      "suppression.confirm", number, pid, envelope);
}

int store_suppress_revoke(struct store *s, int64_t number, const char *pid,
			  const char *envelope)
{
	return change(s,
		      "UPDATE suppression SET revoked_by = ?, revocation = ?, revoked = ?"
		      " WHERE number = ? AND revoked = 0",
		      "suppression.revoke", number, pid, envelope);
}

int store_suppress_get(struct store *s, int64_t number, struct suppression *ret_p)
{
	sqlite3_stmt *q = NULL;
	struct suppression p;
	int r = db_query(&s->db, "SELECT " COLUMNS " FROM suppression WHERE number = ?", &q,
			 "i", number);

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0)
		r = read_row(q, &p);
	else if (r == 0)
		r = SL_E_NOTFOUND;
	db_done(q);
	if (r == SL_OK)
		*ret_p = p;
	return r;
}

int store_suppress_each(struct store *s, bool in_force, int64_t now,
			int (*fn)(const struct suppression *p, void *arg), void *arg)
{
	sqlite3_stmt *q = NULL;
	int stop = 0, r;

	if (in_force)
		r = db_query(
			&s->db,
			"SELECT " COLUMNS " FROM suppression WHERE second <> ''"
			" AND revoked = 0 AND expires > ? ORDER BY rule, text_hmac, number",
			&q, "i", now);
	else
		r = db_query(&s->db, "SELECT " COLUMNS " FROM suppression ORDER BY number", &q,
			     "");
	while (r == SL_OK && stop == 0 && (r = db_step(q)) > 0) {
		struct suppression p;

		r = read_row(q, &p);
		if (r == SL_OK)
			stop = fn(&p, arg);
	}
	db_done(q);
	return stop != 0 ? stop : r;
}

int store_suppress_stamp(struct store *s, int64_t *ret_stamp)
{
	/* Each of the three counts only grows. */
	return db_int(&s->db,
		      "SELECT (SELECT count(*) FROM suppression) * 1000003"
		      " + (SELECT count(*) FROM suppression WHERE second <> '') * 1009"
		      " + (SELECT count(*) FROM suppression WHERE revoked <> 0)",
		      ret_stamp, "");
}
