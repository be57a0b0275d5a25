/* routes.c - routes.yaml, channels.yaml and columns.yaml into one table. */
#include "policy/routes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/yaml.h"
#include "policy/routes_check.h"
#include "trust/statement.h"

enum {
	TEXT = 200,
	TEMPLATE_MAX = 4000,
	TEMPLATES_MAX = 64,
	ORDERS_MAX = 8,
	WORDS_MAX = 64,
	COMPLAINT = 300
};
/* Where routes.yaml names none: the first user's. */
static const char first_organisation[] = "11349900MB0000012T";

#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

static const cyaml_schema_value_t word_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, ROUTES_WORD),
};
static const cyaml_schema_field_t name_fields[] = {
	CYAML_FIELD_STRING_PTR("en", CYAML_FLAG_POINTER, struct route_name, en, 1, TEXT),
	CYAML_FIELD_STRING_PTR("zh", CYAML_FLAG_POINTER, struct route_name, zh, 1, TEXT),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t step_fields[] = {
	CYAML_FIELD_STRING_PTR("role", CYAML_FLAG_POINTER, struct route_step, role, 1,
			       ROUTES_WORD),
	CYAML_FIELD_UINT("count", CYAML_FLAG_DEFAULT, struct route_step, count),
	CYAML_FIELD_STRING_PTR("from", OPTIONAL, struct route_step, from, 1, ROUTES_WORD),
	CYAML_FIELD_STRING_PTR("opinion", OPTIONAL, struct route_step, opinion, 1, ROUTES_WORD),
	CYAML_FIELD_STRING_PTR("late", CYAML_FLAG_POINTER, struct route_step, late, 1,
			       ROUTES_WORD),
	CYAML_FIELD_UINT("late_at", CYAML_FLAG_OPTIONAL, struct route_step, late_at),
	CYAML_FIELD_STRING_PTR("silence", OPTIONAL, struct route_step, silence, 1, ROUTES_WORD),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t step_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct route_step, step_fields),
};
static const cyaml_schema_field_t order_fields[] = {
	CYAML_FIELD_STRING_PTR("action", CYAML_FLAG_POINTER, struct route_order, action, 1,
			       ROUTES_WORD),
	CYAML_FIELD_UINT("persons", CYAML_FLAG_DEFAULT, struct route_order, persons),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t order_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct route_order, order_fields),
};
static const cyaml_schema_field_t template_fields[] = {
	CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct route_template, id, 1,
			       ROUTES_WORD),
	CYAML_FIELD_STRING_PTR("title", CYAML_FLAG_POINTER, struct route_template, title, 1,
			       TEXT),
	CYAML_FIELD_STRING_PTR("text", CYAML_FLAG_POINTER, struct route_template, text, 1,
			       TEMPLATE_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t template_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct route_template, template_fields),
};
static const cyaml_schema_field_t route_fields[] = {
	CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct route, id, 1, 7),
	CYAML_FIELD_MAPPING("name", CYAML_FLAG_DEFAULT, struct route, name, name_fields),
	CYAML_FIELD_STRING_PTR("raised", OPTIONAL, struct route, raised, 1, 7),
	CYAML_FIELD_STRING_PTR("target", OPTIONAL, struct route, target, 1, ROUTES_WORD),
	CYAML_FIELD_STRING_PTR("outer", OPTIONAL, struct route, outer, 1, ROUTES_WORD),
	CYAML_FIELD_BOOL("private", CYAML_FLAG_OPTIONAL, struct route, is_private),
	CYAML_FIELD_STRING_PTR("review_after", OPTIONAL, struct route, review_after, 1,
			       ROUTES_WORD),
	CYAML_FIELD_SEQUENCE("steps", OPTIONAL, struct route, steps, &step_schema, 0,
			     ROUTES_STEPS_MAX),
	CYAML_FIELD_SEQUENCE("orders", OPTIONAL, struct route, orders, &order_schema, 0,
			     ORDERS_MAX),
	CYAML_FIELD_SEQUENCE("templates", OPTIONAL, struct route, templates, &template_schema,
			     0, TEMPLATES_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t route_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct route, route_fields),
};
static const cyaml_schema_field_t type_fields[] = {
	CYAML_FIELD_STRING_PTR("type", CYAML_FLAG_POINTER, struct route_type, type, 1, 15),
	CYAML_FIELD_STRING_PTR("name", OPTIONAL, struct route_type, name, 0, TEXT),
	CYAML_FIELD_STRING_PTR("route", CYAML_FLAG_POINTER, struct route_type, route, 1, 7),
	CYAML_FIELD_STRING_PTR("urgent", OPTIONAL, struct route_type, urgent, 1, 7),
	CYAML_FIELD_STRING_PTR("follows", OPTIONAL, struct route_type, follows, 1, ROUTES_WORD),
	CYAML_FIELD_STRING_PTR("target", OPTIONAL, struct route_type, target, 1, ROUTES_WORD),
	CYAML_FIELD_STRING_PTR("column", OPTIONAL, struct route_type, column, 1, ROUTES_WORD),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t type_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct route_type, type_fields),
};
static const cyaml_schema_field_t trigger_fields[] = {
	CYAML_FIELD_STRING_PTR("severity", OPTIONAL, struct route_trigger, severity, 1, 7),
	CYAML_FIELD_SEQUENCE_COUNT("rules", OPTIONAL, struct route_trigger, rules.item, rules.n,
				   &word_schema, 0, WORDS_MAX),
	CYAML_FIELD_SEQUENCE_COUNT("words", OPTIONAL, struct route_trigger, words.item, words.n,
				   &word_schema, 0, WORDS_MAX),
	CYAML_FIELD_UINT("more_than", CYAML_FLAG_OPTIONAL, struct route_trigger, more_than),
	CYAML_FIELD_SEQUENCE_COUNT("source", OPTIONAL, struct route_trigger, source.item,
				   source.n, &word_schema, 0, WORDS_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t modifier_fields[] = {
	CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct route_modifier, id, 1,
			       ROUTES_WORD),
	CYAML_FIELD_MAPPING("name", CYAML_FLAG_DEFAULT, struct route_modifier, name,
			    name_fields),
	CYAML_FIELD_MAPPING("when", CYAML_FLAG_DEFAULT, struct route_modifier, when,
			    trigger_fields),
	CYAML_FIELD_SEQUENCE_COUNT("routes", OPTIONAL, struct route_modifier, routes.item,
				   routes.n, &word_schema, 0, ROUTES_MAX),
	CYAML_FIELD_STRING_PTR("role", OPTIONAL, struct route_modifier, role, 1, ROUTES_WORD),
	CYAML_FIELD_UINT("add", CYAML_FLAG_OPTIONAL, struct route_modifier, add),
	CYAML_FIELD_STRING_PTR("certify", OPTIONAL, struct route_modifier, certify, 1,
			       ROUTES_WORD),
	CYAML_FIELD_BOOL("raise", CYAML_FLAG_OPTIONAL, struct route_modifier, raise),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t modifier_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct route_modifier, modifier_fields),
};
static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_STRING_PTR("organisation", OPTIONAL, struct routes, organisation, 1, 64),
	CYAML_FIELD_SEQUENCE("routes", CYAML_FLAG_POINTER, struct routes, routes, &route_schema,
			     1, ROUTES_MAX),
	CYAML_FIELD_SEQUENCE("types", CYAML_FLAG_POINTER, struct routes, types, &type_schema, 1,
			     ROUTES_TYPES_MAX),
	CYAML_FIELD_SEQUENCE("modifiers", OPTIONAL, struct routes, modifiers, &modifier_schema,
			     0, WORDS_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct routes, file_fields),
};

static int load_file(const char *dir, struct routes **ret_r, struct sl_why *why)
{
	char path[sizeof((*ret_r)->path)];
	void *file = NULL;
	int r = file_join(path, sizeof(path), dir, "routes.yaml");

	if (r != SL_OK)
		return why_set(why, r, _("the path of the policies is too long"));
	r = yaml_load(path, &file_schema, &file, why);
	if (r == SL_E_NOTFOUND)
		return why_set(why, SL_E_CONFIG, _("there is no %s"), path);
	if (r != SL_OK)
		return r;
	*ret_r = file;
	(void)snprintf((*ret_r)->path, sizeof((*ret_r)->path), "%s", path);
	return SL_OK;
}

int routes_load(const char *policies_dir, struct routes **ret_r, struct sl_why *why)
{
	struct routes *t = NULL;
	int r = load_file(policies_dir, &t, why);

	if (r != SL_OK)
		return r;
	r = channels_load(policies_dir, &t->channels, why);
	if (r == SL_E_NOTFOUND)
		r = why_set(why, SL_E_CONFIG, _("there is no %s/channels.yaml"), policies_dir);
	if (r == SL_OK && channels_find(t->channels, MANIFEST_PRIVATE) != NULL)
		r = why_set(why, SL_E_CONFIG,
			    _("%s/channels.yaml: no channel may be called %s: that is what is "
			      "never published"),
			    policies_dir, MANIFEST_PRIVATE);
	if (r == SL_OK)
		r = columns_load(policies_dir, &t->columns, why);
	if (r == SL_E_NOTFOUND) /* a set without columns has no co-signers by column */
		r = SL_OK;
	if (r == SL_OK)
		r = routes_check(t, why);
	if (r == SL_OK)
		r = routes_check_clocks(t, policies_dir, why);
	if (r != SL_OK)
		goto out;
	*ret_r = t;
	t = NULL; /* moved */
out:
	routes_free(t);
	return r;
}

void routes_free(struct routes *r)
{
	if (r == NULL)
		return;
	channels_free(r->channels);
	columns_free(r->columns);
	yaml_free(&file_schema, r, 0);
}

const struct route *routes_find(const struct routes *r, const char *id)
{
	for (unsigned i = 0; i < r->routes_count; i++) {
		if (strcmp(r->routes[i].id, id) == 0)
			return &r->routes[i];
	}
	return NULL;
}

const struct route_type *routes_type(const struct routes *r, const char *type)
{
	for (unsigned i = 0; i < r->types_count; i++) {
		if (strcmp(r->types[i].type, type) == 0)
			return &r->types[i];
	}
	return NULL;
}

bool routes_channel_known(const struct routes *r, const char *id)
{
	return channels_find(r->channels, id) != NULL;
}

const char *routes_organisation(const struct routes *r)
{
	return r->organisation != NULL ? r->organisation : first_organisation;
}

const char *routes_target(const struct routes *r, const struct route *way, const char *type)
{
	const struct route_type *t = routes_type(r, type);

	if (t != NULL && t->target != NULL && strcmp(t->route, way->id) == 0)
		return t->target;
	return way->target != NULL ? way->target : "";
}

struct route_late routes_late(const struct routes *r, const struct route *way, const char *type,
			      const struct route_step *s)
{
	struct route_late l = {.clock = routes_target(r, way, type), .percent = ROUTES_WHOLE};

	if (l.clock[0] == '\0' && way->outer != NULL)
		l.clock = way->outer;
	if (s != NULL && s->late_at > 0)
		l.percent = s->late_at;
	return l;
}

const char *routes_name(const struct route_name *n)
{
	return i18n_is_zh() ? n->zh : n->en;
}

int routes_complain(const struct routes *r, const char *anchor, const char *text,
		    struct sl_why *why, const char *fmt, ...)
{
	char what[COMPLAINT];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return yaml_complain(r->path, anchor, text, what, why);
}

bool routes_of_unit(const struct routes *r, const char *role)
{
	bool asked = false;

	for (unsigned i = 0; i < r->routes_count; i++) {
		const struct route *way = &r->routes[i];

		for (unsigned n = 0; n < way->steps_count; n++) {
			const struct route_step *s = &way->steps[n];

			if (strcmp(s->role, role) != 0)
				continue;
			if (s->from == NULL || strcmp(s->from, "unit") != 0)
				return false;
			asked = true;
		}
	}
	for (unsigned i = 0; i < r->modifiers_count; i++) {
		if (r->modifiers[i].role != NULL && strcmp(r->modifiers[i].role, role) == 0)
			return false;
	}
	return asked;
}
