/* route_walk.c - steps and modifiers of a route against the approvals that stand. */
#include "policy/route_walk.h"

#include <string.h>

#include "base/i18n.h"
#include "policy/route_trigger.h"

static unsigned count_of(const struct route *way, const char *role)
{
	for (unsigned i = 0; way != NULL && i < way->steps_count; i++) {
		if (strcmp(way->steps[i].role, role) == 0)
			return way->steps[i].count;
	}
	return 0;
}

static struct walk_step *find_step(struct walk *w, const char *role)
{
	for (unsigned i = 0; i < w->n; i++) {
		if (strcmp(w->step[i].role, role) == 0)
			return &w->step[i];
	}
	return NULL;
}

const struct walk_step *route_walk_step(const struct walk *w, const char *role)
{
	for (unsigned i = 0; i < w->n; i++) {
		if (strcmp(w->step[i].role, role) == 0)
			return &w->step[i];
	}
	return NULL;
}

/* A role that the route has gets more persons in its step; another one gets a step of its
 * own before the last, which is the final check. */
static int add_persons(struct walk *w, const struct walk_case *c,
		       const struct route_modifier *m)
{
	const struct route_type *type = routes_type(c->routes, c->type);
	const struct route *own = type != NULL ? routes_find(c->routes, type->route) : NULL;
	struct walk_step *s = find_step(w, m->role), last;
	unsigned want;

	if (m->add == 0)
		return SL_OK;
	if (s == NULL) {
		if (w->n == WALK_STEPS_MAX || m->add > WALK_GIVEN_MAX)
			return SL_E_LIMIT;
		last = w->step[w->n - 1];
		w->step[w->n - 1] =
			(struct walk_step){.role = m->role, .count = m->add, .added = m->add};
		w->step[w->n++] = last;
		return SL_OK;
	}
	/* A raised route has more already; several modifiers are met by the same persons. */
	want = (s->step != NULL ? count_of(own, m->role) : 0) + m->add;
	if (want > WALK_GIVEN_MAX)
		return SL_E_LIMIT;
	if (want > s->count) {
		s->added += want - s->count;
		s->count = want;
	}
	return SL_OK;
}

static int plan(const struct walk_case *c, struct walk *w)
{
	int r = SL_OK;

	for (unsigned i = 0; i < c->way->steps_count; i++)
		w->step[w->n++] = (struct walk_step){.role = c->way->steps[i].role,
						     .step = &c->way->steps[i],
						     .count = c->way->steps[i].count};
	for (unsigned i = 0; r == SL_OK && i < c->routes->modifiers_count; i++) {
		const struct route_modifier *m = &c->routes->modifiers[i];

		if (!route_modifier_changes(m, c->way) ||
		    !route_trigger_holds(&m->when, c->report, c->source_type))
			continue;
		if (w->n_modifiers == WALK_MODIFIERS_MAX)
			return SL_E_LIMIT;
		w->modifier[w->n_modifiers++].modifier = m;
		r = add_persons(w, c, m);
	}
	return r;
}

static const struct column *column_of(const struct walk_case *c)
{
	const struct route_type *type = routes_type(c->routes, c->type);
	const struct column *named = columns_find(c->routes->columns, c->column);

	if (named == NULL && type != NULL && type->column != NULL)
		named = columns_find(c->routes->columns, type->column);
	return named;
}

/* The unit that a signature in this step must come from; NULL: any. */
static const char *unit_of(const struct walk_case *c, const struct walk *w,
			   const struct walk_step *s)
{
	const char *from = s->step != NULL ? s->step->from : NULL;

	if (from != NULL && strcmp(from, "unit") == 0)
		return c->unit;
	if (from != NULL && strcmp(from, "column") == 0 && w->column != NULL)
		return column_unit(w->column);
	return NULL;
}

static bool is_seated(const struct walk *w, const char *pid)
{
	for (unsigned i = 0; i < w->n; i++) {
		for (unsigned k = 0; k < w->step[i].n_given; k++) {
			if (strcmp(w->step[i].given[k]->pid, pid) == 0)
				return true;
		}
	}
	return false;
}

static void seat(const struct walk_case *c, struct walk *w, const struct walk_voice *v)
{
	struct walk_step *s = find_step(w, v->role);
	const char *unit;

	if (s == NULL || is_seated(w, v->pid))
		return;
	unit = unit_of(c, w, s);
	if (unit != NULL && strcmp(unit, v->unit) != 0)
		return;
	if (s->n_given < s->count)
		s->given[s->n_given++] = v;
	else if (s->n_given > 0 && (v->pages || v->source)) /* a certificate that came late */
		s->given[s->n_given - 1] = v;
}

static bool voice_certifies(const struct walk_voice *v, const char *certify)
{
	return strcmp(certify, "pages") == 0 ? v->pages : v->source;
}

static bool certified(const struct walk_step *s, const char *certify)
{
	for (unsigned i = 0; s != NULL && i < s->n_given; i++) {
		if (voice_certifies(s->given[i], certify))
			return true;
	}
	return false;
}

int route_walk(const struct walk_case *c, struct walk *ret)
{
	struct walk w = {.n = 0};
	int r = plan(c, &w);

	if (r != SL_OK)
		return r;
	w.column = column_of(c);
	for (unsigned i = 0; i < c->n_voices; i++)
		seat(c, &w, &c->voices[i]);
	w.open = w.n;
	for (unsigned i = w.n; i-- > 0;) {
		if (w.step[i].n_given < w.step[i].count)
			w.open = i;
	}
	for (unsigned i = 0; i < w.n; i++)
		w.step[i].state = w.step[i].n_given == w.step[i].count ? WALK_DONE
				  : i == w.open			       ? WALK_OPEN
								       : WALK_WAITING;
	w.complete = w.open == w.n;
	for (unsigned i = 0; i < w.n_modifiers; i++) {
		const struct route_modifier *m = w.modifier[i].modifier;
		const struct walk_step *s = route_walk_step(&w, m->role);

		w.modifier[i].met = s != NULL && s->n_given == s->count &&
				    (m->certify == NULL || certified(s, m->certify));
		w.complete = w.complete && w.modifier[i].met;
	}
	*ret = w;
	return SL_OK;
}

const char *walk_certificate(const char *certify)
{
	return strcmp(certify, "pages") == 0 ? "CERT-PAGES" : "CERT-SOURCE";
}

/* Would the last place of its role go to somebody who does not certify? */
static int check_certificates(const struct walk *w, const struct walk_step *s,
			      const struct walk_voice *v, struct sl_why *why)
{
	for (unsigned i = 0; i < w->n_modifiers; i++) {
		const struct route_modifier *m = w->modifier[i].modifier;

		if (m->certify == NULL || strcmp(m->role, s->role) != 0 ||
		    s->n_given + 1 < s->count || voice_certifies(v, m->certify) ||
		    certified(s, m->certify))
			continue;
		if (strcmp(m->certify, "pages") == 0)
			return why_set(why, SL_E_DENIED,
				       _("somebody must certify that every page was read: "
					 "approve with --ack %s=\"...\", saying what was read"),
				       walk_certificate(m->certify));
		return why_set(why, SL_E_DENIED,
			       _("somebody must certify the official source of what is "
				 "reposted: approve with --ack %s=\"...\", naming it"),
			       walk_certificate(m->certify));
	}
	return SL_OK;
}

int route_walk_admits(const struct walk_case *c, const struct walk *w,
		      const struct walk_voice *v, struct sl_why *why)
{
	const struct walk_step *s = route_walk_step(w, v->role);
	const char *unit;

	if (s == NULL)
		return SL_OK;
	if (w->open < w->n && s > &w->step[w->open])
		return why_set(why, SL_E_DENIED,
			       _("it is the turn of %s; %s comes after that on route %s"),
			       w->step[w->open].role, v->role, c->way->id);
	unit = unit_of(c, w, s);
	if (unit != NULL && strcmp(unit, v->unit) != 0) {
		if (strcmp(s->step->from, "column") == 0)
			return why_set(why, SL_E_DENIED,
				       _("the column %s is co-signed by a %s of the unit %s, "
					 "and you are of %s"),
				       w->column->name, v->role, unit, v->unit);
		return why_set(why, SL_E_DENIED,
			       _("the %s must be of the author's unit %s, and you are of %s"),
			       v->role, unit, v->unit);
	}
	return check_certificates(w, s, v, why);
}

const char *walk_state_name(enum walk_state s)
{
	static const char *const names[] = {"done", "open", "waiting"};

	return names[s];
}
