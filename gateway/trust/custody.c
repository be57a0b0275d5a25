/* custody.c - roots step by step, then targets, then policy.
 *
 * Hostile: all metadata but the root that was trusted first. */
#include "trust/custody.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

enum { FILES_MAX = 100000 };

static int by_root(const struct tuf_meta *root, const char *name, const struct tuf_meta *m,
		   struct sl_why *why)
{
	struct tuf_role role;
	int r = tuf_role_of_root(root, name, &role, why);

	return r == SL_OK ? tuf_verify(m, &role, why) : r;
}

int custody_root(const struct tuf_meta *root, struct sl_why *why)
{
	return by_root(root, "root", root, why);
}

int custody_next_root(struct tuf_meta **root, struct tuf_meta *next, struct sl_why *why)
{
	int r = SL_OK;

	if (next->version != (*root)->version + 1)
		r = why_set(why, SL_E_REPLAY, "%lld.root.json has another version inside",
			    (long long)(*root)->version + 1);
	if (r == SL_OK)
		r = by_root(*root, "root", next, why);
	if (r == SL_OK)
		r = custody_root(next, why);
	if (r != SL_OK) {
		tuf_free(next);
		return r;
	}
	tuf_free(*root);
	*root = next; /* moved */
	return SL_OK;
}

int custody_verify(const struct tuf_meta *root, const struct tuf_meta *targets,
		   const struct tuf_meta *policy, struct sl_why *why)
{
	struct tuf_role role;
	int r = by_root(root, "targets", targets, why);

	if (r == SL_OK)
		r = tuf_role_of_targets(targets, "policy", &role, why);
	return r == SL_OK ? tuf_verify(policy, &role, why) : r;
}

int custody_not_expired(const struct tuf_meta *m, const char *role, int64_t now,
			struct sl_why *why)
{
	return m->expires > now ? SL_OK
				: why_set(why, SL_E_EXPIRED,
					  "%s metadata has expired; the custodians must sign a "
					  "new version",
					  role);
}

bool custody_lists(const struct tuf_meta *policy, const char *target, const void *bytes,
		   size_t len)
{
	const json_t *t = json_obj(json_obj(policy->body, "targets"), target);
	const char *sha256 = json_str(json_obj(t, "hashes"), "sha256");
	char hex[HASH_HEX + 1];
	int64_t length = -1;

	hash_hex(bytes, len, hex);
	return sha256 != NULL && strcmp(sha256, hex) == 0 && json_i64(t, "length", &length) &&
	       (uint64_t)length == len;
}

struct newest {
	const char *suffix;
	uint64_t version;
};

static int see_name(const char *name, void *arg)
{
	struct newest *n = arg;
	size_t len = strlen(name), end = strlen(n->suffix);
	uint64_t v;

	if (len > end && strcmp(name + len - end, n->suffix) == 0 &&
	    text_to_u64(name, len - end, INT64_MAX, &v) && v > n->version)
		n->version = v;
	return SL_OK;
}

int custody_newest(int metadata_fd, const char *role, char out[CUSTODY_NAME],
		   int64_t *ret_version, struct sl_why *why)
{
	char suffix[64];
	struct newest n = {.suffix = suffix};
	int r;

	(void)snprintf(suffix, sizeof(suffix), ".%s.json", role);
	r = file_each(metadata_fd, FILES_MAX, see_name, &n);
	if (r != SL_OK || n.version == 0)
		return why_set(why, r != SL_OK ? r : SL_E_NOTFOUND,
			       "no %s metadata in the repository", role);
	(void)snprintf(out, CUSTODY_NAME, "%llu%s", (unsigned long long)n.version, suffix);
	*ret_version = (int64_t)n.version;
	return SL_OK;
}
