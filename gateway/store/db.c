/* db.c - the only place that knows how SQLite reports trouble. */
#include "store/db.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

enum { BUSY_MS = 10000, VALUE_MAX = 16 << 20, SQL_MAX = 1 << 16, URI_MAX = 3 * 4096 };

int db_code(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return SL_OK;
	case SQLITE_NOMEM:
		return SL_E_NOMEM;
	case SQLITE_FULL:
		return SL_E_FULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return SL_E_CORRUPT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return SL_E_TIMEOUT;
	case SQLITE_CONSTRAINT:
		return SL_E_EXISTS;
	case SQLITE_TOOBIG:
		return SL_E_LIMIT;
	case SQLITE_AUTH:
		return SL_E_DENIED;
	case SQLITE_CANTOPEN:
		return SL_E_NOTFOUND;
	case SQLITE_ERROR:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
		return SL_E_INTERNAL;
	default: /* IOERR, READONLY, PERM, … */
		return SL_E_IO;
	}
}

static int harden(struct db *d, bool read_only)
{
	static const struct {
		int option, value;
	} switches[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1},	  {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_ENABLE_FKEY, 1}, {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1},
		{SQLITE_DBCONFIG_ENABLE_VIEW, 0}, {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
		{SQLITE_DBCONFIG_DQS_DML, 0},	  {SQLITE_DBCONFIG_DQS_DDL, 0},
	};
	int rc = sqlite3_busy_timeout(d->handle, BUSY_MS);

	for (size_t i = 0; rc == SQLITE_OK && i < sizeof(switches) / sizeof(switches[0]); i++)
		rc = sqlite3_db_config(d->handle, switches[i].option, switches[i].value, NULL);
	(void)sqlite3_extended_result_codes(d->handle, 1);
	(void)sqlite3_limit(d->handle, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	(void)sqlite3_limit(d->handle, SQLITE_LIMIT_SQL_LENGTH, SQL_MAX);
	(void)sqlite3_limit(d->handle, SQLITE_LIMIT_ATTACHED, 0);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(d->handle,
				  "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
				  "PRAGMA mmap_size=0; PRAGMA secure_delete=ON;",
				  NULL, NULL, NULL);
	if (rc == SQLITE_OK && !read_only)
		rc = sqlite3_exec(d->handle,
				  "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", NULL,
				  NULL, NULL);
	return rc;
}

/* A path as a URI: what SQLite would take for syntax is written as %XX. */
static int make_uri(const char *path, const char *query, char out[URI_MAX])
{
	size_t n = (size_t)snprintf(out, URI_MAX, "file:");

	for (; *path != '\0'; path++) {
		if (n + 4 + strlen(query) >= URI_MAX)
			return SL_E_LIMIT;
		if (strchr("%?#", *path) != NULL)
			n += (size_t)snprintf(out + n, 4, "%%%02X", (unsigned char)*path);
		else
			out[n++] = *path;
	}
	(void)snprintf(out + n, URI_MAX - n, "%s", query);
	return SL_OK;
}

static int open_once(struct db *d, const char *path, const char *query, int flags,
		     bool read_only)
{
	char uri[URI_MAX];
	int rc = make_uri(path, query, uri) == SL_OK ? SQLITE_OK : SQLITE_CANTOPEN;

	if (rc == SQLITE_OK)
		rc = sqlite3_open_v2(uri, &d->handle,
				     flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
					     SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE,
				     NULL);
	if (rc == SQLITE_OK)
		rc = harden(d, read_only);
	/* Opening is lazy: this is the first look at the file itself. */
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(d->handle, "SELECT count(*) FROM sqlite_schema", NULL, NULL,
				  NULL);
	if (rc != SQLITE_OK)
		db_close(d);
	return rc;
}

int db_open(struct db *d, const char *path, bool create, bool read_only, struct sl_why *why)
{
	int rc;

	memset(d, 0, sizeof(*d));
	if (read_only) {
		rc = open_once(d, path, "", SQLITE_OPEN_READONLY, true);
		/* A directory we may not write has no place for the shared memory of WAL. */
		if (rc != SQLITE_OK)
			rc = open_once(d, path, "?immutable=1", SQLITE_OPEN_READONLY, true);
	} else {
		rc = open_once(d, path, "",
			       SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0),
			       false);
	}
	if (rc == SQLITE_OK)
		return SL_OK;
	if (db_code(rc) == SL_E_CORRUPT)
		return why_set(why, SL_E_CORRUPT,
			       _("the database %s is damaged (%s); restore it from the backup"),
			       path, sqlite3_errstr(rc));
	return why_set(why, db_code(rc), _("cannot open the database %s: %s"), path,
		       sqlite3_errstr(rc));
}

void db_close(struct db *d)
{
	for (unsigned i = 0; i < d->n_cache; i++)
		(void)sqlite3_finalize(d->cache[i].stmt);
	(void)sqlite3_close_v2(d->handle);
	memset(d, 0, sizeof(*d));
}

static int prepare(struct db *d, const char *sql, sqlite3_stmt **ret_q)
{
	sqlite3_stmt *q = NULL;
	int rc;

	for (unsigned i = 0; i < d->n_cache; i++) {
		if (d->cache[i].sql == sql) {
			*ret_q = d->cache[i].stmt;
			return SL_OK;
		}
	}
	BUG(d->n_cache == DB_CACHE);
	rc = sqlite3_prepare_v3(d->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL);
	if (rc != SQLITE_OK)
		return db_code(rc);
	d->cache[d->n_cache].sql = sql;
	d->cache[d->n_cache++].stmt = q;
	*ret_q = q;
	return SL_OK;
}

static int bind(sqlite3_stmt *q, const char *format, va_list ap)
{
	int rc = SQLITE_OK;

	for (int i = 1; rc == SQLITE_OK && *format != '\0'; format++, i++) {
		const void *blob;

		switch (*format) {
		case 's':
			rc = sqlite3_bind_text(q, i, va_arg(ap, const char *), -1,
					       SQLITE_TRANSIENT);
			break;
		case 'i':
			rc = sqlite3_bind_int64(q, i, va_arg(ap, int64_t));
			break;
		case 'b':
			blob = va_arg(ap, const void *);
			rc = sqlite3_bind_blob64(q, i, blob, va_arg(ap, size_t),
						 SQLITE_TRANSIENT);
			break;
		default:
			BUG(true);
		}
	}
	return db_code(rc);
}

static int start(struct db *d, const char *sql, sqlite3_stmt **ret_q, const char *format,
		 va_list ap)
{
	sqlite3_stmt *q = NULL;
	int r = prepare(d, sql, &q);

	if (r != SL_OK)
		return r;
	r = bind(q, format, ap);
	if (r != SL_OK) {
		db_done(q);
		return r;
	}
	*ret_q = q;
	return SL_OK;
}

int db_step(sqlite3_stmt *q)
{
	int rc = sqlite3_step(q);

	return rc == SQLITE_ROW ? 1 : db_code(rc);
}

void db_done(sqlite3_stmt *q)
{
	if (q == NULL)
		return;
	(void)sqlite3_reset(q);
	(void)sqlite3_clear_bindings(q);
}

int db_query(struct db *d, const char *sql, sqlite3_stmt **ret_q, const char *format, ...)
{
	va_list ap;
	int r;

	va_start(ap, format);
	r = start(d, sql, ret_q, format, ap);
	va_end(ap);
	return r;
}

int db_run(struct db *d, const char *sql, const char *format, ...)
{
	sqlite3_stmt *q = NULL;
	va_list ap;
	int r;

	va_start(ap, format);
	r = start(d, sql, &q, format, ap);
	va_end(ap);
	if (r != SL_OK)
		return r;
	r = db_step(q);
	db_done(q);
	return r > 0 ? SL_OK : r;
}

int db_int(struct db *d, const char *sql, int64_t *ret_v, const char *format, ...)
{
	sqlite3_stmt *q = NULL;
	va_list ap;
	int r;

	va_start(ap, format);
	r = start(d, sql, &q, format, ap);
	va_end(ap);
	if (r != SL_OK)
		return r;
	r = db_step(q);
	if (r > 0)
		*ret_v = sqlite3_column_int64(q, 0);
	db_done(q);
	if (r < 0)
		return r;
	return r > 0 ? SL_OK : SL_E_NOTFOUND;
}

int db_script(struct db *d, const char *sql, struct sl_why *why)
{
	char *message = NULL;
	int rc = sqlite3_exec(d->handle, sql, NULL, NULL, &message);
	int r = db_code(rc);

	if (rc != SQLITE_OK)
		(void)why_set(why, r, "%s", message != NULL ? message : sqlite3_errstr(rc));
	sqlite3_free(message);
	return r;
}

int db_copy(sqlite3_stmt *q, int column, char *out, size_t cap)
{
	const unsigned char *text = sqlite3_column_text(q, column);
	size_t len = (size_t)sqlite3_column_bytes(q, column);

	out[0] = '\0';
	if (text == NULL)
		return sqlite3_column_type(q, column) == SQLITE_NULL ? SL_OK : SL_E_NOMEM;
	if (len >= cap || memchr(text, 0, len) != NULL)
		return SL_E_CORRUPT;
	memcpy(out, text, len);
	out[len] = '\0';
	return SL_OK;
}

/* SQLite obeys this pragma when it is compiled, so a kept statement would do nothing. */
static int set_synchronous(struct db *d, const char *pragma)
{
	return db_code(sqlite3_exec(d->handle, pragma, NULL, NULL, NULL));
}

/* Whatever follows is durable again; r is passed on, unless that fails. */
static int harden_again(struct db *d, int r)
{
	int back = d->soft ? set_synchronous(d, "PRAGMA synchronous=FULL") : SL_OK;

	d->soft = d->soft && back != SL_OK;
	return r == SL_OK ? back : r;
}

static int begin(struct db *d, const char *sql)
{
	int r = d->depth > 0 ? SL_OK : db_run(d, sql, "");

	if (r == SL_OK)
		d->depth++;
	return r;
}

int db_begin(struct db *d)
{
	return begin(d, "BEGIN IMMEDIATE");
}

int db_begin_read(struct db *d)
{
	return begin(d, "BEGIN");
}

int db_begin_soft(struct db *d)
{
	int r;

	if (d->depth > 0)
		return db_begin(d);
	r = set_synchronous(d, "PRAGMA synchronous=NORMAL");
	d->soft = r == SL_OK;
	if (r == SL_OK)
		r = db_begin(d);
	return r == SL_OK ? r : harden_again(d, r);
}

int db_end(struct db *d, int r)
{
	BUG(d->depth == 0);
	if (r != SL_OK && d->failed == SL_OK)
		d->failed = r;
	if (--d->depth > 0)
		return r;
	if (r == SL_OK)
		r = d->failed;
	d->failed = SL_OK;
	if (r == SL_OK)
		r = db_run(d, "COMMIT", "");
	/* Some errors have rolled back by themselves. */
	if (r != SL_OK && sqlite3_get_autocommit(d->handle) == 0)
		(void)sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
	return harden_again(d, r);
}

int64_t db_changed(const struct db *d)
{
	return sqlite3_changes64(d->handle);
}
