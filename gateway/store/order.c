/* order.c - orders that wait for the releaser: from one person, from two, or from a
 * correction that went out. */
#include <string.h>

#include "base/i18n.h"
#include "store/draft_row.h"
#include "store/store_private.h"

/* The draft that carries this version of the release. */
static int draft_of_order(struct store *s, const struct order *o, struct draft *ret_d)
{
	int64_t number;
	int r = draft_number(o->release, 'R', &number);

	if (r != SL_OK || o->version <= 0)
		return SL_E_NOTFOUND;
	r = row_load(s, number, o->version, ret_d);
	if (r == SL_OK && ret_d->serial == 0) {
		draft_release(ret_d);
		r = SL_E_NOTFOUND; /* never published */
	}
	return r;
}

static int freeze(struct store *s, const struct draft *d, const struct order *o,
		  struct sl_why *why)
{
	const struct draft_change c = {.actor = o->pid, .reason = o->reason};

	if (strcmp(o->action, "freeze") != 0 && strcmp(o->action, "withdraw") != 0)
		return SL_OK;
	if (d->state == DRAFT_FROZEN)
		return SL_OK;
	return move_within(s, d->id, d->revision, d->state, DRAFT_FROZEN, &c, why);
}

static int order_within(struct store *s, const struct order *o, struct sl_why *why)
{
	struct draft d = {0};
	int r = draft_of_order(s, o, &d);

	if (r == SL_E_NOTFOUND)
		return why_set(why, r, _("%s version %lld was never published"), o->release,
			       (long long)o->version);
	if (r != SL_OK)
		return r;
	draft_release(&d);
	r = db_run(&s->db,
		   "INSERT INTO orders (release, version, action, envelope, pid, reason, time,"
		   " freeze) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		   "sissssii", o->release, o->version, o->action, o->envelope, o->pid,
		   o->reason, o->time, o->freeze);
	if (r == SL_E_EXISTS)
		return why_set(why, r, _("this order is already recorded"));
	if (r == SL_OK)
		r = audit_take(s, "release.order", o->pid, d.id,
			       json_pack("{s:s,s:s,s:I,s:s,s:s}", "draft", d.id, "release",
					 o->release, "version", (json_int_t)o->version,
					 "action", o->action, "envelope", o->envelope));
	return r == SL_OK ? freeze(s, &d, o, why) : r;
}

int store_order_add(struct store *s, const struct order *o, struct sl_why *why)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	return db_end(&s->db, order_within(s, o, why));
}

/* Orders that answer a freeze wait for a second one, of another person and about the
 * same; whatever stops something goes before a correction. */
#define NEXT                                                                                   \
	"SELECT number, release, version, action, envelope, pid, reason, time, freeze,"        \
	" coalesce((SELECT p.envelope FROM orders p WHERE p.done = 0 AND p.freeze > 0"         \
	"  AND p.freeze = o.freeze AND p.release = o.release AND p.version = o.version"        \
	"  AND p.action = o.action AND p.pid <> o.pid AND p.number > o.number"                 \
	"  AND p.time <= o.time + ? ORDER BY p.number LIMIT 1), '') AS second"                 \
	" FROM orders o WHERE done = 0 AND (freeze = 0 OR second <> '')"                       \
	" ORDER BY action = 'correct', number LIMIT 1"

int store_order_next(struct store *s, struct order *ret)
{
	struct order o = {0};
	const struct {
		int column;
		char *out;
		size_t cap;
	} texts[] = {
		{1, o.release, sizeof(o.release)},   {3, o.action, sizeof(o.action)},
		{4, o.envelope, sizeof(o.envelope)}, {5, o.pid, sizeof(o.pid)},
		{6, o.reason, sizeof(o.reason)},     {9, o.second, sizeof(o.second)},
	};
	sqlite3_stmt *q = NULL;
	int r = db_query(&s->db, NEXT, &q, "i", (int64_t)STORE_ORDER_AGE_S);

	if (r == SL_OK)
		r = db_step(q);
	if (r == 0)
		r = SL_E_NOTFOUND;
	if (r > 0) {
		o.number = sqlite3_column_int64(q, 0);
		o.version = sqlite3_column_int64(q, 2);
		o.time = sqlite3_column_int64(q, 7);
		o.freeze = sqlite3_column_int64(q, 8);
		r = SL_OK;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && r == SL_OK; i++)
		r = db_copy(q, texts[i].column, texts[i].out, texts[i].cap);
	db_done(q);
	if (r == SL_OK)
		*ret = o;
	return r;
}

int store_order_done(struct store *s, int64_t number, int64_t serial)
{
	int r = db_begin(&s->db);

	if (r != SL_OK)
		return r;
	r = db_run(&s->db,
		   "UPDATE orders SET done = 1, serial = ? WHERE done = 0 AND (number = ? OR"
		   " (freeze > 0 AND (release, version, action, freeze) IN (SELECT release,"
		   " version, action, freeze FROM orders WHERE number = ? AND done = 0)))",
		   "iii", serial, number, number);
	if (r == SL_OK && db_changed(&s->db) == 0)
		r = SL_E_NOTFOUND;
	if (r == SL_OK)
		r = audit_take(s, "order.done", "releaser", "",
			       json_pack("{s:I,s:I}", "order", (json_int_t)number, "serial",
					 (json_int_t)serial));
	return db_end(&s->db, r);
}

int store_order_frozen(struct store *s, const char *release, int64_t version,
		       int64_t *ret_serial)
{
	int64_t serial = 0;
	int r = db_int(&s->db,
		       "SELECT coalesce(max(serial), 0) FROM orders WHERE release = ? AND"
		       " version = ? AND action = 'freeze' AND done = 1",
		       &serial, "si", release, version);

	if (r == SL_OK && serial == 0)
		r = SL_E_NOTFOUND;
	if (r == SL_OK)
		*ret_serial = serial;
	return r;
}

int store_order_persons(struct store *s, const struct order *o, unsigned *ret_n)
{
	int64_t n = 0;
	int r = db_int(
		&s->db,
		"SELECT count(DISTINCT pid) FROM orders WHERE release = ? AND version = ?"
		" AND action = ? AND freeze = ? AND done = 0 AND time >= ?",
		&n, "sisii", o->release, o->version, o->action, o->freeze,
		o->time - STORE_ORDER_AGE_S);

	if (r == SL_OK)
		*ret_n = (unsigned)n;
	return r;
}
