/* db.h - SQLite behind five verbs; inside store/ only.
 *
 * Arguments are bound by a format: 's' const char * (NULL binds NULL), 'i'
 * int64_t, 'b' const void * and size_t.  SQL texts are literals: the literal's
 * address finds the statement prepared before. */
#ifndef SL_STORE_DB_H
#define SL_STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { DB_CACHE = 256 }; /* more than there are statements: a full cache is a bug */

struct db {
	sqlite3 *handle;
	struct {
		const char *sql;
		sqlite3_stmt *stmt;
	} cache[DB_CACHE];
	unsigned n_cache;
	unsigned depth; /* of db_begin without its db_end */
	int failed;	/* of an inner change: the outermost rolls back */
	bool soft;	/* the outermost need not be durable at once */
};

/* Open or create PATH with every safety switch on.  read_only opens also what
 * lies in a directory that cannot be written. */
int db_open(struct db *d, const char *path, bool create, bool read_only,
	    struct sl_why *why) SL_MUST_USE;
void db_close(struct db *d);
/* SQLite's code as one of ours. */
int db_code(int rc);
/* Run a statement that returns no rows. */
int db_run(struct db *d, const char *sql, const char *format, ...) SL_MUST_USE;
/* Start a query; then db_step until it is 0 or an error, then db_done. */
int db_query(struct db *d, const char *sql, sqlite3_stmt **ret_q, const char *format,
	     ...) SL_MUST_USE;
int db_step(sqlite3_stmt *q) SL_MUST_USE; /* 1: a row, 0: no more, or an error */
void db_done(sqlite3_stmt *q);		  /* NULL is fine */
/* First column of the first row; SL_E_NOTFOUND without one. */
int db_int(struct db *d, const char *sql, int64_t *ret_v, const char *format, ...) SL_MUST_USE;
/* Several statements without arguments (schema). */
int db_script(struct db *d, const char *sql, struct sl_why *why) SL_MUST_USE;
/* Copy a text column; too long or not text is SL_E_CORRUPT, as we wrote it bounded. */
int db_copy(sqlite3_stmt *q, int column, char *out, size_t cap) SL_MUST_USE;
/* Changes that become visible and durable together or not at all.  db_end
 * commits when r is 0 and else rolls back; returns r or the commit's error.  A
 * pair inside another belongs to the outer one: only the outermost commits, and
 * an inner failure fails it, so nothing half done is ever kept. */
int db_begin(struct db *d) SL_MUST_USE;
/* The same, but power loss may take the change back until the next db_begin's is
 * durable; a killed process takes nothing back. Inside another it is that one's. */
int db_begin_soft(struct db *d) SL_MUST_USE;
/* One moment of the store for many questions, whose locks are taken once. */
int db_begin_read(struct db *d) SL_MUST_USE;
int db_end(struct db *d, int r) SL_MUST_USE;
/* Rows changed by the last db_run. */
int64_t db_changed(const struct db *d);

#endif
