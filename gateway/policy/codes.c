/* codes.c - one small YAML file, read by the desk and by the tool of the policy officers. */
#include "policy/codes.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/yaml.h"

enum { PATH_CAP = 4096, CODES_MAX = 64, ID_MAX = 31, NAME = 120, BASIS = 300 };

static const cyaml_strval_t outcomes[] = {{"return", CODE_RETURN}, {"refuse", CODE_REFUSE}};
static const cyaml_schema_field_t code_fields[] = {
	CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct code, id, 1, ID_MAX),
	CYAML_FIELD_ENUM("outcome", CYAML_FLAG_STRICT, struct code, outcome, outcomes, 2),
	CYAML_FIELD_STRING_PTR("zh", CYAML_FLAG_POINTER, struct code, zh, 1, NAME),
	CYAML_FIELD_STRING_PTR("en", CYAML_FLAG_POINTER, struct code, en, 1, NAME),
	CYAML_FIELD_STRING_PTR("basis", CYAML_FLAG_POINTER, struct code, basis, 1, BASIS),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t code_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct code, code_fields),
};
static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_SEQUENCE("codes", CYAML_FLAG_POINTER, struct codes, codes, &code_schema, 1,
			     CODES_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct codes, file_fields),
};

static const struct code *find(const struct codes *c, const char *id)
{
	for (unsigned i = 0; i < c->codes_count; i++) {
		if (strcmp(c->codes[i].id, id) == 0)
			return &c->codes[i];
	}
	return NULL;
}

static int check(const struct codes *c, const char *path, struct sl_why *why)
{
	unsigned n[2] = {0, 0};

	for (unsigned i = 0; i < c->codes_count; i++) {
		const struct code *k = &c->codes[i];

		if (strspn(k->id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(k->id))
			return why_set(why, SL_E_CONFIG,
				       _("%s: a code is written with a to z, 0 to 9 and '-'"),
				       path);
		if (find(c, k->id) != k)
			return why_set(why, SL_E_CONFIG, _("%s names the code %s twice"), path,
				       k->id);
		n[k->outcome]++;
	}
	/* A list that lacks one of the two would make that decision impossible. */
	if (n[CODE_RETURN] == 0 || n[CODE_REFUSE] == 0)
		return why_set(why, SL_E_CONFIG, _("%s has no code to %s with"), path,
			       n[CODE_RETURN] == 0 ? "return" : "refuse");
	return SL_OK;
}

int codes_load(const char *policies_dir, struct codes **ret_c, struct sl_why *why)
{
	char path[PATH_CAP];
	void *file = NULL;
	int r = file_join(path, sizeof(path), policies_dir, "codes.yaml");

	if (r != SL_OK)
		return why_set(why, r, _("the path of the policies is too long"));
	r = yaml_load(path, &file_schema, &file, why);
	if (r == SL_OK)
		r = check(file, path, why);
	if (r != SL_OK) {
		codes_free(file);
		return r;
	}
	*ret_c = file;
	return SL_OK;
}

void codes_free(struct codes *c)
{
	yaml_free(&file_schema, c, 0);
}

const char *code_outcome_name(enum code_outcome outcome)
{
	return outcomes[outcome].str;
}

int codes_check(const struct codes *c, enum code_outcome outcome, const char *id,
		struct sl_why *why)
{
	const struct code *k = c == NULL ? NULL : find(c, id);
	char list[400] = "";
	size_t used = 0;

	if (c == NULL || (k != NULL && k->outcome == outcome))
		return SL_OK;
	for (unsigned i = 0; i < c->codes_count && used < sizeof(list); i++) {
		if (c->codes[i].outcome == outcome)
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
						 used > 0 ? ", " : "", c->codes[i].id);
	}
	return why_set(
		why, SL_E_DENIED,
		outcome == CODE_RETURN
			? _("\"%.40s\" is no code to return a draft with; use one of: %s")
			: _("\"%.40s\" is no code to refuse a draft with; use one of: %s"),
		id, list);
}

json_t *codes_json(const struct codes *c)
{
	json_t *list = json_array();

	for (unsigned i = 0; c != NULL && list != NULL && i < c->codes_count; i++) {
		const struct code *k = &c->codes[i];

		if (json_array_append_new(
			    list, json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", k->id, "outcome",
					    code_outcome_name(k->outcome), "zh", k->zh, "en",
					    k->en, "basis", k->basis)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}
