/* ceremony_plain.c - is there anything in a document that the summary does not show?
 *
 * TUF lets a signer add members, paths and patterns that people would sign unseen, such
 * as a delegation that covers more than its name says.  So the document is built once
 * more from the facts that the summary shows, and must come out the same. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "keys/ceremony.h"
#include "keys/ceremony_roles.h"
#include "trust/tuf_writer.h"

static bool spec(const struct ceremony_roles *roles, const char *name,
		 struct tuf_role_spec *ret)
{
	const struct tuf_role *role = ceremony_roles_find(roles, name);

	if (role == NULL)
		return false;
	*ret = (struct tuf_role_spec){.name = name,
				      .threshold = role->threshold,
				      .keys = (const uint8_t(*)[KEY_PUBLIC])role->keys,
				      .n_keys = role->n_keys};
	return true;
}

static json_t *again_root(const struct tuf_meta *m, const struct ceremony_roles *r)
{
	struct tuf_role_spec s[4];

	if (!spec(r, "root", &s[0]) || !spec(r, "targets", &s[1]) ||
	    !spec(r, "snapshot", &s[2]) || !spec(r, "timestamp", &s[3]))
		return NULL;
	return tuf_root_body(m->version, m->expires, s, 4);
}

static json_t *again_targets(const struct tuf_meta *m, const struct ceremony_roles *r)
{
	struct tuf_role_spec policy, feed, rel;

	if (!spec(r, "policy", &policy) || !spec(r, "feed", &feed) || !spec(r, "rel", &rel))
		return NULL;
	return tuf_targets_body(m->version, m->expires, &policy, &feed, &rel);
}

static json_t *again_policy(const struct tuf_meta *m)
{
	json_t *old = json_object_get((json_t *)(uintptr_t)m->body, "targets"),
	       *list = json_object(), *t, *body;
	uint8_t digest[HASH_LEN];
	const char *path;

	json_object_foreach(old, path, t)
	{
		const char *hex = json_str(json_obj(t, "hashes"), "sha256");
		int64_t length = 0;

		if (hex != NULL && text_unhex(hex, strlen(hex), digest, HASH_LEN) &&
		    json_i64(t, "length", &length) && length >= 0)
			tuf_target_put(list, path, digest, (uint64_t)length);
	}
	body = tuf_leaf_body(m->version, m->expires, list);
	json_decref(list);
	return body;
}

/* Keys that no role uses are not shown either, and rebuilding leaves them out. */
int ceremony_plain(const struct tuf_meta *m, enum ceremony_doc d, struct sl_why *why)
{
	struct ceremony_roles *roles = calloc(1, sizeof(*roles));
	json_t *again = NULL;
	int r = roles == NULL ? SL_E_NOMEM : SL_OK;

	if (r == SL_OK && d != CEREMONY_POLICY)
		r = ceremony_roles_read(d == CEREMONY_ROOT ? m : NULL,
					d == CEREMONY_TARGETS ? m : NULL, roles, why);
	if (r == SL_OK)
		again = d == CEREMONY_ROOT	? again_root(m, roles)
			: d == CEREMONY_TARGETS ? again_targets(m, roles)
						: again_policy(m);
	if (r == SL_OK && !json_equal(again, m->body))
		r = why_set(why, SL_E_DENIED,
			    _("the new %s.json says more than this program can show; nobody "
			      "may sign what is not shown"),
			    ceremony_doc_name(d));
	json_decref(again);
	free(roles);
	return r;
}
