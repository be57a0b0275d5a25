/* export.c - what can still be read of a store, as lines of JSON.
 *
 * For a damaged database: each table is read until it gives no more, newest rows
 * too when the oldest page is the broken one.  Large objects need no export: they
 * are files named by their digest. */
#include <string.h>

#include "base/file.h"
#include "store/store_private.h"

enum { LINE_MAX_BYTES = 256 << 10 };

static const struct {
	const char *name, *forward, *backward;
} tables[] = {
	{"draft", "SELECT * FROM draft ORDER BY number, revision",
	 "SELECT * FROM draft ORDER BY number DESC, revision DESC"},
	{"file", "SELECT * FROM file ORDER BY number, revision, position",
	 "SELECT * FROM file ORDER BY number DESC, revision DESC, position DESC"},
	{"vote", "SELECT * FROM vote ORDER BY seq", "SELECT * FROM vote ORDER BY seq DESC"},
	{"referral", "SELECT * FROM referral ORDER BY id",
	 "SELECT * FROM referral ORDER BY id DESC"},
	{"appeal", "SELECT * FROM appeal ORDER BY number",
	 "SELECT * FROM appeal ORDER BY number DESC"},
	{"orders", "SELECT * FROM orders ORDER BY number",
	 "SELECT * FROM orders ORDER BY number DESC"},
	{"spill", "SELECT * FROM spill ORDER BY number, revision",
	 "SELECT * FROM spill ORDER BY number DESC, revision DESC"},
	{"spill_order", "SELECT * FROM spill_order ORDER BY number",
	 "SELECT * FROM spill_order ORDER BY number DESC"},
	{"delegation", "SELECT * FROM delegation ORDER BY number",
	 "SELECT * FROM delegation ORDER BY number DESC"},
	{"fix", "SELECT * FROM fix ORDER BY number, revision",
	 "SELECT * FROM fix ORDER BY number DESC, revision DESC"},
	{"internal", "SELECT * FROM internal ORDER BY number, revision",
	 "SELECT * FROM internal ORDER BY number DESC, revision DESC"},
	{"clock", "SELECT * FROM clock ORDER BY number, kind",
	 "SELECT * FROM clock ORDER BY number DESC, kind DESC"},
	{"clock_pause", "SELECT * FROM clock_pause ORDER BY number, kind, since",
	 "SELECT * FROM clock_pause ORDER BY number DESC, kind DESC, since DESC"},
	{"object", "SELECT sha256, hex(bytes) AS bytes FROM object ORDER BY sha256",
	 "SELECT sha256, hex(bytes) AS bytes FROM object ORDER BY sha256 DESC"},
	{"audit",
	 "SELECT seq, ms, kind, actor, draft, record, hex(salt) AS salt, hex(hash) AS hash "
	 "FROM audit"
	 " ORDER BY seq",
	 "SELECT seq, ms, kind, actor, draft, record, hex(salt) AS salt, hex(hash) AS hash "
	 "FROM audit"
	 " ORDER BY seq DESC"},
};

static int put_row(sqlite3_stmt *q, const char *table, int fd)
{
	json_t *row = json_object(), *line;
	struct buf text;
	int r;

	for (int i = 0; i < sqlite3_column_count(q); i++) {
		const char *name = sqlite3_column_name(q, i);

		if (sqlite3_column_type(q, i) == SQLITE_INTEGER)
			(void)json_object_set_new(row, name,
						  json_integer(sqlite3_column_int64(q, i)));
		else /* what is not UTF-8 any more is left out, the rest of its row is not */
			(void)json_object_set_new(
				row, name,
				json_string((const char *)sqlite3_column_text(q, i)));
	}
	line = json_pack("{s:o}", table, row);
	buf_init(&text, LINE_MAX_BYTES);
	r = line == NULL ? SL_E_NOMEM : json_compact(line, &text);
	buf_puts(&text, "\n");
	if (r == SL_OK)
		r = buf_error(&text);
	if (r == SL_OK)
		r = file_write_all(fd, text.data, text.len);
	buf_release(&text);
	json_decref(line);
	return r;
}

/* Returns SL_E_CORRUPT when the table ended in damage. */
static int put_table(struct store *s, const char *name, const char *sql, int fd, uint64_t *rows)
{
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db, sql, &q, "");

	while (r == SL_OK && (r = db_step(q)) > 0) {
		r = put_row(q, name, fd);
		++*rows;
	}
	db_done(q);
	return r;
}

int store_export(struct store *s, int fd, uint64_t *ret_rows, bool *ret_damaged)
{
	uint64_t rows = 0;
	bool damaged = false;
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < sizeof(tables) / sizeof(tables[0]); i++) {
		r = put_table(s, tables[i].name, tables[i].forward, fd, &rows);
		if (r == SL_E_CORRUPT) { /* the other end; rows in both are written twice */
			damaged = true;
			r = put_table(s, tables[i].name, tables[i].backward, fd, &rows);
		}
		if (r == SL_E_CORRUPT ||
		    r == SL_E_INTERNAL) /* also a table that is not there */
			r = SL_OK;
	}
	if (r == SL_OK) {
		*ret_rows = rows;
		*ret_damaged = damaged;
	}
	return r;
}
