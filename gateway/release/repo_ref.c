/* repo_ref.c - which live releases use a blob.
 *
 * Blobs stay in objects/; a file of a recalled release may only go when no other one
 * has the same bytes. */
#include "release/repo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

enum { REFS_MAX = 100000 };

static void ref_path(const char *sha256, const char *id, int64_t version, char out[160])
{
	(void)snprintf(out, 160, "%.2s/%s/%.31s.%lld", sha256, sha256, id, (long long)version);
}

int repo_ref_add(int refs_fd, const char *sha256, const char *id, int64_t version)
{
	char path[160];

	ref_path(sha256, id, version, path);
	return file_exists(refs_fd, path) ? SL_OK : tree_put(refs_fd, path, "", 0);
}

void repo_ref_remove(int refs_fd, const char *sha256, const char *id, int64_t version)
{
	char path[160];

	ref_path(sha256, id, version, path);
	(void)unlinkat(refs_fd, path, 0);
	*strrchr(path, '/') = '\0';
	(void)unlinkat(refs_fd, path, AT_REMOVEDIR); /* only when nobody is left */
}

struct others {
	const char *id;
	int64_t version;
	bool found;
};

static int see_ref(const char *name, void *arg)
{
	struct others *o = arg;
	size_t n = strlen(o->id);
	uint64_t v = 0;

	if (strncmp(name, o->id, n) != 0 || name[n] != '.' ||
	    !text_to_u64(name + n + 1, strlen(name + n + 1), INT64_MAX, &v) ||
	    (int64_t)v > o->version)
		o->found = true;
	return SL_OK;
}

int repo_ref_others(int refs_fd, const char *sha256, const char *id, int64_t version,
		    bool *ret_others)
{
	struct others o = {.id = id, .version = version};
	char path[160];
	int dir, r;

	(void)snprintf(path, sizeof(path), "%.2s/%s", sha256, sha256);
	dir = file_open_dir(refs_fd, path);
	if (dir == SL_E_NOTFOUND) {
		*ret_others = false;
		return SL_OK;
	}
	r = dir < 0 ? dir : file_each(dir, REFS_MAX, see_ref, &o);
	file_close(dir);
	*ret_others = o.found;
	return r;
}
