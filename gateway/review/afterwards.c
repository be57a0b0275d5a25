/* afterwards.c - approvals of a draft that is public already. */
#include "review/afterwards.h"

#include <string.h>

#include "base/i18n.h"
#include "review/digest.h"
#include "review/on_route.h"
#include "store/clocks.h"

struct spoken {
	const char *pid;
	char role[48];
};

static int find_spoken(const struct vote *vote, void *arg)
{
	struct spoken *s = arg;

	if (strcmp(vote->pid, s->pid) == 0 && strcmp(vote->decision, "approve") == 0)
		(void)snprintf(s->role, sizeof(s->role), "%s", vote->role);
	return SL_OK;
}

int afterwards_admits(const struct review *v, const struct roster_person *p,
		      const struct draft *d, const struct approval_facts *f, struct sl_why *why)
{
	struct spoken spoken = {.pid = p->pid};
	struct on_route *o = NULL;
	int r = on_route_after(v, d, &o, why);

	if (r == SL_E_NOTFOUND)
		return why_set(why, SL_E_STATE,
			       _("%s is %s; only a draft in review can be approved"), d->id,
			       draft_state_name(d->state));
	if (r == SL_OK && o->walk.complete)
		r = why_set(why, SL_E_STATE, _("%s has been reviewed in full already"), d->id);
	if (r == SL_OK && route_walk_step(&o->walk, f->role) == NULL)
		r = why_set(why, SL_E_DENIED, _("the review of %s does not ask for %s"), d->id,
			    f->role);
	if (r == SL_OK)
		r = store_vote_each(v->store, d->id, d->revision, find_spoken, &spoken);
	if (r == SL_OK && spoken.role[0] != '\0')
		r = why_set(why, SL_E_DENIED,
			    _("you have approved %s as %s; others must review it now"), d->id,
			    spoken.role);
	if (r == SL_OK)
		r = on_route_admits(o, p, f, why);
	on_route_free(o);
	return r;
}

int afterwards_end(const struct review *v, const struct draft *d)
{
	struct on_route *o = NULL;
	int r = on_route_after(v, d, &o, NULL);
	bool done = r == SL_OK && o->walk.complete;

	on_route_free(o);
	if (!done)
		return r == SL_E_NOTFOUND ? SL_OK : r;
	return store_clock_event(v->store, d->id, "reviewed");
}

struct listing {
	const struct review *v;
	const struct roster_person *p;
	json_t *list;
};

static int add(const struct draft *d, void *arg)
{
	const struct listing *l = arg;
	json_t *j;

	if (!digest_to_review(l->v, d))
		return SL_OK;
	j = digest_status(l->v, d, review_is_secrecy(l->p));
	if (j == NULL || digest_for_reviewers(l->v, d, j) != SL_OK) {
		json_decref(j);
		return SL_E_NOMEM;
	}
	return json_array_append_new(l->list, j) == 0 ? SL_OK : SL_E_NOMEM;
}

int afterwards_add(const struct review *v, const struct roster_person *p, json_t *result)
{
	static const enum draft_state states[] = {DRAFT_RELEASED, DRAFT_SENT};
	struct listing l = {.v = v, .p = p, .list = json_array()};
	int r = l.list == NULL ? SL_E_NOMEM : SL_OK;

	for (unsigned i = 0; r == SL_OK && i < v->routes->routes_count; i++) {
		const struct draft_filter f = {
			.states = states, .n_states = 2, .klass = v->routes->routes[i].id};

		if (v->routes->routes[i].review_after != NULL)
			r = store_draft_each(v->store, &f, add, &l);
	}
	if (r == SL_OK && json_array_size(l.list) > 0 &&
	    json_object_set(result, "to_review", l.list) != 0)
		r = SL_E_NOMEM;
	json_decref(l.list);
	return r;
}
