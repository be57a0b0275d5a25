/* audit.c - every event, in the transaction of what it tells.
 *
 * Each entry keeps SHA-256(salt || record), so that record and salt can be
 * shown or not shown to an auditor while the hash stays what a log signs. */
#include <string.h>

#include "base/clock.h"
#include "store/store_private.h"

enum { SALT = 32, RECORD_MAX = 64 << 10 };

int audit_within(struct store *s, const char *kind, const char *actor, const char *draft,
		 const json_t *record)
{
	uint8_t salt[SALT], digest[HASH_LEN];
	struct buf text, salted;
	int r;

	buf_init(&text, RECORD_MAX);
	buf_init(&salted, RECORD_MAX + SALT);
	r = json_compact(record, &text);
	if (r != SL_OK)
		goto out;
	random_bytes(salt, sizeof(salt));
	buf_put(&salted, salt, sizeof(salt));
	buf_put(&salted, text.data, text.len);
	r = buf_error(&salted);
	if (r != SL_OK)
		goto out;
	hash_bytes(salted.data, salted.len, digest);
	r = db_run(&s->db,
		   "INSERT INTO audit (ms, kind, actor, draft, record, salt, hash)"
		   " VALUES (?, ?, ?, ?, ?, ?, ?)",
		   "issssbb", clock_now_ms(), kind, actor, draft, buf_str(&text),
		   (const void *)salt, sizeof(salt), (const void *)digest, sizeof(digest));
out:
	buf_release(&text);
	buf_release(&salted);
	return r;
}

int audit_take(struct store *s, const char *kind, const char *actor, const char *draft,
	       json_t *record)
{
	int r = record == NULL ? SL_E_NOMEM : audit_within(s, kind, actor, draft, record);

	json_decref(record);
	return r;
}

int store_audit(struct store *s, const char *kind, const char *actor, const json_t *record)
{
	const char *draft = json_str(record, "draft");

	return audit_within(s, kind, actor, draft != NULL ? draft : "", record);
}

int store_audit_newest(struct store *s, int64_t *ret_ms)
{
	return db_int(&s->db,
		      "SELECT coalesce((SELECT ms FROM audit ORDER BY seq DESC LIMIT 1), 0)",
		      ret_ms, "");
}

void audit_row_init(struct audit_row *row)
{
	memset(row, 0, sizeof(*row));
	buf_init(&row->record, RECORD_MAX);
}

void audit_row_release(struct audit_row *row)
{
	buf_release(&row->record);
}

static int copy_blob(sqlite3_stmt *q, int column, uint8_t out[SALT])
{
	const void *bytes = sqlite3_column_blob(q, column);

	if (bytes == NULL || sqlite3_column_bytes(q, column) != SALT)
		return SL_E_CORRUPT;
	memcpy(out, bytes, SALT);
	return SL_OK;
}

int store_audit_after(struct store *s, int64_t seq, struct audit_row *row)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db,
			 "SELECT seq, ms, kind, actor, record, salt, hash FROM audit"
			 " WHERE seq > ? ORDER BY seq LIMIT 1",
			 &q, "i", seq);

	if (r != SL_OK)
		return r;
	r = db_step(q);
	if (r == 0)
		r = SL_E_NOTFOUND;
	if (r > 0) {
		const void *record = sqlite3_column_blob(q, 4);

		row->seq = sqlite3_column_int64(q, 0);
		row->ms = sqlite3_column_int64(q, 1);
		r = db_copy(q, 2, row->kind, sizeof(row->kind));
		if (r == SL_OK)
			r = db_copy(q, 3, row->actor, sizeof(row->actor));
		buf_clear(&row->record);
		if (r == SL_OK && record != NULL)
			buf_put(&row->record, record, (size_t)sqlite3_column_bytes(q, 4));
		if (r == SL_OK && buf_error(&row->record) != SL_OK)
			r = SL_E_CORRUPT;
		if (r == SL_OK)
			r = copy_blob(q, 5, row->salt);
		if (r == SL_OK)
			r = copy_blob(q, 6, row->hash);
	}
	db_done(q);
	return r;
}

int store_audit_last(struct store *s, int64_t *ret_seq)
{
	return db_int(&s->db, "SELECT coalesce((SELECT max(seq) FROM audit), 0)", ret_seq, "");
}

bool store_audit_row_ok(const struct audit_row *row)
{
	uint8_t digest[HASH_LEN];
	struct buf salted;
	bool ok;

	buf_init(&salted, RECORD_MAX + SALT);
	buf_put(&salted, row->salt, sizeof(row->salt));
	buf_put(&salted, row->record.data, row->record.len);
	ok = buf_error(&salted) == SL_OK;
	if (ok) {
		hash_bytes(salted.data, salted.len, digest);
		ok = memcmp(digest, row->hash, sizeof(digest)) == 0;
	}
	buf_release(&salted);
	return ok;
}

int store_audit_pending(struct store *s, int64_t seq, const char *but, bool *ret_pending)
{
	int64_t found = 0;
	int r = db_int(&s->db, "SELECT seq FROM audit WHERE seq > ? AND kind <> ? LIMIT 1",
		       &found, "is", seq, but);

	if (r != SL_OK && r != SL_E_NOTFOUND)
		return r;
	*ret_pending = r == SL_OK;
	return SL_OK;
}

int audit_rows(sqlite3_stmt *q,
	       int (*fn)(int64_t seq, int64_t ms, const char *kind, const char *actor,
			 const char *record, void *arg),
	       void *arg)
{
	int r = SL_OK, stop = 0;

	while (stop == 0 && (r = db_step(q)) > 0)
		stop = fn(sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1),
			  (const char *)sqlite3_column_text(q, 2),
			  (const char *)sqlite3_column_text(q, 3),
			  (const char *)sqlite3_column_text(q, 4), arg);
	db_done(q);
	return stop != 0 ? stop : r;
}

int store_audit_each(struct store *s, const char *draft,
		     int (*fn)(int64_t seq, int64_t ms, const char *kind, const char *actor,
			       const char *record, void *arg),
		     void *arg)
{
	sqlite3_stmt *q = NULL;
	int r;

	if (draft != NULL)
		r = db_query(&s->db,
			     "SELECT seq, ms, kind, actor, record FROM audit"
			     " WHERE draft = ? AND draft <> '' ORDER BY seq",
			     &q, "s", draft);
	else
		r = db_query(&s->db,
			     "SELECT seq, ms, kind, actor, record FROM audit ORDER BY seq", &q,
			     "");
	return r == SL_OK ? audit_rows(q, fn, arg) : r;
}
