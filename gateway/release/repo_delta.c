/* repo_delta.c - the part of the repository that one step is about.
 *
 * The repository is our own copy; a file that does not fit the snapshot means damage. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "release/repo.h"

enum { START_MAX = 4096, ROLES_MAX = 100000 };

static bool has(void *arg, const char *role)
{
	return repo_version(arg, role) > 0;
}

/* Role name of a file in the snapshot that releaser and checker sign; false for others. */
static bool role_of(const char *file, char out[LAYOUT_ROLE_MAX])
{
	size_t len = strlen(file);

	if (len <= 5 || len - 5 >= LAYOUT_ROLE_MAX || strcmp(file, "targets.json") == 0 ||
	    strcmp(file, "policy.json") == 0)
		return false;
	(void)snprintf(out, LAYOUT_ROLE_MAX, "%.*s", (int)(len - 5), file);
	return true;
}

static int each(void *arg, int (*fn)(void *to, const char *role), void *to)
{
	const struct repo *repo = arg;
	json_t *meta =
		(json_t *)(uintptr_t)(repo == NULL ? NULL
						   : json_obj(repo->snapshot->body, "meta"));
	char role[LAYOUT_ROLE_MAX];
	int r = SL_OK;

	for (void *at = json_object_iter(meta); at != NULL && r == SL_OK;
	     at = json_object_iter_next(meta, at)) {
		if (role_of(json_object_iter_key(at), role))
			r = fn(to, role);
	}
	return r;
}

int repo_delta(const struct repo *r, const struct casefile *c, struct delta *ret_d,
	       struct buf *head_bytes, struct sl_why *why)
{
	const struct delta_known known = {
		.has = has, .each = each, .arg = (void *)(uintptr_t)r};
	const struct delta_role *feed;
	struct buf own;
	int e = casefile_touch(c, &known, ret_d);

	if (e != SL_OK)
		return why_set(why, e, "the roles of case %lld: %s", (long long)c->number,
			       sl_strerror(e));
	for (unsigned k = 0; k < ret_d->n && e == SL_OK; k++) {
		if (!ret_d->role[k].begins)
			e = repo_role(r, ret_d->role[k].name, &ret_d->role[k].before, why);
	}
	feed = delta_find(ret_d, "feed");
	if (e != SL_OK || feed == NULL || feed->begins)
		return e;
	buf_init(&own, JSON_SIGNED_MAX);
	e = repo_head(r, feed->before, &ret_d->head, head_bytes != NULL ? head_bytes : &own,
		      why);
	buf_release(&own);
	return e;
}

struct aging {
	char role[LAYOUT_ROLE_MAX];
	int64_t expires;
};
struct scan {
	const struct repo *repo;
	struct aging *list;
	size_t n, cap;
	int64_t now;
	struct sl_why *why;
};

static int read_start(int dirfd, const char *path, char start[START_MAX + 1])
{
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, start, START_MAX);
	int r = n < 0 ? sl_err_errno(errno) : SL_OK;

	file_close(fd);
	start[n < 0 ? 0 : n] = '\0';
	return r;
}

/* A set's expiry stands before its targets, so one small read will do.  Those that
 * delegate are read whole. */
static int expiry_of(const struct repo *repo, const char *role, int64_t *ret_expires,
		     struct sl_why *why)
{
	static const char mark[] = "\"expires\":\"";
	char path[REPO_ROLE_PATH], start[START_MAX + 1];
	const char *at;
	struct tuf_meta *m = NULL;
	int r;

	if (layout_delegates(role)) {
		r = repo_role(repo, role, &m, why);
		if (r == SL_OK)
			*ret_expires = m->expires;
		tuf_free(m);
		return r;
	}
	repo_role_path(role, repo_version(repo, role), path);
	r = read_start(repo->fd, path, start);
	at = r == SL_OK ? strstr(start, mark) : NULL;
	if (at != NULL && strlen(at) > sizeof(mark) + CLOCK_TEXT &&
	    clock_parse(at + sizeof(mark) - 1, CLOCK_TEXT, ret_expires))
		return SL_OK;
	return why_set(why, r == SL_E_NOTFOUND || r == SL_OK ? SL_E_CORRUPT : r,
		       "release/repo/%s: %s", path, sl_strerror(r));
}

static int see_role(void *to, const char *role)
{
	int64_t life = strcmp(role, "feed") == 0 ? DELTA_FEED_S : DELTA_SET_S, expires = 0;
	struct scan *s = to;
	int r = expiry_of(s->repo, role, &expires, s->why);

	if (r != SL_OK || expires - s->now >= life / 2)
		return r;
	if (s->n == ROLES_MAX)
		return SL_E_LIMIT;
	if (s->n == s->cap) {
		size_t cap = s->cap == 0 ? 64 : 2 * s->cap;
		struct aging *grown = realloc(s->list, cap * sizeof(*grown));

		if (grown == NULL)
			return SL_E_NOMEM;
		s->list = grown;
		s->cap = cap;
	}
	(void)snprintf(s->list[s->n].role, sizeof(s->list[0].role), "%s", role);
	s->list[s->n++].expires = expires;
	return SL_OK;
}

static int by_expiry(const void *a, const void *b)
{
	const struct aging *x = a, *y = b;
	int d = (x->expires > y->expires) - (x->expires < y->expires);

	return d != 0 ? d : strcmp(x->role, y->role);
}

int repo_expiring(const struct repo *r, int64_t now, struct casefile *c, struct sl_why *why)
{
	struct scan s = {.repo = r, .now = now, .why = why};
	int e = each((void *)(uintptr_t)r, see_role, &s);

	if (s.n > 1)
		qsort(s.list, s.n, sizeof(*s.list), by_expiry);
	c->n_renew = 0;
	for (size_t i = 0; e == SL_OK && i < s.n && i < CASEFILE_RENEW_MAX; i++)
		memcpy(c->renew[c->n_renew++], s.list[i].role, sizeof(c->renew[0]));
	free(s.list);
	return e;
}
