/* alert.c - new hits in what is public: told to people, who decide. */
#include "base/clock.h"
#include "store/clocks.h"
#include "store/recheck.h"
#include "store/store_private.h"

enum { ALERTS_MAX = 1000 };

int store_alert_add(struct store *s, const struct alert *a)
{
	int64_t number;
	int r = draft_number(a->draft, 'D', &number);

	if (r != SL_OK)
		return r;
	r = db_begin(&s->db);
	if (r != SL_OK)
		return r;
	r = db_run(&s->db,
		   "INSERT INTO alert (draft, revision, release, worst, rules, report, time)"
		   " VALUES (?, ?, ?, ?, ?, ?, ?)",
		   "iissssi", number, a->revision, a->release, a->worst, a->rules, a->report,
		   a->time);
	if (r == SL_OK)
		r = audit_take(s, "release.hit", "inspector", a->draft,
			       json_pack("{s:s,s:s,s:I,s:s,s:s,s:s}", "draft", a->draft,
					 "release", a->release, "version",
					 (json_int_t)a->revision, "worst", a->worst, "rules",
					 a->rules, "report_sha256", a->report));
	if (r == SL_OK)
		r = store_clock_event(s, a->draft, "found");
	return db_end(&s->db, r);
}

int store_alert_report(struct store *s, const struct draft *d, char ret_report[65])
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db,
			 "SELECT report FROM alert WHERE draft = ? AND revision = ?"
			 " ORDER BY number DESC LIMIT 1",
			 &q, "ii", d->number, d->revision);

	ret_report[0] = '\0';
	if (r == SL_OK)
		r = db_step(q);
	if (r > 0)
		r = db_copy(q, 0, ret_report, 65);
	db_done(q);
	return r;
}

static int read_row(sqlite3_stmt *q, struct alert *a)
{
	int r = db_copy(q, 1, a->draft, sizeof(a->draft));

	a->number = sqlite3_column_int64(q, 0);
	a->revision = sqlite3_column_int64(q, 2);
	a->time = sqlite3_column_int64(q, 7);
	if (r == SL_OK)
		r = db_copy(q, 3, a->release, sizeof(a->release));
	if (r == SL_OK)
		r = db_copy(q, 4, a->worst, sizeof(a->worst));
	if (r == SL_OK)
		r = db_copy(q, 5, a->rules, sizeof(a->rules));
	if (r == SL_OK)
		r = db_copy(q, 6, a->report, sizeof(a->report));
	return r == SL_OK ? db_copy(q, 8, a->title, sizeof(a->title)) : r;
}

int store_alert_each(struct store *s, int (*fn)(const struct alert *a, void *arg), void *arg)
{
	sqlite3_stmt *q = NULL;
	int stop = 0,
	    r = db_query(&s->db,
			 "SELECT a.number, d.id, a.revision, a.release, a.worst, a.rules,"
			 " a.report, a.time, d.title FROM alert a JOIN draft d"
			 " ON d.number = a.draft AND d.revision = a.revision"
			 " WHERE a.settled = 0 AND d.state IN ('RELEASED','SENT')"
			 " ORDER BY a.number DESC LIMIT ?",
			 &q, "i", (int64_t)ALERTS_MAX);

	while (r == SL_OK && stop == 0 && (r = db_step(q)) > 0) {
		struct alert a;

		r = read_row(q, &a);
		if (r == SL_OK)
			stop = fn(&a, arg);
	}
	db_done(q);
	return stop != 0 ? stop : r;
}

int store_alert_settle(struct store *s, const char *release, const char *pid,
		       const char *reason)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = db_run(&s->db, "UPDATE alert SET settled = ? WHERE release = ? AND settled = 0",
		   "is", clock_now(), release);
	if (r == SL_OK && db_changed(&s->db) == 0)
		r = SL_E_NOTFOUND;
	if (r == SL_OK)
		r = audit_take(s, "release.hit-settled", pid, "",
			       json_pack("{s:s,s:s}", "release", release, "reason", reason));
	if (r == SL_OK)
		r = store_clock_event(s, release, "settled");
	return db_end(&s->db, r);
}
