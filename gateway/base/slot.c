/* slot.c - fill aside, make durable, name it, point to it: in this order.
 *
 * Hostile: what is copied comes from a medium or another directory, so links are not followed
 * and every number has a ceiling. */
#include "base/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"

#define CURRENT	 "current"
#define INCOMING ".incoming"
enum { FACTS_MAX = 64 << 10, DIRS_MAX = 1000, PIECE = 256 << 10 };

static bool name_ok(const char *name)
{
	return name != NULL && name[0] != '.' && name[0] != '\0' && strlen(name) < SLOT_NAME &&
	       strchr(name, '/') == NULL;
}

static int kind_path(const char *data, const char *kind, const char *name, char out[SLOT_PATH])
{
	char dir[SLOT_PATH];
	int r = file_join(dir, sizeof(dir), data, kind);

	return r != SL_OK ? r : file_join(out, SLOT_PATH, dir, name);
}

static int read_facts(int dir, const char *path, json_t **ret_j)
{
	struct buf b;
	json_t *j = NULL;
	int r;

	buf_init(&b, FACTS_MAX);
	r = file_read(dir, path, FACTS_MAX, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, FACTS_MAX, &j);
	if (r == SL_OK && !name_ok(json_str(j, "name")))
		r = SL_E_CORRUPT;
	buf_release(&b);
	if (r != SL_OK) {
		json_decref(j);
		return r;
	}
	*ret_j = j;
	return SL_OK;
}

int slot_current(const char *data, const char *kind, char out[SLOT_PATH], json_t **ret_facts)
{
	char path[SLOT_PATH];
	json_t *j = NULL;
	int r = kind_path(data, kind, CURRENT, path);

	if (r == SL_OK)
		r = read_facts(AT_FDCWD, path, &j);
	if (r == SL_OK)
		r = kind_path(data, kind, json_str(j, "name"), out);
	if (r == SL_OK && ret_facts != NULL) {
		*ret_facts = j;
		j = NULL; /* moved */
	}
	json_decref(j);
	return r;
}

int slot_or(const char *data, const char *kind, const char *otherwise, char out[SLOT_PATH])
{
	int r = slot_current(data, kind, out, NULL);

	if (r == SL_E_NOTFOUND)
		r = (size_t)snprintf(out, SLOT_PATH, "%s", otherwise) < SLOT_PATH ? SL_OK
										  : SL_E_LIMIT;
	return r;
}

struct timespec slot_changed(const char *data, const char *kind)
{
	char path[SLOT_PATH];
	struct stat st;

	if (kind_path(data, kind, CURRENT, path) != SL_OK || stat(path, &st) != 0)
		return (struct timespec){.tv_sec = 0};
	return st.st_mtim;
}

int slot_begin(struct slot *s, const char *data, const char *kind, struct sl_why *why)
{
	char root[SLOT_PATH];
	int r;

	s->root = s->lock = -1;
	r = file_join(root, sizeof(root), data, kind);
	if (r == SL_OK)
		r = file_join(s->incoming, sizeof(s->incoming), root, INCOMING);
	if (r == SL_OK)
		r = file_mkdirs(root, 0700);
	if (r == SL_OK)
		r = s->root = file_open_dir(AT_FDCWD, root);
	if (r < 0)
		return why_set(why, r, "%s: %s", root, sl_strerror(r));
	s->lock = openat(s->root, ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->lock < 0)
		return why_set(why, sl_err_errno(errno), "%s: %s", root, strerror(errno));
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0) {
		file_close(s->lock);
		s->lock = -1; /* what lies there is another's */
		return why_set(why, SL_E_UNREACHABLE, "%s: somebody else is at it now", root);
	}
	r = file_remove_tree(s->root, INCOMING);
	if (r == SL_OK && mkdirat(s->root, INCOMING, 0700) != 0)
		r = sl_err_errno(errno);
	return r == SL_OK ? r : why_set(why, r, "%s: %s", s->incoming, sl_strerror(r));
}

static int pump(int in, int out, uint64_t most)
{
	char *piece = malloc(PIECE);
	uint64_t done = 0;
	ssize_t n = 1;
	int r = piece == NULL ? SL_E_NOMEM : SL_OK;

	while (r == SL_OK && n != 0) {
		n = read(in, piece, PIECE);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			r = sl_err_errno(errno);
		else if ((uint64_t)n > most - done)
			r = SL_E_LIMIT;
		else
			r = file_write_all(out, piece, (size_t)n);
		done += n > 0 ? (uint64_t)n : 0;
	}
	free(piece);
	if (r == SL_OK && fsync(out) != 0)
		r = sl_err_errno(errno);
	return r;
}

struct copying {
	const struct slot_copy *c;
	int from, to;
	struct sl_why *why;
};

static int copy_one(const char *name, void *arg)
{
	const struct copying *w = arg;
	struct stat st;
	int in = -1, out = -1, r = SL_OK;

	if (!w->c->wanted(name, w->c->arg))
		return SL_OK;
	in = openat(w->from, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (in < 0)
		r = sl_err_errno(errno);
	if (r == SL_OK && (fstat(in, &st) != 0 || !S_ISREG(st.st_mode)))
		r = SL_E_FORMAT;
	if (r == SL_OK) {
		out = openat(w->to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
			     0600);
		r = out < 0 ? sl_err_errno(errno) : pump(in, out, w->c->bytes);
	}
	file_close(in);
	file_close(out);
	return r == SL_OK ? r
			  : why_set(w->why, r, "%s/%s: %s", w->c->from, name, sl_strerror(r));
}

int slot_copy(const struct slot *s, const struct slot_copy *c, struct sl_why *why)
{
	struct copying w = {.c = c, .from = -1, .to = -1, .why = why};
	char to[SLOT_PATH];
	int r = c->folder[0] == '\0' ? file_join(to, sizeof(to), s->incoming, ".")
				     : file_join(to, sizeof(to), s->incoming, c->folder);

	if (r == SL_OK)
		r = file_mkdirs(to, 0700);
	if (r == SL_OK)
		r = w.to = file_open_dir(AT_FDCWD, to);
	if (r >= 0)
		r = w.from = file_open_dir(AT_FDCWD, c->from);
	if (r < 0) {
		r = why_set(why, r, "%s: %s", c->from, sl_strerror(r));
		goto out;
	}
	r = file_each(w.from, c->files, copy_one, &w);
	if (r == SL_E_LIMIT && why->text[0] == '\0')
		(void)why_set(why, r, "%s holds more than %zu files", c->from, c->files);
	if (r == SL_OK)
		r = file_sync_dir(w.to);
out:
	file_close(w.from);
	file_close(w.to);
	return r;
}

struct pruning {
	int root;
	const char *keep[2];
};

static int prune_one(const char *name, void *arg)
{
	const struct pruning *p = arg;

	if (strcmp(name, CURRENT) == 0)
		return SL_OK;
	for (unsigned i = 0; i < 2; i++) {
		if (p->keep[i] != NULL && strcmp(p->keep[i], name) == 0)
			return SL_OK;
	}
	return file_remove_tree(p->root, name);
}

/* The same contents may lie there from an earlier time, or be in force now. */
static int put_in_place(int root, const char *name)
{
	unsigned how = file_exists(root, name) ? RENAME_EXCHANGE : RENAME_NOREPLACE;
	int dir = file_open_dir(root, INCOMING), r = dir < 0 ? dir : file_sync_dir(dir);

	file_close(dir);
	if (r == SL_OK && renameat2(root, INCOMING, root, name, how) != 0)
		r = sl_err_errno(errno);
	return r == SL_OK ? file_sync_dir(root) : r;
}

int slot_commit(struct slot *s, const char *name, const json_t *facts, struct sl_why *why)
{
	struct pruning p = {.root = s->root, .keep = {name, NULL}};
	json_t *before = NULL, *j = json_deep_copy(facts);
	struct buf b;
	int r = SL_E_NOMEM;

	buf_init(&b, FACTS_MAX);
	if (!name_ok(name))
		r = SL_E_FORMAT;
	else if (j != NULL && json_object_set_new(j, "name", json_string(name)) == 0)
		r = json_canonical(j, &b);
	if (r == SL_OK && read_facts(s->root, CURRENT, &before) == SL_OK)
		p.keep[1] = json_str(before, "name");
	if (r == SL_OK)
		r = put_in_place(s->root, name);
	if (r == SL_OK)
		r = file_write_durable(s->root, CURRENT, b.data, b.len, 0600);
	if (r != SL_OK)
		(void)why_set(why, r, "%s: %s", s->incoming, sl_strerror(r));
	else /* what stays behind costs room only */
		(void)!file_each(s->root, DIRS_MAX, prune_one, &p);
	buf_release(&b);
	json_decref(before);
	json_decref(j);
	return r;
}

void slot_explain(const struct slot *s, const char *from, struct sl_why *why)
{
	const char *at = s->incoming[0] != '\0' ? strstr(why->text, s->incoming) : NULL;
	struct sl_why told;

	if (at == NULL)
		return;
	(void)snprintf(told.text, sizeof(told.text), "%.*s%s%s", (int)(at - why->text),
		       why->text, from, at + strlen(s->incoming));
	*why = told;
}

void slot_end(struct slot *s)
{
	if (s->root >= 0 && s->lock >= 0)
		(void)!file_remove_tree(s->root, INCOMING);
	file_close(s->lock);
	file_close(s->root);
	s->root = s->lock = -1;
}
