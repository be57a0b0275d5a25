/* finish_current.c - what a recall carries because it overtakes the units before it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "link/spool.h"
#include "release/finish_private.h"

enum {
	NAMES_MAX = 1000000,
	DEPTH_MAX = 8,
	UNIT_WRITE_S = 60 /* from the first file of a case to its unit in the outbox */
};

/* When the oldest unit that the sender still holds was written, or a day ago. */
static int waiting_since(const struct finish *f, int64_t now, int64_t *ret_since)
{
	struct spool_entry *list = NULL;
	size_t n = 0;
	int r = spool_list(f->outbox_fd, SPOOL_MAX, &list, &n);

	*ret_since = now - FINISH_TIMESTAMP_S;
	for (size_t i = 0; r == SL_OK && i < n; i++) {
		char name[SPOOL_NAME + 1];
		struct stat st;

		spool_name(&list[i], name);
		/* Sent this instant: then it is not waiting. */
		if (fstatat(f->outbox_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_mtim.tv_sec - UNIT_WRITE_S < *ret_since)
			*ret_since = st.st_mtim.tv_sec - UNIT_WRITE_S;
	}
	free(list);
	return r;
}

static int carry_if_new(const struct finish *f, int tree_fd, const char *path, int64_t since)
{
	struct stat st;

	if (fstatat(f->repo_fd, path, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno != ENOENT)
			return sl_err_errno(errno);
		return file_exists(tree_fd, path) ? SL_OK : SL_E_CORRUPT; /* of this case */
	}
	/* Nearly all of them are old: one look at each. */
	return st.st_mtim.tv_sec < since || file_exists(tree_fd, path)
		       ? SL_OK
		       : tree_link(f->repo_fd, tree_fd, path);
}

struct folder { /* of the repository, gone through from the top */
	const struct finish *f;
	int tree_fd;
	int64_t since;
	char path[TREE_PATH_MAX];
	unsigned depth;
};

static int see_width(const char *name, void *arg)
{
	uint64_t *widest = arg, v;

	if (text_to_u64(name, strlen(name), TLOG_TILE - 1, &v) && v > *widest)
		*widest = v;
	return SL_OK;
}

/* Of the partial tiles of one number only the last one leads anywhere. */
static int carry_partial(const struct folder *x, int dir)
{
	char path[TREE_PATH_MAX + 24];
	uint64_t widest = 0;
	int r = file_each(dir, NAMES_MAX, see_width, &widest);

	if (r != SL_OK || widest == 0)
		return r;
	(void)snprintf(path, sizeof(path), "%s/%llu", x->path, (unsigned long long)widest);
	return carry_if_new(x->f, x->tree_fd, path, x->since);
}

/* Files of the folder that are new; a superseded head or checkpoint has no use. */
static int see(const char *name, void *arg)
{
	struct folder *x = arg;
	size_t before = strlen(x->path), len = strlen(name);
	int dir, r;

	if (strstr(name, ".head.json") != NULL || strcmp(name, "checkpoint") == 0)
		return SL_OK;
	if (before + len + 2 > sizeof(x->path) || x->depth == DEPTH_MAX)
		return SL_E_LIMIT;
	(void)snprintf(x->path + before, sizeof(x->path) - before, "/%s", name);
	dir = file_open_dir(x->f->repo_fd, x->path);
	if (dir >= 0 && len > 2 && strcmp(name + len - 2, ".p") == 0) {
		r = carry_partial(x, dir);
	} else if (dir >= 0) {
		x->depth++;
		r = file_each(dir, NAMES_MAX, see, x);
		x->depth--;
	} else {
		r = carry_if_new(x->f, x->tree_fd, x->path, x->since);
	}
	file_close(dir);
	x->path[before] = '\0';
	return r;
}

static int carry_folder(const struct finish *f, int tree_fd, const char *path, int64_t since)
{
	struct folder x = {.f = f, .tree_fd = tree_fd, .since = since};
	int dir = file_open_dir(f->repo_fd, path), r;

	(void)snprintf(x.path, sizeof(x.path), "%s", path);
	r = dir == SL_E_NOTFOUND ? SL_OK : dir < 0 ? dir : file_each(dir, NAMES_MAX, see, &x);
	file_close(dir);
	return r;
}

int finish_current(const struct finish *f, int tree_fd, const json_t *meta, int64_t now)
{
	void *at = json_object_iter((json_t *)(uintptr_t)meta);
	int64_t version, since = 0;
	char path[128];
	int r = waiting_since(f, now, &since);

	for (; at != NULL && r == SL_OK;
	     at = json_object_iter_next((json_t *)(uintptr_t)meta, at)) {
		if (!json_i64(json_object_iter_value(at), "version", &version))
			return SL_E_CORRUPT;
		(void)snprintf(path, sizeof(path), "metadata/%lld.%s", (long long)version,
			       json_object_iter_key(at));
		r = carry_if_new(f, tree_fd, path, since);
	}
	if (r == SL_OK)
		r = carry_folder(f, tree_fd, "targets/feed", since);
	return r == SL_OK ? carry_folder(f, tree_fd, "log/tile", since) : r;
}
