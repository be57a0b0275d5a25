/* repo.c - reading the releaser's own copy of the tree.
 *
 * Our own files; damage is reported as such and stops the line, never guessed around. */
#include "release/repo.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "release/chain.h"

enum { ROOTS_MAX = 10000, REFS_MAX = 100000 };

void repo_role_path(unsigned role, int64_t version, char out[64])
{
	(void)snprintf(out, 64, "metadata/%lld.%s.json", (long long)version,
		       delta_role_name(role));
}

static int load(int fd, const char *path, const char *type, struct tuf_meta **ret_m,
		struct sl_why *why)
{
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = file_read(fd, path, TUF_TARGETS_MAX, &b);
	if (r == SL_OK)
		r = tuf_parse(b.data, b.len, type, ret_m, why);
	buf_release(&b);
	if (r == SL_E_FORMAT || r == SL_E_NOTFOUND || r == SL_E_LIMIT)
		r = SL_E_CORRUPT;
	return r == SL_OK ? r : why_set(why, r, "release/repo/%s: %s", path, sl_strerror(r));
}

static bool meta_version(const struct tuf_meta *m, const char *file, int64_t *ret_v)
{
	return json_i64(json_obj(json_obj(m->body, "meta"), file), "version", ret_v);
}

static int read_versions(struct repo *r, struct sl_why *why)
{
	char name[32];

	for (unsigned k = 0; k < DELTA_ROLES; k++) {
		(void)snprintf(name, sizeof(name), "%s.json", delta_role_name(k));
		if (!meta_version(r->snapshot, name, &r->version[k]))
			return why_set(why, SL_E_CORRUPT,
				       "release/repo: the snapshot has no %s", name);
	}
	if (!meta_version(r->snapshot, "targets.json", &r->targets) ||
	    !meta_version(r->snapshot, "policy.json", &r->policy))
		return why_set(why, SL_E_CORRUPT,
			       "release/repo: the snapshot has no targets or policy");
	for (int64_t v = 1; v < ROOTS_MAX; v++) {
		(void)snprintf(name, sizeof(name), "metadata/%lld.root.json", (long long)v);
		if (file_exists(r->fd, name))
			r->root = v;
		else if (r->root > 0)
			break;
	}
	return SL_OK;
}

int repo_load(int fd, struct repo **ret_r, struct sl_why *why)
{
	struct repo *repo;
	char path[64];
	int64_t version = 0;
	int r;

	if (!file_exists(fd, "metadata/timestamp.json"))
		return SL_E_NOTFOUND;
	repo = calloc(1, sizeof(*repo));
	if (repo == NULL)
		return SL_E_NOMEM;
	repo->fd = fd;
	r = load(fd, "metadata/timestamp.json", "timestamp", &repo->timestamp, why);
	if (r == SL_OK && !meta_version(repo->timestamp, "snapshot.json", &version))
		r = SL_E_CORRUPT;
	(void)snprintf(path, sizeof(path), "metadata/%lld.snapshot.json", (long long)version);
	if (r == SL_OK)
		r = load(fd, path, "snapshot", &repo->snapshot, why);
	if (r == SL_OK)
		r = read_versions(repo, why);
	if (r != SL_OK) {
		repo_free(repo);
		return r;
	}
	*ret_r = repo;
	return SL_OK;
}

void repo_free(struct repo *r)
{
	if (r == NULL)
		return;
	tuf_free(r->timestamp);
	tuf_free(r->snapshot);
	free(r);
}

int64_t repo_number(const struct repo *r)
{
	return r == NULL ? 0 : r->timestamp->version;
}

int repo_role(const struct repo *r, unsigned role, struct tuf_meta **ret_m, struct sl_why *why)
{
	char path[64];

	repo_role_path(role, r->version[role], path);
	return load(r->fd, path, "targets", ret_m, why);
}

int repo_head(const struct repo *r, const struct tuf_meta *feed, struct feed_page *ret_p,
	      struct buf *bytes, struct sl_why *why)
{
	char want[65], got[65], path[DELTA_FILE_MAX];
	int64_t length;
	int e;

	if (!chain_target(json_obj(feed->body, "targets"), "feed/head.json", want, &length))
		return why_set(why, SL_E_CORRUPT, "release/repo: the feed has no head");
	delta_file_path("feed/head.json", want, path);
	e = file_read(r->fd, path, JSON_SIGNED_MAX, bytes);
	if (e != SL_OK)
		return why_set(why, SL_E_CORRUPT, "release/repo: the feed's head is missing");
	hash_hex(bytes->data, bytes->len, got);
	if (strcmp(want, got) != 0)
		return why_set(why, SL_E_CORRUPT, "release/repo: the feed's head is damaged");
	return feed_parse(bytes->data, bytes->len, ret_p, why);
}

int repo_expiring(const struct repo *r, int64_t by, uint32_t *ret_roles, struct sl_why *why)
{
	uint32_t roles = 0;

	for (unsigned k = 0; k < DELTA_ROLES; k++) {
		struct tuf_meta *m = NULL;
		int e = repo_role(r, k, &m, why);

		if (e != SL_OK)
			return e;
		/* The feed lives a week, bins a month: half of either is "soon". */
		if (m->expires < by + (k == DELTA_FEED ? 0 : 12 * 24 * 3600))
			roles |= 1u << k;
		tuf_free(m);
	}
	*ret_roles = roles;
	return SL_OK;
}

int repo_unsigned(const struct repo *r, const struct tuf_meta *targets, uint32_t *ret_roles,
		  struct sl_why *why)
{
	uint32_t roles = 0;
	int e = SL_OK;

	for (unsigned k = 0; k < DELTA_ROLES && e == SL_OK; k++) {
		struct tuf_meta *m = NULL;
		struct tuf_role role;

		e = tuf_role_of_targets(targets, delta_role_name(k), &role, why);
		if (e == SL_OK)
			e = repo_role(r, k, &m, why);
		if (e == SL_OK && tuf_verify(m, &role, NULL) != SL_OK)
			roles |= 1u << k;
		tuf_free(m);
	}
	if (e == SL_OK)
		*ret_roles = roles;
	return e;
}

static void ref_path(const char *sha256, const char *id, int64_t version, char out[160])
{
	(void)snprintf(out, 160, "%.2s/%s/%.31s.%lld", sha256, sha256, id, (long long)version);
}

int repo_ref_add(int refs_fd, const char *sha256, const char *id, int64_t version)
{
	char path[160];

	ref_path(sha256, id, version, path);
	return file_exists(refs_fd, path) ? SL_OK : tree_put(refs_fd, path, "", 0);
}

void repo_ref_remove(int refs_fd, const char *sha256, const char *id, int64_t version)
{
	char path[160];

	ref_path(sha256, id, version, path);
	(void)unlinkat(refs_fd, path, 0);
	*strrchr(path, '/') = '\0';
	(void)unlinkat(refs_fd, path, AT_REMOVEDIR); /* only when nobody is left */
}

struct others {
	const char *id;
	int64_t version;
	bool found;
};

static int see_ref(const char *name, void *arg)
{
	struct others *o = arg;
	size_t n = strlen(o->id);
	uint64_t v = 0;

	if (strncmp(name, o->id, n) != 0 || name[n] != '.' ||
	    !text_to_u64(name + n + 1, strlen(name + n + 1), INT64_MAX, &v) ||
	    (int64_t)v > o->version)
		o->found = true;
	return SL_OK;
}

int repo_ref_others(int refs_fd, const char *sha256, const char *id, int64_t version,
		    bool *ret_others)
{
	struct others o = {.id = id, .version = version};
	char path[160];
	int dir, r;

	(void)snprintf(path, sizeof(path), "%.2s/%s", sha256, sha256);
	dir = file_open_dir(refs_fd, path);
	if (dir == SL_E_NOTFOUND) {
		*ret_others = false;
		return SL_OK;
	}
	r = dir < 0 ? dir : file_each(dir, REFS_MAX, see_ref, &o);
	file_close(dir);
	*ret_others = o.found;
	return r;
}
