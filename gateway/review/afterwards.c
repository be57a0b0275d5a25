/* afterwards.c - approvals of a draft that is public already. */
#include "review/afterwards.h"

#include <string.h>

#include "base/i18n.h"
#include "review/on_route.h"

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
