/* routes.c - two small YAML files into one table. */
#include "intake/routes.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/yaml.h"
#include "policy/channels.h"

enum { PATH_CAP = 4096, ROWS_MAX = 256, WORD = 64 };
/* Where routes.yaml names none: the first user's. */
static const char first_organisation[] = "11349900MB0000012T";

struct route {
	char *type, *klass, *name;
};
struct route_file {
	char *escalate, *organisation;
	struct route *routes;
	unsigned routes_count;
};
struct routes {
	struct route_file *file;
	struct channels *channels;
};

static const cyaml_schema_field_t route_fields[] = {
	CYAML_FIELD_STRING_PTR("type", CYAML_FLAG_POINTER, struct route, type, 1, 15),
	CYAML_FIELD_STRING_PTR("class", CYAML_FLAG_POINTER, struct route, klass, 1, 7),
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct route,
			       name, 0, 200),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t route_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct route, route_fields),
};
static const cyaml_schema_field_t route_file_fields[] = {
	CYAML_FIELD_STRING_PTR("escalate", CYAML_FLAG_POINTER, struct route_file, escalate, 1,
			       7),
	CYAML_FIELD_STRING_PTR("organisation", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
			       struct route_file, organisation, 1, WORD),
	CYAML_FIELD_SEQUENCE("routes", CYAML_FLAG_POINTER, struct route_file, routes,
			     &route_schema, 1, ROWS_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t route_file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct route_file, route_file_fields),
};

static int load(const char *dir, void **ret_file, struct sl_why *why)
{
	char path[PATH_CAP];
	int r = file_join(path, sizeof(path), dir, "routes.yaml");

	if (r != SL_OK)
		return why_set(why, r, _("the path of the policies is too long"));
	r = yaml_load(path, &route_file_schema, ret_file, why);
	return r == SL_E_NOTFOUND ? why_set(why, SL_E_CONFIG, _("there is no %s"), path) : r;
}

int routes_load(const char *policies_dir, struct routes **ret_r, struct sl_why *why)
{
	struct routes *t = calloc(1, sizeof(*t));
	void *file = NULL;
	int r;

	if (t == NULL)
		return SL_E_NOMEM;
	r = load(policies_dir, &file, why);
	if (r != SL_OK)
		goto out;
	t->file = file;
	r = channels_load(policies_dir, &t->channels, why);
	if (r == SL_E_NOTFOUND)
		r = why_set(why, SL_E_CONFIG, _("there is no %s/channels.yaml"), policies_dir);
	if (r != SL_OK)
		goto out;
	for (unsigned i = 0; i < t->file->routes_count; i++) {
		if (strcmp(routes_class(t, t->file->routes[i].type),
			   t->file->routes[i].klass) != 0) {
			r = why_set(why, SL_E_CONFIG, _("routes.yaml names %s twice"),
				    t->file->routes[i].type);
			goto out;
		}
	}
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
	yaml_free(&route_file_schema, r->file, 0);
	channels_free(r->channels);
	free(r);
}

const char *routes_class(const struct routes *r, const char *content_type)
{
	for (unsigned i = 0; i < r->file->routes_count; i++) {
		if (strcmp(r->file->routes[i].type, content_type) == 0)
			return r->file->routes[i].klass;
	}
	return NULL;
}

const char *routes_escalate(const struct routes *r)
{
	return r->file->escalate;
}

bool routes_channel_known(const struct routes *r, const char *id)
{
	return channels_find(r->channels, id) != NULL;
}

const char *routes_organisation(const struct routes *r)
{
	return r->file->organisation != NULL ? r->file->organisation : first_organisation;
}
