/* route_prove.c - the walk once more for each approval, with what was signed before it. */
#include "policy/route_prove.h"

#include <string.h>

#include "base/i18n.h"
#include "policy/route_follow.h"
#include "policy/route_trigger.h"

static bool certifies(const json_t *acknowledged, const char *certify)
{
	const json_t *a;
	size_t i;

	json_array_foreach(acknowledged, i, a)
	{
		const char *rule = json_str(a, "rule"), *reason = json_str(a, "reason");

		if (rule != NULL && strcmp(rule, walk_certificate(certify)) == 0 &&
		    reason != NULL && reason[0] != '\0')
			return true;
	}
	return false;
}

struct walk_voice route_voice(const char *pid, const char *unit, const char *role, int64_t time,
			      const json_t *acknowledged)
{
	return (struct walk_voice){.pid = pid,
				   .unit = unit,
				   .role = role,
				   .time = time,
				   .pages = certifies(acknowledged, "pages"),
				   .source = certifies(acknowledged, "source")};
}

static bool leads_to(const struct routes *r, const char *id, const struct route *way)
{
	const struct route *from = id != NULL ? routes_find(r, id) : NULL;

	return from != NULL &&
	       (from == way || (from->raised != NULL && strcmp(from->raised, way->id) == 0));
}

int route_may_take(const struct routes *r, const char *type, const struct route *original,
		   const struct route *way, struct sl_why *why)
{
	const struct route_type *t = routes_type(r, type);
	const struct route *own = t != NULL ? route_for(r, t, original) : NULL;

	if (own != NULL && (leads_to(r, own->id, way) ||
			    (strcmp(own->id, t->route) == 0 && leads_to(r, t->urgent, way))))
		return SL_OK;
	return why_set(why, SL_E_DENIED, _("%s cannot take route %s"), type, way->id);
}

static int say_missing(const struct walk_case *c, const struct walk *w, struct sl_why *why)
{
	if (w->open < w->n)
		return why_set(why, SL_E_DENIED,
			       _("route %s is not walked to its end: %u of %u signed as %s"),
			       c->way->id, w->step[w->open].n_given, w->step[w->open].count,
			       w->step[w->open].role);
	for (unsigned i = 0; i < w->n_modifiers; i++) {
		if (!w->modifier[i].met)
			return why_set(why, SL_E_DENIED,
				       _("route %s is not walked to its end: %s"), c->way->id,
				       routes_name(&w->modifier[i].modifier->name));
	}
	return why_set(why, SL_E_DENIED, _("route %s is not walked to its end"), c->way->id);
}

/* Could it be this person's turn, with all that may have been signed before? */
static int in_turn(const struct walk_case *c, unsigned at, struct sl_why *why)
{
	const struct walk_voice *v = &c->voices[at];
	struct walk_voice before[WALK_VOICES_MAX];
	struct walk_case earlier = *c;
	struct walk w;
	unsigned n = 0;
	int r;

	for (unsigned i = 0; i < c->n_voices; i++) {
		if (i != at && c->voices[i].time <= v->time + ROUTE_PROVE_SKEW_S)
			before[n++] = c->voices[i];
	}
	earlier.voices = before;
	earlier.n_voices = n;
	r = route_walk(&earlier, &w);
	if (r == SL_OK)
		r = route_walk_admits(&earlier, &w, v, why);
	return r == SL_OK
		       ? r
		       : why_prefix(why, r, _("%s signed as %s out of turn"), v->pid, v->role);
}

int route_prove(const struct walk_case *c, int64_t since, struct sl_why *why)
{
	struct walk w;
	int r;

	if (c->n_voices > WALK_VOICES_MAX)
		return SL_E_LIMIT;
	if (c->way->raised != NULL && route_raise(c->report))
		return why_set(why, SL_E_DENIED,
			       _("its findings belong to route %s: it must be revised and "
				 "inspected again"),
			       c->way->raised);
	r = route_walk(c, &w);
	if (r == SL_OK && !w.complete)
		r = say_missing(c, &w, why);
	for (unsigned i = 0; r == SL_OK && i < c->n_voices; i++) {
		/* Roles that the route does not ask for have no turn. */
		if (c->voices[i].time > since && route_walk_step(&w, c->voices[i].role) != NULL)
			r = in_turn(c, i, why);
	}
	return r;
}
