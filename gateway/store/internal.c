/* internal.c - what a draft says of itself inside the house. */
#include <string.h>

#include "store/store_private.h"

int store_internal_put(struct store *s, int64_t number, int64_t revision, const char *fields)
{
	if (strlen(fields) >= STORE_INTERNAL_MAX)
		return SL_E_LIMIT;
	return db_run(&s->db,
		      "INSERT INTO internal (number, revision, fields) VALUES (?, ?, ?)"
		      " ON CONFLICT DO NOTHING",
		      "iis", number, revision, fields);
}

int store_internal_get(struct store *s, int64_t number, int64_t revision, struct buf *out)
{
	char text[STORE_INTERNAL_MAX];
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db,
			 "SELECT fields FROM internal WHERE number = ? AND revision = ?", &q,
			 "ii", number, revision);

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0)
		r = db_copy(q, 0, text, sizeof(text));
	else if (r == 0)
		r = SL_E_NOTFOUND;
	db_done(q);
	if (r == SL_OK)
		buf_put(out, text, strlen(text));
	return r == SL_OK ? buf_error(out) : r;
}

int store_internal_read(struct store *s, int64_t number, int64_t revision, json_t **ret_fields)
{
	struct buf text;
	int r;

	buf_init(&text, STORE_INTERNAL_MAX);
	*ret_fields = NULL;
	r = store_internal_get(s, number, revision, &text);
	if (r == SL_OK)
		r = json_parse(text.data, text.len, STORE_INTERNAL_MAX, ret_fields);
	buf_wipe(&text);
	return r == SL_E_NOTFOUND ? SL_OK : r;
}
