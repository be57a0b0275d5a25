/* tuf_find.c - finding and fetching a target through the delegations (TUF 5.6.7, 5.7).
 *
 * Hostile: the contents of fetched targets, and delegations made by roles that
 * may only speak for part of the paths. */
#include <string.h>

#include "base/text.h"
#include "trust/layout.h"
#include "trust/tuf_state.h"

enum { STACK_MAX = TUF_DELEGATIONS * (TUF_DELEGATIONS + 2) };

struct visit {
	const struct tuf_meta *parent;
	const char *name; /* borrowed from parent */
};

struct search {
	struct visit stack[STACK_MAX];
	unsigned n;
	const char *visited[TUF_DELEGATIONS + 1];
	unsigned n_visited;
};

/* Pre-order: the first delegation ends up on top.  A terminating one that covers
 * the path ends the search everywhere else. */
static int push_children(struct search *s, const struct tuf_meta *m, const char *path)
{
	struct visit found[TUF_DELEGATIONS];
	unsigned n = 0, count = tuf_delegation_count(m);

	for (unsigned i = 0; i < count && n < TUF_DELEGATIONS; i++) {
		struct tuf_delegation d;

		if (!tuf_delegation_covers(m, i, path, &d))
			continue;
		found[n++] = (struct visit){.parent = m, .name = d.name};
		if (d.terminating) {
			s->n = 0;
			break;
		}
	}
	if (n > STACK_MAX - s->n)
		return SL_E_LIMIT;
	while (n > 0)
		s->stack[s->n++] = found[--n];
	return SL_OK;
}

static bool seen(const struct search *s, const char *name)
{
	for (unsigned i = 0; i < s->n_visited; i++) {
		if (strcmp(s->visited[i], name) == 0)
			return true;
	}
	return false;
}

static int search(struct tuf_client *c, struct search *s, const char *path,
		  struct tuf_target *ret_t, struct sl_why *why)
{
	const struct tuf_meta *m = c->targets;
	int r;

	for (;;) {
		struct visit next;

		if (tuf_target_of(m, path, ret_t))
			return SL_OK;
		r = push_children(s, m, path);
		if (r != SL_OK)
			return why_set(why, r, "too many delegations");
		do {
			if (s->n == 0)
				return why_set(why, SL_E_NOTFOUND, "no target %s", path);
			next = s->stack[--s->n];
		} while (seen(s, next.name));
		if (s->n_visited == TUF_DELEGATIONS)
			return why_set(why, SL_E_NOTFOUND,
				       "no target %s within the delegations searched", path);
		s->visited[s->n_visited++] = next.name;
		r = tuf_client_delegated(c, next.parent, next.name, &m, why);
		if (r != SL_OK)
			return r;
	}
}

static int find(struct tuf_client *c, const char *target_path, struct tuf_target *ret_t,
		struct sl_why *why)
{
	struct search *s;
	int r;

	if (!c->fresh)
		return why_set(why, SL_E_STATE, "the repository has not been refreshed");
	if (!tuf_target_path_ok(target_path))
		return why_set(why, SL_E_FORMAT, "target path %s", target_path);
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return SL_E_NOMEM;
	tuf_client_trim(c);
	r = search(c, s, target_path, ret_t, why);
	free(s);
	return r;
}

int tuf_client_find(struct tuf_client *c, const char *target_path, uint64_t *ret_length,
		    uint8_t ret_sha256[HASH_LEN], struct sl_why *why)
{
	struct tuf_target t;
	int r = find(c, target_path, &t, why);

	if (r == SL_OK && t.digest.len != HASH_LEN)
		r = why_set(why, SL_E_UNSUPPORTED, "target %s has no SHA-256", target_path);
	if (r != SL_OK)
		return r;
	*ret_length = t.length;
	memcpy(ret_sha256, t.digest.bytes, HASH_LEN);
	return SL_OK;
}

/* DIR/NAME becomes DIR/DIGEST.NAME. */
static int consistent_name(const char *path, const struct tuf_digest *d, char *out, size_t cap)
{
	const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
	char hex[2 * TUF_DIGEST_MAX + 1];
	int n;

	text_hex(d->bytes, d->len, hex);
	n = snprintf(out, cap, "%.*s%s.%s", (int)(name - path), path, hex, name);
	return n < 0 || (size_t)n >= cap ? SL_E_LIMIT : SL_OK;
}

int tuf_client_download(struct tuf_client *c, const char *target_path, size_t max,
			struct buf *out, struct sl_why *why)
{
	char path[TUF_PATH_MAX + 2 * TUF_DIGEST_MAX + 2];
	bool consistent = true;
	struct tuf_target t;
	struct buf bytes;
	int r = find(c, target_path, &t, why);

	if (r != SL_OK)
		return r;
	if (t.length > max)
		return why_set(why, SL_E_LIMIT, "target %s is too large", target_path);
	(void)json_bool(c->root->body, "consistent_snapshot", &consistent);
	if (consistent)
		r = consistent_name(target_path, &t.digest, path, sizeof(path));
	else
		(void)snprintf(path, sizeof(path), "%s", target_path);
	buf_init(&bytes, (size_t)t.length);
	if (r == SL_OK)
		r = tuf_state_fetch(c, "targets", path, (size_t)t.length, &bytes);
	if (r != SL_OK) {
		r = why_set(why, r == SL_E_NOTFOUND ? SL_E_UNREACHABLE : r,
			    "fetching target %s", target_path);
		goto out;
	}
	if (bytes.len != t.length || !tuf_profile_matches(&t.digest, bytes.data, bytes.len))
		r = why_set(why, SL_E_SIGNATURE, "target %s does not have the announced digest",
			    target_path);
	if (r == SL_OK) {
		buf_put(out, bytes.data, bytes.len);
		r = buf_error(out);
	}
out:
	buf_release(&bytes);
	return r;
}

int64_t tuf_client_timestamp_expires(const struct tuf_client *c)
{
	return c->timestamp == NULL ? 0 : c->timestamp->expires;
}

int64_t tuf_client_snapshot_version(const struct tuf_client *c)
{
	return c->snapshot == NULL ? 0 : c->snapshot->version;
}

int tuf_client_role(struct tuf_client *c, const char *role, const struct tuf_meta **ret_m,
		    struct sl_why *why)
{
	const struct {
		const char *name;
		const struct tuf_meta *meta;
	} top[] = {{"root", c->root},
		   {"timestamp", c->timestamp},
		   {"snapshot", c->snapshot},
		   {"targets", c->targets}};
	const struct tuf_meta *parent = c->targets;
	char pattern[LAYOUT_PATTERN_MAX], above[LAYOUT_ROLE_MAX];
	int r = SL_OK;

	if (!c->fresh)
		return why_set(why, SL_E_STATE, "the repository has not been refreshed");
	for (size_t i = 0; i < sizeof(top) / sizeof(top[0]); i++) {
		if (strcmp(role, top[i].name) == 0) {
			*ret_m = top[i].meta;
			return SL_OK;
		}
	}
	tuf_client_trim(c);
	if (layout_pattern(role, pattern)) {
		r = tuf_client_delegated(c, c->targets, layout_keeper(role), &parent, why);
		layout_parent(role, above);
		if (r == SL_OK && strcmp(above, layout_keeper(role)) != 0)
			r = tuf_client_delegated(c, parent, above, &parent, why);
	}
	return r == SL_OK ? tuf_client_delegated(c, parent, role, ret_m, why) : r;
}
