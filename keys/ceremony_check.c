/* ceremony_check.c - the rules that a change of what custodians sign must keep.
 *
 * A custodian cannot be asked to see that a version was skipped or that one key sits
 * in two roles; the program refuses such a change before anyone is asked. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "keys/ceremony.h"
#include "keys/ceremony_roles.h"

enum { ALONE = 1, DEPTH = JSON_DEPTH_MAX };

/* What shall be in force after this change. */
static const struct tuf_meta *after(const struct ceremony *c, enum ceremony_doc d)
{
	return c->new[d] != NULL ? c->new[d] : c->old[d];
}

int ceremony_signers(const struct ceremony *c, enum ceremony_doc d,
		     struct tuf_role ret[CEREMONY_SETS], struct sl_why *why)
{
	const struct tuf_meta *root = after(c, CEREMONY_ROOT),
			      *targets = after(c, CEREMONY_TARGETS);
	int n = 0, r;

	if (d == CEREMONY_ROOT) {
		r = c->old[d] == NULL ? SL_OK
				      : tuf_role_of_root(c->old[d], "root", &ret[n++], why);
		if (r == SL_OK)
			r = tuf_role_of_root(root, "root", &ret[n++], why);
	} else if (d == CEREMONY_TARGETS) {
		r = tuf_role_of_root(root, "targets", &ret[n++], why);
	} else {
		r = tuf_role_of_targets(targets, "policy", &ret[n++], why);
	}
	return r == SL_OK ? n : r;
}

const struct ceremony_signature *
ceremony_signed_by(const struct ceremony *c, enum ceremony_doc d, const uint8_t key[KEY_PUBLIC])
{
	for (unsigned i = 0; i < c->n_sig; i++) {
		if (c->sig[i].doc == d && memcmp(c->sig[i].key, key, KEY_PUBLIC) == 0)
			return &c->sig[i];
	}
	return NULL;
}

unsigned ceremony_count(const struct ceremony *c, enum ceremony_doc d,
			const struct tuf_role *set)
{
	unsigned n = 0;

	for (unsigned i = 0; i < set->n_keys; i++)
		n += ceremony_signed_by(c, d, set->keys[i]) != NULL;
	return n;
}

/* ---- is what is said to be in force really so? ---- */

static int check_old(const struct ceremony *c, struct sl_why *why)
{
	const struct tuf_meta *const *o = (const struct tuf_meta *const *)c->old;
	struct tuf_role role;
	int r = SL_OK;

	if (o[CEREMONY_ROOT] == NULL)
		return o[CEREMONY_TARGETS] == NULL && o[CEREMONY_POLICY] == NULL
			       ? SL_OK
			       : why_set(why, SL_E_FORMAT, _("old/root.json is missing"));
	r = tuf_role_of_root(o[CEREMONY_ROOT], "root", &role, why);
	if (r == SL_OK)
		r = tuf_verify(o[CEREMONY_ROOT], &role, why);
	if (r == SL_OK && o[CEREMONY_TARGETS] != NULL) {
		r = tuf_role_of_root(o[CEREMONY_ROOT], "targets", &role, why);
		if (r == SL_OK)
			r = tuf_verify(o[CEREMONY_TARGETS], &role, why);
	}
	if (r == SL_OK && o[CEREMONY_POLICY] != NULL && o[CEREMONY_TARGETS] == NULL)
		r = why_set(why, SL_E_FORMAT, _("old/targets.json is missing"));
	if (r == SL_OK && o[CEREMONY_POLICY] != NULL) {
		r = tuf_role_of_targets(o[CEREMONY_TARGETS], "policy", &role, why);
		if (r == SL_OK)
			r = tuf_verify(o[CEREMONY_POLICY], &role, why);
	}
	return r == SL_OK ? r : why_prefix(why, r, "old");
}

/* ---- form ---- */

static bool printable(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s < 0x20 || *s > 0x7e)
			return false;
	}
	return true;
}

/* Names and values that a custodian reads are printable ASCII: nothing may turn a line
 * around or hide in it.  Other files (a name list in Chinese) are only shown by digest. */
static bool readable(const json_t *j, unsigned depth)
{
	const char *name;
	json_t *v;
	size_t i;
	void *at;

	if (depth == 0)
		return false;
	if (json_is_string(j))
		return printable(json_string_value(j));
	json_array_foreach(j, i, v)
	{
		if (!readable(v, depth - 1))
			return false;
	}
	at = json_object_iter((json_t *)(uintptr_t)j);
	for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)j, at)) {
		name = json_object_iter_key(at);
		if (!printable(name) || !readable(json_object_iter_value(at), depth - 1))
			return false;
	}
	return true;
}

static int check_document(const struct ceremony *c, enum ceremony_doc d, int64_t now,
			  struct sl_why *why)
{
	const struct tuf_meta *old = c->old[d], *new = c->new[d];
	const char *name = ceremony_doc_name(d);

	if (new == NULL)
		return old != NULL ? SL_OK
				   : why_set(why, SL_E_FORMAT, _("there is no %s.json"), name);
	if (new->version != (old == NULL ? 1 : old->version + 1))
		return why_set(why, SL_E_DENIED,
			       _("%s.json has version %lld; it must be one more than the "
				 "present one"),
			       name, (long long)new->version);
	if (new->expires <= now)
		return why_set(why, SL_E_EXPIRED, _("the new %s.json has expired already"),
			       name);
	if (!readable(new->body, DEPTH))
		return why_set(why, SL_E_FORMAT,
			       _("the new %s.json has characters that cannot be read out"),
			       name);
	return ceremony_plain(new, d, why);
}

/* ---- keys ---- */

static int check_alone(const struct tuf_role *role, struct sl_why *why)
{
	return role->threshold > ALONE
		       ? SL_OK
		       : why_set(why, SL_E_DENIED, _("%s: one key alone may not sign it"),
				 role->name);
}

/* One key, one use: a raw key in two roles would let one theft do for both. */
static int check_apart(const struct ceremony_roles *roles, struct sl_why *why)
{
	char id[KEY_ID_HEX + 1];

	for (unsigned i = 0; i < roles->n; i++) {
		for (unsigned k = i + 1; k < roles->n; k++) {
			for (unsigned x = 0; x < roles->role[i].n_keys; x++) {
				if (!ceremony_roles_holds(&roles->role[k],
							  roles->role[i].keys[x]))
					continue;
				key_id_of(roles->role[i].keys[x], id);
				return why_set(why, SL_E_DENIED,
					       _("key %.16s is in two roles, %s and %s"), id,
					       roles->role[i].name, roles->role[k].name);
			}
		}
	}
	return SL_OK;
}

static int check_keys(const struct ceremony *c, struct sl_why *why)
{
	struct ceremony_roles *roles = calloc(1, sizeof(*roles));
	struct tuf_role role;
	int r = roles == NULL ? SL_E_NOMEM
			      : ceremony_roles_read(after(c, CEREMONY_ROOT),
						    after(c, CEREMONY_TARGETS), roles, why);

	if (r == SL_OK)
		r = check_apart(roles, why);
	for (unsigned d = 0; d < CEREMONY_DOCS && r == SL_OK; d++) {
		const struct tuf_role *one =
			ceremony_roles_find(roles, ceremony_doc_name((enum ceremony_doc)d));

		r = one == NULL ? why_set(why, SL_E_NOTFOUND, _("there is no role %s"),
					  ceremony_doc_name((enum ceremony_doc)d))
				: check_alone(one, why);
	}
	/* What stays must still be signed by those who are in charge after the change. */
	if (r == SL_OK && c->new[CEREMONY_TARGETS] == NULL) {
		r = tuf_role_of_root(after(c, CEREMONY_ROOT), "targets", &role, why);
		if (r == SL_OK)
			r = tuf_verify(c->old[CEREMONY_TARGETS], &role, why);
	}
	if (r == SL_OK && c->new[CEREMONY_POLICY] == NULL) {
		r = tuf_role_of_targets(after(c, CEREMONY_TARGETS), "policy", &role, why);
		if (r == SL_OK)
			r = tuf_verify(c->old[CEREMONY_POLICY], &role, why);
	}
	free(roles);
	return r;
}

/* ---- the approval policy ---- */

static const json_t *target(const struct tuf_meta *m, const char *path)
{
	return m == NULL ? NULL : json_obj(json_obj(m->body, "targets"), path);
}

static bool lists(const struct tuf_meta *m, const char *path, const uint8_t digest[HASH_LEN],
		  size_t len)
{
	const json_t *t = target(m, path);
	const char *sha256 = json_str(json_obj(t, "hashes"), "sha256");
	char hex[HASH_HEX + 1];
	int64_t length;

	text_hex(digest, HASH_LEN, hex);
	return sha256 != NULL && strcmp(sha256, hex) == 0 && json_i64(t, "length", &length) &&
	       length == (int64_t)len;
}

/* Old versions stay listed: what was published under them is proved from them. */
static int check_history(const struct ceremony *c, struct sl_why *why)
{
	const json_t *old = c->old[CEREMONY_POLICY] == NULL
				    ? NULL
				    : json_obj(c->old[CEREMONY_POLICY]->body, "targets");
	void *at = json_object_iter((json_t *)(uintptr_t)old);

	for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)old, at)) {
		const char *path = json_object_iter_key(at);

		if (strncmp(path, "policy/approval-policy-", 23) == 0 &&
		    !json_equal(json_object_iter_value(at),
				target(c->new[CEREMONY_POLICY], path)))
			return why_set(why, SL_E_DENIED,
				       _("%s must stay listed as it is: releases were "
					 "published under it"),
				       path);
	}
	return SL_OK;
}

static int check_policy(const struct ceremony *c, struct sl_why *why)
{
	const struct tuf_meta *new = c->new[CEREMONY_POLICY];
	const char *current = "policy/approval-policy.json";
	const struct roster *r = c->new_roster;
	char path[96];

	if (c->old[CEREMONY_POLICY] != NULL &&
	    (c->old_roster == NULL || !lists(c->old[CEREMONY_POLICY], current,
					     roster_digest(c->old_roster), c->old_policy.len)))
		return why_set(why, SL_E_SIGNATURE,
			       _("old/approval-policy.json is not the one in force"));
	if (new == NULL)
		return r == NULL ? SL_OK
				 : why_set(why, SL_E_FORMAT,
					   _("a new approval policy needs a new policy.json"));
	if (r == NULL)
		return json_equal(target(new, current),
				  target(c->old[CEREMONY_POLICY], current)) &&
				       target(new, current) != NULL
			       ? check_history(c, why)
			       : why_set(why, SL_E_FORMAT,
					 _("new/approval-policy.json is missing"));
	(void)snprintf(path, sizeof(path), "policy/approval-policy-%lld.json",
		       (long long)roster_version(r));
	if (!lists(new, current, roster_digest(r), c->new_policy.len) ||
	    !lists(new, path, roster_digest(r), c->new_policy.len))
		return why_set(why, SL_E_SIGNATURE,
			       _("new/approval-policy.json is not the one that policy.json "
				 "lists"));
	if (c->old_roster != NULL && roster_version(r) <= roster_version(c->old_roster))
		return why_set(why, SL_E_DENIED,
			       _("the approval policy needs a version above %lld"),
			       (long long)roster_version(c->old_roster));
	return check_history(c, why);
}

int ceremony_check(const struct ceremony *c, int64_t now, struct sl_why *why)
{
	bool consistent = false;
	int r;

	if (c->new[CEREMONY_ROOT] == NULL && c->new[CEREMONY_TARGETS] == NULL &&
	    c->new[CEREMONY_POLICY] == NULL)
		return why_set(why, SL_E_NOTFOUND,
			       _("there is nothing to sign in this folder"));
	r = check_old(c, why);
	for (unsigned d = 0; d < CEREMONY_DOCS && r == SL_OK; d++)
		r = check_document(c, (enum ceremony_doc)d, now, why);
	if (r == SL_OK &&
	    (!json_bool(after(c, CEREMONY_ROOT)->body, "consistent_snapshot", &consistent) ||
	     !consistent))
		r = why_set(why, SL_E_FORMAT, "consistent_snapshot");
	if (r == SL_OK)
		r = check_keys(c, why);
	return r == SL_OK ? check_policy(c, why) : r;
}
