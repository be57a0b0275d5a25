/* record.c - orders that wait for the releaser, and spills with their clock. */
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
		   "INSERT INTO orders (release, version, action, envelope, pid, reason, time)"
		   " VALUES (?, ?, ?, ?, ?, ?, ?)",
		   "sissssi", o->release, o->version, o->action, o->envelope, o->pid, o->reason,
		   o->time);
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

int store_order_next(struct store *s, struct order *ret)
{
	struct order o = {0};
	sqlite3_stmt *q = NULL;
	int r = db_query(
		&s->db,
		"SELECT number, release, version, action, envelope, pid, reason, time FROM"
		" orders WHERE done = 0 ORDER BY number LIMIT 1",
		&q, "");

	if (r == SL_OK)
		r = db_step(q);
	if (r == 0)
		r = SL_E_NOTFOUND;
	if (r > 0) {
		o.number = sqlite3_column_int64(q, 0);
		o.version = sqlite3_column_int64(q, 2);
		o.time = sqlite3_column_int64(q, 7);
		r = db_copy(q, 1, o.release, sizeof(o.release));
	}
	if (r == SL_OK)
		r = db_copy(q, 3, o.action, sizeof(o.action));
	if (r == SL_OK)
		r = db_copy(q, 4, o.envelope, sizeof(o.envelope));
	if (r == SL_OK)
		r = db_copy(q, 5, o.pid, sizeof(o.pid));
	if (r == SL_OK)
		r = db_copy(q, 6, o.reason, sizeof(o.reason));
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
		   "UPDATE orders SET done = 1, serial = ? WHERE number = ? AND done = 0", "ii",
		   serial, number);
	if (r == SL_OK && db_changed(&s->db) == 0)
		r = SL_E_NOTFOUND;
	if (r == SL_OK)
		r = audit_take(s, "order.done", "releaser", "",
			       json_pack("{s:I,s:I}", "order", (json_int_t)number, "serial",
					 (json_int_t)serial));
	return db_end(&s->db, r);
}

int store_spill_add(struct store *s, const struct spill *p)
{
	int64_t number;
	int r = draft_number(p->draft, 'D', &number);

	if (r != SL_OK)
		return r;
	r = db_begin(&s->db);
	if (r != SL_OK)
		return r;
	r = db_run(
		&s->db,
		"INSERT INTO spill (number, revision, draft, rule, sha256, found, report_due)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)",
		"iisssii", number, p->revision, p->draft, p->rule, p->sha256, p->found,
		p->report_due);
	if (r == SL_OK)
		r = audit_take(s, "draft.spill", "inspector", p->draft,
			       json_pack("{s:s,s:I,s:s,s:s}", "draft", p->draft, "revision",
					 (json_int_t)p->revision, "rule", p->rule, "sha256",
					 p->sha256));
	return db_end(&s->db, r);
}

int store_spill_each(struct store *s, int (*fn)(const struct spill *p, void *arg), void *arg)
{
	sqlite3_stmt *q = NULL;
	int stop = 0,
	    r = db_query(&s->db,
			 "SELECT draft, revision, rule, sha256, found, report_due FROM spill"
			 " ORDER BY report_due, number",
			 &q, "");

	while (r == SL_OK && stop == 0 && (r = db_step(q)) > 0) {
		struct spill p = {.revision = sqlite3_column_int64(q, 1),
				  .found = sqlite3_column_int64(q, 4),
				  .report_due = sqlite3_column_int64(q, 5)};

		r = db_copy(q, 0, p.draft, sizeof(p.draft));
		if (r == SL_OK)
			r = db_copy(q, 2, p.rule, sizeof(p.rule));
		if (r == SL_OK)
			r = db_copy(q, 3, p.sha256, sizeof(p.sha256));
		if (r == SL_OK)
			stop = fn(&p, arg);
	}
	db_done(q);
	return stop != 0 ? stop : r;
}
