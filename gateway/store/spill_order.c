/* spill_order.c - rows of what was asked for about spills; nothing of them is ever deleted. */
#include "store/spill_order.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "store/store_private.h"

#define COLUMNS                                                                                \
	"number, draft, revision, action, first_pid, second_pid, first, second, reason, time," \
	" expires, share"

static int read_row(sqlite3_stmt *q, struct spill_order *o)
{
	const struct {
		int column;
		char *out;
		size_t cap;
	} texts[] = {
		{1, o->draft, sizeof(o->draft)},
		{3, o->action, sizeof(o->action)},
		{4, o->first_pid, sizeof(o->first_pid)},
		{5, o->second_pid, sizeof(o->second_pid)},
		{6, o->first, sizeof(o->first)},
		{7, o->second, sizeof(o->second)},
		{8, o->reason, sizeof(o->reason)},
		{11, o->share, sizeof(o->share)},
	};
	int r = SL_OK;

	o->number = sqlite3_column_int64(q, 0);
	o->revision = sqlite3_column_int64(q, 2);
	o->time = sqlite3_column_int64(q, 9);
	o->expires = sqlite3_column_int64(q, 10);
	for (size_t i = 0; r == SL_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
		r = db_copy(q, texts[i].column, texts[i].out, texts[i].cap);
	return r;
}

/* "spill.open", "spill.open.confirm" … */
static int note(struct store *s, const struct spill_order *o, const char *step, const char *pid,
		const char *object)
{
	char kind[40];

	(void)snprintf(kind, sizeof(kind), "spill.%s%s", o->action, step);
	return audit_take(s, kind, pid, o->draft,
			  json_pack("{s:I,s:s,s:I,s:s}", "number", (json_int_t)o->number,
				    "draft", o->draft, "revision", (json_int_t)o->revision,
				    "object", object));
}

int store_spill_order_add(struct store *s, struct spill_order *o)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = db_run(&s->db,
		   "INSERT INTO spill_order (draft, revision, action, first_pid, first, reason,"
		   " time, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		   "sissssii", o->draft, o->revision, o->action, o->first_pid, o->first,
		   o->reason, o->time, o->expires);
	if (r == SL_OK)
		r = db_int(&s->db, "SELECT max(number) FROM spill_order", &o->number, "");
	if (r == SL_OK)
		r = note(s, o, "", o->first_pid, o->first);
	return db_end(&s->db, r);
}

/* One step of a row, if it may still be taken. */
static int change(struct store *s, int64_t number, const char *sql, const char *step,
		  const char *pid, const char *object)
{
	struct spill_order o;
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = store_spill_order_get(s, number, &o);
	if (r == SL_OK)
		r = db_run(&s->db, sql, "ssi", pid, object, number);
	if (r == SL_OK && db_changed(&s->db) == 0)
		r = SL_E_CONFLICT;
	if (r == SL_OK)
		r = note(s, &o, step, pid, object);
	return db_end(&s->db, r);
}

int store_spill_order_confirm(struct store *s, int64_t number, const char *pid,
			      const char *envelope)
{
	return change(s, number,
		      "UPDATE spill_order SET second_pid = ?, second = ?"
		      " WHERE number = ? AND second = ''",
		      ".confirm", pid, envelope);
}

int store_spill_order_share(struct store *s, int64_t number, const char *pid,
			    const char *object)
{
	return change(s, number,
		      "UPDATE spill_order SET second_pid = ?, share = ?"
		      " WHERE number = ? AND second <> ''",
		      ".share", pid, object);
}

int store_spill_order_get(struct store *s, int64_t number, struct spill_order *ret_o)
{
	sqlite3_stmt *q = NULL;
	struct spill_order o;
	int r = db_query(&s->db, "SELECT " COLUMNS " FROM spill_order WHERE number = ?", &q,
			 "i", number);

	if (r == SL_OK)
		r = db_step(q);
	if (r > 0)
		r = read_row(q, &o);
	else if (r == 0)
		r = SL_E_NOTFOUND;
	db_done(q);
	if (r == SL_OK)
		*ret_o = o;
	return r;
}

int store_spill_order_each(struct store *s, const char *draft,
			   int (*fn)(const struct spill_order *o, void *arg), void *arg)
{
	sqlite3_stmt *q = NULL;
	int stop = 0, r = db_query(&s->db,
				   "SELECT " COLUMNS " FROM spill_order WHERE draft = ?"
				   " ORDER BY number",
				   &q, "s", draft);

	while (r == SL_OK && stop == 0 && (r = db_step(q)) > 0) {
		struct spill_order o;

		r = read_row(q, &o);
		if (r == SL_OK)
			stop = fn(&o, arg);
	}
	db_done(q);
	return stop != 0 ? stop : r;
}

int store_sealed_open(struct store *s, const char *draft, int64_t revision, unsigned file,
		      uint64_t *ret_len)
{
	int64_t number = 0;
	struct stat st;
	char name[64];
	int fd, r = draft_number(draft, 'D', &number);

	/* Of a shape that cannot leave the folder. */
	if (r != SL_OK)
		return r;
	if (s->sealed < 0)
		return SL_E_NOTFOUND;
	(void)snprintf(name, sizeof(name), "%s-%lld-%u.sealed", draft, (long long)revision,
		       file);
	fd = openat(s->sealed, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return sl_err_errno(errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		file_close(fd);
		return SL_E_CORRUPT;
	}
	*ret_len = (uint64_t)st.st_size;
	return fd;
}
