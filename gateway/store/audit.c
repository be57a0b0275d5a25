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

int store_audit_each(struct store *s, const char *draft,
		     int (*fn)(int64_t seq, int64_t ms, const char *kind, const char *actor,
			       const char *record, void *arg),
		     void *arg)
{
	sqlite3_stmt *q = NULL;
	int r, stop = 0;

	if (draft != NULL)
		r = db_query(&s->db,
			     "SELECT seq, ms, kind, actor, record FROM audit"
			     " WHERE draft = ? AND draft <> '' ORDER BY seq",
			     &q, "s", draft);
	else
		r = db_query(&s->db,
			     "SELECT seq, ms, kind, actor, record FROM audit ORDER BY seq", &q,
			     "");
	if (r != SL_OK)
		return r;
	while (stop == 0 && (r = db_step(q)) > 0)
		stop = fn(sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1),
			  (const char *)sqlite3_column_text(q, 2),
			  (const char *)sqlite3_column_text(q, 3),
			  (const char *)sqlite3_column_text(q, 4), arg);
	db_done(q);
	return stop != 0 ? stop : r;
}
