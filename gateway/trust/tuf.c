/* tuf.c - TUF 1.0.34 metadata: parsing and verifying signatures.
 *
 * Hostile: all bytes until tuf_verify has passed, and even then only as much as
 * the role that signed is trusted.  Invariant of a parsed file: keys are counted by
 * their raw bytes, never by names or signatures.  Which JSON, keys and digests are
 * read at all is the profile's business (tuf_profile.h). */
#include "trust/tuf.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "trust/tuf_private.h"

static const struct {
	const char *type;
	size_t max;
} types[] = {
	{"root", TUF_ROOT_MAX},
	{"timestamp", TUF_TIMESTAMP_MAX},
	{"snapshot", TUF_SNAPSHOT_MAX},
	{"targets", TUF_TARGETS_MAX},
};
static const char *const top_roles[] = {"root", "snapshot", "targets", "timestamp", NULL};

size_t tuf_type_max(const char *type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].type, type) == 0)
			return types[i].max;
	}
	return 0;
}

/* Each {"keyid","sig"}; a key id at most once, or one key could be offered many times.  What
 * is no key id names no key of any role; nobody signed it, so no message repeats it. */
static int check_signatures(const json_t *list, struct sl_why *why)
{
	static const char *const names[] = {"keyid", "sig", NULL};
	const json_t *v;
	size_t i;

	if (json_array_size(list) > TUF_KEYS_MAX)
		return why_set(why, SL_E_LIMIT, "too many signatures");
	json_array_foreach(list, i, v)
	{
		const char *id = json_str(v, "keyid"), *sig = json_str(v, "sig");

		if (!json_has_only(v, names, NULL) || id == NULL || sig == NULL)
			return why_set(why, SL_E_FORMAT, "a signature is malformed");
		for (size_t k = 0; k < i; k++) {
			if (strcmp(json_str(json_array_get(list, k), "keyid"), id) == 0)
				return why_set(why, SL_E_FORMAT, "two signatures of key %s",
					       text_is_sha256(id) ? id : "(malformed)");
		}
	}
	return SL_OK;
}

static bool spec_ok(const char *s)
{
	return s != NULL && s[0] == '1' && s[1] == '.' &&
	       strspn(s + 1, ".0123456789") == strlen(s + 1);
}

static int read_common(struct tuf_meta *m, const char *type, struct sl_why *why)
{
	static const char *const names[] = {"signatures", "signed", NULL};
	const char *said, *expires;

	m->body = json_obj(m->json, "signed");
	if (m->body == NULL || json_arr(m->json, "signatures") == NULL ||
	    !json_has_only(m->json, names, NULL))
		return why_set(why, SL_E_FORMAT, "not {signatures, signed}");
	said = json_str(m->body, "_type");
	if (said == NULL || strcmp(said, type) != 0)
		return why_set(why, SL_E_FORMAT, "its _type is not %s", type);
	if (!spec_ok(json_str(m->body, "spec_version")))
		return why_set(why, SL_E_UNSUPPORTED, "spec_version is not 1.x");
	if (!json_i64(m->body, "version", &m->version) || m->version < 1)
		return why_set(why, SL_E_FORMAT, "version is not a number above 0");
	expires = json_str(m->body, "expires");
	/* What cannot be read is not "never": the file is refused. */
	if (expires == NULL || !clock_parse(expires, strlen(expires), &m->expires))
		return why_set(why, SL_E_FORMAT, "expires is not YYYY-MM-DDTHH:MM:SSZ");
	(void)snprintf(m->type, sizeof(m->type), "%s", type);
	return check_signatures(json_arr(m->json, "signatures"), why);
}

static int check_root(const struct tuf_meta *m, struct sl_why *why)
{
	struct tuf_role role;
	bool consistent;
	int r = SL_OK;

	if (json_object_size(json_obj(m->body, "roles")) != 4 ||
	    !json_bool(m->body, "consistent_snapshot", &consistent))
		return why_set(why, SL_E_FORMAT, "roles or consistent_snapshot");
	for (unsigned i = 0; top_roles[i] != NULL && r == SL_OK; i++)
		r = tuf_role_of_root(m, top_roles[i], &role, why);
	return r;
}

int tuf_parse(const void *bytes, size_t len, const char *type, struct tuf_meta **ret_m,
	      struct sl_why *why)
{
	struct tuf_meta *m = calloc(1, sizeof(*m));
	size_t max = tuf_type_max(type);
	int r = m == NULL ? SL_E_NOMEM : tuf_profile_read(bytes, len, max, &m->json);

	BUG(max == 0);
	if (r != SL_OK) {
		(void)why_set(why, r,
			      r == SL_E_LIMIT ? "too large or too deep" : "not canonical JSON");
		goto out;
	}
	r = read_common(m, type, why);
	if (r == SL_OK && strcmp(type, "root") == 0)
		r = check_root(m, why);
	if (r == SL_OK && strcmp(type, "targets") == 0)
		r = tuf_check_targets(m, why);
	if (r == SL_OK && (strcmp(type, "snapshot") == 0 || strcmp(type, "timestamp") == 0))
		r = tuf_check_meta(m, why);
	if (r != SL_OK)
		goto out;
	hash_bytes(bytes, len, m->sha256);
	m->length = len;
	*ret_m = m;
	m = NULL; /* moved */
out:
	tuf_free(m);
	return r == SL_OK ? r : why_prefix(why, r, "%s metadata", type);
}

void tuf_free(struct tuf_meta *m)
{
	if (m == NULL)
		return;
	json_decref(m->json);
	free(m);
}

struct tuf_meta *tuf_share(const struct tuf_meta *m)
{
	struct tuf_meta *again = malloc(sizeof(*again));

	if (again == NULL)
		return NULL;
	*again = *m;
	json_incref(again->json);
	return again;
}

static int read_key(const json_t *keys, const char *id, struct tuf_role *role,
		    struct sl_why *why)
{
	const json_t *k = json_obj(keys, id);
	uint8_t *raw = role->keys[role->n_keys];
	int r;

	if (k == NULL || strlen(id) != KEY_ID_HEX)
		return why_set(why, SL_E_FORMAT, "role %s: key %s is malformed", role->name,
			       id);
	r = tuf_profile_key(k, id, raw, why);
	if (r != SL_OK)
		return why_prefix(why, r, "role %s", role->name);
	for (unsigned i = 0; i < role->n_keys; i++) {
		if (memcmp(role->keys[i], raw, KEY_PUBLIC) == 0)
			return why_set(why, SL_E_FORMAT, "role %s: key %s twice", role->name,
				       id);
	}
	memcpy(role->keyids[role->n_keys++], id, KEY_ID_HEX + 1);
	return SL_OK;
}

/* entry: {"keyids":[…],"threshold":n, …}; keys: {id: key object}. */
static int read_role(const json_t *entry, const json_t *keys, const char *name,
		     struct tuf_role *ret, struct sl_why *why)
{
	const json_t *ids = json_arr(entry, "keyids"), *v;
	int64_t threshold;
	size_t i;
	int r;

	memset(ret, 0, sizeof(*ret));
	if (strlen(name) == 0 || strlen(name) >= TUF_ROLE_MAX || ids == NULL || keys == NULL ||
	    !json_i64(entry, "threshold", &threshold))
		return why_set(why, SL_E_FORMAT, "role %s is malformed", name);
	memcpy(ret->name, name, strlen(name) + 1);
	if (json_array_size(ids) > TUF_KEYS_MAX)
		return why_set(why, SL_E_LIMIT, "role %s has too many keys", name);
	json_array_foreach(ids, i, v)
	{
		const char *id = json_string_value(v);

		if (id == NULL)
			return why_set(why, SL_E_FORMAT, "role %s is malformed", name);
		r = read_key(keys, id, ret, why);
		if (r != SL_OK)
			return r;
	}
	if (!tuf_profile_threshold(threshold, ret->n_keys))
		return why_set(why, SL_E_DENIED, "role %s: threshold %lld of %u keys", name,
			       (long long)threshold, ret->n_keys);
	ret->threshold = (unsigned)threshold;
	return SL_OK;
}

int tuf_role_of_root(const struct tuf_meta *root, const char *role, struct tuf_role *ret,
		     struct sl_why *why)
{
	const json_t *entry = json_obj(json_obj(root->body, "roles"), role);

	if (entry == NULL)
		return why_set(why, SL_E_NOTFOUND, "root has no role %s", role);
	return read_role(entry, json_obj(root->body, "keys"), role, ret, why);
}

int tuf_role_of_targets(const struct tuf_meta *targets, const char *role, struct tuf_role *ret,
			struct sl_why *why)
{
	const json_t *delegations = json_obj(targets->body, "delegations"), *v;
	size_t i;

	json_array_foreach(json_arr(delegations, "roles"), i, v)
	{
		const char *name = json_str(v, "name");

		if (name != NULL && strcmp(name, role) == 0)
			return read_role(v, json_obj(delegations, "keys"), role, ret, why);
	}
	return why_set(why, SL_E_NOTFOUND, "no delegation to role %s", role);
}

static const char *signature_of(const struct tuf_meta *m, const char *keyid)
{
	const json_t *v;
	size_t i;

	json_array_foreach(json_arr(m->json, "signatures"), i, v)
	{
		if (strcmp(json_str(v, "keyid"), keyid) == 0)
			return json_str(v, "sig");
	}
	return NULL;
}

int tuf_verify(const struct tuf_meta *m, const struct tuf_role *role, struct sl_why *why)
{
	unsigned good = 0;
	struct buf bytes;
	int r;

	buf_init(&bytes, TUF_TARGETS_MAX);
	r = tuf_profile_signed(m->body, &bytes);
	/* Going through keys, not signatures: whatever is repeated, a key counts once. */
	for (unsigned i = 0; r == SL_OK && i < role->n_keys; i++) {
		const char *hex = signature_of(m, role->keyids[i]);

		if (hex != NULL &&
		    tuf_profile_verify(role->keys[i], bytes.data, bytes.len, hex))
			good++;
	}
	buf_release(&bytes);
	if (r != SL_OK)
		return why_set(why, r, "%s metadata: signed part", m->type);
	if (good < role->threshold)
		return why_set(why, SL_E_SIGNATURE, "%s: %u of %u needed signatures are good",
			       role->name, good, role->threshold);
	return SL_OK;
}
