/* refs.c - the index of references, never more than a hint where to look in the tree.
 *
 * Not hostile: everything read here was proved before it was placed; the disk may have
 * damaged it. */
#include "outlet/refs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "trust/blob_refs.h"
#include "trust/statement.h"

enum { NAMES_MAX = 1 << 20, OF_MAX = 2 * (HASH_HEX + 1) };

static const char stamp[] = "metadata/timestamp.json", of[] = "of";

static bool is_manifest(const char *name)
{
	static const char end[] = ".manifest.json";
	size_t n = strlen(name), m = sizeof(end) - 1;

	return n > m && strcmp(name + n - m, end) == 0;
}

/* Which tree is this?  An empty one has the digest of nothing. */
static int digest_tree(int tree_fd, char ret_hex[HASH_HEX + 1])
{
	struct buf b;
	int r;

	buf_init(&b, TUF_TIMESTAMP_MAX);
	r = file_read(tree_fd, stamp, TUF_TIMESTAMP_MAX, &b);
	if (r == SL_E_NOTFOUND)
		r = SL_OK;
	if (r == SL_OK)
		hash_hex(b.data, b.len, ret_hex);
	buf_release(&b);
	return r;
}

static bool is_of(int refs_fd, const char *hex)
{
	struct buf b;
	bool is;

	buf_init(&b, OF_MAX);
	is = file_read(refs_fd, of, OF_MAX, &b) == SL_OK && b.len % (HASH_HEX + 1) == 0 &&
	     strstr(buf_str(&b), hex) != NULL;
	buf_release(&b);
	return is;
}

static int write_of(int refs_fd, const char *now, const char *next)
{
	char text[OF_MAX + 1];
	int n = snprintf(text, sizeof(text), "%s\n%s%s", now, next,
			 next[0] == '\0' ? "" : "\n");

	return file_write_durable(refs_fd, of, text, (size_t)n, 0600);
}

/* Each run of 64 hex digits counts as a digest, so that a manifest which the disk has
 * damaged holds up no recall. */
static int add_digests(int refs_fd, const struct buf *manifest, const char *id, int64_t version,
		       int (*add)(int dirfd, const char *sha256, const char *id,
				  int64_t version))
{
	const char *at = buf_str(manifest), *end = at + manifest->len;
	int r = SL_OK;

	while (at < end && r == SL_OK) {
		size_t n = strspn(at, "0123456789abcdef");
		char hex[HASH_HEX + 1];

		if (n == HASH_HEX) {
			(void)snprintf(hex, sizeof(hex), "%.64s", at);
			r = add(refs_fd, hex, id, version);
		}
		at += n + 1;
	}
	return r;
}

/* ---- from the tree ---- */

struct scan { /* targets/rel/ID/VERSION */
	int refs_fd, dir;
	unsigned depth;
	char id[BLOB_REFS_ID_MAX];
	int64_t version;
};

static int scan_manifest(const struct scan *s, const char *name)
{
	struct buf b;
	int r;

	buf_init(&b, MANIFEST_MAX);
	r = file_read(s->dir, name, MANIFEST_MAX, &b);
	if (r == SL_OK)
		r = add_digests(s->refs_fd, &b, s->id, s->version, blob_refs_add_unsynced);
	buf_release(&b);
	return r;
}

static int scan(const char *name, void *arg)
{
	const struct scan *s = arg;
	struct scan down = *s;
	uint64_t version = 0;
	int r;

	if (s->depth == 2)
		return is_manifest(name) ? scan_manifest(s, name) : SL_OK;
	/* Nothing with another name was ever placed. */
	if (s->depth == 0 ? !release_id_ok(name)
			  : !text_to_u64(name, strlen(name), INT64_MAX, &version))
		return SL_OK;
	if (s->depth == 0)
		(void)snprintf(down.id, sizeof(down.id), "%s", name);
	down.version = (int64_t)version;
	down.depth++;
	down.dir = openat(s->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (down.dir < 0)
		return errno == ENOTDIR ? SL_OK : sl_err_errno(errno);
	r = file_each(down.dir, NAMES_MAX, scan, &down);
	file_close(down.dir);
	return r;
}

static int make(int refs_fd, int tree_fd, const char *hex)
{
	struct scan s = {.refs_fd = refs_fd, .dir = file_open_dir(tree_fd, "targets/rel")};
	int r = s.dir == SL_E_NOTFOUND ? SL_OK
		: s.dir < 0	       ? s.dir
				       : file_each(s.dir, NAMES_MAX, scan, &s);

	file_close(s.dir);
	if (r == SL_OK)
		r = blob_refs_sync(refs_fd);
	return r == SL_OK ? write_of(refs_fd, hex, "") : r;
}

static int open_empty(int state_fd)
{
	int r = file_remove_tree(state_fd, "refs");

	if (r == SL_OK && mkdirat(state_fd, "refs", 0700) != 0)
		r = sl_err_errno(errno);
	return r == SL_OK ? file_open_dir(state_fd, "refs") : r;
}

int refs_open(int state_fd, int tree_fd, int *ret_fd, bool *ret_made, struct sl_why *why)
{
	char hex[HASH_HEX + 1];
	int fd = file_open_dir(state_fd, "refs");
	int r = digest_tree(tree_fd, hex);

	*ret_made = r == SL_OK && (fd < 0 || !is_of(fd, hex));
	if (*ret_made) {
		file_close(fd);
		fd = open_empty(state_fd);
		r = fd < 0 ? fd : make(fd, tree_fd, hex);
	}
	if (r != SL_OK) {
		file_close(fd);
		return why_set(why, r, "state/refs cannot be made from the tree");
	}
	*ret_fd = fd;
	return SL_OK;
}

/* ---- what a unit brings ---- */

/* targets/rel/ID/VERSION/SHA256.manifest.json; admit.c has looked at the form. */
static int expect_manifest(int refs_fd, const struct admit *a, const char *path)
{
	const char *id = path + 12, *slash = strchr(id, '/');
	char name[BLOB_REFS_ID_MAX];
	struct buf b;
	int r;

	BUG(slash == NULL || (size_t)(slash - id) >= sizeof(name));
	(void)snprintf(name, sizeof(name), "%.*s", (int)(slash - id), id);
	buf_init(&b, MANIFEST_MAX);
	r = overlay_read(&a->view, path, MANIFEST_MAX, &b);
	if (r == SL_OK)
		r = add_digests(refs_fd, &b, name, strtoll(slash + 1, NULL, 10), blob_refs_add);
	buf_release(&b);
	return r;
}

int refs_expect(int refs_fd, const struct admit *a, struct sl_why *why)
{
	const struct unit *u = a->view.unit;
	int stamp_at = overlay_index(u, stamp), r = SL_OK;
	char now[HASH_HEX + 1];

	for (unsigned i = 0; i < u->n_files && r == SL_OK; i++) {
		if (!a->place[i] || strncmp(u->files[i].path, "targets/rel/", 12) != 0 ||
		    !is_manifest(u->files[i].path))
			continue;
		r = expect_manifest(refs_fd, a, u->files[i].path);
	}
	/* From here on the tree may be either. */
	if (r == SL_OK && stamp_at >= 0 && a->place[stamp_at]) {
		r = digest_tree(a->view.tree_fd, now);
		if (r == SL_OK)
			r = write_of(refs_fd, now, u->files[stamp_at].sha256);
	}
	return r == SL_OK ? r : why_set(why, r, "state/refs cannot be written");
}

/* ---- a blob is to go ---- */

struct look {
	int refs_fd, tree_fd, dir;
	const char *sha256;
	bool used;
};

static int see_file(const char *name, void *arg)
{
	struct look *l = arg;
	struct buf b;
	int r;

	if (!is_manifest(name))
		return SL_OK;
	buf_init(&b, MANIFEST_MAX);
	r = file_read(l->dir, name, MANIFEST_MAX, &b);
	if (r == SL_OK && memmem(b.data, b.len, l->sha256, HASH_HEX) != NULL)
		l->used = true;
	buf_release(&b);
	return r;
}

static int see_user(const char *id, int64_t version, void *arg)
{
	struct look *l = arg;
	char path[80];
	int r;

	(void)snprintf(path, sizeof(path), "targets/rel/%s/%lld", id, (long long)version);
	l->dir = file_open_dir(l->tree_fd, path);
	r = l->dir == SL_E_NOTFOUND ? SL_OK
	    : l->dir < 0	    ? l->dir
				    : file_each(l->dir, NAMES_MAX, see_file, l);
	file_close(l->dir);
	if (r == SL_OK && !l->used)
		blob_refs_remove(l->refs_fd, l->sha256, id, version);
	return r == SL_OK && l->used ? 1 : r;
}

int refs_used(int refs_fd, int tree_fd, const char *sha256, bool *ret_used)
{
	struct look l = {.refs_fd = refs_fd, .tree_fd = tree_fd, .sha256 = sha256};
	int r = blob_refs_each(refs_fd, sha256, see_user, &l);

	*ret_used = l.used;
	return r < 0 ? r : SL_OK;
}
