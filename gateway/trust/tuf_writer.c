/* tuf_writer.c - builds TUF metadata as JSON values; signing adds to them.
 *
 * Input is ours.  Bodies have exactly the members that stock clients (tuf-js,
 * python-tuf) and our own accept. */
#include "trust/tuf_writer.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "trust/layout.h"

#define SPEC_VERSION "1.0.34"

enum { ROOT_ROLES_MAX = 4 };

json_t *tuf_envelope_new(json_t *body)
{
	return body == NULL ? NULL : json_pack("{s:[],s:O}", "signatures", "signed", body);
}

static int insert_sorted(json_t *list, const char *keyid, json_t *entry)
{
	size_t at = 0;

	for (; at < json_array_size(list); at++) {
		const char *other = json_str(json_array_get(list, at), "keyid");
		int order = other == NULL ? -1 : strcmp(other, keyid);

		if (order == 0)
			return json_array_set_new(list, at, entry);
		if (order > 0)
			break;
	}
	return json_array_insert_new(list, at, entry);
}

int tuf_add_signature(json_t *envelope, const struct key *k)
{
	char hex[2 * KEY_SIGNATURE + 1];
	uint8_t sig[KEY_SIGNATURE];
	json_t *list = json_object_get(envelope, "signatures");
	struct buf bytes;
	int r;

	buf_init(&bytes, TUF_TARGETS_MAX);
	r = json_canonical(json_object_get(envelope, "signed"), &bytes);
	if (r == SL_OK &&
	    (!json_is_array(list) || !key_may_sign(key_get_use(k), bytes.data, bytes.len)))
		r = SL_E_DENIED;
	if (r == SL_OK) {
		key_sign(k, bytes.data, bytes.len, sig);
		text_hex(sig, sizeof(sig), hex);
		r = tuf_put_signature(envelope, key_id(k), hex);
	}
	buf_release(&bytes);
	return r;
}

int tuf_put_signature(json_t *envelope, const char *keyid, const char *sig)
{
	json_t *list = json_object_get(envelope, "signatures"),
	       *entry = json_pack("{s:s,s:s}", "keyid", keyid, "sig", sig);

	return entry == NULL || insert_sorted(list, keyid, entry) != 0 ? SL_E_NOMEM : SL_OK;
}

json_t *tuf_key_object(const uint8_t public_key[KEY_PUBLIC])
{
	char hex[2 * KEY_PUBLIC + 1];

	text_hex(public_key, KEY_PUBLIC, hex);
	return json_pack("{s:s,s:{s:s},s:s}", "keytype", "ed25519", "keyval", "public", hex,
			 "scheme", "ed25519");
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Key ids of a role, sorted; the key objects go into `keys`. NULL: no memory, or too many. */
static json_t *add_keys(const struct tuf_role_spec *spec, json_t *keys)
{
	char ids[TUF_KEYS_MAX][KEY_ID_HEX + 1];
	json_t *list = json_array();
	int bad = list == NULL || spec->n_keys > TUF_KEYS_MAX;

	for (unsigned i = 0; !bad && i < spec->n_keys; i++) {
		key_id_of(spec->keys[i], ids[i]);
		bad = json_object_set_new(keys, ids[i], tuf_key_object(spec->keys[i])) != 0;
	}
	if (!bad)
		qsort(ids, spec->n_keys, sizeof(ids[0]), by_text);
	for (unsigned i = 0; !bad && i < spec->n_keys; i++)
		bad = json_array_append_new(list, json_string(ids[i])) != 0;
	if (bad) {
		json_decref(list);
		return NULL;
	}
	return list;
}

/* Members that every body has. */
static json_t *body_new(const char *type, int64_t version, int64_t expires)
{
	char text[CLOCK_TEXT + 1];

	clock_format(expires, text);
	return json_pack("{s:s,s:s,s:s,s:I}", "_type", type, "expires", text, "spec_version",
			 SPEC_VERSION, "version", (json_int_t)version);
}

/* Set a member, taking `value`; on any failure the body is dropped and NULL returned. */
static json_t *with(json_t *body, const char *name, json_t *value)
{
	if (body != NULL && value != NULL && json_object_set(body, name, value) == 0) {
		json_decref(value);
		return body;
	}
	json_decref(value);
	json_decref(body);
	return NULL;
}

json_t *tuf_root_body(int64_t version, int64_t expires, const struct tuf_role_spec *roles,
		      unsigned n)
{
	json_t *keys = json_object(), *map = json_object(), *body;
	int bad = n != ROOT_ROLES_MAX || keys == NULL || map == NULL;

	for (unsigned i = 0; !bad && i < n; i++) {
		json_t *role = json_pack("{s:o,s:I}", "keyids", add_keys(&roles[i], keys),
					 "threshold", (json_int_t)roles[i].threshold);

		bad = json_object_set_new(map, roles[i].name, role) != 0;
	}
	body = bad ? NULL : body_new("root", version, expires);
	body = with(body, "consistent_snapshot", json_true());
	body = with(body, "keys", keys);
	return with(body, "roles", map);
}

/* Takes `ids` and `paths`. */
static json_t *delegation(json_t *ids, unsigned threshold, const char *name, json_t *paths)
{
	return json_pack("{s:o,s:s,s:o,s:b,s:I}", "keyids", ids, "name", name, "paths", paths,
			 "terminating", 1, "threshold", (json_int_t)threshold);
}

json_t *tuf_targets_body(int64_t version, int64_t expires, const struct tuf_role_spec *policy,
			 const struct tuf_role_spec *feed, const struct tuf_role_spec *rel)
{
	json_t *keys = json_object(), *roles = json_array(),
	       *body = body_new("targets", version, expires);
	int bad = json_array_append_new(roles,
					delegation(add_keys(policy, keys), policy->threshold,
						   "policy", json_pack("[s]", "policy/*")));

	/* Notices, log checkpoint and feed pages change together and are signed together. */
	bad |= json_array_append_new(
		roles, delegation(add_keys(feed, keys), feed->threshold, "feed",
				  json_pack("[s,s,s]", "feed/*", "log/*", "notice/*")));
	bad |= json_array_append_new(roles, delegation(add_keys(rel, keys), rel->threshold,
						       "rel", json_pack("[s]", "rel/*/*/*")));
	body = with(body, "targets", json_object());
	if (bad != 0 || body == NULL) {
		json_decref(keys);
		json_decref(roles);
		json_decref(body);
		return NULL;
	}
	return with(body, "delegations", json_pack("{s:o,s:o}", "keys", keys, "roles", roles));
}

json_t *tuf_leaf_body(int64_t version, int64_t expires, json_t *targets)
{
	return with(body_new("targets", version, expires), "targets", json_incref(targets));
}

json_t *tuf_keeper_body(int64_t version, int64_t expires, json_t *targets,
			const char *const *sets, size_t n, const struct tuf_role_spec *by)
{
	json_t *body = tuf_leaf_body(version, expires, targets), *keys, *roles, *ids;
	char pattern[LAYOUT_PATTERN_MAX];
	int bad = 0;

	if (n == 0)
		return body;
	keys = json_object();
	roles = json_array();
	ids = add_keys(by, keys);
	for (size_t i = 0; i < n && bad == 0; i++)
		bad = !layout_pattern(sets[i], pattern) ||
		      json_array_append_new(roles,
					    delegation(json_incref(ids), by->threshold, sets[i],
						       json_pack("[s]", pattern))) != 0;
	json_decref(ids);
	if (bad) {
		json_decref(keys);
		json_decref(roles);
		json_decref(body);
		return NULL;
	}
	return with(body, "delegations", json_pack("{s:o,s:o}", "keys", keys, "roles", roles));
}

void tuf_target_put(json_t *targets, const char *path, const uint8_t sha256[HASH_LEN],
		    uint64_t length)
{
	char hex[HASH_HEX + 1];

	text_hex(sha256, HASH_LEN, hex);
	(void)json_object_set_new(targets, path,
				  json_pack("{s:{s:s},s:I}", "hashes", "sha256", hex, "length",
					    (json_int_t)length));
}

json_t *tuf_snapshot_body(int64_t version, int64_t expires, json_t *meta)
{
	return with(body_new("snapshot", version, expires), "meta", json_incref(meta));
}

void tuf_meta_put(json_t *meta, const char *file, int64_t version, const uint8_t *sha256,
		  uint64_t length)
{
	char hex[HASH_HEX + 1];

	if (sha256 == NULL) {
		(void)json_object_set_new(meta, file,
					  json_pack("{s:I}", "version", (json_int_t)version));
		return;
	}
	text_hex(sha256, HASH_LEN, hex);
	(void)json_object_set_new(meta, file,
				  json_pack("{s:{s:s},s:I,s:I}", "hashes", "sha256", hex,
					    "length", (json_int_t)length, "version",
					    (json_int_t)version));
}

json_t *tuf_timestamp_body(int64_t version, int64_t expires, int64_t snapshot_version,
			   const uint8_t snapshot_sha256[HASH_LEN], uint64_t snapshot_length)
{
	json_t *meta = json_object();

	tuf_meta_put(meta, "snapshot.json", snapshot_version, snapshot_sha256, snapshot_length);
	return with(body_new("timestamp", version, expires), "meta", meta);
}
