/* delta.c - old metadata and a list of items give new metadata, always the same.
 *
 * Hostile in the checker: items and old metadata come from files of another
 * process; their digests were compared with the checker's own state before. */
#include "release/delta.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "trust/statement.h"
#include "release/delta_private.h"
#include "trust/tuf_writer.h"

static void target_path(const char *id, int64_t version, const char *name, char *out)
{
	(void)snprintf(out, TUF_PATH_MAX, "rel/%s/%lld/%s", id, (long long)version, name);
}

void delta_manifest_path(const struct delta_item *it, int64_t version, char *out)
{
	target_path(it->id, version, "manifest.json", out);
}

void delta_attest_path(const struct delta_item *it, int64_t version, char *out)
{
	target_path(it->id, version, "attest.intoto.jsonl", out);
}

void delta_proof_path(const struct delta_item *it, int64_t version, char *out)
{
	target_path(it->id, version, "log.tlog-proof", out);
}

void delta_notice_path(const struct delta_item *it, char *out)
{
	(void)snprintf(out, TUF_PATH_MAX, "notice/N-%06lld.json", (long long)it->serial);
}

void delta_file_path(const char *target, const char *sha256, char *out)
{
	const char *slash = strrchr(target, '/');
	int dir = slash == NULL ? 0 : (int)(slash - target) + 1;

	(void)snprintf(out, DELTA_FILE_MAX, "targets/%.*s%s.%s", dir, target, sha256,
		       target + dir);
}

int delta_keys_load(const struct tuf_meta *targets, struct delta_keys *ret, struct sl_why *why)
{
	int r = tuf_role_of_targets(targets, "rel", &ret->rel, why);

	return r == SL_OK ? tuf_role_of_targets(targets, "feed", &ret->feed, why) : r;
}

const struct tuf_role *delta_keys_of(const struct delta_keys *k, const char *role)
{
	return strcmp(layout_keeper(role), "rel") == 0 ? &k->rel : &k->feed;
}

void delta_init(struct delta *d)
{
	memset(d, 0, sizeof(*d));
	buf_init(&d->head_bytes, JSON_SIGNED_MAX);
	buf_init(&d->page_bytes, JSON_SIGNED_MAX);
	feed_page_init(&d->head);
}

void delta_release(struct delta *d)
{
	for (unsigned k = 0; k < d->n; k++) {
		tuf_free(d->role[k].before);
		json_decref(d->role[k].body);
	}
	free(d->role);
	buf_release(&d->head_bytes);
	buf_release(&d->page_bytes);
	delta_init(d);
}

/* Index of the role, or where it belongs. */
static unsigned place_of(const struct delta *d, const char *role, bool *ret_found)
{
	unsigned lo = 0, hi = d->n;

	*ret_found = false;
	while (lo < hi && !*ret_found) {
		unsigned mid = lo + (hi - lo) / 2;
		int c = strcmp(d->role[mid].name, role);

		*ret_found = c == 0;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return *ret_found ? hi : lo;
}

struct delta_role *delta_find(const struct delta *d, const char *role)
{
	bool found;
	unsigned at = place_of(d, role, &found);

	return found ? &d->role[at] : NULL;
}

static bool role_ok(const char *role)
{
	char pattern[LAYOUT_PATTERN_MAX];

	return strcmp(role, "rel") == 0 || strcmp(role, "feed") == 0 ||
	       layout_pattern(role, pattern);
}

int delta_add(struct delta *d, const char *role, const struct delta_known *k)
{
	bool found;
	unsigned at = place_of(d, role, &found);

	if (found)
		return SL_OK;
	if (!role_ok(role))
		return SL_E_FORMAT;
	if (d->n == DELTA_ROLES_MAX)
		return SL_E_LIMIT;
	if (d->n == d->cap) {
		unsigned cap = d->cap == 0 ? 16 : 2 * d->cap;
		struct delta_role *grown = realloc(d->role, cap * sizeof(*grown));

		if (grown == NULL)
			return SL_E_NOMEM;
		d->role = grown;
		d->cap = cap;
	}
	memmove(&d->role[at + 1], &d->role[at], (d->n - at) * sizeof(d->role[0]));
	d->role[at] = (struct delta_role){.begins = !k->has(k->arg, role)};
	(void)snprintf(d->role[at].name, sizeof(d->role[at].name), "%s", role);
	d->n++;
	return SL_OK;
}

static int touch_set(struct delta *d, const char *set, const struct delta_known *k)
{
	char role[LAYOUT_ROLE_MAX], parent[LAYOUT_ROLE_MAX];
	const struct delta_role *added;
	int r;

	(void)snprintf(role, sizeof(role), "%s", set);
	for (;;) {
		r = delta_add(d, role, k);
		added = r == SL_OK ? delta_find(d, role) : NULL;
		/* Whoever delegates to a role is written anew when it begins. */
		if (added == NULL || !added->begins || strcmp(layout_keeper(role), role) == 0)
			return r;
		layout_parent(role, parent);
		memcpy(role, parent, sizeof(role));
	}
}

int delta_touch(struct delta *d, const struct delta_item *items, unsigned n,
		const struct delta_known *k)
{
	char set[LAYOUT_ROLE_MAX];
	int r = n > 0 ? delta_add(d, "feed", k) : SL_OK;

	for (unsigned i = 0; i < n && r == SL_OK; i++) {
		if (!release_id_ok(items[i].id) || items[i].serial < 1)
			return SL_E_FORMAT;
		layout_release_role(items[i].id, set);
		/* A notice about what was never here adds no set. */
		if (items[i].kind == FEED_RELEASE || k->has(k->arg, set))
			r = touch_set(d, set, k);
		layout_notice_role(items[i].serial, set);
		if (r == SL_OK && items[i].kind == FEED_NOTICE)
			r = touch_set(d, set, k);
	}
	return r;
}

/* ---- applying ---- */

static json_t *targets_of(const struct delta_work *w, const char *role)
{
	const struct delta_role *k = delta_find(w->d, role);

	return k == NULL ? NULL : w->targets[k - w->d->role];
}

static int put(json_t *targets, const char *path, const struct delta_file *f)
{
	uint8_t digest[HASH_LEN];

	if (!text_unhex(f->sha256, strlen(f->sha256), digest, HASH_LEN) || f->length < 0)
		return SL_E_FORMAT;
	tuf_target_put(targets, path, digest, (uint64_t)f->length);
	return json_object_get(targets, path) == NULL ? SL_E_NOMEM : SL_OK;
}

static int put_release(const struct delta_item *it, const struct delta_work *w,
		       struct sl_why *why)
{
	char path[TUF_PATH_MAX], set[LAYOUT_ROLE_MAX];
	json_t *targets;
	int r;

	layout_release_role(it->id, set);
	targets = targets_of(w, set);
	delta_manifest_path(it, it->version, path);
	if (json_object_get(targets, path) != NULL)
		return why_set(why, SL_E_EXISTS, "%s version %lld is released already", it->id,
			       (long long)it->version);
	r = put(targets, path, &it->manifest);
	delta_attest_path(it, it->version, path);
	if (r == SL_OK)
		r = put(targets, path, &it->attest);
	delta_proof_path(it, it->version, path);
	return r == SL_OK ? put(targets, path, &it->proof) : r;
}

/* A notice looks at this and up to DELTA_VERSIONS_MAX - 1 earlier versions of its item. */
static int put_notice(const struct delta_item *it, const struct delta_work *w,
		      struct sl_why *why)
{
	int64_t first =
		it->version > DELTA_VERSIONS_MAX ? it->version - DELTA_VERSIONS_MAX + 1 : 1;
	char path[TUF_PATH_MAX], set[LAYOUT_ROLE_MAX];
	json_t *targets;
	int r;

	layout_release_role(it->id, set);
	targets = targets_of(w, set);
	for (int64_t v = first; v <= it->version && targets != NULL; v++) {
		delta_manifest_path(it, v, path);
		(void)json_object_del(targets, path);
		delta_attest_path(it, v, path);
		(void)json_object_del(targets, path);
		delta_proof_path(it, v, path);
		(void)json_object_del(targets, path);
	}
	layout_notice_role(it->serial, set);
	delta_notice_path(it, path);
	r = put(targets_of(w, set), path, &it->notice);
	/* It comes back: the same files that went. */
	return r == SL_OK && it->status == FEED_USABLE ? put_release(it, w, why) : r;
}

/* What the feed still remembers of this item must be older; a withdrawn version
 * may not come back under its old number. */
static int check_order(const struct delta_item *it, const struct feed_page *head,
		       struct sl_why *why)
{
	if (it->serial != head->next_serial)
		return why_set(why, SL_E_REPLAY, "serial %lld instead of %lld",
			       (long long)it->serial, (long long)head->next_serial);
	for (unsigned i = 0; i < head->n; i++) {
		const struct feed_entry *e = &head->entries[i];

		if (strcmp(e->id, it->id) == 0 &&
		    (it->kind == FEED_RELEASE ? e->version >= it->version
					      : e->version > it->version))
			return why_set(why, SL_E_REPLAY, "%s: version %lld after version %lld",
				       it->id, (long long)it->version, (long long)e->version);
	}
	return SL_OK;
}

/* The numbers that the item says must be the next ones of its channels. */
static int number(const struct delta_item *it, struct feed_channels *t,
		  struct feed_numbers *ret, struct sl_why *why)
{
	const char *names[MANIFEST_CHANNELS_MAX];
	int r;

	for (unsigned i = 0; i < it->n_channels; i++)
		names[i] = it->channel[i].name;
	r = feed_channels_next(t, names, it->n_channels, ret);
	if (r != SL_OK)
		return why_set(why, r, "the channels of %s: %s", it->id, sl_strerror(r));
	for (unsigned i = 0; i < it->n_channels; i++) {
		uint32_t next = t->next[feed_channels_find(t, names[i])];

		if (it->channel[i].serial != next)
			return why_set(why, SL_E_REPLAY,
				       "serial %u of channel %s instead of %u",
				       it->channel[i].serial, names[i], next);
	}
	return SL_OK;
}

static int put_entry(const struct delta_item *it, struct delta *d, struct sl_why *why)
{
	struct feed_entry e = {.kind = it->kind,
			       .status = it->status,
			       .serial = it->serial,
			       .version = it->version};
	char path[TUF_PATH_MAX];
	int r = number(it, &d->head.channels, &e.numbers, why);

	if (r != SL_OK)
		return r;
	memcpy(e.id, it->id, sizeof(e.id));
	memcpy(e.manifest_sha256, it->manifest.sha256, sizeof(e.manifest_sha256));
	if (it->kind == FEED_NOTICE) {
		delta_notice_path(it, path);
		(void)snprintf(e.notice, sizeof(e.notice), "%.159s", path);
	}
	return feed_append(&d->head, &e, &d->page_bytes, d->page);
}

/* Only the head is a target: older pages are found along their hashes. */
int delta_put_feed(const struct delta_work *w)
{
	struct delta_file f;
	int r = feed_write(&w->d->head, &w->d->head_bytes);

	if (r != SL_OK)
		return r;
	hash_hex(w->d->head_bytes.data, w->d->head_bytes.len, f.sha256);
	f.length = (int64_t)w->d->head_bytes.len;
	return put(targets_of(w, "feed"), "feed/head.json", &f);
}

static int check_item(const struct delta_item *it, struct sl_why *why)
{
	if (!release_id_ok(it->id) || it->version < 1 || it->version > 999999 ||
	    it->n_channels > MANIFEST_CHANNELS_MAX ||
	    (it->kind == FEED_RELEASE && it->status != FEED_USABLE))
		return why_set(why, SL_E_FORMAT, "an item of the case is malformed");
	return SL_OK;
}

int delta_put_items(const struct delta_work *w, const struct delta_item *items, unsigned n,
		    struct sl_why *why)
{
	int r = SL_OK;

	for (unsigned i = 0; i < n && r == SL_OK; i++) {
		r = check_item(&items[i], why);
		if (r == SL_OK)
			r = check_order(&items[i], &w->d->head, why);
		if (r == SL_OK)
			r = items[i].kind == FEED_RELEASE ? put_release(&items[i], w, why)
							  : put_notice(&items[i], w, why);
		if (r == SL_OK)
			r = put_entry(&items[i], w->d, why);
	}
	return r;
}

int delta_put_checkpoint(const struct delta_work *w)
{
	return put(targets_of(w, "feed"), "log/checkpoint", &w->d->checkpoint);
}

void delta_page_path(const char *name, const struct buf *bytes, char *out)
{
	char target[TUF_PATH_MAX], hex[65];

	hash_hex(bytes->data, bytes->len, hex);
	(void)snprintf(target, sizeof(target), "feed/%s.json", name);
	delta_file_path(target, hex, out);
}
