/* repo_prune.c - which files of the tree nobody needs any more.
 *
 * A client that fetched an old timestamp may still follow it, so a file stays for
 * REPO_KEEP_S after its successor was written. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "release/repo.h"

enum { NAMES_MAX = 200000 };

struct old_file {
	char name[128];
	char group[96]; /* what comes after the version: ".rel-2026-0001.json"; ".head.json" */
	uint64_t order; /* version, or time for names that carry a hash */
	int64_t written;
};
struct scan {
	int dir;
	struct old_file *list;
	size_t n, cap;
	bool heads; /* only *.head.json and *.checkpoint, ordered by time */
	int error;
};

static bool classify(const struct scan *s, const char *name, const struct stat *st,
		     struct old_file *f)
{
	const char *dot = strchr(name, '.');

	if (dot == NULL || strlen(name) >= sizeof(f->name) || strlen(dot) >= sizeof(f->group))
		return false;
	(void)snprintf(f->name, sizeof(f->name), "%s", name);
	(void)snprintf(f->group, sizeof(f->group), "%s", dot);
	f->written = st->st_mtim.tv_sec;
	if (s->heads) {
		f->order = (uint64_t)st->st_mtim.tv_sec * 1000000000u +
			   (uint64_t)st->st_mtim.tv_nsec;
		return strcmp(dot, ".head.json") == 0 || strcmp(dot, ".checkpoint") == 0;
	}
	/* Every root stays: clients walk through all of them. */
	return strcmp(dot, ".root.json") != 0 &&
	       text_to_u64(name, (size_t)(dot - name), INT64_MAX, &f->order);
}

static int see(const char *name, void *arg)
{
	struct scan *s = arg;
	struct stat st;
	struct old_file f;

	if (fstatat(s->dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !classify(s, name, &st, &f))
		return SL_OK;
	if (s->n == s->cap) {
		size_t cap = s->cap == 0 ? 256 : 2 * s->cap;
		struct old_file *grown = realloc(s->list, cap * sizeof(*grown));

		if (grown == NULL)
			return SL_E_NOMEM;
		s->list = grown;
		s->cap = cap;
	}
	s->list[s->n++] = f;
	return SL_OK;
}

static int by_group(const void *a, const void *b)
{
	const struct old_file *x = a, *y = b;
	int d = strcmp(x->group, y->group);

	return d != 0 ? d : (x->order > y->order) - (x->order < y->order);
}

static int scan_dir(int fd, const char *path, bool heads, int64_t now, struct tree_list *out)
{
	struct scan s = {.dir = file_open_dir(fd, path), .heads = heads};
	char whole[TREE_PATH_MAX];
	int r = s.dir < 0 ? s.dir : file_each(s.dir, NAMES_MAX, see, &s);

	if (s.n > 1)
		qsort(s.list, s.n, sizeof(s.list[0]), by_group);
	for (size_t i = 0; r == SL_OK && i + 1 < s.n && out->n < TREE_FILES_MAX / 2; i++) {
		if (strcmp(s.list[i].group, s.list[i + 1].group) != 0 ||
		    s.list[i + 1].written > now - REPO_KEEP_S)
			continue;
		(void)snprintf(whole, sizeof(whole), "%s/%s", path, s.list[i].name);
		r = tree_list_add(out, whole);
	}
	free(s.list);
	file_close(s.dir);
	return r;
}

int repo_superseded(const struct repo *r, int64_t now, struct tree_list *ret)
{
	struct tree_list list = {.path = NULL};
	int e = scan_dir(r->fd, "metadata", false, now, &list);

	if (e == SL_OK)
		e = scan_dir(r->fd, "targets/feed", true, now, &list);
	if (e == SL_OK)
		e = scan_dir(r->fd, "targets/log", true, now, &list);
	if (e == SL_OK)
		e = repo_superseded_tiles(r, now, &list);
	if (e != SL_OK) {
		tree_list_release(&list);
		return e;
	}
	*ret = list;
	return SL_OK;
}
