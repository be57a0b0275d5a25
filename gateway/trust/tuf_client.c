/* tuf_client.c - timestamp, snapshot and targets (TUF 5.4 - 5.7).
 *
 * Hostile: everything fetched; a mirror may hold back, reorder, mix or repeat
 * files.  Invariants: nothing is stored before it is verified, unexpired and not
 * older than what is known; versions only grow while the keys stay the same. */
#include "trust/tuf_client.h"

#include <string.h>

#include "base/file.h"
#include "trust/tuf_state.h"

static int64_t meta_version(const struct tuf_meta *m, const char *file)
{
	struct tuf_file f;

	return tuf_file_of(m, file, &f) ? f.version : 0;
}

/* A file that has to be there and is not: the repository is broken or held back;
 * callers keep SL_E_NOTFOUND for "no such target". */
static int fetch_failed(int r, const char *name, struct sl_why *why)
{
	return why_set(why, r == SL_E_NOTFOUND ? SL_E_UNREACHABLE : r, "fetching %s", name);
}

static int check_fresh(const struct tuf_client *c, const struct tuf_meta *m, const char *role,
		       struct sl_why *why)
{
	return m->expires <= c->now ? why_set(why, SL_E_EXPIRED, "%s has expired", role)
				    : SL_OK;
}

/* A stored file that still verifies under these keys, else NULL: stored files carry
 * no authority of their own. */
static struct tuf_meta *stored(struct tuf_client *c, const char *role, const char *type,
			       const struct tuf_role *keys, struct buf *bytes)
{
	struct tuf_meta *m = NULL;

	if (tuf_state_load(c, role, type, bytes, &m) != SL_OK)
		return NULL;
	if (tuf_verify(m, keys, NULL) == SL_OK)
		return m;
	tuf_free(m);
	return NULL;
}

/* Newer than `old` (may be NULL)?  *ret_same: the very version we have. */
static int check_timestamp(const struct tuf_meta *m, const struct tuf_meta *old, bool *ret_same,
			   struct sl_why *why)
{
	*ret_same = old != NULL && m->version == old->version;
	if (old == NULL)
		return SL_OK;
	if (m->version < old->version)
		return why_set(why, SL_E_REPLAY, "timestamp %lld is older than the known %lld",
			       (long long)m->version, (long long)old->version);
	if (meta_version(m, "snapshot.json") < meta_version(old, "snapshot.json"))
		return why_set(why, SL_E_REPLAY, "timestamp points to an older snapshot");
	return SL_OK;
}

static int update_timestamp(struct tuf_client *c, struct sl_why *why)
{
	struct tuf_meta *old = NULL, *m = NULL;
	struct tuf_role keys;
	struct buf bytes;
	bool same = false;
	int r;

	buf_init(&bytes, TUF_TIMESTAMP_MAX);
	r = tuf_role_of_root(c->root, "timestamp", &keys, why);
	if (r != SL_OK)
		goto out;
	old = stored(c, "timestamp", "timestamp", &keys, &bytes);
	buf_clear(&bytes);
	r = tuf_state_fetch(c, "metadata", "timestamp.json", TUF_TIMESTAMP_MAX, &bytes);
	if (r != SL_OK) {
		r = fetch_failed(r, "timestamp.json", why);
		goto out;
	}
	r = tuf_parse(bytes.data, bytes.len, "timestamp", &m, why);
	if (r == SL_OK)
		r = tuf_verify(m, &keys, why);
	if (r == SL_OK)
		r = check_timestamp(m, old, &same, why);
	if (r == SL_OK)
		r = check_fresh(c, same ? old : m, "timestamp", why);
	if (r == SL_OK && !same)
		r = tuf_state_store(c, "timestamp", &bytes);
	if (r != SL_OK)
		goto out;
	c->timestamp = same ? old : m;
	*(same ? &old : &m) = NULL; /* moved */
out:
	tuf_free(old);
	tuf_free(m);
	buf_release(&bytes);
	return r;
}

/* Every role that was listed stays listed and never goes back (5.5.5). */
static int check_snapshot(const struct tuf_meta *m, const struct tuf_meta *old,
			  struct sl_why *why)
{
	const json_t *meta = old == NULL ? NULL : json_obj(old->body, "meta");
	void *at = json_object_iter((json_t *)(uintptr_t)meta);

	for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)meta, at)) {
		const char *file = json_object_iter_key(at);
		int64_t now = meta_version(m, file);

		if (now == 0)
			return why_set(why, SL_E_REPLAY, "snapshot no longer lists %s", file);
		if (now < meta_version(old, file))
			return why_set(why, SL_E_REPLAY,
				       "snapshot takes %s back to version %lld", file,
				       (long long)now);
	}
	return SL_OK;
}

struct listed { /* a file that timestamp or snapshot announce */
	const char *role, *type;
	struct tuf_file file;
	struct tuf_role keys;
};

static int fetch_listed(struct tuf_client *c, const struct listed *l, struct buf *bytes,
			struct tuf_meta **ret_m, struct sl_why *why)
{
	size_t max = tuf_type_max(l->type);
	char name[TUF_FILE_NAME_MAX];
	struct tuf_meta *m = NULL;
	bool consistent = true;
	int r;

	if (l->file.has_length && l->file.length > max)
		return why_set(why, SL_E_LIMIT, "%s is announced too large", l->role);
	if (l->file.has_length)
		max = (size_t)l->file.length;
	(void)json_bool(c->root->body, "consistent_snapshot", &consistent);
	tuf_state_name(l->role, consistent ? l->file.version : 0, name);
	buf_clear(bytes);
	r = tuf_state_fetch(c, "metadata", name, max, bytes);
	if (r != SL_OK)
		return fetch_failed(r, name, why);
	if (tuf_file_check(&l->file, bytes) != SL_OK)
		return why_set(why, SL_E_SIGNATURE, "%s is not the file that was announced",
			       name);
	r = tuf_parse(bytes->data, bytes->len, l->type, &m, why);
	if (r == SL_OK)
		r = tuf_verify(m, &l->keys, why);
	if (r == SL_OK && m->version != l->file.version)
		r = why_set(why, SL_E_REPLAY, "%s has version %lld", name,
			    (long long)m->version);
	if (r == SL_OK)
		*ret_m = m;
	else
		tuf_free(m);
	return r;
}

/* From the state directory if that is the announced version, else fetched and stored. */
static int load_listed(struct tuf_client *c, const struct listed *l, struct tuf_meta **ret_m,
		       struct sl_why *why)
{
	struct tuf_meta *old, *m = NULL;
	struct buf bytes;
	bool fetched = false;
	int r = SL_OK;

	buf_init(&bytes, tuf_type_max(l->type));
	old = stored(c, l->role, l->type, &l->keys, &bytes);
	if (old != NULL && old->version == l->file.version &&
	    tuf_file_check(&l->file, &bytes) == SL_OK) {
		m = old;
		old = NULL; /* moved */
	} else {
		fetched = true;
		r = fetch_listed(c, l, &bytes, &m, why);
	}
	if (r == SL_OK && fetched && strcmp(l->type, "snapshot") == 0)
		r = check_snapshot(m, old, why);
	if (r == SL_OK)
		r = check_fresh(c, m, l->role, why);
	if (r == SL_OK && fetched)
		r = tuf_state_store(c, l->role, &bytes);
	if (r == SL_OK) {
		*ret_m = m;
		m = NULL; /* moved */
	}
	tuf_free(old);
	tuf_free(m);
	buf_release(&bytes);
	return r;
}

static int update_snapshot(struct tuf_client *c, struct sl_why *why)
{
	struct listed l = {.role = "snapshot", .type = "snapshot"};
	int r = tuf_role_of_root(c->root, "snapshot", &l.keys, why);

	if (r == SL_OK && !tuf_file_of(c->timestamp, "snapshot.json", &l.file))
		r = why_set(why, SL_E_FORMAT, "timestamp does not name a snapshot");
	return r == SL_OK ? load_listed(c, &l, &c->snapshot, why) : r;
}

/* Role metadata of type targets as the snapshot lists it; keys are filled in already. */
static int load_targets(struct tuf_client *c, struct listed *l, struct tuf_meta **ret_m,
			struct sl_why *why)
{
	char file[TUF_ROLE_MAX + 8];

	(void)snprintf(file, sizeof(file), "%s.json", l->role);
	if (!tuf_file_of(c->snapshot, file, &l->file))
		return why_set(why, SL_E_FORMAT, "snapshot does not list %s", file);
	return load_listed(c, l, ret_m, why);
}

static void forget(struct tuf_client *c)
{
	for (unsigned i = 0; i < c->n_delegated; i++)
		tuf_free(c->delegated[i].meta);
	c->n_delegated = 0;
	tuf_free(c->timestamp);
	tuf_free(c->snapshot);
	tuf_free(c->targets);
	c->timestamp = c->snapshot = c->targets = NULL;
	c->fresh = false;
}

void tuf_client_know(struct tuf_client *c, const struct tuf_meta *snapshot)
{
	c->known = snapshot;
}

void tuf_client_close(struct tuf_client *c)
{
	if (c == NULL)
		return;
	forget(c);
	tuf_free(c->root);
	file_close(c->dir);
	free(c);
}

int tuf_client_refresh(struct tuf_client *c, int64_t now, struct sl_why *why)
{
	struct listed top = {.role = "targets", .type = "targets"};
	int r;

	forget(c);
	c->now = now;
	r = tuf_client_update_root(c, why);
	if (r == SL_OK)
		r = update_timestamp(c, why);
	if (r == SL_OK)
		r = update_snapshot(c, why);
	if (r == SL_OK)
		r = tuf_role_of_root(c->root, "targets", &top.keys, why);
	if (r == SL_OK)
		r = load_targets(c, &top, &c->targets, why);
	c->fresh = r == SL_OK;
	return r;
}

void tuf_client_trim(struct tuf_client *c)
{
	unsigned drop = c->n_delegated > TUF_CACHE_KEPT ? c->n_delegated - TUF_CACHE_KEPT : 0;

	for (unsigned i = 0; i < drop; i++) {
		for (unsigned k = drop; k < c->n_delegated; k++) {
			if (c->delegated[k].parent == c->delegated[i].meta)
				c->delegated[k].parent = NULL;
		}
		tuf_free(c->delegated[i].meta);
	}
	c->n_delegated -= drop;
	memmove(c->delegated, c->delegated + drop, c->n_delegated * sizeof(c->delegated[0]));
}

/* The cached role with this name, moved to the end as the one used last. */
static struct tuf_cached *cached(struct tuf_client *c, const char *role)
{
	for (unsigned i = 0; i < c->n_delegated; i++) {
		struct tuf_cached hit = c->delegated[i];

		if (strcmp(hit.role, role) != 0)
			continue;
		memmove(&c->delegated[i], &c->delegated[i + 1],
			(c->n_delegated - i - 1) * sizeof(hit));
		c->delegated[c->n_delegated - 1] = hit;
		return &c->delegated[c->n_delegated - 1];
	}
	return NULL;
}

int tuf_client_delegated(struct tuf_client *c, const struct tuf_meta *parent, const char *role,
			 const struct tuf_meta **ret_m, struct sl_why *why)
{
	struct listed l = {.role = role, .type = "targets"};
	struct tuf_cached *at = cached(c, role);
	int r;

	if (at != NULL && at->parent == parent) {
		*ret_m = at->meta;
		return SL_OK;
	}
	r = tuf_role_of_targets(parent, role, &l.keys, why);
	if (r != SL_OK)
		return r;
	/* Reached through another parent: that one's keys must have signed it as well. */
	if (at != NULL) {
		r = tuf_verify(at->meta, &l.keys, why);
	} else if (c->n_delegated == TUF_CACHE_MAX) {
		r = why_set(why, SL_E_LIMIT, "too many roles");
	} else {
		at = &c->delegated[c->n_delegated];
		r = load_targets(c, &l, &at->meta, why);
		if (r == SL_OK) {
			memcpy(at->role, role, strlen(role) + 1);
			c->n_delegated++;
		}
	}
	if (r != SL_OK)
		return r;
	at->parent = parent;
	*ret_m = at->meta;
	return SL_OK;
}
