/* routes_json.c - routes as data, for programs. */
#include "policy/route_trigger.h"
#include "policy/routes_draw.h"

/* Members that are not there are left out. */
static void put(json_t *j, const char *name, const char *value)
{
	if (j != NULL && value != NULL)
		(void)json_object_set_new(j, name, json_string(value));
}

static json_t *step_json(const struct route_step *s)
{
	json_t *j =
		json_pack("{s:s,s:I,s:s,s:s}", "role", s->role, "count", (json_int_t)s->count,
			  "late", s->late, "from", s->from != NULL ? s->from : "any");

	if (j != NULL)
		(void)json_object_set_new(
			j, "late_at", json_integer(s->late_at > 0 ? s->late_at : ROUTES_WHOLE));
	put(j, "opinion", s->opinion);
	return j;
}

json_t *routes_json(const struct routes *r, const struct route *way)
{
	json_t *steps = json_array(), *orders = json_array(), *modifiers = json_array();
	json_t *templates = json_array(), *j;

	for (unsigned i = 0; i < way->steps_count; i++)
		(void)json_array_append_new(steps, step_json(&way->steps[i]));
	for (unsigned i = 0; i < way->orders_count; i++)
		(void)json_array_append_new(
			orders, json_pack("{s:s,s:I}", "action", way->orders[i].action,
					  "persons", (json_int_t)way->orders[i].persons));
	for (unsigned i = 0; i < r->modifiers_count; i++) {
		if (route_modifier_changes(&r->modifiers[i], way))
			(void)json_array_append_new(modifiers, json_string(r->modifiers[i].id));
	}
	for (unsigned i = 0; i < way->templates_count; i++)
		(void)json_array_append_new(templates, json_string(way->templates[i].id));
	j = json_pack("{s:s,s:{s:s,s:s},s:o,s:o,s:o,s:o,s:b}", "id", way->id, "name", "en",
		      way->name.en, "zh", way->name.zh, "steps", steps, "orders", orders,
		      "modifiers", modifiers, "templates", templates, "private",
		      (int)way->is_private);
	put(j, "raised", way->raised);
	put(j, "target", way->target);
	put(j, "outer", way->outer);
	put(j, "review_after", way->review_after);
	return j;
}

json_t *routes_types_json(const struct routes *r)
{
	json_t *list = json_array();

	for (unsigned i = 0; list != NULL && i < r->types_count; i++) {
		const struct route_type *t = &r->types[i];
		json_t *j = json_pack("{s:s,s:s}", "type", t->type, "route", t->route);

		put(j, "name", t->name);
		put(j, "urgent", t->urgent);
		put(j, "follows", t->follows);
		put(j, "target", t->target);
		put(j, "column", t->column);
		(void)json_array_append_new(list, j);
	}
	return list;
}
