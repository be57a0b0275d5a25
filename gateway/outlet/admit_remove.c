/* admit_remove.c - what a unit may take away: nothing that anyone current leads to.
 *
 * Hostile: the list. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "outlet/admit_private.h"

/* A partial tile that the tree's checkpoint does not use. */
static bool superseded_tile(const struct admit *a, const char *path)
{
	char current[TLOG_PATH_MAX];

	if (strncmp(path, "log/tile/", 9) != 0 || strstr(path, ".p/") == NULL)
		return false;
	for (int level = TLOG_ENTRIES; level < 8; level++) {
		uint64_t hashes = a->log.size >> (level < 0 ? 0 : 8 * level);
		unsigned width = (unsigned)(hashes % TLOG_TILE);

		if (width == 0)
			continue;
		tlog_path(level, hashes / TLOG_TILE, width, current);
		if (strcmp(path + 4, current) == 0)
			return false;
	}
	return true;
}

/* "12.rel-2026-0001.json" with a version below the current one; roots stay for ever. */
static bool superseded_metadata(struct admit *a, const char *name)
{
	const char *dot = strchr(name, '.');
	const struct tuf_meta *m = NULL;
	size_t len = dot == NULL ? 0 : strlen(dot + 1);
	char role[TUF_ROLE_MAX];
	uint64_t version = 0;

	if (len < 6 || len - 5 >= sizeof(role) || strcmp(dot + 1 + len - 5, ".json") != 0 ||
	    !text_to_u64(name, (size_t)(dot - name), INT64_MAX, &version))
		return false;
	(void)snprintf(role, sizeof(role), "%.*s", (int)(len - 5), dot + 1);
	return strcmp(role, "root") != 0 && tuf_client_role(a->tuf, role, &m, NULL) == SL_OK &&
	       (int64_t)version < m->version;
}

bool admit_remove(struct admit *a, const char *path)
{
	char target[ADMIT_PATH], named[65], listed[65];
	uint8_t sha256[HASH_LEN];
	uint64_t length;
	int r;

	if (strncmp(path, "blobs/", 6) == 0)
		return true; /* the caller looks for manifests that still name it */
	if (strncmp(path, "log/", 4) == 0)
		return superseded_tile(a, path);
	if (strncmp(path, "metadata/", 9) == 0)
		return superseded_metadata(a, path + 9);
	if (strncmp(path, "targets/", 8) != 0 || !admit_target(path + 8, target, named))
		return false;
	/* The pages of the feed are its history: only heads are ever superseded. */
	if (strncmp(target, "feed/", 5) == 0 && strcmp(target, "feed/head.json") != 0)
		return false;
	r = tuf_client_find(a->tuf, target, &length, sha256, NULL);
	if (r == SL_OK) {
		text_hex(sha256, HASH_LEN, listed);
		return strcmp(listed, named) != 0;
	}
	return r == SL_E_NOTFOUND;
}
