/* finish_ready.c - what a step takes away, decided once and written down in `ready`. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "link/spool.h"
#include "release/finish_private.h"
#include "release/proof.h"
#include "trust/blob_refs.h"

enum { VERSION_FILES_MAX = 16, READY_MAX = 4 << 20 };

struct names {
	char dir[64];
	struct tree_list *list;
};

static int add_name(const char *name, void *arg)
{
	struct names *n = arg;
	char path[TREE_PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/%s", n->dir, name);
	return tree_list_add(n->list, path);
}

/* Files below targets/rel/ID/VERSION of the repository; none is fine. */
static int version_files(const struct finish *f, const char *id, int64_t version,
			 struct tree_list *list)
{
	struct names n = {.list = list};
	int dir, r;

	(void)snprintf(n.dir, sizeof(n.dir), "targets/rel/%.31s/%lld", id, (long long)version);
	dir = file_open_dir(f->repo_fd, n.dir);
	if (dir == SL_E_NOTFOUND)
		return SL_OK;
	r = dir < 0 ? dir : file_each(dir, VERSION_FILES_MAX, add_name, &n);
	file_close(dir);
	return r;
}

static int each_blob(const struct finish *f, const struct delta_item *d, const char *path,
		     int (*fn)(const struct finish *, const struct delta_item *, const char *,
			       void *),
		     void *arg)
{
	struct manifest *m = NULL;
	struct buf b;
	int r;

	buf_init(&b, MANIFEST_MAX);
	r = file_read(f->repo_fd, path, MANIFEST_MAX, &b);
	if (r == SL_OK)
		r = manifest_parse(b.data, b.len, &m, NULL);
	for (unsigned i = 0; r == SL_OK && i < m->n_blobs; i++)
		r = fn(f, d, m->blobs[i].sha256, arg);
	manifest_free(m);
	buf_release(&b);
	return r;
}

int finish_recalled(const struct finish *f, const struct delta_item *d,
		    int (*fn)(const struct finish *f, const struct delta_item *d,
			      const char *sha256, void *arg),
		    void *arg)
{
	int r = SL_OK;

	for (int64_t v = 1; v <= d->version && r == SL_OK; v++) {
		struct tree_list list = {.path = NULL};

		r = version_files(f, d->id, v, &list);
		for (unsigned i = 0; i < list.n && r == SL_OK; i++) {
			if (strstr(list.path[i], ".manifest.json") != NULL)
				r = each_blob(f, d, list.path[i], fn, arg);
		}
		tree_list_release(&list);
	}
	return r;
}

struct others {
	const struct delta_item *d;
	bool found;
};

/* Anything but versions up to this one of this item? */
static int see_user(const char *id, int64_t version, void *arg)
{
	struct others *o = arg;

	if (strcmp(id, o->d->id) != 0 || version > o->d->version)
		o->found = true;
	return SL_OK;
}

/* A blob that another live release uses stays. */
static int add_blob(const struct finish *f, const struct delta_item *d, const char *sha256,
		    void *arg)
{
	struct tree_list *list = arg;
	struct others o = {.d = d};
	char path[80];
	int r = blob_refs_each(f->refs_fd, sha256, see_user, &o);

	proof_blob_path(sha256, path);
	if (r != SL_OK || o.found || tree_list_has(list, path))
		return r;
	return tree_list_add(list, path);
}

static int removes_of_notice(const struct finish *f, const struct casefile *c,
			     struct tree_list *list)
{
	int r = SL_OK;

	for (unsigned i = 0; i < c->n && r == SL_OK; i++) {
		const struct delta_item *d = &c->items[i].delta;

		if (d->status == FEED_USABLE)
			continue; /* it comes back */
		for (int64_t v = 1; v <= d->version && r == SL_OK; v++)
			r = version_files(f, d->id, v, list);
		if (r == SL_OK)
			r = finish_recalled(f, d, add_blob, list);
	}
	return r;
}

int finish_ready(const struct finish *f, int case_fd, int tree_fd, const struct casefile *c,
		 const struct repo *repo, int64_t now)
{
	struct tree_list list = {.path = NULL};
	json_t *removes = json_array(), *j;
	struct buf b;
	int r = SL_OK;

	buf_init(&b, READY_MAX);
	if (c->kind == CASEFILE_NOTICE)
		r = removes_of_notice(f, c, &list);
	else if (c->kind == CASEFILE_REFRESH && repo != NULL)
		r = repo_superseded(repo, now, &list);
	for (unsigned i = 0; i < list.n && r == SL_OK; i++) {
		/* A renewed file of the same name is new again. */
		if (!file_exists(tree_fd, list.path[i]) &&
		    json_array_append_new(removes, json_string(list.path[i])) != 0)
			r = SL_E_NOMEM;
	}
	j = json_pack("{s:O}", "removes", removes);
	if (r == SL_OK)
		r = j == NULL ? SL_E_NOMEM : json_compact(j, &b);
	if (r == SL_OK)
		r = file_write_durable(case_fd, "ready", b.data, b.len, 0600);
	json_decref(j);
	json_decref(removes);
	tree_list_release(&list);
	buf_release(&b);
	return r;
}

int finish_removes(int case_fd, struct tree_list *ret)
{
	struct tree_list list = {.path = NULL};
	json_t *j = NULL;
	const json_t *v;
	struct buf b;
	size_t i;
	int r;

	buf_init(&b, READY_MAX);
	r = file_read(case_fd, "ready", READY_MAX, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, READY_MAX, &j);
	if (r == SL_OK && json_arr(j, "removes") == NULL)
		r = SL_E_CORRUPT;
	json_array_foreach(json_arr(j, "removes"), i, v)
	{
		if (r == SL_OK)
			r = json_is_string(v) ? tree_list_add(&list, json_string_value(v))
					      : SL_E_CORRUPT;
	}
	json_decref(j);
	buf_release(&b);
	if (r == SL_OK)
		*ret = list;
	else
		tree_list_release(&list);
	return r;
}
