/* place.c - the only writer of the tree.
 *
 * Input was proved by admit.c.  Invariants: a name appears in the tree only with
 * its whole content on disk (fsync, then rename); timestamp.json is the last
 * rename, removals come after it; every step may be repeated. */
#include "outlet/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "outlet/refs.h"

enum rank {
	RANK_ROOT,
	RANK_BLOB,
	RANK_TARGET,
	RANK_ROLE,
	RANK_SNAPSHOT,
	RANK_TILE,
	RANK_CHECKPOINT,
	RANK_HINT,
	RANK_TIMESTAMP,
	RANK_COUNT
};

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static enum rank rank_of(const char *path)
{
	if (strncmp(path, "blobs/", 6) == 0)
		return RANK_BLOB;
	if (strncmp(path, "targets/", 8) == 0)
		return RANK_TARGET;
	if (strcmp(path, "log/checkpoint") == 0)
		return RANK_CHECKPOINT;
	if (strncmp(path, "log/", 4) == 0)
		return RANK_TILE;
	if (strncmp(path, "metadata/", 9) != 0)
		return RANK_HINT;
	if (strcmp(path, "metadata/timestamp.json") == 0)
		return RANK_TIMESTAMP;
	if (ends_with(path, ".root.json"))
		return RANK_ROOT;
	return ends_with(path, ".snapshot.json") ? RANK_SNAPSHOT : RANK_ROLE;
}

/* Directory of a path, made level by level, each level durable. */
static int open_parent(int tree, const char *path, const char **ret_name)
{
	int dir = openat(tree, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *slash;

	while (dir >= 0 && (slash = strchr(path, '/')) != NULL) {
		char part[TUF_PATH_MAX];
		int next;

		(void)snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		if (mkdirat(dir, part, 0755) == 0)
			(void)fsync(dir);
		next = openat(dir, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		file_close(dir);
		dir = next;
		path = slash + 1;
	}
	*ret_name = path;
	return dir >= 0 ? dir : sl_err_errno(errno);
}

/* The tree may lie on another file system than the staging directory. */
static int copy_into(int from, int dir, const char *name)
{
	char tmp[] = ".placing";
	uint8_t chunk[65536];
	int to, r = SL_OK;
	ssize_t n;

	(void)unlinkat(dir, tmp, 0);
	to = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (to < 0)
		return sl_err_errno(errno);
	while (r == SL_OK && (n = read(from, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno != EINTR)
			r = sl_err_errno(errno);
		else if (n > 0)
			r = file_write_all(to, chunk, (size_t)n);
	}
	if (r == SL_OK &&
	    (fchmod(to, 0644) != 0 || fsync(to) != 0 || renameat(dir, tmp, dir, name) != 0))
		r = sl_err_errno(errno);
	file_close(to);
	return r;
}

static int place_file(const struct overlay *o, unsigned i)
{
	const char *name = NULL;
	char index[16];
	int dir = -1, fd, r = SL_OK;

	(void)snprintf(index, sizeof(index), "%u", i);
	fd = openat(o->files_fd, index, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return sl_err_errno(errno);
	dir = open_parent(o->tree_fd, o->unit->files[i].path, &name);
	if (dir < 0)
		r = dir;
	else if (fchmod(fd, 0644) != 0 || fsync(fd) != 0)
		r = sl_err_errno(errno);
	else if (renameat(o->files_fd, index, dir, name) != 0)
		r = errno == EXDEV ? copy_into(fd, dir, name) : sl_err_errno(errno);
	if (r == SL_OK && fsync(dir) != 0)
		r = sl_err_errno(errno);
	file_close(fd);
	file_close(dir);
	return r;
}

int place_unit(struct admit *a, void (*before_timestamp)(void *arg), void *arg,
	       struct sl_why *why)
{
	const struct unit *u = a->view.unit;

	for (int rank = 0; rank < RANK_COUNT; rank++) {
		for (unsigned i = 0; i < u->n_files; i++) {
			int r;

			if (!a->place[i] || (int)rank_of(u->files[i].path) != rank)
				continue;
			if (rank == RANK_TIMESTAMP && before_timestamp != NULL)
				before_timestamp(arg);
			r = place_file(&a->view, i);
			if (r != SL_OK)
				return why_set(why, r, "%s cannot be placed in the tree",
					       u->files[i].path);
		}
	}
	return SL_OK;
}

/* Blobs that a manifest in the tree still names stay. */
static int find_used(struct admit *a, bool *keep)
{
	const struct unit *u = a->view.unit;
	int r = SL_OK;

	for (unsigned i = 0; i < u->n_removes && r == SL_OK; i++) {
		const char *name = strrchr(u->removes[i], '/');

		if (rank_of(u->removes[i]) != RANK_BLOB)
			continue;
		/* What is not named by a digest is no blob of ours. */
		keep[i] = true;
		if (text_is_sha256(name + 1))
			r = refs_used(a->refs_fd, a->view.tree_fd, name + 1, &keep[i]);
	}
	return r;
}

static int remove_one(struct admit *a, const char *path)
{
	const char *name = NULL;
	int dir = open_parent(a->view.tree_fd, path, &name);
	int r = dir < 0 ? dir : SL_OK;

	if (r == SL_OK && unlinkat(dir, name, 0) != 0 && errno != ENOENT)
		r = sl_err_errno(errno);
	if (r == SL_OK && fsync(dir) != 0)
		r = sl_err_errno(errno);
	file_close(dir);
	return r;
}

static int remove_rank(struct admit *a, enum rank rank, const bool *keep, unsigned *n)
{
	const struct unit *u = a->view.unit;

	for (unsigned i = 0; i < u->n_removes; i++) {
		int r;

		if (rank_of(u->removes[i]) != rank || keep[i] ||
		    !file_exists(a->view.tree_fd, u->removes[i]) ||
		    !admit_remove(a, u->removes[i]))
			continue;
		r = remove_one(a, u->removes[i]);
		if (r != SL_OK)
			return r;
		(*n)++;
	}
	return SL_OK;
}

int place_removes(struct admit *a, unsigned *ret_n, struct sl_why *why)
{
	static const enum rank superseded[] = {RANK_TARGET, RANK_TILE, RANK_ROLE,
					       RANK_SNAPSHOT};
	unsigned n = 0;
	int r = SL_OK;
	bool *keep;

	*ret_n = 0;
	if (a->view.unit->n_removes == 0)
		return SL_OK;
	keep = calloc(a->view.unit->n_removes, sizeof(*keep));
	if (keep == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; i < sizeof(superseded) / sizeof(superseded[0]) && r == SL_OK; i++)
		r = remove_rank(a, superseded[i], keep, &n);
	if (r == SL_OK)
		r = find_used(a, keep);
	if (r == SL_OK)
		r = remove_rank(a, RANK_BLOB, keep, &n);
	free(keep);
	*ret_n = n;
	return r == SL_OK ? r : why_set(why, r, "recalled files cannot be removed");
}
