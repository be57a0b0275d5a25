/* tree.c - how releaser and checker touch files.
 *
 * Hostile for the checker: names and kinds of files in a case directory, which
 * another process wrote; links are never followed, depth and count are bounded. */
#include "release/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"

enum { DEPTH_MAX = 8, CHUNK = 64 << 10 };

static int make_parents(int dirfd, const char *path)
{
	char part[TREE_PATH_MAX];
	size_t len = strlen(path);

	if (len >= sizeof(part))
		return SL_E_LIMIT;
	memcpy(part, path, len + 1);
	for (char *slash = strchr(part, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdirat(dirfd, part, 0755) != 0 && errno != EEXIST)
			return sl_err_errno(errno);
		*slash = '/';
	}
	return SL_OK;
}

/* A new file for writing in place of whatever had the name. */
static int create(int dirfd, const char *path)
{
	int r = make_parents(dirfd, path), fd;

	if (r != SL_OK)
		return r;
	if (unlinkat(dirfd, path, 0) != 0 && errno != ENOENT)
		return sl_err_errno(errno);
	fd = openat(dirfd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	return fd < 0 ? sl_err_errno(errno) : fd;
}

static int open_regular(int dirfd, const char *path)
{
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return sl_err_errno(errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		file_close(fd);
		return SL_E_FORMAT;
	}
	return fd;
}

int tree_put(int dirfd, const char *path, const void *bytes, size_t len)
{
	int fd = create(dirfd, path), r;

	if (fd < 0)
		return fd;
	r = file_write_all(fd, bytes, len);
	if (r == SL_OK && fsync(fd) != 0)
		r = sl_err_errno(errno);
	file_close(fd);
	return r;
}

int tree_subdir(int dirfd, const char *name)
{
	return mkdirat(dirfd, name, 0755) != 0 && errno != EEXIST ? sl_err_errno(errno)
								  : file_open_dir(dirfd, name);
}

static int copy_hashed(int in, int out, uint64_t length, uint8_t digest[HASH_LEN])
{
	uint8_t chunk[CHUNK];
	struct hash *h = NULL;
	int r = hash_new(&h);

	while (r == SL_OK && length > 0) {
		size_t n = length < sizeof(chunk) ? (size_t)length : sizeof(chunk);

		r = file_read_all(in, chunk, n);
		if (r == SL_OK)
			r = file_write_all(out, chunk, n);
		if (r == SL_OK)
			hash_update(h, chunk, n);
		length -= n;
	}
	/* One byte more than promised is another file. */
	if (r == SL_OK && read(in, chunk, 1) != 0)
		r = SL_E_FORMAT;
	if (r == SL_OK)
		hash_final(h, digest);
	hash_free(h);
	return r == SL_E_FORMAT ? SL_E_CORRUPT : r;
}

int tree_put_blob(int dirfd, const char *path, int fd, uint64_t length, const char *sha256)
{
	uint8_t digest[HASH_LEN];
	char hex[HASH_HEX + 1];
	int out = create(dirfd, path), r;

	if (out < 0)
		return out;
	r = copy_hashed(fd, out, length, digest);
	if (r == SL_OK) {
		text_hex(digest, sizeof(digest), hex);
		r = strcmp(hex, sha256) == 0 ? SL_OK : SL_E_CORRUPT;
	}
	if (r == SL_OK && fsync(out) != 0)
		r = sl_err_errno(errno);
	file_close(out);
	if (r != SL_OK)
		(void)unlinkat(dirfd, path, 0);
	return r;
}

int tree_check(int dirfd, const char *path, uint64_t length, const char *sha256)
{
	uint8_t digest[HASH_LEN];
	char hex[HASH_HEX + 1];
	uint64_t got = 0;
	int fd = open_regular(dirfd, path), r;

	if (fd < 0)
		return fd;
	r = hash_fd(fd, digest, &got);
	file_close(fd);
	if (r != SL_OK)
		return r;
	text_hex(digest, sizeof(digest), hex);
	return got == length && strcmp(hex, sha256) == 0 ? SL_OK : SL_E_CORRUPT;
}

/* Calls file(path) for files; with sync set, fsyncs directories instead. */
static int walk(int dirfd, const char *prefix, int depth, struct tree_list *list)
{
	struct dirent *e;
	DIR *dir = NULL;
	int fd = openat(dirfd, prefix[0] == '\0' ? "." : prefix,
			O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	int r = fd < 0 ? sl_err_errno(errno) : depth > DEPTH_MAX ? SL_E_LIMIT : SL_OK;

	if (r == SL_OK && list == NULL && fsync(fd) != 0)
		r = sl_err_errno(errno);
	if (r == SL_OK)
		dir = fdopendir(fd);
	if (dir == NULL) {
		file_close(fd);
		return r == SL_OK ? SL_E_NOMEM : r;
	}
	while (r == SL_OK && (e = readdir(dir)) != NULL) {
		char path[TREE_PATH_MAX];
		struct stat st;
		int n;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		n = snprintf(path, sizeof(path), "%s%s%s", prefix, prefix[0] == '\0' ? "" : "/",
			     e->d_name);
		if (n < 0 || (size_t)n >= sizeof(path))
			r = SL_E_LIMIT;
		else if (fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
			r = sl_err_errno(errno);
		else if (S_ISDIR(st.st_mode))
			r = walk(dirfd, path, depth + 1, list);
		else if (!S_ISREG(st.st_mode))
			r = SL_E_FORMAT;
		else if (list != NULL)
			r = tree_list_add(list, path);
	}
	(void)closedir(dir);
	return r;
}

int tree_sync(int dirfd)
{
	return walk(dirfd, "", 0, NULL);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static int rank(const char *path)
{
	if (strcmp(path, "metadata/timestamp.json") == 0)
		return 8;
	if (strcmp(path, "log/checkpoint") == 0)
		return 6;
	if (strncmp(path, "log/", 4) == 0)
		return 5;
	if (strncmp(path, "metadata/", 9) == 0)
		return ends_with(path, ".root.json")	   ? 0
		       : ends_with(path, ".snapshot.json") ? 4
							   : 3;
	if (strncmp(path, "blobs/", 6) == 0)
		return 1;
	return strncmp(path, "targets/", 8) == 0 ? 2 : 7;
}

static int by_order(const void *a, const void *b)
{
	int d = rank(a) - rank(b);

	return d != 0 ? d : strcmp(a, b);
}

int tree_files(int dirfd, struct tree_list *ret)
{
	struct tree_list list = {.path = NULL};
	int r = walk(dirfd, "", 0, &list);

	if (r != SL_OK) {
		tree_list_release(&list);
		return r;
	}
	if (list.n > 1)
		qsort(list.path, list.n, sizeof(list.path[0]), by_order);
	*ret = list;
	return SL_OK;
}

int tree_list_add(struct tree_list *l, const char *path)
{
	if (l->n >= TREE_FILES_MAX || strlen(path) >= TREE_PATH_MAX)
		return SL_E_LIMIT;
	if (l->n == l->cap) {
		unsigned cap = l->cap == 0 ? 32 : 2 * l->cap;
		char(*grown)[TREE_PATH_MAX] = realloc(l->path, cap * sizeof(l->path[0]));

		if (grown == NULL)
			return SL_E_NOMEM;
		l->path = grown;
		l->cap = cap;
	}
	memcpy(l->path[l->n++], path, strlen(path) + 1);
	return SL_OK;
}

bool tree_list_has(const struct tree_list *l, const char *path)
{
	for (unsigned i = 0; i < l->n; i++) {
		if (strcmp(l->path[i], path) == 0)
			return true;
	}
	return false;
}

void tree_list_release(struct tree_list *l)
{
	free(l->path);
	*l = (struct tree_list){.path = NULL};
}

static int copy_plain(int from, int to, const char *path, const char *as)
{
	struct buf b;
	int fd = open_regular(from, path), r;

	if (fd < 0)
		return fd;
	/* Only metadata and small targets are ever linked; blobs stay in objects/. */
	buf_init(&b, 16 << 20);
	r = file_read_fd(fd, 16 << 20, &b);
	file_close(fd);
	if (r == SL_OK)
		r = tree_put(to, as, b.data, b.len);
	buf_release(&b);
	return r;
}

int tree_link(int from, int to, const char *path)
{
	char temp[TREE_PATH_MAX + 8];
	int r = make_parents(to, path);

	if (r != SL_OK)
		return r;
	(void)snprintf(temp, sizeof(temp), "%s.new", path);
	if (strlen(temp) >= TREE_PATH_MAX)
		return SL_E_LIMIT;
	if (unlinkat(to, temp, 0) != 0 && errno != ENOENT)
		return sl_err_errno(errno);
	/* A sandbox or another file system may refuse links between directories. */
	if (linkat(from, path, to, temp, 0) != 0)
		r = copy_plain(from, to, path, temp);
	if (r == SL_OK && renameat(to, temp, to, path) != 0)
		r = sl_err_errno(errno);
	/* rename() of two links to the same file does nothing and leaves both. */
	if (r == SL_OK)
		(void)unlinkat(to, temp, 0);
	return r;
}
