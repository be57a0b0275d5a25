/* ceremony_plan.c - which documents a change touches, and their new bodies.
 *
 * Pure: no files.  What it makes is checked again by ceremony_check, from the bytes on
 * the medium, before anyone signs. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "keys/ceremony.h"
#include "keys/ceremony_roles.h"
#include "trust/tuf_writer.h"

struct plan {
	const struct ceremony_plan *p;
	struct ceremony_roles roles;
	bool change[CEREMONY_DOCS];
};

static struct tuf_role *role_for_edit(struct plan *x, const char *name, struct sl_why *why)
{
	enum key_use use;

	if (!ceremony_roles_use(name, &use)) {
		(void)why_set(why, SL_E_USAGE,
			      _("there is no role %s; roles are root, targets, snapshot, "
				"timestamp, policy, feed and rel"),
			      name);
		return NULL;
	}
	for (unsigned i = 0; i < x->roles.n; i++) {
		if (strcmp(x->roles.role[i].name, name) == 0) {
			x->change[x->roles.of_root[i] ? CEREMONY_ROOT : CEREMONY_TARGETS] =
				true;
			return &x->roles.role[i];
		}
	}
	(void)why_set(why, SL_E_NOTFOUND, _("there is no role %s"), name);
	return NULL;
}

/* The roles of an installation that has none yet. */
static void first_roles(struct ceremony_roles *r)
{
	static const struct {
		const char *name;
		bool of_root;
	} first[] = {{"root", true},	  {"targets", true}, {"snapshot", true},
		     {"timestamp", true}, {"policy", false}, {"feed", false},
		     {"rel", false}};

	r->n = 0;
	for (unsigned i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		struct tuf_role *role = &r->role[r->n];

		memset(role, 0, sizeof(*role));
		memcpy(role->name, first[i].name, strlen(first[i].name) + 1);
		r->of_root[r->n++] = first[i].of_root;
	}
}

static int add_key(struct tuf_role *role, const uint8_t key[KEY_PUBLIC], struct sl_why *why)
{
	char id[KEY_ID_HEX + 1];

	key_id_of(key, id);
	if (ceremony_roles_holds(role, key))
		return why_set(why, SL_E_EXISTS, _("key %.16s has the role %s already"), id,
			       role->name);
	if (role->n_keys == TUF_KEYS_MAX)
		return why_set(why, SL_E_LIMIT, _("too many keys for the role %s"), role->name);
	memcpy(role->keys[role->n_keys], key, KEY_PUBLIC);
	memcpy(role->keyids[role->n_keys++], id, sizeof(id));
	return SL_OK;
}

static int remove_key(struct tuf_role *role, const uint8_t key[KEY_PUBLIC], struct sl_why *why)
{
	char id[KEY_ID_HEX + 1];

	for (unsigned i = 0; i < role->n_keys; i++) {
		if (memcmp(role->keys[i], key, KEY_PUBLIC) != 0)
			continue;
		role->n_keys--;
		memmove(role->keys[i], role->keys[role->n_keys], KEY_PUBLIC);
		memmove(role->keyids[i], role->keyids[role->n_keys], sizeof(role->keyids[0]));
		return SL_OK;
	}
	key_id_of(key, id);
	return why_set(why, SL_E_NOTFOUND, _("key %.16s does not have the role %s"), id,
		       role->name);
}

static int apply_edits(struct plan *x, struct sl_why *why)
{
	const struct ceremony_plan *p = x->p;
	int r = SL_OK;

	for (unsigned i = 0; i < p->n_edit && r == SL_OK; i++) {
		struct tuf_role *role = role_for_edit(x, p->edit[i].role, why);

		if (role == NULL)
			return SL_E_USAGE;
		r = p->edit[i].add ? add_key(role, p->edit[i].key, why)
				   : remove_key(role, p->edit[i].key, why);
	}
	for (unsigned i = 0; i < p->n_threshold && r == SL_OK; i++) {
		struct tuf_role *role = role_for_edit(x, p->threshold[i].role, why);

		if (role == NULL)
			return SL_E_USAGE;
		role->threshold = p->threshold[i].n;
	}
	for (unsigned i = 0; i < x->roles.n && r == SL_OK; i++) {
		const struct tuf_role *role = &x->roles.role[i];

		if (role->threshold < 1 || role->threshold > role->n_keys)
			r = why_set(why, SL_E_DENIED, _("role %s: %u of %u keys cannot sign"),
				    role->name, role->threshold, role->n_keys);
	}
	return r;
}

static void what_changes(struct plan *x)
{
	const struct ceremony_plan *p = x->p;
	const struct tuf_role *role;

	for (unsigned d = 0; d < CEREMONY_DOCS; d++)
		x->change[d] = x->change[d] || p->renew[d] || p->old[d] == NULL;
	x->change[CEREMONY_POLICY] =
		x->change[CEREMONY_POLICY] || p->approval_policy != NULL || p->n_file > 0;
	/* Whoever is in charge after the change must have signed what stays. */
	role = ceremony_roles_find(&x->roles, "targets");
	if (!x->change[CEREMONY_TARGETS] &&
	    tuf_verify(p->old[CEREMONY_TARGETS], role, NULL) != SL_OK)
		x->change[CEREMONY_TARGETS] = true;
	role = ceremony_roles_find(&x->roles, "policy");
	if (!x->change[CEREMONY_POLICY] &&
	    (role == NULL || tuf_verify(p->old[CEREMONY_POLICY], role, NULL) != SL_OK))
		x->change[CEREMONY_POLICY] = true;
}

static struct tuf_role_spec spec(const struct plan *x, const char *name)
{
	const struct tuf_role *role = ceremony_roles_find(&x->roles, name);

	return (struct tuf_role_spec){.name = name,
				      .threshold = role->threshold,
				      .keys = (const uint8_t(*)[KEY_PUBLIC])role->keys,
				      .n_keys = role->n_keys};
}

static int64_t next_version(const struct plan *x, enum ceremony_doc d)
{
	return x->p->old[d] == NULL ? 1 : x->p->old[d]->version + 1;
}

static json_t *root_body(const struct plan *x)
{
	const struct tuf_role_spec roles[] = {spec(x, "root"), spec(x, "targets"),
					      spec(x, "snapshot"), spec(x, "timestamp")};

	return tuf_root_body(next_version(x, CEREMONY_ROOT), x->p->expires[CEREMONY_ROOT],
			     roles, 4);
}

static json_t *targets_body(const struct plan *x)
{
	const struct tuf_role_spec policy = spec(x, "policy"), feed = spec(x, "feed"),
				   rel = spec(x, "rel");

	return tuf_targets_body(next_version(x, CEREMONY_TARGETS),
				x->p->expires[CEREMONY_TARGETS], &policy, &feed, &rel);
}

static void put(json_t *list, const char *name, const struct buf *bytes)
{
	uint8_t digest[HASH_LEN];
	char path[TUF_PATH_MAX];

	hash_bytes(bytes->data, bytes->len, digest);
	(void)snprintf(path, sizeof(path), "policy/%s", name);
	tuf_target_put(list, path, digest, bytes->len);
}

/* Everything that was listed stays listed. */
static json_t *policy_body(const struct plan *x)
{
	const struct ceremony_plan *p = x->p;
	json_t *list = p->old[CEREMONY_POLICY] == NULL
			       ? json_object()
			       : json_copy(json_object_get(
					 (json_t *)(uintptr_t)p->old[CEREMONY_POLICY]->body,
					 "targets"));
	char name[64];
	json_t *body;

	if (p->approval_policy != NULL) {
		(void)snprintf(name, sizeof(name), "approval-policy-%lld.json",
			       (long long)p->approval_version);
		put(list, "approval-policy.json", p->approval_policy);
		put(list, name, p->approval_policy);
	}
	for (unsigned i = 0; i < p->n_file; i++)
		put(list, p->file[i].name, p->file[i].bytes);
	body = tuf_leaf_body(next_version(x, CEREMONY_POLICY), p->expires[CEREMONY_POLICY],
			     list);
	json_decref(list);
	return body;
}

static int make(const struct plan *x, json_t *ret[CEREMONY_DOCS])
{
	json_t *(*const makers[CEREMONY_DOCS])(const struct plan *) = {
		[CEREMONY_ROOT] = root_body,
		[CEREMONY_TARGETS] = targets_body,
		[CEREMONY_POLICY] = policy_body};
	json_t *made[CEREMONY_DOCS] = {NULL};
	int r = SL_OK;

	for (unsigned d = 0; d < CEREMONY_DOCS && r == SL_OK; d++) {
		if (x->change[d])
			made[d] = makers[d](x);
		if (x->change[d] && made[d] == NULL)
			r = SL_E_NOMEM;
	}
	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		if (r == SL_OK)
			ret[d] = made[d]; /* moved */
		else
			json_decref(made[d]);
	}
	return r;
}

int ceremony_plan(const struct ceremony_plan *p, json_t *ret[CEREMONY_DOCS], struct sl_why *why)
{
	struct plan *x = calloc(1, sizeof(*x));
	bool first = p->old[CEREMONY_ROOT] == NULL, any = false;
	int r = x == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		return r;
	x->p = p;
	if (first && p->approval_policy == NULL)
		r = why_set(why, SL_E_USAGE, _("the first ceremony needs an approval policy"));
	if (r == SL_OK && first)
		first_roles(&x->roles);
	else if (r == SL_OK)
		r = ceremony_roles_read(p->old[CEREMONY_ROOT], p->old[CEREMONY_TARGETS],
					&x->roles, why);
	if (r == SL_OK)
		r = apply_edits(x, why);
	if (r == SL_OK)
		what_changes(x);
	for (unsigned d = 0; d < CEREMONY_DOCS; d++)
		any = any || x->change[d];
	if (r == SL_OK && !any)
		r = why_set(why, SL_E_USAGE, _("nothing was asked to be changed"));
	if (r == SL_OK)
		r = make(x, ret);
	free(x);
	return r;
}
