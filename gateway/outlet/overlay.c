/* overlay.c - look a path up in the unit first, then in the tree.
 *
 * Paths come from verified units or from metadata under verification; whatever is
 * not a repository path (unit_path_ok) is simply not there. */
#include "outlet/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

int overlay_index(const struct unit *u, const char *path)
{
	for (unsigned i = 0; i < u->n_files; i++) {
		if (strcmp(u->files[i].path, path) == 0)
			return (int)i;
	}
	return -1;
}

int overlay_open(const struct overlay *o, const char *path)
{
	bool metadata = strncmp(path, "metadata/", 9) == 0;
	int dir = o->tree_fd, fd, i = -1;
	char name[16];
	struct stat st;

	if (!unit_path_ok(path))
		return SL_E_NOTFOUND;
	if (!metadata || o->metadata)
		i = overlay_index(o->unit, path);
	if (i >= 0) {
		(void)snprintf(name, sizeof(name), "%d", i);
		dir = o->files_fd;
		path = name;
	}
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOTDIR ? SL_E_NOTFOUND : sl_err_errno(errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		file_close(fd);
		return SL_E_NOTFOUND;
	}
	return fd;
}

int overlay_read(const struct overlay *o, const char *path, size_t max, struct buf *out)
{
	int fd = overlay_open(o, path);
	int r = fd < 0 ? fd : file_read_fd(fd, max, out);

	file_close(fd);
	return r;
}

int overlay_length(const struct overlay *o, const char *path, uint64_t *ret_len)
{
	int fd = overlay_open(o, path);
	struct stat st;
	int r = fd < 0 ? fd : SL_OK;

	if (r == SL_OK && fstat(fd, &st) != 0)
		r = sl_err_errno(errno);
	if (r == SL_OK)
		*ret_len = (uint64_t)st.st_size;
	file_close(fd);
	return r;
}

static int get(void *arg, const char *path, size_t max, struct buf *out)
{
	return overlay_read(arg, path, max, out);
}

struct tuf_fetcher overlay_tuf(struct overlay *o)
{
	return (struct tuf_fetcher){.get = get, .arg = o};
}
