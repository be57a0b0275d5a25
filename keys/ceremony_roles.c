/* ceremony_roles.c - roles of root.json and targets.json, bins taken together. */
#include "keys/ceremony_roles.h"

#include <string.h>

#include "base/i18n.h"

static const char *const root_roles[] = {"root", "targets", "snapshot", "timestamp"};

bool ceremony_roles_holds(const struct tuf_role *r, const uint8_t key[KEY_PUBLIC])
{
	for (unsigned i = 0; i < r->n_keys; i++) {
		if (memcmp(r->keys[i], key, KEY_PUBLIC) == 0)
			return true;
	}
	return false;
}

static bool same_keys(const struct tuf_role *a, const struct tuf_role *b)
{
	if (a->threshold != b->threshold || a->n_keys != b->n_keys)
		return false;
	for (unsigned i = 0; i < a->n_keys; i++) {
		if (!ceremony_roles_holds(b, a->keys[i]))
			return false;
	}
	return true;
}

const struct tuf_role *ceremony_roles_find(const struct ceremony_roles *r, const char *name)
{
	for (unsigned i = 0; i < r->n; i++) {
		if (strcmp(r->role[i].name, name) == 0)
			return &r->role[i];
	}
	return NULL;
}

static int add_delegation(const struct tuf_meta *targets, const char *name,
			  struct ceremony_roles *r, struct sl_why *why)
{
	const struct tuf_role *known;
	struct tuf_role role;
	int e = tuf_role_of_targets(targets, name, &role, why);

	if (e != SL_OK)
		return e;
	role.name[strcspn(role.name, "-")] = '\0';
	known = ceremony_roles_find(r, role.name);
	if (known != NULL)
		return same_keys(known, &role)
			       ? SL_OK
			       : why_set(why, SL_E_DENIED, _("%s has other keys than %s"), name,
					 role.name);
	if (r->n == CEREMONY_ROLES_MAX)
		return why_set(why, SL_E_LIMIT, _("too many roles"));
	r->role[r->n++] = role;
	return SL_OK;
}

int ceremony_roles_read(const struct tuf_meta *root, const struct tuf_meta *targets,
			struct ceremony_roles *r, struct sl_why *why)
{
	const json_t *list, *v;
	int e = SL_OK;
	size_t i;

	r->n = 0;
	for (i = 0; root != NULL && i < 4 && e == SL_OK; i++) {
		e = tuf_role_of_root(root, root_roles[i], &r->role[r->n], why);
		r->of_root[r->n++] = true;
	}
	list = targets == NULL ? NULL
			       : json_arr(json_obj(targets->body, "delegations"), "roles");
	json_array_foreach(list, i, v)
	{
		const char *name = json_str(v, "name");

		if (e == SL_OK)
			e = name == NULL ? SL_E_FORMAT : add_delegation(targets, name, r, why);
	}
	return e;
}

bool ceremony_roles_use(const char *role, enum key_use *ret_use)
{
	static const struct {
		const char *role;
		enum key_use use;
	} uses[] = {
		{"root", KEY_TUF_ROOT},		{"targets", KEY_TUF_TARGETS},
		{"snapshot", KEY_TUF_SNAPSHOT}, {"timestamp", KEY_TUF_TIMESTAMP},
		{"policy", KEY_TUF_POLICY},	{"feed", KEY_TUF_FEED},
		{"rel", KEY_TUF_REL},
	};

	for (unsigned i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		if (strcmp(uses[i].role, role) == 0) {
			*ret_use = uses[i].use;
			return true;
		}
	}
	return false;
}
