/* pull_store.c - every change of what a platform shows is one rename.
 *
 * Ids were checked (release_id_ok) and versions are numbers, so every name here
 * is ours.  Invariants: releases/ID/VERSION exists only whole; the live link
 * points only at such a version. */
#include "outlet/pull_store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "trust/statement.h"

enum { VERSIONS_MAX = 100000, NAME_LEN = 64, TOMBSTONE_MAX = 256 << 10, DEPTH_MAX = 3 };

static int folder(struct pull_store *s, const char *name)
{
	if (mkdirat(s->root, name, 0755) != 0 && errno != EEXIST)
		return sl_err_errno(errno);
	return file_open_dir(s->root, name);
}

static int take_lock(struct pull_store *s, struct sl_why *why)
{
	s->lock = openat(s->state, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->lock < 0)
		return why_set(why, sl_err_errno(errno), "%s/.state cannot be written", s->dir);
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
		return why_set(why, SL_E_CONFLICT, "another sluice-pull works in %s", s->dir);
	return SL_OK;
}

static int open_folders(struct pull_store *s, struct sl_why *why)
{
	const struct {
		const char *name;
		int *fd;
	} all[] = {
		{".state", &s->state},		{".state/hooks", &s->hooks},
		{"releases", &s->releases},	{"live", &s->live},
		{"tombstones", &s->tombstones}, {".staging", &s->staging},
	};
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < sizeof(all) / sizeof(*all); i++) {
		*all[i].fd = folder(s, all[i].name);
		if (*all[i].fd < 0)
			r = why_set(why, *all[i].fd, "%s/%s cannot be used", s->dir,
				    all[i].name);
		if (r == SL_OK && all[i].fd == &s->state)
			r = take_lock(s, why);
	}
	return r;
}

static int drop_staged(const char *name, void *arg)
{
	return file_remove_tree(((struct pull_store *)arg)->staging, name);
}

int pull_store_open(const char *dir, struct pull_store *ret_s, struct sl_why *why)
{
	struct pull_store s = {-1, -1, -1, -1, -1, -1, -1, -1, ""};
	char *absolute = NULL;
	int r = file_mkdirs(dir, 0755);

	if (r == SL_OK) {
		absolute = realpath(dir, NULL);
		if (absolute == NULL)
			r = sl_err_errno(errno);
		else if (strlen(absolute) >= sizeof(s.dir))
			r = SL_E_LIMIT;
	}
	if (r == SL_OK) {
		(void)snprintf(s.dir, sizeof(s.dir), "%s", absolute);
		s.root = file_open_dir(AT_FDCWD, s.dir);
		r = s.root < 0 ? s.root : SL_OK;
	}
	free(absolute);
	if (r != SL_OK)
		return why_set(why, r, "%s cannot be used", dir);
	r = open_folders(&s, why);
	if (r == SL_OK)
		r = file_each(s.staging, VERSIONS_MAX, drop_staged, &s);
	if (r != SL_OK) {
		pull_store_close(&s);
		return r;
	}
	*ret_s = s; /* moved */
	return SL_OK;
}

void pull_store_close(struct pull_store *s)
{
	file_close(s->root);
	file_close(s->state);
	file_close(s->hooks);
	file_close(s->releases);
	file_close(s->live);
	file_close(s->tombstones);
	file_close(s->staging);
	file_close(s->lock);
	*s = (struct pull_store){-1, -1, -1, -1, -1, -1, -1, -1, ""};
}

static int max_version(const char *name, void *arg)
{
	int64_t *max = arg;
	uint64_t v;

	if (text_to_u64(name, strlen(name), INT64_MAX, &v) && (int64_t)v > *max)
		*max = (int64_t)v;
	return SL_OK;
}

int64_t pull_store_newest(struct pull_store *s, const char *id)
{
	int64_t max = 0;
	int fd = file_open_dir(s->releases, id);

	if (fd >= 0 && file_each(fd, VERSIONS_MAX, max_version, &max) != SL_OK)
		max = 0;
	file_close(fd);
	return max;
}

int64_t pull_store_shown(struct pull_store *s, const char *id)
{
	char target[NAME_LEN * 2], head[NAME_LEN];
	ssize_t n = readlinkat(s->live, id, target, sizeof(target) - 1);
	int len = snprintf(head, sizeof(head), "../releases/%s/", id);
	uint64_t v;

	if (n <= len)
		return 0;
	target[n] = '\0';
	if (strncmp(target, head, (size_t)len) != 0 ||
	    !text_to_u64(target + len, (size_t)(n - len), INT64_MAX, &v))
		return 0;
	return (int64_t)v;
}

int pull_store_holds(struct pull_store *s, const struct feed_entry *e)
{
	char path[NAME_LEN * 2], hex[HASH_HEX + 1];
	struct buf b;
	int r;

	buf_init(&b, MANIFEST_MAX);
	(void)snprintf(path, sizeof(path), "%s/%" PRId64 "/manifest.json", e->id, e->version);
	r = file_read(s->releases, path, MANIFEST_MAX, &b);
	if (r == SL_OK) {
		hash_hex(b.data, b.len, hex);
		r = strcmp(hex, e->manifest_sha256) == 0 ? SL_OK : SL_E_CONFLICT;
	}
	buf_release(&b);
	return r;
}

static void staged_name(const struct feed_entry *e, char out[NAME_LEN])
{
	(void)snprintf(out, NAME_LEN, "%s-%" PRId64, e->id, e->version);
}

int pull_store_stage(struct pull_store *s, const struct feed_entry *e)
{
	char name[NAME_LEN];
	int fd, r;

	staged_name(e, name);
	r = file_remove_tree(s->staging, name);
	if (r == SL_OK && mkdirat(s->staging, name, 0755) != 0)
		r = sl_err_errno(errno);
	if (r != SL_OK)
		return r;
	fd = file_open_dir(s->staging, name);
	if (fd >= 0 && (mkdirat(fd, "files", 0755) != 0 || mkdirat(fd, "tuf", 0755) != 0)) {
		r = sl_err_errno(errno);
		file_close(fd);
		return r;
	}
	return fd;
}

void pull_store_unstage(struct pull_store *s, const struct feed_entry *e)
{
	char name[NAME_LEN];

	staged_name(e, name);
	if (file_remove_tree(s->staging, name) != SL_OK)
		return; /* the next run removes what is left */
}

struct sync {
	int dir;
	unsigned depth;
};

/* Everything below on disk before the rename makes it visible. */
static int sync_one(const char *name, void *arg)
{
	struct sync *up = arg;
	int fd = openat(up->dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct sync down = {.dir = fd, .depth = up->depth + 1};
	struct stat st;
	int r = SL_OK;

	if (fd < 0 || fstat(fd, &st) != 0)
		r = sl_err_errno(errno);
	else if (S_ISDIR(st.st_mode))
		r = down.depth > DEPTH_MAX ? SL_E_LIMIT
					   : file_each(fd, VERSIONS_MAX, sync_one, &down);
	if (r == SL_OK && fsync(fd) != 0)
		r = sl_err_errno(errno);
	file_close(fd);
	return r;
}

int pull_store_commit(struct pull_store *s, const struct feed_entry *e)
{
	struct sync all = {.dir = s->staging};
	char name[NAME_LEN], version[NAME_LEN];
	int item = -1, r;

	staged_name(e, name);
	r = sync_one(name, &all);
	if (r != SL_OK)
		return r;
	if (mkdirat(s->releases, e->id, 0755) != 0 && errno != EEXIST)
		return sl_err_errno(errno);
	item = file_open_dir(s->releases, e->id);
	if (item < 0)
		return item;
	(void)snprintf(version, sizeof(version), "%" PRId64, e->version);
	if (renameat(s->staging, name, item, version) != 0)
		r = sl_err_errno(errno);
	if (r == SL_OK)
		r = file_sync_dir(item);
	if (r == SL_OK)
		r = file_sync_dir(s->releases);
	file_close(item);
	return r;
}

static void tombstone_name(const char *id, char out[NAME_LEN])
{
	(void)snprintf(out, NAME_LEN, "%s.json", id);
}

int pull_store_show(struct pull_store *s, const struct feed_entry *e)
{
	char target[NAME_LEN * 2], tmp[NAME_LEN], grave[NAME_LEN];

	(void)snprintf(target, sizeof(target), "../releases/%s/%" PRId64, e->id, e->version);
	(void)snprintf(tmp, sizeof(tmp), ".%s.new", e->id);
	(void)unlinkat(s->live, tmp, 0);
	if (symlinkat(target, s->live, tmp) != 0 || renameat(s->live, tmp, s->live, e->id) != 0)
		return sl_err_errno(errno);
	tombstone_name(e->id, grave);
	if (unlinkat(s->tombstones, grave, 0) == 0 && file_sync_dir(s->tombstones) != SL_OK)
		return SL_E_IO;
	return file_sync_dir(s->live);
}

int pull_store_hide(struct pull_store *s, const char *id)
{
	if (unlinkat(s->live, id, 0) != 0)
		return errno == ENOENT ? SL_OK : sl_err_errno(errno);
	return file_sync_dir(s->live);
}

int pull_store_bury(struct pull_store *s, const char *id, const json_t *tombstone)
{
	char name[NAME_LEN];
	struct buf b;
	int r;

	tombstone_name(id, name);
	buf_init(&b, TOMBSTONE_MAX);
	r = json_compact(tombstone, &b);
	if (r == SL_OK)
		r = file_write_durable(s->tombstones, name, b.data, b.len, 0644);
	buf_release(&b);
	return r;
}

static int64_t grave_number(struct pull_store *s, const char *id, const char *member)
{
	char name[NAME_LEN];
	json_t *j = NULL;
	int64_t number = 0;
	struct buf b;

	tombstone_name(id, name);
	buf_init(&b, TOMBSTONE_MAX);
	if (file_read(s->tombstones, name, TOMBSTONE_MAX, &b) == SL_OK &&
	    json_parse(b.data, b.len, TOMBSTONE_MAX, &j) == SL_OK &&
	    !json_i64(j, member, &number))
		number = 0;
	json_decref(j);
	buf_release(&b);
	return number;
}

int64_t pull_store_buried(struct pull_store *s, const char *id)
{
	return grave_number(s, id, "serial");
}

int64_t pull_store_buried_version(struct pull_store *s, const char *id)
{
	return grave_number(s, id, "version");
}
