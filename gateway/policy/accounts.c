/* accounts.c - two YAML files, and what they mean on a day. */
#include "policy/accounts.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/yaml.h"
#include "policy/workdays.h"

enum {
	PATH_CAP = 4096,
	UNITS_MAX = 256,
	ACCOUNTS_MAX = 1024,
	WORD = 47,
	NAME = 200,
	DAY_TEXT = 10,
	ZONE_S = 8 * 3600,
	DAY_S = 86400
};

#define WORD_FIELD(s, key, member)                                                             \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, s, member, 1, WORD)
#define DAY_FIELD(s, key, member)                                                              \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, s, member, DAY_TEXT, DAY_TEXT)

static const cyaml_schema_field_t unit_fields[] = {
	WORD_FIELD(struct unit, "id", id),
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct unit, name, 1, NAME),
	WORD_FIELD(struct unit, "kind", kind),
	CYAML_FIELD_STRING_PTR("parent", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct unit,
			       parent, 1, WORD),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t unit_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct unit, unit_fields),
};
static const cyaml_schema_field_t units_fields[] = {
	CYAML_FIELD_SEQUENCE("units", CYAML_FLAG_POINTER, struct units, units, &unit_schema, 1,
			     UNITS_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t units_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct units, units_fields),
};

static const cyaml_schema_value_t role_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, WORD),
};
static const cyaml_schema_field_t substitute_fields[] = {
	WORD_FIELD(struct substitute, "for", instead_of),
	WORD_FIELD(struct substitute, "role", role),
	DAY_FIELD(struct substitute, "from", from),
	DAY_FIELD(struct substitute, "until", until),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t substitute_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct substitute, substitute_fields),
};
static const cyaml_schema_field_t account_fields[] = {
	WORD_FIELD(struct account, "pid", pid),
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct account, name, 1, NAME),
	WORD_FIELD(struct account, "unit", unit),
	CYAML_FIELD_SEQUENCE_COUNT("roles", CYAML_FLAG_POINTER, struct account, roles.item,
				   roles.n, &role_schema, 1, ROSTER_ROLES_MAX),
	DAY_FIELD(struct account, "trained_on", trained_on),
	DAY_FIELD(struct account, "confirmed_on", confirmed_on),
	CYAML_FIELD_SEQUENCE("substitutes", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
			     struct account, substitutes, &substitute_schema, 0, 32),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t account_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct account, account_fields),
};
static const cyaml_schema_field_t accounts_fields[] = {
	CYAML_FIELD_SEQUENCE("accounts", CYAML_FLAG_POINTER, struct accounts, accounts,
			     &account_schema, 1, ACCOUNTS_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t accounts_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct accounts, accounts_fields),
};

static int load(const char *dir, const char *name, const cyaml_schema_value_t *schema,
		char path[PATH_CAP], void **ret_data, struct sl_why *why)
{
	int r = file_join(path, PATH_CAP, dir, name);

	if (r != SL_OK)
		return why_set(why, r, _("the path of the policies is too long"));
	return yaml_load(path, schema, ret_data, why);
}

const struct unit *units_find(const struct units *u, const char *id)
{
	for (unsigned i = 0; u != NULL && i < u->units_count; i++) {
		if (strcmp(u->units[i].id, id) == 0)
			return &u->units[i];
	}
	return NULL;
}

static int check_units(const struct units *u, const char *path, struct sl_why *why)
{
	for (unsigned i = 0; i < u->units_count; i++) {
		const struct unit *k = &u->units[i];

		if (units_find(u, k->id) != k)
			return why_set(why, SL_E_CONFIG, _("%s names the unit %s twice"), path,
				       k->id);
		if (k->parent != NULL &&
		    (units_find(u, k->parent) == NULL || strcmp(k->parent, k->id) == 0))
			return why_set(why, SL_E_CONFIG, _("%s: %s has no parent %s"), path,
				       k->id, k->parent);
	}
	return SL_OK;
}

int units_load(const char *policies_dir, struct units **ret_u, struct sl_why *why)
{
	char path[PATH_CAP];
	void *data = NULL;
	int r = load(policies_dir, "units.yaml", &units_schema, path, &data, why);

	if (r == SL_OK)
		r = check_units(data, path, why);
	if (r != SL_OK) {
		units_free(data);
		return r;
	}
	*ret_u = data;
	return SL_OK;
}

void units_free(struct units *u)
{
	yaml_free(&units_schema, u, 0);
}

int accounts_load(const char *policies_dir, const struct units *u, struct accounts **ret_a,
		  struct sl_why *why)
{
	char path[PATH_CAP];
	void *data = NULL;
	int r = load(policies_dir, "accounts.yaml", &accounts_schema, path, &data, why);

	if (r == SL_OK)
		r = accounts_check(data, u, path, why);
	if (r != SL_OK) {
		accounts_free(data);
		return r;
	}
	*ret_a = data;
	return SL_OK;
}

void accounts_free(struct accounts *a)
{
	yaml_free(&accounts_schema, a, 0);
}

const struct account *accounts_find(const struct accounts *a, const char *pid)
{
	for (unsigned i = 0; i < a->accounts_count; i++) {
		if (strcmp(a->accounts[i].pid, pid) == 0)
			return &a->accounts[i];
	}
	return NULL;
}

bool account_has(const struct account *k, const char *role)
{
	for (unsigned i = 0; i < k->roles.n; i++) {
		if (strcmp(k->roles.item[i], role) == 0)
			return true;
	}
	return false;
}

int64_t accounts_day(int64_t now)
{
	return (now + ZONE_S) / DAY_S;
}

int64_t accounts_left(const struct account *k, int64_t today, const char **ret_what)
{
	int64_t trained = 0, confirmed = 0;
	bool by_training;

	/* Both were read as days when the file was loaded. */
	(void)workdays_parse(k->trained_on, &trained);
	(void)workdays_parse(k->confirmed_on, &confirmed);
	by_training = trained <= confirmed;
	if (ret_what != NULL)
		*ret_what = by_training ? "trained_on" : "confirmed_on";
	return (by_training ? trained : confirmed) + ACCOUNTS_YEAR - today;
}

static int check_current(const struct account *k, int64_t today, struct sl_why *why)
{
	const char *what;

	if (accounts_left(k, today, &what) >= 0)
		return SL_OK;
	if (strcmp(what, "trained_on") == 0)
		return why_set(
			why, SL_E_EXPIRED,
			_("your training of %s is more than a year old: take it again and "
			  "have the new day entered in accounts.yaml"),
			k->trained_on);
	return why_set(why, SL_E_EXPIRED,
		       _("your account was confirmed on %s, more than a year ago: your unit "
			 "administrator confirms it in accounts.yaml"),
		       k->confirmed_on);
}

int accounts_may(const struct accounts *a, const char *pid, const char *role, int64_t now,
		 const char **ret_instead_of, struct sl_why *why)
{
	int64_t today = accounts_day(now), from = 0, until = 0;
	const struct account *k = a == NULL ? NULL : accounts_find(a, pid);
	const struct substitute *other = NULL;
	int r;

	*ret_instead_of = NULL;
	if (a == NULL)
		return SL_OK;
	if (k == NULL)
		return why_set(
			why, SL_E_DENIED,
			_("accounts.yaml has no account for you: your unit administrator "
			  "enters it"));
	r = check_current(k, today, why);
	if (r != SL_OK || account_has(k, role))
		return r;
	for (unsigned i = 0; i < k->substitutes_count; i++) {
		const struct substitute *s = &k->substitutes[i];

		if (strcmp(s->role, role) != 0)
			continue;
		other = s;
		(void)workdays_parse(s->from, &from);
		(void)workdays_parse(s->until, &until);
		if (from <= today && today <= until) {
			*ret_instead_of = s->instead_of;
			return SL_OK;
		}
	}
	if (other != NULL)
		return why_set(why, SL_E_DENIED,
			       _("you stand in as %s for %s from %s to %s only; today you do "
				 "not"),
			       role, other->instead_of, other->from, other->until);
	return why_set(why, SL_E_DENIED, _("accounts.yaml does not give you the role %s"),
		       role);
}

static bool roster_gives(const struct roster *r, const struct account *k, const char *role)
{
	const struct roster_person *p = roster_person(r, k->pid);

	/* Who runs the machines signs nothing, so the roster knows no such role. */
	return strcmp(role, "system-admin") == 0 || (p != NULL && roster_has_role(p, role));
}

int accounts_within(const struct accounts *a, const struct roster *r, struct sl_why *why)
{
	for (unsigned i = 0; i < a->accounts_count; i++) {
		const struct account *k = &a->accounts[i];
		const char *lacks = NULL;

		for (unsigned n = 0; n < k->roles.n; n++)
			lacks = roster_gives(r, k, k->roles.item[n]) ? lacks : k->roles.item[n];
		for (unsigned n = 0; n < k->substitutes_count; n++)
			lacks = roster_gives(r, k, k->substitutes[n].role)
					? lacks
					: k->substitutes[n].role;
		if (lacks != NULL)
			return why_set(why, SL_E_DENIED,
				       _("the approval policy does not give %s the role %s: it "
					 "is signed first, then the account gets it"),
				       k->pid, lacks);
	}
	return SL_OK;
}

int accounts_same_unit(const struct accounts *a, const char *path, const struct roster *r,
		       struct sl_why *why)
{
	for (unsigned i = 0; i < a->accounts_count; i++) {
		const struct account *k = &a->accounts[i];
		const struct roster_person *p = roster_person(r, k->pid);
		char anchor[WORD + 8];
		struct sl_why what = {.text = ""};

		if (p == NULL || strcmp(p->unit, k->unit) == 0)
			continue;
		(void)why_set(&what, SL_E_CONFIG,
			      _("%s is of unit %s here and of unit %s in the approval policy: "
				"correct the one that is wrong and have it signed again"),
			      k->pid, k->unit, p->unit);
		(void)snprintf(anchor, sizeof(anchor), "pid: %s", k->pid);
		return yaml_complain(path, anchor, "unit:", what.text, why);
	}
	return SL_OK;
}
