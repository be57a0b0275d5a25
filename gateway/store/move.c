/* move.c - the one function that changes a draft's state, and those built on it. */
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "store/draft_row.h"
#include "store/sketch.h"
#include "store/store_private.h"

static int present_state(struct store *s, int64_t number, int64_t revision,
			 enum draft_state *ret_s)
{
	sqlite3_stmt *q = NULL;
	char name[16];
	int r = db_query(&s->db, "SELECT state FROM draft WHERE number = ? AND revision = ?",
			 &q, "ii", number, revision);

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0)
		r = db_copy(q, 0, name, sizeof(name));
	else if (r == 0)
		r = SL_E_NOTFOUND;
	db_done(q);
	return r == SL_OK && draft_state_from_name(name, ret_s) != SL_OK ? SL_E_CORRUPT : r;
}

static int check_move(struct store *s, const char *id, int64_t number, int64_t revision,
		      enum draft_state from, enum draft_state to, struct sl_why *why)
{
	enum draft_state now = DRAFT_STATE_COUNT;
	int r;

	if (!draft_move_legal(from, to))
		return why_set(why, SL_E_STATE, _("%s cannot go from %s to %s"), id,
			       draft_state_name(from), draft_state_name(to));
	r = present_state(s, number, revision, &now);
	if (r == SL_E_NOTFOUND)
		return why_set(why, r, _("there is no %s revision %lld"), id,
			       (long long)revision);
	if (r == SL_OK && now != from)
		r = why_set(why, SL_E_CONFLICT, _("%s is %s by now, not %s"), id,
			    draft_state_name(now), draft_state_name(from));
	return r;
}

/* What an inspection concludes, in one statement. */
static int write_verdict(struct store *s, int64_t number, int64_t revision,
			 const struct draft_change *c)
{
	return db_run(&s->db,
		      "UPDATE draft SET verdict = ?, manifest = ?, klass = ?, report = ?,"
		      " inspection = ?, submission = ? WHERE number = ? AND revision = ?",
		      "ssssssii", c->verdict, c->manifest, c->klass, c->report, c->inspection,
		      c->submission, number, revision);
}

static int write_results(struct store *s, const char *id, int64_t revision,
			 const struct draft_change *c)
{
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < c->n_results; i++) {
		r = store_file_result(s, id, revision, i, c->results[i].report,
				      c->results[i].text);
		if (r == SL_OK && c->results[i].sketch != NULL)
			r = store_sketch_put(s, c->results[i].sketch);
	}
	return r;
}

static int write_fields(struct store *s, int64_t number, int64_t revision,
			const struct draft_change *c)
{
	bool whole = c->verdict != NULL && c->manifest != NULL && c->klass != NULL &&
		     c->report != NULL && c->inspection != NULL && c->submission != NULL;
	const struct {
		const char *sql, *value;
	} fields[] = {
		{"UPDATE draft SET state_reason = ? WHERE number = ? AND revision = ?",
		 c->reason},
		{"UPDATE draft SET verdict = ? WHERE number = ? AND revision = ?", c->verdict},
		{"UPDATE draft SET manifest = ? WHERE number = ? AND revision = ?",
		 c->manifest},
		{"UPDATE draft SET klass = ? WHERE number = ? AND revision = ?", c->klass},
		{"UPDATE draft SET report = ? WHERE number = ? AND revision = ?", c->report},
		{"UPDATE draft SET inspection = ? WHERE number = ? AND revision = ?",
		 c->inspection},
		{"UPDATE draft SET submission = ? WHERE number = ? AND revision = ?",
		 c->submission},
	};
	int r = whole ? write_verdict(s, number, revision, c) : SL_OK;

	for (size_t i = 0; r == SL_OK && i < (whole ? 1 : sizeof(fields) / sizeof(fields[0]));
	     i++) {
		if (fields[i].value != NULL)
			r = db_run(&s->db, fields[i].sql, "sii", fields[i].value, number,
				   revision);
	}
	if (r == SL_OK && c->due != 0)
		r = db_run(&s->db, "UPDATE draft SET due = ? WHERE number = ? AND revision = ?",
			   "iii", c->due, number, revision);
	if (r == SL_OK && c->rules != NULL)
		r = db_run(&s->db,
			   "UPDATE draft SET worst = ?, rules = ? WHERE number = ? AND "
			   "revision = ?",
			   "isii", (int64_t)c->worst, c->rules, number, revision);
	if (r == SL_OK && c->seeing)
		r = db_run(&s->db,
			   "UPDATE draft SET seeing = 1 WHERE number = ? AND revision = ?",
			   "ii", number, revision);
	if (r == SL_OK && c->serial != 0)
		r = db_run(&s->db,
			   "UPDATE draft SET serial = ? WHERE number = ? AND revision = ?",
			   "iii", c->serial, number, revision);
	return r;
}

static int set_state(struct store *s, const char *id, int64_t number, int64_t revision,
		     enum draft_state from, enum draft_state to, const struct draft_change *c)
{
	json_t *record =
		json_pack("{s:s,s:I,s:s,s:s}", "draft", id, "revision", (json_int_t)revision,
			  "from", draft_state_name(from), "to", draft_state_name(to));
	int r = db_run(
		&s->db,
		"UPDATE draft SET state = ?, changed = ? WHERE number = ? AND revision = ?",
		"siii", draft_state_name(to), clock_now(), number, revision);

	if (record != NULL && c->reason != NULL && c->reason[0] != '\0')
		(void)json_object_set_new(record, "reason", json_string(c->reason));
	if (record != NULL && c->serial != 0)
		(void)json_object_set_new(record, "serial", json_integer(c->serial));
	if (r != SL_OK) {
		json_decref(record);
		return r;
	}
	return audit_take(s, "draft.move", c->actor, id, record);
}

/* A revision that was just signed takes the place of the one in force. */
static int replace_older(struct store *s, const char *id, int64_t number, int64_t revision,
			 const struct draft_change *c, struct sl_why *why)
{
	enum draft_state old = DRAFT_STATE_COUNT;
	int64_t older = 0;
	int r = db_int(&s->db, "SELECT revision FROM draft WHERE number = ? AND newest = 1",
		       &older, "i", number);

	if (r != SL_OK || older == revision)
		return r;
	if (older > revision)
		return why_set(why, SL_E_CONFLICT,
			       _("a newer revision of %s is already submitted"), id);
	r = present_state(s, number, older, &old);
	if (r == SL_OK && !draft_move_legal(old, DRAFT_REPLACED))
		r = why_set(why, SL_E_STATE,
			    _("revision %lld of %s is %s and cannot be replaced"),
			    (long long)older, id, draft_state_name(old));
	if (r == SL_OK)
		r = set_state(s, id, number, older, old, DRAFT_REPLACED,
			      &(struct draft_change){.actor = c->actor});
	if (r == SL_OK)
		r = db_run(&s->db,
			   "UPDATE draft SET newest = 0 WHERE number = ? AND revision = ?",
			   "ii", number, older);
	if (r == SL_OK)
		r = db_run(&s->db,
			   "UPDATE draft SET newest = 1 WHERE number = ? AND revision = ?",
			   "ii", number, revision);
	return r;
}

/* Clocks start, pause, resume and end by the same change. */
static int turn_clocks(struct store *s, int64_t number, int64_t revision, enum draft_state to,
		       const struct draft_change *c)
{
	static const char third[] = "third-party";
	const struct clock_turn t = {
		.word = draft_state_name(to),
		.second = to == DRAFT_REFERRED && c->reason != NULL &&
					  strncmp(c->reason, third, sizeof(third) - 1) == 0
				  ? third
				  : NULL,
		.is_state = true,
		.now = clock_now()};

	return clock_turn(s, number, revision, &t);
}

int move_within(struct store *s, const char *id, int64_t revision, enum draft_state from,
		enum draft_state to, const struct draft_change *c, struct sl_why *why)
{
	int64_t number;
	int r = draft_number(id, 'D', &number);

	if (r == SL_OK)
		r = check_move(s, id, number, revision, from, to, why);
	if (r == SL_OK && from == DRAFT_PREPARED && to == DRAFT_SUBMITTED)
		r = replace_older(s, id, number, revision, c, why);
	if (r == SL_OK)
		r = write_fields(s, number, revision, c);
	if (r == SL_OK)
		r = write_results(s, id, revision, c);
	if (r == SL_OK)
		r = set_state(s, id, number, revision, from, to, c);
	return r == SL_OK ? turn_clocks(s, number, revision, to, c) : r;
}

int store_move(struct store *s, const char *id, int64_t revision, enum draft_state from,
	       enum draft_state to, const struct draft_change *c, struct sl_why *why)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	return db_end(&s->db, move_within(s, id, revision, from, to, c, why));
}

static int first_waiting(struct store *s, bool seeing, int64_t *ret_number,
			 int64_t *ret_revision)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(
		&s->db,
		"SELECT number, revision FROM draft WHERE newest = 1 AND state = 'SUBMITTED'"
		" AND seeing = ? ORDER BY due, number LIMIT 1",
		&q, "i", (int64_t)seeing);

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0) {
		*ret_number = sqlite3_column_int64(q, 0);
		*ret_revision = sqlite3_column_int64(q, 1);
	}
	db_done(q);
	if (r < 0)
		return r;
	return r > 0 ? SL_OK : SL_E_NOTFOUND;
}

static int claim_within(struct store *s, const char *actor, bool seeing, struct draft *ret_d)
{
	const struct draft_change c = {.actor = actor};
	struct draft d = {0};
	int64_t number = 0, revision = 0;
	int r = first_waiting(s, seeing, &number, &revision);

	if (r == SL_OK)
		r = row_load(s, number, revision, &d);
	if (r == SL_OK)
		r = move_within(s, d.id, revision, DRAFT_SUBMITTED, DRAFT_INSPECTING, &c, NULL);
	if (r != SL_OK) {
		draft_release(&d);
		return r;
	}
	d.state = DRAFT_INSPECTING;
	*ret_d = d;
	return SL_OK;
}

int store_draft_claim(struct store *s, const char *actor, bool seeing, struct draft *ret_d)
{
	struct draft d = {0};
	int64_t number = 0, revision = 0;
	int r = first_waiting(s, seeing, &number, &revision);

	/* Looking without a lock first: an idle inspector never blocks the desk. */
	if (r != SL_OK)
		return r;
	r = db_begin(&s->db);
	if (r != SL_OK)
		return r;
	r = db_end(&s->db, claim_within(s, actor, seeing, &d));
	if (r != SL_OK) {
		draft_release(&d);
		return r;
	}
	*ret_d = d;
	return SL_OK;
}

int store_move_claim(struct store *s, const char *id, int64_t revision, enum draft_state from,
		     enum draft_state to, const struct draft_change *c, bool seeing,
		     struct draft *ret_next, struct sl_why *why)
{
	struct draft next = {0};
	int r = db_begin(&s->db), claimed = SL_OK;

	if (r != SL_OK)
		return r;
	r = move_within(s, id, revision, from, to, c, why);
	if (r == SL_OK)
		claimed = claim_within(s, c->actor, seeing, &next);
	/* Half a claim must not be committed, nor may it hold up what is decided. */
	if (claimed != SL_OK && claimed != SL_E_NOTFOUND && db_end(&s->db, claimed) != SL_OK)
		return store_move(s, id, revision, from, to, c, why);
	r = db_end(&s->db, r);
	if (r != SL_OK) {
		draft_release(&next);
		return r;
	}
	*ret_next = next;
	return SL_OK;
}

int store_draft_requeue(struct store *s, const char *actor)
{
	const struct draft_change c = {.actor = actor};
	sqlite3_stmt *q = NULL;
	int64_t revision = 0;
	char id[24];
	int r = db_begin(&s->db);

	while (r == SL_OK) {
		r = db_query(&s->db,
			     "SELECT id, revision FROM draft WHERE newest = 1 AND state = "
			     "'INSPECTING'"
			     " LIMIT 1",
			     &q, "");
		if (r == SL_OK)
			r = db_step(q);
		if (r <= 0) {
			db_done(q);
			break;
		}
		r = db_copy(q, 0, id, sizeof(id));
		revision = sqlite3_column_int64(q, 1);
		db_done(q);
		if (r == SL_OK)
			r = move_within(s, id, revision, DRAFT_INSPECTING, DRAFT_SUBMITTED, &c,
					NULL);
	}
	return db_end(&s->db, r);
}

int store_seeing_counts(struct store *s, uint64_t *ret_waiting, uint64_t *ret_reading)
{
	int64_t waiting = 0, reading = 0;
	int r = db_int(&s->db,
		       "SELECT count(*) FROM draft WHERE newest = 1 AND seeing = 1"
		       " AND state = 'SUBMITTED'",
		       &waiting, "");

	if (r == SL_OK)
		r = db_int(&s->db,
			   "SELECT count(*) FROM draft WHERE newest = 1 AND seeing = 1"
			   " AND state = 'INSPECTING'",
			   &reading, "");
	if (r != SL_OK)
		return r;
	*ret_waiting = (uint64_t)waiting;
	*ret_reading = (uint64_t)reading;
	return SL_OK;
}
