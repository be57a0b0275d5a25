/* escalate.c - whose turn it is, how much of the time is used, who is told. */
#include "review/escalate.h"

#include <string.h>

#include "base/clock.h"
#include "review/digest.h"
#include "review/digest_clocks.h"
#include "review/on_route.h"
#include "review/stand_ins.h"
#include "store/clockwork.h"
#include "store/turn.h"

enum { LOOK_MAX = 32, AGAIN_S = 3600, NOTICES_MAX = 20 };

/* The step's own word; of one that a modifier added, whoever waits for it. */
static const char *who_is_told(const struct on_route *o, unsigned open)
{
	const struct walk_step *s = &o->walk.step[open];

	if (s->step != NULL)
		return s->step->late;
	for (unsigned i = open + 1; i < o->walk.n; i++) {
		if (o->walk.step[i].step != NULL)
			return o->walk.step[i].role;
	}
	return o->walk.step[0].role;
}

static int judge(const struct review *v, const struct draft *d, const struct on_route *o)
{
	unsigned open = o->walk.open;
	const struct walk_step *s = open < o->walk.n ? &o->walk.step[open] : NULL;
	struct route_late late;
	int64_t at = 0, now = clock_now();
	int r = SL_OK;

	if (s == NULL || v->clocks == NULL)
		return store_turn_wait(v->store, d->number, "", TURN_NEVER);
	late = routes_late(v->routes, o->c.way, d->content_type, s->step);
	r = clockwork_reaches(v->store, v->clocks, d, late.clock, late.percent, &at);
	if (r == SL_OK && at > 0 && at <= now)
		return store_escalation_open(v->store, d, s->role, who_is_told(o, open),
					     late.clock, at);
	return r == SL_OK ? store_turn_wait(v->store, d->number, "", at > 0 ? at : TURN_NEVER)
			  : r;
}

static int look_at(const struct review *v, const struct turn_name *t)
{
	struct evidence e = {.n = 0};
	struct on_route *o = NULL;
	struct draft d = {0};
	int r = store_draft_get(v->store, t->draft, 0, &d);

	if (r != SL_OK)
		return r;
	if (d.state != DRAFT_IN_REVIEW) {
		r = store_turn_forget(v->store, t->number);
		goto out;
	}
	r = evidence_load(v->store, &d, &e, NULL);
	if (r == SL_OK)
		r = on_route_look(v, &d, &e, &o, NULL);
	if (r == SL_OK)
		r = judge(v, &d, o);
out:
	on_route_free(o);
	evidence_release(&e);
	draft_release(&d);
	return r;
}

int escalate_look(const struct review *v, char ret_draft[24])
{
	struct turn_name due[LOOK_MAX];
	unsigned n = 0;
	int r = store_turns_due(v->store, clock_now(), due, LOOK_MAX, &n);

	ret_draft[0] = '\0';
	for (unsigned i = 0; r == SL_OK && i < n; i++) {
		r = look_at(v, &due[i]);
		if (r == SL_OK)
			continue;
		/* One that cannot be judged must not keep the others waiting. */
		memcpy(ret_draft, due[i].draft, sizeof(due[i].draft));
		if (store_turn_wait(v->store, due[i].number, "", clock_now() + AGAIN_S) !=
		    SL_OK)
			return r;
	}
	return r;
}

int escalate_again(const struct review *v)
{
	return store_turns_again(v->store);
}

static json_t *row_of(const struct review *v, const struct escalation *e)
{
	return json_pack("{s:s,s:s,s:o,s:o}", "role", e->role, "told", e->told, "since",
			 digest_time(e->since), "since_local", digest_local(v, e->since));
}

int escalate_put(const struct review *v, const struct draft *d, const char *turn,
		 json_t *status)
{
	struct escalation e;
	int r;

	if (v->clocks == NULL || d->state != DRAFT_IN_REVIEW || turn == NULL || turn[0] == '\0')
		return SL_OK;
	r = store_escalation_get(v->store, d->number, &e);
	if (r != SL_OK || strcmp(e.role, turn) != 0) /* signed since, and not looked at yet */
		return r == SL_E_NOTFOUND ? SL_OK : r;
	return json_object_set_new(status, "escalated", row_of(v, &e)) == 0 ? SL_OK
									    : SL_E_NOMEM;
}

struct notices {
	const struct review *v;
	json_t *list;
};

static int add(const struct escalation *e, void *arg)
{
	const struct notices *n = arg;
	json_t *j = row_of(n->v, e);

	if (j == NULL || json_object_set_new(j, "draft", json_string(e->draft)) != 0) {
		json_decref(j);
		return SL_E_NOMEM;
	}
	return json_array_append_new(n->list, j) == 0 ? SL_OK : SL_E_NOMEM;
}

int escalate_notices(const struct review *v, const struct roster_person *p, json_t *result)
{
	struct notices found = {.v = v, .list = json_array()};
	json_t *list = found.list;
	int r = list == NULL ? SL_E_NOMEM : SL_OK;

	for (unsigned i = 0; r == SL_OK && v->clocks != NULL && i < p->n_roles; i++) {
		char instead_of[ROSTER_NAME_MAX];
		size_t n = json_array_size(list);

		/* In a role that others hold today nobody is told; whoever stands in is. */
		if (n < NOTICES_MAX &&
		    stand_ins_may(v, p, p->roles[i], instead_of, NULL) == SL_OK)
			r = store_escalation_each(
				v->store, p->roles[i],
				routes_of_unit(v->routes, p->roles[i]) ? p->unit : NULL,
				(unsigned)(NOTICES_MAX - n), add, &found);
	}
	if (r == SL_OK && json_array_size(list) > 0 &&
	    json_object_set(result, "escalated", list) != 0)
		r = SL_E_NOMEM;
	json_decref(list);
	return r;
}
