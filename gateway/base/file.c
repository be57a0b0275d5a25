/* file.c - durable writes, bounded reads. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

void file_close(int fd)
{
	int saved = errno;

	if (fd >= 0)
		(void)close(fd);
	errno = saved;
}

int file_write_all(int fd, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? sl_err_errno(errno) : SL_E_IO;
		p += n;
		len -= (size_t)n;
	}
	return SL_OK;
}

int file_in_memory(const void *bytes, size_t len)
{
	int fd = memfd_create("memory", MFD_CLOEXEC), r;

	if (fd < 0)
		return sl_err_errno(errno);
	r = file_write_all(fd, bytes, len);
	if (r == SL_OK && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	file_close(fd);
	return r == SL_OK ? SL_E_IO : r;
}

int file_read_all(int fd, void *bytes, size_t len)
{
	uint8_t *p = bytes;

	while (len > 0) {
		ssize_t n = read(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(errno);
		if (n == 0)
			return SL_E_FORMAT;
		p += n;
		len -= (size_t)n;
	}
	return SL_OK;
}

int file_read_fd(int fd, size_t max, struct buf *out)
{
	struct stat st;
	size_t got = 0;

	if (fstat(fd, &st) != 0)
		return sl_err_errno(errno);
	if (S_ISREG(st.st_mode) && (st.st_size < 0 || (uint64_t)st.st_size > max))
		return SL_E_LIMIT;
	for (;;) {
		uint8_t chunk[65536];
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(errno);
		if (n == 0)
			return buf_error(out);
		if ((size_t)n > max - got)
			return SL_E_LIMIT;
		got += (size_t)n;
		buf_put(out, chunk, (size_t)n);
		if (buf_error(out) != SL_OK)
			return buf_error(out);
	}
}

int file_read(int dirfd, const char *path, size_t max, struct buf *out)
{
	/* O_NONBLOCK: a FIFO in place of a file must not hang us. */
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	int r;

	if (fd < 0)
		return sl_err_errno(errno);
	if (fstat(fd, &st) != 0)
		r = sl_err_errno(errno);
	else if (!S_ISREG(st.st_mode))
		r = SL_E_FORMAT;
	else
		r = file_read_fd(fd, max, out);
	file_close(fd);
	return r;
}

int file_sync_dir(int dirfd)
{
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = SL_OK;

	if (fd < 0 || fsync(fd) != 0)
		r = sl_err_errno(errno);
	file_close(fd);
	return r;
}

/* Split "a/b/name" so that temporary and directory sync meet the final place. */
static int open_parent(int dirfd, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	char *parent;
	int fd;

	if (slash == NULL) {
		*ret_name = path;
		fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		return fd < 0 ? sl_err_errno(errno) : fd;
	}
	parent = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	if (parent == NULL)
		return SL_E_NOMEM;
	fd = openat(dirfd, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fd = sl_err_errno(errno);
	free(parent);
	*ret_name = slash + 1;
	return fd;
}

static int write_temp(int dir, char *tmp, size_t cap, const void *bytes, size_t len,
		      mode_t mode)
{
	static atomic_uint counter;
	int fd, r;

	if (snprintf(tmp, cap, ".tmp-%ld-%u", (long)getpid(), atomic_fetch_add(&counter, 1)) <
	    0)
		return SL_E_INTERNAL;
	(void)unlinkat(dir, tmp, 0); /* a leftover of an earlier process with our number */
	fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return sl_err_errno(errno);
	r = file_write_all(fd, bytes, len);
	if (r == SL_OK && fsync(fd) != 0)
		r = sl_err_errno(errno);
	file_close(fd);
	if (r != SL_OK)
		(void)unlinkat(dir, tmp, 0);
	return r;
}

static int place(int dirfd, const char *path, const void *bytes, size_t len, mode_t mode,
		 bool replace)
{
	const char *name = NULL;
	char tmp[64];
	int dir = open_parent(dirfd, path, &name);
	int r;

	if (dir < 0)
		return dir;
	r = write_temp(dir, tmp, sizeof(tmp), bytes, len, mode);
	if (r != SL_OK)
		goto out;
	if (replace) {
		if (renameat(dir, tmp, dir, name) != 0)
			r = sl_err_errno(errno);
	} else {
		if (linkat(dir, tmp, dir, name, 0) != 0)
			r = sl_err_errno(errno);
		(void)unlinkat(dir, tmp, 0);
	}
	if (r == SL_OK && fsync(dir) != 0)
		r = sl_err_errno(errno);
	else if (r != SL_OK && replace)
		(void)unlinkat(dir, tmp, 0);
out:
	file_close(dir);
	return r;
}

int file_write_durable(int dirfd, const char *name, const void *bytes, size_t len, mode_t mode)
{
	return place(dirfd, name, bytes, len, mode, true);
}

int file_create_durable(int dirfd, const char *name, const void *bytes, size_t len, mode_t mode)
{
	return place(dirfd, name, bytes, len, mode, false);
}

int file_mkdirs(const char *path, mode_t mode)
{
	char *copy = strdup(path);
	struct stat st;
	int r = SL_OK;

	if (copy == NULL)
		return SL_E_NOMEM;
	for (char *p = copy + 1; r == SL_OK; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		/* A confined or read-only role may be refused what is there already. */
		if (mkdir(copy, mode) != 0 && errno != EEXIST) {
			r = sl_err_errno(errno);
			if (stat(copy, &st) == 0 && S_ISDIR(st.st_mode))
				r = SL_OK;
		}
		*p = c;
		if (c == '\0')
			break;
	}
	free(copy);
	return r;
}

int file_open_dir(int dirfd, const char *path)
{
	int fd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? sl_err_errno(errno) : fd;
}

static int remove_tree(int dirfd, const char *name, int depth)
{
	struct dirent *e;
	DIR *d;
	int fd, r = SL_OK;

	if (unlinkat(dirfd, name, 0) == 0 || errno == ENOENT)
		return SL_OK;
	if (errno != EISDIR && errno != EPERM)
		return sl_err_errno(errno);
	if (depth > 64)
		return SL_E_LIMIT;
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return sl_err_errno(errno);
	d = fdopendir(fd);
	if (d == NULL) {
		file_close(fd);
		return SL_E_NOMEM;
	}
	while (r == SL_OK && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			r = remove_tree(fd, e->d_name, depth + 1);
	}
	(void)closedir(d);
	if (r == SL_OK && unlinkat(dirfd, name, AT_REMOVEDIR) != 0)
		r = sl_err_errno(errno);
	return r;
}

int file_remove_tree(int dirfd, const char *name)
{
	return remove_tree(dirfd, name, 0);
}

bool file_exists(int dirfd, const char *path)
{
	struct stat st;

	return fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int file_join(char *out, size_t cap, const char *dir, const char *name)
{
	size_t n = strlen(dir);
	int len =
		snprintf(out, cap, "%s%s%s", dir, n > 0 && dir[n - 1] == '/' ? "" : "/", name);

	return len < 0 || (size_t)len >= cap ? SL_E_LIMIT : SL_OK;
}

uint64_t file_free_space(int dirfd)
{
	struct statvfs v;

	return fstatvfs(dirfd, &v) == 0 ? (uint64_t)v.f_bavail * v.f_frsize : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int file_each(int dirfd, size_t max, int (*fn)(const char *name, void *arg), void *arg)
{
	char **names = NULL;
	size_t n = 0, cap = 0;
	struct dirent *e;
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	int r = SL_OK;

	if (d == NULL) {
		r = sl_err_errno(errno);
		file_close(fd);
		return r;
	}
	while (r == SL_OK && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		if (n == max) {
			r = SL_E_LIMIT;
			break;
		}
		if (n == cap) {
			char **grown = realloc(names, (cap = cap * 2 + 32) * sizeof(*names));

			if (grown == NULL) {
				r = SL_E_NOMEM;
				break;
			}
			names = grown;
		}
		names[n] = strdup(e->d_name);
		if (names[n] == NULL)
			r = SL_E_NOMEM;
		else
			n++;
	}
	(void)closedir(d);
	if (n > 0)
		qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 0; i < n; i++) {
		if (r == SL_OK)
			r = fn(names[i], arg);
		free(names[i]);
	}
	free(names);
	return r;
}
