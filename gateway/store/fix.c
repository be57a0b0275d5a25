/* fix.c - cleaned copies that authors asked for: the wish, who works on it, what came of it.
 *
 *   ASKED ──▶ WORKING ──┬──▶ DONE    the record names report, files and copies
 *     ▲          │      └──▶ FAILED  the reason says why; the draft is as it was
 *     └─ it died ┘
 *
 * One row a revision.  Asked again after its end, it is done again: the same bytes, report
 * and policy give the same record. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/store_private.h"

static const char *const names[] = {"none", "asked", "working", "done", "failed"};
enum { N_STATES = sizeof(names) / sizeof(names[0]) };

#define COLUMNS "draft, revision, pid, state, record, reason, edits"

const char *fix_state_name(enum fix_state s)
{
	BUG((unsigned)s >= N_STATES);
	return names[s];
}

static int state_from(const char *name, enum fix_state *ret_s)
{
	for (unsigned i = 1; i < N_STATES; i++) {
		if (strcmp(name, names[i]) == 0) {
			*ret_s = (enum fix_state)i;
			return SL_OK;
		}
	}
	return SL_E_CORRUPT;
}

/* The one row of a started query. */
static int take_row(sqlite3_stmt *q, struct fix *ret_f)
{
	struct fix f = {.state = FIX_NONE};
	char state[16] = "";
	int r = db_step(q);

	if (r == 0)
		r = SL_E_NOTFOUND;
	if (r > 0)
		r = db_copy(q, 0, f.draft, sizeof(f.draft));
	f.revision = sqlite3_column_int64(q, 1);
	if (r == SL_OK)
		r = db_copy(q, 2, f.pid, sizeof(f.pid));
	if (r == SL_OK)
		r = db_copy(q, 3, state, sizeof(state));
	if (r == SL_OK)
		r = db_copy(q, 4, f.record, sizeof(f.record));
	if (r == SL_OK)
		r = db_copy(q, 5, f.reason, sizeof(f.reason));
	if (r == SL_OK)
		r = db_copy(q, 6, f.edits, sizeof(f.edits));
	if (r == SL_OK)
		r = state_from(state, &f.state);
	db_done(q);
	if (r == SL_OK)
		*ret_f = f;
	return r;
}

static int note(struct store *s, const char *kind, const char *actor, const struct fix *f)
{
	json_t *record =
		json_pack("{s:s,s:I}", "draft", f->draft, "revision", (json_int_t)f->revision);

	if (record != NULL && f->record[0] != '\0')
		(void)json_object_set_new(record, "record", json_string(f->record));
	if (record != NULL && f->reason[0] != '\0')
		(void)json_object_set_new(record, "reason", json_string(f->reason));
	if (record != NULL && f->edits[0] != '\0')
		(void)json_object_set_new(record, "edits_of", json_string(f->edits));
	return audit_take(s, kind, actor, f->draft, record);
}

int store_fix_get(struct store *s, const char *id, int64_t revision, struct fix *ret_f)
{
	sqlite3_stmt *q = NULL;
	int64_t number;
	int r = draft_number(id, 'D', &number);

	if (r != SL_OK)
		return SL_E_NOTFOUND;
	r = db_query(&s->db, "SELECT " COLUMNS " FROM fix WHERE number = ? AND revision = ?",
		     &q, "ii", number, revision);
	return r == SL_OK ? take_row(q, ret_f) : r;
}

int store_fix_before(struct store *s, const char *id, int64_t revision, struct fix *ret_f)
{
	sqlite3_stmt *q = NULL;
	int64_t number;
	int r = draft_number(id, 'D', &number);

	if (r != SL_OK)
		return SL_E_NOTFOUND;
	r = db_query(&s->db,
		     "SELECT " COLUMNS " FROM fix WHERE number = ? AND revision < ? AND"
		     " state = 'done' ORDER BY revision DESC LIMIT 1",
		     &q, "ii", number, revision);
	return r == SL_OK ? take_row(q, ret_f) : r;
}

static int ask_within(struct store *s, const char *pid, const char *id, int64_t revision,
		      const char *edits)
{
	struct fix f = {.revision = revision}, now = {.state = FIX_NONE};
	int64_t number = 0;
	int r = store_fix_get(s, id, revision, &now);

	if (r != SL_OK && r != SL_E_NOTFOUND)
		return r;
	if (now.state == FIX_ASKED || now.state == FIX_WORKING)
		return strcmp(now.edits, edits) == 0 ? SL_OK : SL_E_CONFLICT;
	r = draft_number(id, 'D', &number);
	if (r == SL_OK)
		r = db_run(&s->db,
			   "INSERT INTO fix (number, revision, draft, pid, state, asked, edits)"
			   " VALUES (?, ?, ?, ?, 'asked', ?, ?) ON CONFLICT (number, revision)"
			   " DO UPDATE SET pid = excluded.pid, state = 'asked', edits ="
			   " excluded.edits, asked = excluded.asked, record = '', reason = ''",
			   "iissis", number, revision, id, pid, clock_now(), edits);
	(void)snprintf(f.edits, sizeof(f.edits), "%s", edits);
	(void)snprintf(f.draft, sizeof(f.draft), "%s", id);
	return r == SL_OK ? note(s, "draft.fix", pid, &f) : r;
}

int store_fix_ask(struct store *s, const char *pid, const char *id, int64_t revision,
		  const char *edits)
{
	int r = db_begin(&s->db);

	return r == SL_OK ? db_end(&s->db, ask_within(s, pid, id, revision, edits)) : r;
}

static int first_asked(struct store *s, struct fix *ret_f)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db,
			 "SELECT " COLUMNS " FROM fix WHERE state = 'asked'"
			 " ORDER BY asked, number LIMIT 1",
			 &q, "");

	return r == SL_OK ? take_row(q, ret_f) : r;
}

static int set_state(struct store *s, const struct fix *f, const char *from)
{
	int64_t number = 0;
	int r = draft_number(f->draft, 'D', &number);

	if (r == SL_OK)
		r = db_run(&s->db,
			   "UPDATE fix SET state = ?, record = ?, reason = ? WHERE number = ?"
			   " AND revision = ? AND state = ?",
			   "sssiis", fix_state_name(f->state), f->record, f->reason, number,
			   f->revision, from);
	if (r == SL_OK && db_changed(&s->db) == 0)
		r = SL_E_CONFLICT;
	return r;
}

int store_fix_claim(struct store *s, struct fix *ret_f)
{
	struct fix f = {.state = FIX_NONE};
	int r = first_asked(s, &f);

	/* Looking without a lock first: an idle inspector never blocks the desk. */
	if (r != SL_OK)
		return r;
	r = db_begin(&s->db);
	if (r != SL_OK)
		return r;
	r = first_asked(s, &f);
	f.state = FIX_WORKING;
	if (r == SL_OK)
		r = set_state(s, &f, "asked");
	r = db_end(&s->db, r);
	if (r == SL_OK)
		*ret_f = f;
	return r;
}

int store_fix_end(struct store *s, const struct fix *f)
{
	int r = db_begin(&s->db);

	BUG(f->state != FIX_DONE && f->state != FIX_FAILED);
	if (r != SL_OK)
		return r;
	r = set_state(s, f, "working");
	if (r == SL_OK)
		r = note(s, f->state == FIX_DONE ? "draft.fix-done" : "draft.fix-failed",
			 "inspector", f);
	return db_end(&s->db, r);
}

int store_fix_requeue(struct store *s)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	return db_end(
		&s->db,
		db_run(&s->db, "UPDATE fix SET state = 'asked' WHERE state = 'working'", ""));
}

int store_fix_forget(struct store *s, const char *id, int64_t revision)
{
	int64_t number = 0;
	int r = draft_number(id, 'D', &number);

	return r == SL_OK ? db_run(&s->db, "DELETE FROM fix WHERE number = ? AND revision = ?",
				   "ii", number, revision)
			  : r;
}
