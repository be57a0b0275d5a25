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

enum { ROOTS_MAX = 10000 };

void repo_role_path(const char *role, int64_t version, char out[REPO_ROLE_PATH])
{
	(void)snprintf(out, REPO_ROLE_PATH, "metadata/%lld.%.31s.json", (long long)version,
		       role);
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
	char name[64];

	if (!meta_version(r->snapshot, "targets.json", &r->targets) ||
	    !meta_version(r->snapshot, "policy.json", &r->policy) ||
	    repo_version(r, "rel") == 0 || repo_version(r, "feed") == 0)
		return why_set(why, SL_E_CORRUPT,
			       "release/repo: the snapshot lacks targets, policy, rel or feed");
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

int64_t repo_version(const struct repo *r, const char *role)
{
	char name[LAYOUT_ROLE_MAX + 8];
	int64_t version = 0;

	(void)snprintf(name, sizeof(name), "%.31s.json", role);
	return r != NULL && meta_version(r->snapshot, name, &version) ? version : 0;
}

int repo_role(const struct repo *r, const char *role, struct tuf_meta **ret_m,
	      struct sl_why *why)
{
	char path[REPO_ROLE_PATH];

	repo_role_path(role, repo_version(r, role), path);
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
