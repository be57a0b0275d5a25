/* recheck.c - the queue of what is inspected again. */
#include "store/recheck.h"

#include <string.h>

#include "base/clock.h"
#include "store/draft_row.h"
#include "store/store_private.h"

/* Waiting for a decision: 0; public: 1, after all of those. */
#define FILL                                                                                   \
	"INSERT INTO recheck (live, number, revision) SELECT 0, number, revision FROM draft"   \
	" WHERE newest = 1 AND state IN ('IN_REVIEW','REFERRED','APPROVED')"                   \
	" UNION ALL SELECT 1, number, revision FROM draft"                                     \
	" WHERE newest = 1 AND state IN ('RELEASED','SENT')"

bool store_recheck_pending(enum draft_state s)
{
	return s == DRAFT_IN_REVIEW || s == DRAFT_REFERRED || s == DRAFT_APPROVED;
}

bool store_recheck_live(enum draft_state s)
{
	return s == DRAFT_RELEASED || s == DRAFT_SENT;
}

static int read_basis(struct store *s, struct recheck_progress *p)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db, "SELECT basis, since, total FROM recheck_basis", &q, "");

	memset(p, 0, sizeof(*p));
	if (r == SL_OK)
		r = db_step(q);
	if (r > 0) {
		p->since = sqlite3_column_int64(q, 1);
		p->total = (uint64_t)sqlite3_column_int64(q, 2);
		r = db_copy(q, 0, p->basis, sizeof(p->basis));
	}
	db_done(q);
	return r;
}

static int begin_within(struct store *s, const char *basis, const char *actor,
			const struct recheck_progress *before, uint64_t *ret_queued)
{
	int64_t total = 0;
	int r = db_run(&s->db, "DELETE FROM recheck", "");

	if (r == SL_OK)
		r = db_run(&s->db, FILL, "");
	if (r == SL_OK)
		r = db_int(&s->db, "SELECT count(*) FROM recheck", &total, "");
	if (r == SL_OK)
		r = db_run(&s->db, "DELETE FROM recheck_basis", "");
	if (r == SL_OK)
		r = db_run(&s->db,
			   "INSERT INTO recheck_basis (id, basis, since, total)"
			   " VALUES (1, ?, ?, ?)",
			   "sii", basis, clock_now(), total);
	/* The first one changes nothing, and every report names its own. */
	if (r == SL_OK && before->basis[0] != '\0')
		r = audit_take(s, "inspection.basis", actor, "",
			       json_pack("{s:s,s:s,s:I}", "from", before->basis, "to", basis,
					 "queued", (json_int_t)total));
	*ret_queued = (uint64_t)total;
	return r;
}

int store_recheck_begin(struct store *s, const char *basis, const char *actor, bool *ret_new,
			uint64_t *ret_queued)
{
	struct recheck_progress before;
	int r;

	*ret_new = false;
	*ret_queued = 0;
	r = db_begin(&s->db);
	if (r != SL_OK)
		return r;
	r = read_basis(s, &before);
	if (r == SL_OK && strcmp(before.basis, basis) != 0) {
		r = begin_within(s, basis, actor, &before, ret_queued);
		*ret_new = r == SL_OK;
	}
	return db_end(&s->db, r);
}

int store_recheck_note(struct store *s, const struct draft *d, const char *basis)
{
	struct recheck_progress now;
	int r = read_basis(s, &now);

	if (r != SL_OK || now.basis[0] == '\0' || strcmp(now.basis, basis) == 0)
		return r;
	r = db_run(&s->db, "INSERT INTO recheck (live, number, revision) VALUES (0, ?, ?)",
		   "ii", d->number, d->revision);
	return r == SL_E_EXISTS ? SL_OK : r;
}

int store_recheck_done(struct store *s, const struct draft *d)
{
	/* With all of its key, so that no other row is looked at. */
	return db_run(
		&s->db,
		"DELETE FROM recheck WHERE live IN (0, 1) AND number = ? AND revision = ?",
		"ii", d->number, d->revision);
}

static int first(struct store *s, struct draft *ret_d)
{
	int64_t number = 0, revision = 0;
	sqlite3_stmt *q = NULL;
	int r = db_query(
		&s->db,
		"SELECT number, revision FROM recheck ORDER BY live, number, revision LIMIT 1",
		&q, "");

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0) {
		number = sqlite3_column_int64(q, 0);
		revision = sqlite3_column_int64(q, 1);
	}
	db_done(q);
	if (r <= 0)
		return r < 0 ? r : SL_E_NOTFOUND;
	return row_load(s, number, revision, ret_d);
}

int store_recheck_next(struct store *s, struct draft *ret_d)
{
	for (;;) {
		struct draft d = {0}, newest = {0};
		int r = first(s, &d);
		bool wanted;

		if (r == SL_OK)
			r = store_draft_get(s, d.id, 0, &newest);
		wanted = r == SL_OK && newest.revision == d.revision &&
			 (store_recheck_pending(d.state) || store_recheck_live(d.state));
		draft_release(&newest);
		if (wanted) {
			*ret_d = d; /* moved */
			return SL_OK;
		}
		if (r == SL_OK)
			r = store_recheck_done(s, &d);
		draft_release(&d);
		if (r != SL_OK)
			return r;
	}
}

int store_recheck_progress(struct store *s, struct recheck_progress *ret_p)
{
	struct recheck_progress p;
	int64_t left = 0, alerts = 0;
	int r = read_basis(s, &p);

	if (r == SL_OK)
		r = db_int(&s->db, "SELECT count(*) FROM recheck", &left, "");
	if (r == SL_OK)
		r = db_int(&s->db,
			   "SELECT count(*) FROM alert a JOIN draft d ON d.number = a.draft"
			   " AND d.revision = a.revision WHERE a.settled = 0"
			   " AND d.state IN ('RELEASED','SENT')",
			   &alerts, "");
	if (r != SL_OK)
		return r;
	p.left = (uint64_t)left;
	p.alerts = (uint64_t)alerts;
	*ret_p = p;
	return SL_OK;
}
