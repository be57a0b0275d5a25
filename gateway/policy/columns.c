/* columns.c - one small YAML file, read by the desk. */
#include "policy/columns.h"

#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/yaml.h"

enum { PATH_CAP = 4096, COLUMNS_MAX = 512, WORD = 64, NAME = 200, UNIT = 47 };

static const cyaml_schema_field_t cosign_fields[] = {
	CYAML_FIELD_STRING_PTR("role", CYAML_FLAG_POINTER, struct column_cosign, role, 1, UNIT),
	CYAML_FIELD_STRING_PTR("unit", CYAML_FLAG_POINTER, struct column_cosign, unit, 1, UNIT),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t column_fields[] = {
	CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct column, id, 1, WORD),
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct column, name, 1, NAME),
	CYAML_FIELD_STRING_PTR("kind", CYAML_FLAG_POINTER, struct column, kind, 1, WORD),
	CYAML_FIELD_UINT("days", CYAML_FLAG_DEFAULT, struct column, days),
	CYAML_FIELD_STRING_PTR("owner", CYAML_FLAG_POINTER, struct column, owner, 1, UNIT),
	CYAML_FIELD_MAPPING_PTR("cosign", CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,
				struct column, cosign, cosign_fields),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t column_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct column, column_fields),
};
static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_SEQUENCE("columns", CYAML_FLAG_POINTER, struct columns, columns,
			     &column_schema, 1, COLUMNS_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct columns, file_fields),
};

int columns_load(const char *policies_dir, struct columns **ret_c, struct sl_why *why)
{
	char path[PATH_CAP];
	struct columns *c;
	void *file = NULL;
	int r = file_join(path, sizeof(path), policies_dir, "columns.yaml");

	if (r != SL_OK)
		return why_set(why, r, _("the path of the policies is too long"));
	r = yaml_load(path, &file_schema, &file, why);
	if (r != SL_OK)
		return r;
	c = file;
	for (unsigned i = 0; i < c->columns_count; i++) {
		if (columns_find(c, c->columns[i].id) != &c->columns[i] ||
		    columns_find(c, c->columns[i].name) != &c->columns[i]) {
			r = why_set(why, SL_E_CONFIG, _("%s names the column %s twice"), path,
				    c->columns[i].id);
			columns_free(c);
			return r;
		}
	}
	*ret_c = c;
	return SL_OK;
}

void columns_free(struct columns *c)
{
	yaml_free(&file_schema, c, 0);
}

const struct column *columns_find(const struct columns *c, const char *name)
{
	for (unsigned i = 0; c != NULL && i < c->columns_count; i++) {
		if (strcmp(c->columns[i].id, name) == 0 ||
		    strcmp(c->columns[i].name, name) == 0)
			return &c->columns[i];
	}
	return NULL;
}

const char *column_role(const struct column *c)
{
	return c->cosign != NULL ? c->cosign->role : "column-owner";
}

const char *column_unit(const struct column *c)
{
	return c->cosign != NULL ? c->cosign->unit : c->owner;
}
