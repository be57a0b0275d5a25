/* routes_check.c - does routes.yaml make sense by itself? */
#include "policy/routes_check.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/route_trigger.h"
#include "trust/order.h"

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strcmp(*list, word) == 0)
			return true;
	}
	return false;
}

static void head_of(const char *key, const char *id, char out[64])
{
	(void)snprintf(out, 64, "%s: %s", key, id);
}

static int check_words(const struct routes *r, const struct route *way,
		       const struct route_step *s, const char *head, struct sl_why *why)
{
	static const char *const from[] = {"any", "unit", "column", NULL};

	if (s->from != NULL && !is_one_of(s->from, from))
		return routes_complain(
			r, head, s->from, why,
			_("route %s: \"from\" is any, unit or column, and not \"%s\""), way->id,
			s->from);
	if (s->opinion != NULL && strcmp(s->opinion, "secrecy") != 0)
		return routes_complain(r, head, s->opinion, why,
				       _("route %s: there is no opinion \"%s\""), way->id,
				       s->opinion);
	/* Nothing may make a signature out of time that has passed. */
	if (s->silence != NULL && strcmp(s->silence, "tells") != 0)
		return routes_complain(
			r, head, s->silence, why,
			_("route %s: silence tells somebody and is never consent; "
			  "\"%s\" is not possible"),
			way->id, s->silence);
	return SL_OK;
}

static unsigned late_at(const struct route_step *s)
{
	return s->late_at > 0 ? s->late_at : ROUTES_WHOLE;
}

static int check_step(const struct routes *r, const struct route *way, unsigned i,
		      const char *head, struct sl_why *why)
{
	const struct route_step *s = &way->steps[i];

	if (!roster_role_known(s->role))
		return routes_complain(r, head, s->role, why,
				       _("route %s: there is no role \"%s\""), way->id,
				       s->role);
	if (s->count < 1 || s->count > ROSTER_SLOTS_MAX)
		return routes_complain(r, head, s->role, why,
				       _("route %s: the step %s asks for %u persons"), way->id,
				       s->role, s->count);
	for (unsigned k = 0; k < i; k++) {
		if (strcmp(way->steps[k].role, s->role) == 0)
			return routes_complain(
				r, head, s->role, why,
				_("route %s has two steps of %s: one person would be "
				  "needed twice; give one step the sum"),
				way->id, s->role);
	}
	if (!roster_role_known(s->late) || strcmp(s->late, s->role) == 0)
		return routes_complain(
			r, head, s->late, why,
			_("route %s: \"late\" of the step %s names no other role"), way->id,
			s->role);
	if (s->late_at > ROUTES_WHOLE)
		return routes_complain(
			r, head, s->role, why,
			_("route %s: \"late_at\" of the step %s is a percentage, "
			  "at most 100"),
			way->id, s->role);
	if (i > 0 && late_at(s) < late_at(s - 1))
		return routes_complain(r, head, s->role, why,
				       _("route %s: the step %s would be late at %u %% of the "
					 "time, before its turn (%s: %u %%)"),
				       way->id, s->role, late_at(s), s[-1].role,
				       late_at(s - 1));
	return check_words(r, way, s, head, why);
}

static int check_orders(const struct routes *r, const struct route *way, const char *head,
			struct sl_why *why)
{
	static const char *const all[] = {"freeze", "withdraw", "confirm", "reinstate"};
	unsigned seen = 0;

	for (unsigned i = 0; i < way->orders_count; i++) {
		const struct route_order *o = &way->orders[i];
		unsigned persons = order_persons(o->action);

		if (persons != o->persons)
			return routes_complain(
				r, head, o->action, why,
				_("route %s: \"%s\" by %u persons is not what the "
				  "programs enforce (%u); this row describes them and "
				  "cannot change them"),
				way->id, o->action, o->persons, persons);
		for (unsigned k = 0; k < sizeof(all) / sizeof(all[0]); k++)
			seen |= strcmp(all[k], o->action) == 0 ? 1u << k : 0;
	}
	for (unsigned k = 0; k < sizeof(all) / sizeof(all[0]); k++) {
		if ((seen & 1u << k) == 0)
			return routes_complain(r, head, NULL, why,
					       _("route %s does not name the order \"%s\""),
					       way->id, all[k]);
	}
	return SL_OK;
}

static int check_raised(const struct routes *r, const struct route *way, const char *head,
			struct sl_why *why)
{
	const struct route *to = way->raised != NULL ? routes_find(r, way->raised) : NULL;

	if (way->raised == NULL)
		return way->templates_count == 0
			       ? SL_OK
			       : routes_complain(
					 r, head, NULL, why,
					 _("route %s takes templates only and no S2, so it "
					   "needs a \"raised\" route for drafts that have "
					   "one"),
					 way->id);
	if (to == NULL || to == way || to->steps_count == 0 || to->raised != NULL ||
	    to->is_private != way->is_private)
		return routes_complain(
			r, head, way->raised, why,
			_("route %s cannot be raised to \"%s\": that is no route, or "
			  "one that is raised itself or delivered otherwise"),
			way->id, way->raised);
	return SL_OK;
}

static bool is_taken(const struct routes *r, const struct route *way)
{
	for (unsigned i = 0; i < r->types_count; i++) {
		const struct route_type *t = &r->types[i];

		if (strcmp(t->route, way->id) == 0 ||
		    (t->urgent != NULL && strcmp(t->urgent, way->id) == 0))
			return true;
	}
	for (unsigned i = 0; i < r->routes_count; i++) {
		if (r->routes[i].raised != NULL && strcmp(r->routes[i].raised, way->id) == 0)
			return true;
	}
	return false;
}

static int check_steps(const struct routes *r, const struct route *way, const char *head,
		       struct sl_why *why)
{
	bool opinion = false;
	unsigned persons = 0;
	int res = SL_OK;

	for (unsigned i = 0; res == SL_OK && i < way->steps_count; i++) {
		res = check_step(r, way, i, head, why);
		opinion = opinion || way->steps[i].opinion != NULL;
		persons += way->steps[i].count;
	}
	if (res != SL_OK)
		return res;
	if (persons < 2 || persons > ROSTER_SLOTS_MAX)
		return routes_complain(r, head, NULL, why,
				       _("route %s needs between 2 and %d persons, and has %u"),
				       way->id, ROSTER_SLOTS_MAX, persons);
	if (!opinion)
		return routes_complain(r, head, NULL, why,
				       _("route %s has no step that gives the secrecy opinion"),
				       way->id);
	return is_taken(r, way)
		       ? check_raised(r, way, head, why)
		       : routes_complain(r, head, NULL, why,
					 _("no content type ever takes route %s"), way->id);
}

static int check_route(const struct routes *r, unsigned i, struct sl_why *why)
{
	const struct route *way = &r->routes[i];
	char head[64];

	head_of("id", way->id, head);
	if (routes_find(r, way->id) != way)
		return routes_complain(r, head, NULL, why, _("route %s stands there twice"),
				       way->id);
	if ((way->steps_count == 0) == (way->orders_count == 0))
		return routes_complain(r, head, NULL, why,
				       _("route %s has either steps or orders"), way->id);
	if (way->outer == NULL)
		return routes_complain(r, head, NULL, why, _("route %s has no outer limit"),
				       way->id);
	return way->orders_count > 0 ? check_orders(r, way, head, why)
				     : check_steps(r, way, head, why);
}

static int check_type(const struct routes *r, unsigned i, struct sl_why *why)
{
	const struct route_type *t = &r->types[i];
	const struct route *way = routes_find(r, t->route), *urgent;
	char head[64];

	head_of("type", t->type, head);
	if (routes_type(r, t->type) != t)
		return routes_complain(r, head, NULL, why, _("routes.yaml names %s twice"),
				       t->type);
	if (way == NULL || way->steps_count == 0 || way->review_after != NULL)
		return routes_complain(r, head, NULL, why, _("%s cannot take the route \"%s\""),
				       t->type, t->route);
	urgent = t->urgent != NULL ? routes_find(r, t->urgent) : NULL;
	if (t->urgent != NULL && (urgent == NULL || urgent->review_after == NULL ||
				  urgent->templates_count == 0 || way->is_private))
		return routes_complain(
			r, head, t->urgent, why,
			_("%s: \"urgent\" names a route with templates and a review "
			  "afterwards, which \"%s\" is not"),
			t->type, t->urgent);
	if (t->follows != NULL && strcmp(t->follows, "original") != 0)
		return routes_complain(r, head, t->follows, why,
				       _("%s: \"follows\" can only be \"original\""), t->type);
	if (t->column != NULL && columns_find(r->columns, t->column) == NULL)
		return routes_complain(r, head, t->column, why,
				       _("%s: columns.yaml has no column \"%s\""), t->type,
				       t->column);
	return SL_OK;
}

static bool has_role(const struct route *way, const char *role)
{
	for (unsigned i = 0; i < way->steps_count; i++) {
		if (strcmp(way->steps[i].role, role) == 0)
			return true;
	}
	return false;
}

/* On each route that it changes: can it be met, and can it ever be? */
static int check_on_routes(const struct routes *r, const struct route_modifier *m,
			   const char *head, struct sl_why *why)
{
	unsigned changed = 0;

	for (unsigned i = 0; i < m->routes.n; i++) {
		const struct route *way = routes_find(r, m->routes.item[i]);

		if (way == NULL || way->steps_count == 0)
			return routes_complain(
				r, head, m->routes.item[i], why,
				_("modifier %s: there is no route \"%s\" with steps"), m->id,
				m->routes.item[i]);
	}
	for (unsigned i = 0; i < r->routes_count; i++) {
		const struct route *way = &r->routes[i];

		if (!route_modifier_changes(m, way))
			continue;
		changed++;
		if (m->add == 0 && !has_role(way, m->role))
			return routes_complain(r, head, m->role, why,
					       _("modifier %s: nobody signs as %s on route %s"),
					       m->id, m->role, way->id);
	}
	return changed > 0 ? SL_OK
			   : routes_complain(
				     r, head, NULL, why,
				     _("modifier %s changes no route: a finding S2 leads to "
				       "another one first"),
				     m->id);
}

static int check_trigger(const struct routes *r, const struct route_modifier *m,
			 const char *head, struct sl_why *why)
{
	static const char *const severities[] = {"S2", "S3", "S4", NULL};
	const struct route_trigger *t = &m->when;

	if (t->severity == NULL && t->rules.n == 0 && t->source.n == 0)
		return routes_complain(
			r, head, NULL, why,
			_("modifier %s: no report can trigger it; name a severity, "
			  "rules or sources"),
			m->id);
	if (t->severity != NULL &&
	    (strcmp(t->severity, "S0") == 0 || strcmp(t->severity, "S1") == 0))
		return routes_complain(
			r, head, t->severity, why,
			_("modifier %s: a finding %s cannot be approved by anyone, "
			  "however many sign"),
			m->id, t->severity);
	if (t->severity != NULL && !is_one_of(t->severity, severities))
		return routes_complain(r, head, t->severity, why,
				       _("modifier %s: there is no severity \"%s\""), m->id,
				       t->severity);
	if ((t->words.n > 0 || t->more_than > 0) && t->rules.n == 0)
		return routes_complain(
			r, head, NULL, why,
			_("modifier %s: \"words\" and \"more_than\" go with rules"), m->id);
	return SL_OK;
}

static int check_modifier(const struct routes *r, unsigned i, struct sl_why *why)
{
	static const char *const certify[] = {"pages", "source", NULL};
	const struct route_modifier *m = &r->modifiers[i];
	char head[64];
	int res;

	head_of("id", m->id, head);
	for (unsigned k = 0; k < i; k++) {
		if (strcmp(r->modifiers[k].id, m->id) == 0)
			return routes_complain(r, head, NULL, why,
					       _("modifier %s stands there twice"), m->id);
	}
	res = check_trigger(r, m, head, why);
	if (res != SL_OK)
		return res;
	if (m->raise)
		return route_raise_known(m)
			       ? SL_OK
			       : routes_complain(
					 r, head, NULL, why,
					 _("modifier %s: the inspection raises for an open "
					   "S2 and for what is like something refused or "
					   "recalled, and for nothing else"),
					 m->id);
	if (m->role == NULL || !roster_role_known(m->role))
		return routes_complain(r, head, m->role, why,
				       _("modifier %s: there is no role \"%s\""), m->id,
				       m->role != NULL ? m->role : "");
	if (m->certify != NULL && !is_one_of(m->certify, certify))
		return routes_complain(r, head, m->certify, why,
				       _("modifier %s: \"certify\" is pages or source"), m->id);
	if (m->add == 0 && m->certify == NULL)
		return routes_complain(r, head, NULL, why,
				       _("modifier %s adds nobody and certifies nothing"),
				       m->id);
	return check_on_routes(r, m, head, why);
}

/* What the inspection does must stand there, so that people can read it. */
static int check_raises(const struct routes *r, struct sl_why *why)
{
	unsigned n = 0;

	for (unsigned i = 0; i < r->modifiers_count; i++)
		n += r->modifiers[i].raise;
	return n == route_raises()
		       ? SL_OK
		       : routes_complain(r, "modifiers", NULL, why,
					 _("modifiers with \"raise\" describe what the "
					   "inspection does: %u are needed, and %u are "
					   "there"),
					 route_raises(), n);
}

int routes_check(const struct routes *r, struct sl_why *why)
{
	unsigned orders = 0;
	int res = SL_OK;

	for (unsigned i = 0; res == SL_OK && i < r->routes_count; i++) {
		res = check_route(r, i, why);
		orders += r->routes[i].orders_count > 0;
	}
	if (res == SL_OK && orders != 1)
		res = routes_complain(
			r, "routes", NULL, why,
			_("one route, X, has the orders to freeze and recall; %u have"),
			orders);
	for (unsigned i = 0; res == SL_OK && i < r->types_count; i++)
		res = check_type(r, i, why);
	for (unsigned i = 0; res == SL_OK && i < r->modifiers_count; i++)
		res = check_modifier(r, i, why);
	return res == SL_OK ? check_raises(r, why) : res;
}
