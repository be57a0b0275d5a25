/* finish_out.c - the last steps of a case: outbox, repository, store, away with it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "link/sealed.h"
#include "link/spool.h"
#include "link/unit.h"
#include "release/build_private.h"
#include "release/finish_private.h"
#include "release/proof.h"
#include "trust/blob_refs.h"

enum { WAITING_MAX = 200000, CASES_MAX = 1000 };

/* Taking down cannot wait; bringing back and correcting keep their place in the line. */
static bool overtakes(const struct casefile *c)
{
	return c->kind == CASEFILE_NOTICE && (c->items[0].delta.status == FEED_WITHHELD ||
					      c->items[0].delta.status == FEED_CANCELED);
}

static void unit_name(const struct casefile *c, char out[SPOOL_NAME + 1])
{
	const struct spool_entry e = {
		.serial = c->number,
		.priority = overtakes(c) ? SPOOL_RECALL : SPOOL_NORMAL,
	};

	spool_name(&e, out);
}

static int fill_unit(struct unit *u, const struct tree_list *files,
		     const struct tree_list *removes)
{
	u->files = calloc(files->n + 1u, sizeof(*u->files));
	u->removes = calloc(removes->n + 1u, sizeof(*u->removes));
	if (u->files == NULL || u->removes == NULL)
		return SL_E_NOMEM;
	for (unsigned i = 0; i < files->n; i++)
		memcpy(u->files[i].path, files->path[i], TREE_PATH_MAX);
	for (unsigned i = 0; i < removes->n; i++)
		memcpy(u->removes[i], removes->path[i], TREE_PATH_MAX);
	u->n_files = files->n;
	u->n_removes = removes->n;
	return SL_OK;
}

static int write_plain(const struct finish *f, int case_fd, const struct casefile *c, int out,
		       struct sl_why *why)
{
	struct tree_list files = {.path = NULL}, removes = {.path = NULL};
	struct unit u = {.serial = c->number};
	int tree_fd = file_open_dir(case_fd, "tree"), r = tree_fd < 0 ? tree_fd : SL_OK;

	(void)snprintf(u.kind, sizeof(u.kind), "%s", casefile_kind_name(c->kind));
	if (r == SL_OK)
		r = tree_files(tree_fd, &files);
	if (r == SL_OK)
		r = finish_removes(case_fd, &removes);
	if (r == SL_OK)
		r = fill_unit(&u, &files, &removes);
	if (r == SL_OK)
		r = unit_write(tree_fd, &u, f->keys->gateway, out, why);
	unit_release(&u);
	tree_list_release(&files);
	tree_list_release(&removes);
	file_close(tree_fd);
	return r;
}

/* Appears in the outbox by rename, so the sender never sees half a unit. */
static int seal(const struct finish *f, int plain, const char *name)
{
	int out = openat(f->outbox_fd, ".unit.new",
			 O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int r = out < 0 ? sl_err_errno(errno) : SL_OK;

	if (r == SL_OK && lseek(plain, 0, SEEK_SET) != 0)
		r = SL_E_IO;
	if (r == SL_OK)
		r = sealed_write(plain, f->outlet, out);
	if (r == SL_OK && fsync(out) != 0)
		r = sl_err_errno(errno);
	file_close(out);
	if (r == SL_OK && renameat(f->outbox_fd, ".unit.new", f->outbox_fd, name) != 0)
		r = sl_err_errno(errno);
	return r == SL_OK ? file_sync_dir(f->outbox_fd) : r;
}

int finish_unit(const struct finish *f, int case_fd, const struct casefile *c,
		struct sl_why *why)
{
	char name[SPOOL_NAME + 1], sent[SPOOL_NAME + 8];
	int plain, r = SL_OK;

	unit_name(c, name);
	(void)snprintf(sent, sizeof(sent), "sent/%s", name);
	if (file_exists(f->outbox_fd, name) || file_exists(f->outbox_fd, sent))
		return SL_OK;
	plain = openat(case_fd, "unit", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		       0600);
	if (plain < 0)
		r = sl_err_errno(errno);
	if (r == SL_OK)
		r = write_plain(f, case_fd, c, plain, why);
	if (r == SL_OK)
		r = seal(f, plain, name);
	file_close(plain);
	(void)unlinkat(case_fd, "unit", 0);
	return r == SL_OK ? r : build_explain(why, r, "the transfer unit cannot be written");
}

/* Make the names on the way to `path` durable; `last` spares what was just done. */
static int sync_parents(int fd, const char *path, char last[TREE_PATH_MAX])
{
	char dir[TREE_PATH_MAX];
	char *slash;
	int r = SL_OK;

	(void)snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash == NULL || strncmp(last, dir, (size_t)(slash - dir) + 1) == 0)
		return slash == NULL ? file_sync_dir(fd) : SL_OK;
	(void)snprintf(last, TREE_PATH_MAX, "%.*s/", (int)(slash - dir), dir);
	while (slash != NULL && r == SL_OK) {
		int sub;

		*slash = '\0';
		sub = file_open_dir(fd, dir);
		r = sub < 0 ? sub : file_sync_dir(sub);
		file_close(sub);
		slash = strrchr(dir, '/');
	}
	return r;
}

static int merge_file(const struct finish *f, int tree_fd, const char *path,
		      char last[TREE_PATH_MAX])
{
	int r;

	/* Blobs stay in objects/: this copy is for metadata. */
	if (strncmp(path, "blobs/", 6) == 0)
		return SL_OK;
	r = tree_link(tree_fd, f->repo_fd, path);
	return r == SL_OK ? sync_parents(f->repo_fd, path, last) : r;
}

static int add_refs(const struct finish *f, int tree_fd, const struct casefile *c)
{
	int r = SL_OK;

	for (unsigned i = 0; i < c->n && r == SL_OK; i++) {
		const struct delta_item *d = &c->items[i].delta;
		struct manifest *m = NULL;

		if (d->status != FEED_USABLE)
			continue;
		r = proof_manifest(tree_fd, d, &m, NULL);
		for (unsigned k = 0; r == SL_OK && k < m->n_blobs; k++)
			r = blob_refs_add(f->refs_fd, m->blobs[k].sha256, d->id, d->version);
		manifest_free(m);
	}
	return r;
}

static int drop_ref(const struct finish *f, const struct delta_item *d, const char *sha256,
		    void *arg)
{
	(void)arg;
	for (int64_t v = 1; v <= d->version; v++)
		blob_refs_remove(f->refs_fd, sha256, d->id, v);
	return SL_OK;
}

static int remove_old(const struct finish *f, int case_fd, const struct casefile *c)
{
	bool frozen = c->n > 0 && c->items[0].delta.status == FEED_WITHHELD;
	struct tree_list removes = {.path = NULL};
	int r = SL_OK;

	for (unsigned i = 0; i < c->n && r == SL_OK; i++) {
		if (c->items[i].delta.status != FEED_USABLE)
			r = finish_recalled(f, &c->items[i].delta, drop_ref, NULL);
	}
	if (r == SL_OK)
		r = finish_removes(case_fd, &removes);
	for (unsigned i = 0; i < removes.n && r == SL_OK; i++) {
		/* What is only frozen may come back, and then with these very files. */
		if (strncmp(removes.path[i], "blobs/", 6) != 0 &&
		    !(frozen && strncmp(removes.path[i], "targets/rel/", 12) == 0) &&
		    unlinkat(f->repo_fd, removes.path[i], 0) != 0 && errno != ENOENT)
			r = sl_err_errno(errno);
	}
	tree_list_release(&removes);
	return r;
}

int finish_merge(const struct finish *f, int case_fd, const struct casefile *c,
		 struct sl_why *why)
{
	struct tree_list files = {.path = NULL};
	char last[TREE_PATH_MAX] = "";
	int tree_fd = file_open_dir(case_fd, "tree"), r = tree_fd < 0 ? tree_fd : SL_OK;

	if (r == SL_OK)
		r = tree_files(tree_fd, &files);
	if (r == SL_OK)
		r = add_refs(f, tree_fd, c);
	for (unsigned i = 0; i < files.n && r == SL_OK; i++)
		r = merge_file(f, tree_fd, files.path[i], last);
	if (r == SL_OK)
		r = remove_old(f, case_fd, c);
	tree_list_release(&files);
	file_close(tree_fd);
	return r == SL_OK ? r : build_explain(why, r, "the repository cannot be written");
}

int finish_clean(const struct finish *f, int case_fd, const struct casefile *c)
{
	char name[CASEFILE_NAME + 1], done[CASEFILE_NAME + 8];
	struct buf b;
	int r = SL_OK;

	casefile_name(c->number, name);
	(void)snprintf(done, sizeof(done), "%s.done", name);
	buf_init(&b, CASEFILE_MAX);
	if (c->kind == CASEFILE_RELEASE) {
		r = file_read(case_fd, "case.json", CASEFILE_MAX, &b);
		if (r == SL_OK)
			r = file_write_durable(f->waiting_fd, name, b.data, b.len, 0600);
	}
	buf_release(&b);
	/* Renamed first: half a case under its number would look like one to go on with. */
	if (r == SL_OK && renameat(f->cases_fd, name, f->cases_fd, done) != 0)
		r = sl_err_errno(errno);
	return r == SL_OK ? file_remove_tree(f->cases_fd, done) : r;
}

struct pending {
	const struct finish *f;
	int64_t number;
};

static int see_case(const char *name, void *arg)
{
	struct pending *p = arg;
	int64_t number;

	if (!casefile_number(name, &number))
		return file_remove_tree(p->f->cases_fd, name);
	if (p->number == 0 || number < p->number)
		p->number = number;
	return SL_OK;
}

int finish_pending(const struct finish *f, int64_t *ret_number)
{
	struct pending p = {.f = f};
	int r = file_each(f->cases_fd, CASES_MAX, see_case, &p);

	*ret_number = p.number;
	return r;
}

static int see_waiting(const char *name, void *arg)
{
	const struct finish *f = arg;
	struct casefile *c;
	char unit[SPOOL_NAME + 1];
	int64_t number;
	struct buf b;
	int r;

	if (!casefile_number(name, &number))
		return SL_OK;
	(void)snprintf(unit, sizeof(unit), "%s.%d.unit", name, SPOOL_NORMAL);
	if (file_exists(f->outbox_fd, unit))
		return SL_OK;
	c = calloc(1, sizeof(*c));
	buf_init(&b, CASEFILE_MAX);
	r = c == NULL ? SL_E_NOMEM : file_read(f->waiting_fd, name, CASEFILE_MAX, &b);
	if (r == SL_OK)
		r = casefile_parse(b.data, b.len, c, NULL);
	for (unsigned i = 0; r == SL_OK && i < c->n; i++) {
		const struct draft_change change = {.actor = "releaser"};

		/* It may have been frozen meanwhile: then that state stays. */
		r = store_move(f->store, c->items[i].draft, c->items[i].revision,
			       DRAFT_RELEASED, DRAFT_SENT, &change, NULL);
		if (r == SL_E_CONFLICT || r == SL_E_STATE)
			r = SL_OK;
	}
	if (r == SL_OK && unlinkat(f->waiting_fd, name, 0) != 0)
		r = sl_err_errno(errno);
	if (r != SL_OK)
		log_warn("sent", "case=%s error=%s", name, sl_errname(r));
	buf_release(&b);
	free(c);
	return SL_OK;
}

int finish_sent(const struct finish *f)
{
	return file_each(f->waiting_fd, WAITING_MAX, see_waiting, (void *)(uintptr_t)f);
}
