/* conceal.c - a spilled draft keeps its number, state and clock, and loses its words. */
#include "store/store_private.h"

enum { OFFERS_MAX = 8 };

static int blank(struct store *s, const char *id, int64_t number, int64_t revision,
		 const char *actor)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = db_run(&s->db, "UPDATE draft SET title = '' WHERE number = ? AND revision = ?",
		   "ii", number, revision);
	if (r == SL_OK)
		r = db_run(&s->db,
			   "UPDATE file SET name = '' WHERE number = ? AND revision = ?", "ii",
			   number, revision);
	if (r == SL_OK)
		r = db_run(&s->db, "DELETE FROM internal WHERE number = ? AND revision = ?",
			   "ii", number, revision);
	if (r == SL_OK)
		r = audit_take(s, "draft.conceal", actor, id,
			       json_pack("{s:I}", "revision", (json_int_t)revision));
	return db_end(&s->db, r);
}

int store_draft_conceal(struct store *s, const char *id, int64_t revision, const char *actor)
{
	struct draft_offer offers[OFFERS_MAX];
	struct draft d = {0};
	int64_t number = 0;
	unsigned n = 0;
	int r = draft_number(id, 'D', &number);

	if (r == SL_OK)
		r = store_draft_get(s, id, revision, &d);
	if (r == SL_OK)
		r = store_draft_offers(s, &d, offers, OFFERS_MAX, &n);
	if (r == SL_OK)
		r = blank(s, id, number, revision, actor);
	for (unsigned i = 0; r == SL_OK && i < n; i++) {
		r = store_object_remove(s, offers[i].manifest);
		if (r == SL_OK && offers[i].submission[0] != '\0')
			r = store_object_remove(s, offers[i].submission);
	}
	/* secure_delete wipes the page; the copy in the write-ahead log goes by folding
	 * it in.  A reader that holds it open only delays that to the next fold. */
	if (r == SL_OK)
		(void)sqlite3_wal_checkpoint_v2(s->db.handle, NULL, SQLITE_CHECKPOINT_TRUNCATE,
						NULL, NULL);
	draft_release(&d);
	return r;
}
