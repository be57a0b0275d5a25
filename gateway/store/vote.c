/* vote.c - decisions of people, and what was delivered to whom before. */
#include "base/clock.h"
#include "base/i18n.h"
#include "store/store_private.h"

static int insert_vote(struct store *s, int64_t number, int64_t revision, const struct vote *v)
{
	return db_run(&s->db,
		      "INSERT INTO vote (number, revision, pid, role, decision, envelope, "
		      "code, reason,"
		      " time, counts, stands_for) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		      "iissssssiis", number, revision, v->pid, v->role, v->decision,
		      v->envelope, v->code, v->reason, v->time, (int64_t)v->counts,
		      v->stands_for);
}

static json_t *vote_record(const char *id, int64_t revision, const struct vote *v)
{
	json_t *j = json_pack("{s:s,s:I,s:s,s:s,s:s}", "draft", id, "revision",
			      (json_int_t)revision, "role", v->role, "decision", v->decision,
			      "envelope", v->envelope);

	if (j != NULL && v->stands_for[0] != '\0')
		(void)json_object_set_new(j, "stands_for", json_string(v->stands_for));
	return j;
}

static int vote_within(struct store *s, const char *id, int64_t revision, const struct vote *v,
		       enum draft_state to, const struct draft_change *c, struct sl_why *why)
{
	struct draft d = {0};
	int r = store_draft_get(s, id, revision, &d);

	if (r != SL_OK)
		return r;
	draft_release(&d);
	r = insert_vote(s, d.number, revision, v);
	if (r == SL_E_EXISTS)
		return why_set(why, r, _("this envelope is already recorded"));
	if (r == SL_OK)
		r = audit_take(s, "review.vote", v->pid, id, vote_record(id, revision, v));
	if (r == SL_OK && to != d.state)
		r = move_within(s, id, revision, d.state, to, c, why);
	return r;
}

int store_vote_add(struct store *s, const char *id, int64_t revision, const struct vote *v,
		   enum draft_state to, const struct draft_change *c, struct sl_why *why)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	return db_end(&s->db, vote_within(s, id, revision, v, to, c, why));
}

static int read_vote(sqlite3_stmt *q, struct vote *v)
{
	int r = db_copy(q, 0, v->pid, sizeof(v->pid));

	if (r == SL_OK)
		r = db_copy(q, 1, v->role, sizeof(v->role));
	if (r == SL_OK)
		r = db_copy(q, 2, v->decision, sizeof(v->decision));
	if (r == SL_OK)
		r = db_copy(q, 3, v->envelope, sizeof(v->envelope));
	if (r == SL_OK)
		r = db_copy(q, 4, v->code, sizeof(v->code));
	if (r == SL_OK)
		r = db_copy(q, 5, v->reason, sizeof(v->reason));
	if (r == SL_OK)
		r = db_copy(q, 9, v->stands_for, sizeof(v->stands_for));
	v->time = sqlite3_column_int64(q, 6);
	v->overruled = sqlite3_column_int64(q, 8) != 0;
	v->counts = sqlite3_column_int64(q, 7) != 0 && !v->overruled;
	return r;
}

int store_vote_each(struct store *s, const char *id, int64_t revision,
		    int (*fn)(const struct vote *v, void *arg), void *arg)
{
	sqlite3_stmt *q = NULL;
	int64_t number;
	int stop = 0, r = draft_number(id, 'D', &number);

	if (r == SL_OK)
		r = db_query(&s->db,
			     "SELECT pid, role, decision, envelope, code, reason, time, counts,"
			     " seq <= coalesce((SELECT last_vote FROM appeal WHERE"
			     " appeal.number = vote.number AND"
			     " appeal.revision = vote.revision AND outcome = 'admitted'), 0), "
			     "stands_for"
			     " FROM vote"
			     " WHERE number = ? AND revision = ? ORDER BY seq",
			     &q, "ii", number, revision);
	while (r == SL_OK && stop == 0 && (r = db_step(q)) > 0) {
		struct vote v = {0};

		r = read_vote(q, &v);
		if (r == SL_OK)
			stop = fn(&v, arg);
	}
	db_done(q);
	return stop != 0 ? stop : r;
}

int store_vote_count(struct store *s, const char *id, int64_t revision, unsigned *ret_n)
{
	int64_t number, n = 0;
	int r = draft_number(id, 'D', &number);

	if (r == SL_OK)
		r = db_int(&s->db,
			   "SELECT count(*) FROM vote WHERE number = ? AND revision = ?", &n,
			   "ii", number, revision);
	if (r == SL_OK)
		*ret_n = (unsigned)n;
	return r;
}

int store_shown_add(struct store *s, const char *pid, const char *id, int64_t revision,
		    const char *part, const char *sha256)
{
	int64_t number;
	int r = draft_number(id, 'D', &number);

	if (r != SL_OK)
		return r;
	r = db_begin(&s->db);
	if (r != SL_OK)
		return r;
	r = db_run(
		&s->db,
		"INSERT INTO shown (pid, number, revision, part, sha256) VALUES (?, ?, ?, ?, ?)"
		" ON CONFLICT (pid, number, revision, part) DO UPDATE SET sha256 = "
		"excluded.sha256",
		"siiss", pid, number, revision, part, sha256);
	if (r == SL_OK)
		r = audit_take(s, "review.shown", pid, id,
			       json_pack("{s:s,s:I,s:s,s:s}", "draft", id, "revision",
					 (json_int_t)revision, "part", part, "sha256", sha256));
	return db_end(&s->db, r);
}

int store_shown_each(struct store *s, const char *pid, const char *id, int64_t revision,
		     int (*fn)(const char *part, const char *sha256, void *arg), void *arg)
{
	sqlite3_stmt *q = NULL;
	int64_t number;
	char part[32], sha256[65];
	int stop = 0, r = draft_number(id, 'D', &number);

	if (r == SL_OK)
		r = db_query(&s->db,
			     "SELECT part, sha256 FROM shown WHERE pid = ? AND number = ? AND"
			     " revision = ? ORDER BY part",
			     &q, "sii", pid, number, revision);
	while (r == SL_OK && stop == 0 && (r = db_step(q)) > 0) {
		r = db_copy(q, 0, part, sizeof(part));
		if (r == SL_OK)
			r = db_copy(q, 1, sha256, sizeof(sha256));
		if (r == SL_OK)
			stop = fn(part, sha256, arg);
	}
	db_done(q);
	return stop != 0 ? stop : r;
}
