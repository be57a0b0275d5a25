/* tuf_body.c - what snapshot, timestamp and targets bodies say.
 *
 * Hostile: bodies that are parsed but maybe not verified.  The check functions
 * run inside tuf_parse; the readers after them rely on the form they found. */
#include <string.h>

#include "base/text.h"
#include "trust/tuf_private.h"

enum { STARS_MAX = 4, PREFIXES_MAX = 256, PATTERNS_MAX = 256 };

static bool read_hashes(const json_t *j, bool *ret_has, uint8_t sha256[HASH_LEN])
{
	const json_t *hashes = json_object_get(j, "hashes");
	const char *hex = json_str(hashes, "sha256");

	*ret_has = hashes != NULL;
	return hashes == NULL ||
	       (hex != NULL && text_unhex(hex, strlen(hex), sha256, HASH_LEN));
}

static bool read_file(const json_t *j, struct tuf_file *f)
{
	int64_t length = 0;

	memset(f, 0, sizeof(*f));
	f->has_length = json_object_get(j, "length") != NULL;
	if (f->has_length && (!json_i64(j, "length", &length) || length < 0))
		return false;
	f->length = (uint64_t)length;
	return json_i64(j, "version", &f->version) && f->version >= 1 &&
	       read_hashes(j, &f->has_sha256, f->sha256);
}

/* Names in "meta" end in ".json" and fit a role name. */
static bool file_name_ok(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && len - 5 < TUF_ROLE_MAX && strcmp(name + len - 5, ".json") == 0;
}

int tuf_check_meta(const struct tuf_meta *m, struct sl_why *why)
{
	const json_t *meta = json_obj(m->body, "meta");
	bool snapshot = strcmp(m->type, "snapshot") == 0;
	struct tuf_file f;
	void *at;

	if (meta == NULL || (!snapshot && json_object_size(meta) != 1) ||
	    json_object_get(meta, snapshot ? "targets.json" : "snapshot.json") == NULL)
		return why_set(why, SL_E_FORMAT, "meta is missing or incomplete");
	for (at = json_object_iter((json_t *)(uintptr_t)meta); at != NULL;
	     at = json_object_iter_next((json_t *)(uintptr_t)meta, at)) {
		if (!file_name_ok(json_object_iter_key(at)) ||
		    !read_file(json_object_iter_value(at), &f))
			return why_set(why, SL_E_FORMAT, "meta entry %s",
				       json_object_iter_key(at));
	}
	return SL_OK;
}

bool tuf_file_of(const struct tuf_meta *m, const char *file, struct tuf_file *ret_f)
{
	const json_t *j = json_obj(json_obj(m->body, "meta"), file);

	return j != NULL && read_file(j, ret_f);
}

int tuf_file_check(const struct tuf_file *f, const struct buf *bytes)
{
	uint8_t digest[HASH_LEN];

	if (f->has_length && bytes->len != f->length)
		return SL_E_SIGNATURE;
	hash_bytes(bytes->data, bytes->len, digest);
	return f->has_sha256 && !hash_equal(digest, f->sha256, HASH_LEN) ? SL_E_SIGNATURE
									 : SL_OK;
}

static bool read_target(const json_t *j, uint64_t *ret_length, uint8_t sha256[HASH_LEN])
{
	int64_t length;
	bool has;

	if (!json_i64(j, "length", &length) || length < 0 || !read_hashes(j, &has, sha256) ||
	    !has)
		return false;
	*ret_length = (uint64_t)length;
	return true;
}

static bool pattern_ok(const char *s)
{
	unsigned stars = 0;

	for (size_t i = 0; s != NULL && s[i] != '\0'; i++) {
		/* Sets in brackets mean different things to different clients. */
		if (s[i] == '[' || s[i] == '\\')
			return false;
		stars += s[i] == '*';
	}
	return s != NULL && s[0] != '\0' && strlen(s) < TUF_PATH_MAX && stars <= STARS_MAX;
}

static bool prefix_ok(const char *s)
{
	size_t len = s == NULL ? 0 : strlen(s);

	return len > 0 && len <= HASH_HEX && strspn(s, "0123456789abcdef") == len;
}

static bool list_ok(const json_t *list, size_t max, bool (*ok)(const char *))
{
	const json_t *v;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > max)
		return false;
	json_array_foreach(list, i, v)
	{
		if (!ok(json_string_value(v)))
			return false;
	}
	return true;
}

static bool role_name_ok(const char *s)
{
	static const char *const reserved[] = {"root", "timestamp", "snapshot", "targets"};

	if (s == NULL || s[0] == '\0' || strlen(s) >= TUF_ROLE_MAX)
		return false;
	/* A delegated "root" would be stored over the real one. */
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		if (strcmp(s, reserved[i]) == 0)
			return false;
	}
	return true;
}

/* Keys and threshold were found good for the delegation before: lists of thousands of
 * sets name the same ones every time. */
static bool same_keys(const json_t *list, size_t i)
{
	const json_t *d = json_array_get(list, i), *before;

	if (i == 0)
		return false;
	before = json_array_get(list, i - 1);
	return json_equal(json_object_get(d, "keyids"), json_object_get(before, "keyids")) ==
		       1 &&
	       json_equal(json_object_get(d, "threshold"),
			  json_object_get(before, "threshold")) == 1;
}

static int check_delegation(const json_t *list, size_t i, const struct tuf_meta *m,
			    json_t *names, struct sl_why *why)
{
	const json_t *d = json_array_get(list, i), *paths = json_object_get(d, "paths"),
		     *prefixes = json_object_get(d, "path_hash_prefixes");
	const char *name = json_str(d, "name");
	struct tuf_role role;
	bool terminating;

	if (!role_name_ok(name) || !json_bool(d, "terminating", &terminating))
		return why_set(why, SL_E_FORMAT, "a delegation's name or terminating");
	if ((paths == NULL) == (prefixes == NULL) ||
	    !(paths != NULL ? list_ok(paths, PATTERNS_MAX, pattern_ok)
			    : list_ok(prefixes, PREFIXES_MAX, prefix_ok)))
		return why_set(why, SL_E_FORMAT, "delegation %s: paths", name);
	if (json_object_get(names, name) != NULL)
		return why_set(why, SL_E_FORMAT, "delegation %s twice", name);
	if (json_object_set_new(names, name, json_true()) != 0)
		return SL_E_NOMEM;
	return same_keys(list, i) ? SL_OK : tuf_role_of_targets(m, name, &role, why);
}

static int check_delegations(const json_t *list, const struct tuf_meta *m, struct sl_why *why)
{
	json_t *names = json_object();
	int r = names == NULL ? SL_E_NOMEM : SL_OK;

	for (size_t i = 0; r == SL_OK && i < json_array_size(list); i++)
		r = check_delegation(list, i, m, names, why);
	json_decref(names);
	return r;
}

int tuf_check_targets(const struct tuf_meta *m, struct sl_why *why)
{
	const json_t *targets = json_obj(m->body, "targets"), *list;
	const json_t *delegations = json_object_get(m->body, "delegations");
	uint8_t sha256[HASH_LEN];
	uint64_t length;
	void *at;

	if (targets == NULL)
		return why_set(why, SL_E_FORMAT, "targets are missing");
	for (at = json_object_iter((json_t *)(uintptr_t)targets); at != NULL;
	     at = json_object_iter_next((json_t *)(uintptr_t)targets, at)) {
		if (!read_target(json_object_iter_value(at), &length, sha256))
			return why_set(why, SL_E_FORMAT, "target %s", json_object_iter_key(at));
	}
	if (delegations == NULL)
		return SL_OK;
	list = json_arr(delegations, "roles");
	if (list == NULL || json_obj(delegations, "keys") == NULL)
		return why_set(why, SL_E_FORMAT, "delegations");
	if (json_array_size(list) > TUF_DELEGATIONS_LISTED)
		return why_set(why, SL_E_LIMIT, "too many delegations");
	return check_delegations(list, m, why);
}

unsigned tuf_delegation_count(const struct tuf_meta *targets)
{
	return (unsigned)json_array_size(
		json_arr(json_obj(targets->body, "delegations"), "roles"));
}

bool tuf_path_match(const char *pattern, const char *path)
{
	for (; *pattern != '\0'; pattern++, path++) {
		if (*pattern == '*') {
			/* Recursion is as deep as there are stars, at most STARS_MAX. */
			for (;; path++) {
				if (tuf_path_match(pattern + 1, path))
					return true;
				if (*path == '\0' || *path == '/')
					return false;
			}
		}
		if (*path == '\0' || (*pattern == '?' ? *path == '/' : *pattern != *path))
			return false;
	}
	return *path == '\0';
}

bool tuf_delegation_covers(const struct tuf_meta *targets, unsigned i, const char *path,
			   struct tuf_delegation *ret_d)
{
	const json_t *d = json_array_get(
			     json_arr(json_obj(targets->body, "delegations"), "roles"), i),
		     *v;
	char hex[HASH_HEX + 1];
	size_t k;

	ret_d->name = json_str(d, "name");
	ret_d->terminating = json_is_true(json_object_get(d, "terminating"));
	json_array_foreach(json_arr(d, "paths"), k, v)
	{
		if (tuf_path_match(json_string_value(v), path))
			return true;
	}
	if (json_arr(d, "path_hash_prefixes") == NULL)
		return false;
	hash_hex(path, strlen(path), hex);
	json_array_foreach(json_arr(d, "path_hash_prefixes"), k, v)
	{
		if (strncmp(hex, json_string_value(v), json_string_length(v)) == 0)
			return true;
	}
	return false;
}

bool tuf_target_of(const struct tuf_meta *targets, const char *path, uint64_t *ret_length,
		   uint8_t ret_sha256[HASH_LEN])
{
	const json_t *j = json_obj(json_obj(targets->body, "targets"), path);

	return j != NULL && read_target(j, ret_length, ret_sha256);
}

bool tuf_target_path_ok(const char *path)
{
	size_t len = strlen(path), part;

	if (len == 0 || len >= TUF_PATH_MAX || !text_is_utf8(path, len))
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)path[i] < 0x20 || path[i] == 0x7f || path[i] == '\\')
			return false;
	}
	for (const char *at = path;; at += part + 1) {
		part = strcspn(at, "/");
		if (part == 0 || (part == 1 && at[0] == '.') ||
		    (part == 2 && at[0] == '.' && at[1] == '.'))
			return false;
		if (at[part] == '\0')
			return true;
	}
}
