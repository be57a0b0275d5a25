/* repo_prune_log.c - partial tiles that a wider or the full one has replaced.
 *
 * A client that fetched an old checkpoint may still read the tiles of its size, so they
 * stay for REPO_KEEP_S after their successor was written. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "release/repo.h"
#include "trust/tlog.h"

enum { DEPTH_MAX = 8, NAMES_MAX = 100000 };

struct walk {
	int fd; /* of the repository */
	char path[TREE_PATH_MAX];
	unsigned depth;
	int64_t now;
	struct tree_list *out;
	uint64_t width[TLOG_TILE]; /* of the partial tiles of one number */
	unsigned n;
};

static int see_width(const char *name, void *arg)
{
	struct walk *w = arg;
	uint64_t v;

	if (text_to_u64(name, strlen(name), TLOG_TILE - 1, &v) && w->n < TLOG_TILE)
		w->width[w->n++] = v;
	return SL_OK;
}

static int by_width(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* When was this written; 0: it is not there. */
static int64_t written(const struct walk *w, const char *path)
{
	struct stat st;

	return fstatat(w->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_mtim.tv_sec : 0;
}

/* w->path is "log/tile/0/x001/067.p". */
static int see_partials(struct walk *w)
{
	char path[TREE_PATH_MAX + 32];
	int dir = file_open_dir(w->fd, w->path), r;

	w->n = 0;
	r = dir < 0 ? dir : file_each(dir, NAMES_MAX, see_width, w);
	file_close(dir);
	if (w->n > 1)
		qsort(w->width, w->n, sizeof(w->width[0]), by_width);
	for (unsigned i = 0; i < w->n && r == SL_OK; i++) {
		int64_t next;

		if (i + 1 < w->n)
			(void)snprintf(path, sizeof(path), "%s/%llu", w->path,
				       (unsigned long long)w->width[i + 1]);
		else
			(void)snprintf(path, sizeof(path), "%.*s", (int)strlen(w->path) - 2,
				       w->path);
		next = written(w, path);
		if (next == 0 || next > w->now - REPO_KEEP_S || w->out->n >= TREE_FILES_MAX / 2)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%llu", w->path,
			       (unsigned long long)w->width[i]);
		r = tree_list_add(w->out, path);
	}
	return r;
}

static int see(const char *name, void *arg)
{
	struct walk *w = arg;
	size_t before = strlen(w->path), len = strlen(name);
	int dir, r = SL_OK;

	if (before + len + 2 > sizeof(w->path) || w->depth == DEPTH_MAX)
		return SL_E_LIMIT;
	(void)snprintf(w->path + before, sizeof(w->path) - before, "/%s", name);
	if (len > 2 && strcmp(name + len - 2, ".p") == 0) {
		r = see_partials(w);
	} else {
		dir = file_open_dir(w->fd, w->path);
		if (dir >= 0) {
			w->depth++;
			r = file_each(dir, NAMES_MAX, see, w);
			w->depth--;
		}
		file_close(dir); /* a full tile is a file */
	}
	w->path[before] = '\0';
	return r;
}

int repo_superseded_tiles(const struct repo *r, int64_t now, struct tree_list *list)
{
	struct walk *w = calloc(1, sizeof(*w));
	int dir, e;

	if (w == NULL)
		return SL_E_NOMEM;
	w->fd = r->fd;
	w->now = now;
	w->out = list;
	(void)snprintf(w->path, sizeof(w->path), "log/tile");
	dir = file_open_dir(r->fd, w->path);
	e = dir == SL_E_NOTFOUND ? SL_OK : dir < 0 ? dir : file_each(dir, NAMES_MAX, see, w);
	file_close(dir);
	free(w);
	return e;
}
