/* blob_refs.c - names are the content: adding and removing one is atomic by itself.
 *
 * Not hostile: digests and ids come from manifests that were proved before. */
#include "trust/blob_refs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

enum { REFS_MAX = 100000, PATH_SIZE = 160, DIGEST_LEN = 64 };

static void ref_path(const char *sha256, const char *id, int64_t version, char out[PATH_SIZE])
{
	(void)snprintf(out, PATH_SIZE, "%.2s/%.64s/%.31s.%lld", sha256, sha256, id,
		       (long long)version);
}

static int create(int dirfd, const char *path)
{
	int fd = openat(dirfd, path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return sl_err_errno(errno);
	file_close(fd);
	return SL_OK;
}

int blob_refs_add_unsynced(int dirfd, const char *sha256, const char *id, int64_t version)
{
	char path[PATH_SIZE], dir[DIGEST_LEN + 4];
	int r;

	ref_path(sha256, id, version, path);
	r = create(dirfd, path);
	if (r != SL_E_NOTFOUND)
		return r;
	(void)snprintf(dir, sizeof(dir), "%.2s", sha256);
	if (mkdirat(dirfd, dir, 0700) != 0 && errno != EEXIST)
		return sl_err_errno(errno);
	(void)snprintf(dir, sizeof(dir), "%.2s/%.64s", sha256, sha256);
	if (mkdirat(dirfd, dir, 0700) != 0 && errno != EEXIST)
		return sl_err_errno(errno);
	return create(dirfd, path);
}

static int sync_dir(int dirfd, const char *path)
{
	int fd = file_open_dir(dirfd, path);
	int r = fd < 0 ? fd : file_sync_dir(fd);

	file_close(fd);
	return r;
}

int blob_refs_add(int dirfd, const char *sha256, const char *id, int64_t version)
{
	char dir[DIGEST_LEN + 4];
	int r = blob_refs_add_unsynced(dirfd, sha256, id, version);

	(void)snprintf(dir, sizeof(dir), "%.2s/%.64s", sha256, sha256);
	if (r == SL_OK)
		r = sync_dir(dirfd, dir);
	dir[2] = '\0';
	if (r == SL_OK)
		r = sync_dir(dirfd, dir);
	return r == SL_OK ? sync_dir(dirfd, ".") : r;
}

int blob_refs_sync(int dirfd)
{
	return syncfs(dirfd) == 0 ? SL_OK : sl_err_errno(errno);
}

void blob_refs_remove(int dirfd, const char *sha256, const char *id, int64_t version)
{
	char path[PATH_SIZE];

	ref_path(sha256, id, version, path);
	(void)unlinkat(dirfd, path, 0);
	*strrchr(path, '/') = '\0';
	(void)unlinkat(dirfd, path, AT_REMOVEDIR); /* only when nobody is left */
}

struct each {
	int (*fn)(const char *id, int64_t version, void *arg);
	void *arg;
};

static int see(const char *name, void *arg)
{
	const struct each *e = arg;
	const char *dot = strrchr(name, '.');
	char id[BLOB_REFS_ID_MAX];
	uint64_t version = 0;

	if (dot == NULL || (size_t)(dot - name) >= sizeof(id) ||
	    !text_to_u64(dot + 1, strlen(dot + 1), INT64_MAX, &version))
		return e->fn("", 0, e->arg);
	(void)snprintf(id, sizeof(id), "%.*s", (int)(dot - name), name);
	return e->fn(id, (int64_t)version, e->arg);
}

int blob_refs_each(int dirfd, const char *sha256,
		   int (*fn)(const char *id, int64_t version, void *arg), void *arg)
{
	struct each e = {.fn = fn, .arg = arg};
	char path[DIGEST_LEN + 4];
	int dir, r;

	(void)snprintf(path, sizeof(path), "%.2s/%.64s", sha256, sha256);
	dir = file_open_dir(dirfd, path);
	if (dir == SL_E_NOTFOUND)
		return SL_OK;
	r = dir < 0 ? dir : file_each(dir, REFS_MAX, see, &e);
	file_close(dir);
	return r;
}
