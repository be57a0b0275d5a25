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

enum {
	VERSION_FILES_MAX = 16,
	READY_MAX = 4 << 20,
	PAGES_MAX = 1000000,
	UNIT_WRITE_S = 60 /* from the first file of a case to its unit in the outbox */
};

void finish_at(const struct finish *f, const char *point)
{
	if (f->at != NULL)
		f->at(point);
}

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

	if (file_exists(tree_fd, path))
		return SL_OK;
	if (fstatat(f->repo_fd, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? SL_E_CORRUPT : sl_err_errno(errno);
	return st.st_mtim.tv_sec < since ? SL_OK : tree_link(f->repo_fd, tree_fd, path);
}

struct pages {
	const struct finish *f;
	int tree_fd;
	int64_t since;
};

static int see_page(const char *name, void *arg)
{
	const struct pages *p = arg;
	char path[TREE_PATH_MAX];

	if (strstr(name, ".head.json") != NULL)
		return SL_OK;
	(void)snprintf(path, sizeof(path), "targets/feed/%s", name);
	return carry_if_new(p->f, p->tree_fd, path, p->since);
}

int finish_current(const struct finish *f, int tree_fd, const json_t *meta, int64_t now)
{
	struct pages p = {.f = f, .tree_fd = tree_fd};
	void *at = json_object_iter((json_t *)(uintptr_t)meta);
	char path[128];
	int64_t version;
	int feed, r = waiting_since(f, now, &p.since);

	for (; at != NULL && r == SL_OK;
	     at = json_object_iter_next((json_t *)(uintptr_t)meta, at)) {
		if (!json_i64(json_object_iter_value(at), "version", &version))
			return SL_E_CORRUPT;
		(void)snprintf(path, sizeof(path), "metadata/%lld.%s", (long long)version,
			       json_object_iter_key(at));
		r = carry_if_new(f, tree_fd, path, p.since);
	}
	if (r != SL_OK)
		return r;
	feed = file_open_dir(f->repo_fd, "targets/feed");
	r = feed < 0 ? feed : file_each(feed, PAGES_MAX, see_page, &p);
	file_close(feed);
	return r;
}

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

/* A blob that another live release uses stays. */
static int add_blob(const struct finish *f, const struct delta_item *d, const char *sha256,
		    void *arg)
{
	struct tree_list *list = arg;
	bool others = true;
	char path[80];
	int r = repo_ref_others(f->refs_fd, sha256, d->id, d->version, &others);

	proof_blob_path(sha256, path);
	if (r != SL_OK || others || tree_list_has(list, path))
		return r;
	return tree_list_add(list, path);
}

static int removes_of_notice(const struct finish *f, const struct casefile *c,
			     struct tree_list *list)
{
	int r = SL_OK;

	for (unsigned i = 0; i < c->n && r == SL_OK; i++) {
		const struct delta_item *d = &c->items[i].delta;

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
