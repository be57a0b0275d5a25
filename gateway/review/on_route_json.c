/* on_route_json.c - steps and modifiers as people's programs are told. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/route_trigger.h"
#include "review/digest.h"
#include "review/on_route.h"

enum { WHY = 200 };

static json_t *given_of(const struct walk_step *s)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < s->n_given; i++)
		(void)json_array_append_new(list,
					    json_pack("{s:s,s:o}", "pid", s->given[i]->pid,
						      "time", digest_time(s->given[i]->time)));
	return list;
}

/* Why a step stands as it does: whom it waits for, whose signature it must be. */
static void why_of(const struct on_route *o, const struct walk_step *s, char out[WHY])
{
	const char *from = s->step != NULL ? s->step->from : NULL;

	out[0] = '\0';
	if (o->strayed)
		(void)snprintf(out, WHY, _("findings belong to route %s"), o->c.way->raised);
	else if (o->unlike)
		(void)snprintf(out, WHY, _("fits no approved template"));
	else if (s->state == WALK_WAITING)
		(void)snprintf(out, WHY, _("after %s"), o->walk.step[o->walk.open].role);
	else if (s->state == WALK_DONE)
		return;
	else if (from != NULL && strcmp(from, "unit") == 0)
		(void)snprintf(out, WHY, _("of the author's unit %s"), o->c.unit);
	else if (from != NULL && strcmp(from, "column") == 0 && o->walk.column != NULL)
		(void)snprintf(out, WHY, _("of the unit %s, for the column %s"),
			       column_unit(o->walk.column), o->walk.column->name);
}

static json_t *step_object(const struct on_route *o, const struct walk_step *s)
{
	char why[WHY];
	json_t *j;

	why_of(o, s, why);
	j = json_pack("{s:s,s:I,s:o,s:s,s:s}", "role", s->role, "count", (json_int_t)s->count,
		      "given", given_of(s), "state", walk_state_name(s->state), "why", why);
	if (j != NULL && s->added > 0)
		(void)json_object_set_new(j, "added", json_integer(s->added));
	if (j != NULL && s->step != NULL)
		(void)json_object_set_new(j, "late", json_string(s->step->late));
	if (j != NULL && s->step != NULL && s->step->opinion != NULL)
		(void)json_object_set_new(j, "opinion", json_string(s->step->opinion));
	return j;
}

static json_t *steps_of(const struct on_route *o)
{
	json_t *list = json_array();

	for (unsigned i = 0; list != NULL && i < o->walk.n; i++) {
		if (json_array_append_new(list, step_object(o, &o->walk.step[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* Reasons given for the findings that brought the modifier, and its certificate. */
static json_t *reasons_of(const struct on_route *o, const struct route_modifier *m,
			  const json_t *rules)
{
	json_t *list = json_array(), *r, *v;
	size_t i, k;

	json_array_foreach(o->reasons, i, r)
	{
		const char *rule = json_str(r, "rule");
		bool fits =
			m->certify != NULL && strcmp(rule, walk_certificate(m->certify)) == 0;

		json_array_foreach(rules, k, v) fits =
			fits || strcmp(json_string_value(v), rule) == 0;
		if (fits)
			(void)json_array_append(list, r);
	}
	return list;
}

static json_t *modifier_object(const struct on_route *o, const struct walk_modifier *w)
{
	const struct route_modifier *m = w->modifier;
	json_t *rules = route_trigger_rules(&m->when, o->report);
	json_t *j = json_pack("{s:s,s:{s:s,s:s},s:s,s:I,s:o,s:O,s:s}", "id", m->id, "name",
			      "en", m->name.en, "zh", m->name.zh, "role", m->role, "add",
			      (json_int_t)m->add, "reasons", reasons_of(o, m, rules), "rules",
			      rules, "state", w->met ? "met" : "open");

	json_decref(rules);
	if (j != NULL && m->certify != NULL)
		(void)json_object_set_new(j, "certify",
					  json_string(walk_certificate(m->certify)));
	return j;
}

static json_t *modifiers_of(const struct on_route *o)
{
	json_t *list = json_array();

	for (unsigned i = 0; list != NULL && i < o->walk.n_modifiers; i++) {
		if (json_array_append_new(list, modifier_object(o, &o->walk.modifier[i])) !=
		    0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static unsigned listed(const json_t *list, const char *role)
{
	const json_t *v;
	unsigned n = 0;
	size_t i;

	json_array_foreach(list, i, v) n += strcmp(json_string_value(v), role) == 0;
	return n;
}

static json_t *missing_of(const struct on_route *o, const struct approval_result *lacks)
{
	json_t *list = json_array(), *rest = json_array();

	for (unsigned i = 0; i < o->walk.n; i++) {
		const struct walk_step *s = &o->walk.step[i];

		for (unsigned k = s->n_given; k < s->count; k++)
			(void)json_array_append_new(list, json_string(s->role));
	}
	/* A step may be full and yet nobody in it certifies. */
	for (unsigned i = 0; i < o->walk.n_modifiers; i++) {
		const struct route_modifier *m = o->walk.modifier[i].modifier;

		if (!o->walk.modifier[i].met && listed(list, m->role) == 0)
			(void)json_array_append_new(list, json_string(m->role));
	}
	for (unsigned i = 0; i < lacks->n_missing; i++) {
		(void)json_array_append_new(rest, json_string(lacks->missing[i]));
		if (listed(rest, lacks->missing[i]) > listed(list, lacks->missing[i]))
			(void)json_array_append_new(list, json_string(lacks->missing[i]));
	}
	json_decref(rest);
	return list;
}

json_t *on_route_summary(const struct review *v, const struct draft *d,
			 const struct evidence *e, const struct approval_result *lacks,
			 json_t **ret_missing)
{
	struct on_route *o = NULL;
	json_t *j = NULL;

	if (on_route_look(v, d, e, &o, NULL) == SL_OK) {
		*ret_missing = missing_of(o, lacks);
		j = json_pack("{s:o,s:o,s:s}", "modifiers", modifiers_of(o), "steps",
			      steps_of(o), "turn",
			      o->walk.open < o->walk.n ? o->walk.step[o->walk.open].role : "");
	}
	on_route_free(o);
	return j;
}

json_t *on_route_after_summary(const struct review *v, const struct draft *d)
{
	struct on_route *o = NULL;
	json_t *j = NULL;

	if (on_route_after(v, d, &o, NULL) == SL_OK)
		j = json_pack("{s:{s:s,s:s,s:o}}", "review_after", "clock",
			      routes_find(v->routes, d->klass)->review_after, "state",
			      on_route_complete(o) ? "done" : "open", "steps", steps_of(o));
	on_route_free(o);
	return j;
}
