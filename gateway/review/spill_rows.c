/* spill_rows.c - what may be said of a spill: by number, rule and hash. */
#include "review/spill_rows.h"

#include <string.h>

#include "base/clock.h"
#include "review/digest.h"
#include "review/digest_clocks.h"

const char *spill_order_state(const struct spill_order *o, int64_t now)
{
	if (strcmp(o->action, "reported") == 0)
		return "done";
	if (strcmp(o->action, "close") == 0 && o->second[0] != '\0')
		return "done";
	if (o->expires <= now)
		return "expired";
	return o->second[0] != '\0' ? "confirmed" : "requested";
}

json_t *spill_order_row(const struct spill_order *o)
{
	return json_pack("{s:I,s:s,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:o,s:o}", "number",
			 (json_int_t)o->number, "draft", o->draft, "revision",
			 (json_int_t)o->revision, "action", o->action, "state",
			 spill_order_state(o, clock_now()), "first", o->first_pid, "second",
			 o->second_pid, "first_sha256", o->first, "second_sha256", o->second,
			 "reason", o->reason, "share", (int)(o->share[0] != '\0'), "time",
			 digest_time(o->time), "expires", digest_time(o->expires));
}

struct rows {
	const struct review *v;
	json_t *list, *row; /* row: the last one, borrowed */
	const char *draft;
	int64_t revision;
};

/* Of the revision that spilled: what was asked for, and how far it came. */
static int add_order(const struct spill_order *o, void *arg)
{
	struct rows *x = arg;
	const char *state = json_str(x->row, "state");

	if (o->revision != x->revision)
		return SL_OK;
	if (json_array_append_new(json_object_get(x->row, "orders"), spill_order_row(o)) != 0)
		return SL_E_NOMEM;
	if (strcmp(spill_order_state(o, clock_now()), "done") == 0 && state != NULL &&
	    strcmp(state, "closed") != 0 &&
	    json_object_set_new(
		    x->row, "state",
		    json_string(strcmp(o->action, "close") == 0 ? "closed" : "reported")) != 0)
		return SL_E_NOMEM;
	return SL_OK;
}

static int begin_row(struct rows *x, const struct spill *p)
{
	struct draft d = {0};
	int r = store_draft_get(x->v->store, p->draft, p->revision, &d);

	if (r != SL_OK)
		return r;
	x->row = json_pack("{s:s,s:I,s:s,s:I,s:s,s:[],s:o,s:o,s:s,s:[]}", "draft", p->draft,
			   "revision", (json_int_t)p->revision, "unit", d.unit, "files",
			   (json_int_t)d.n_files, "rule", p->rule, "sha256", "found",
			   digest_time(p->found), "report_due", digest_time(p->report_due),
			   "state", "open", "orders");
	r = json_array_append_new(x->list, x->row) == 0 ? SL_OK : SL_E_NOMEM;
	x->draft = json_str(x->row, "draft");
	x->revision = p->revision;
	if (r == SL_OK)
		r = digest_clocks(x->v, &d, true, x->row);
	if (r == SL_OK)
		r = store_spill_order_each(x->v->store, p->draft, add_order, x);
	draft_release(&d);
	return r;
}

/* One row a file in the store; one a revision here. */
static int add_spill(const struct spill *p, void *arg)
{
	struct rows *x = arg;
	int r = SL_OK;

	if (x->row == NULL || strcmp(x->draft, p->draft) != 0 || x->revision != p->revision)
		r = begin_row(x, p);
	if (r == SL_OK && json_array_append_new(json_object_get(x->row, "sha256"),
						json_string(p->sha256)) != 0)
		r = SL_E_NOMEM;
	return r;
}

int spill_rows(const struct review *v, json_t **ret_list)
{
	struct rows x = {.v = v, .list = json_array()};
	int r = x.list == NULL ? SL_E_NOMEM : store_spill_each(v->store, add_spill, &x);

	if (r != SL_OK) {
		json_decref(x.list);
		return r;
	}
	*ret_list = x.list;
	return SL_OK;
}
