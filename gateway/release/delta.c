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
#include "trust/tuf_writer.h"

static const char *const names[DELTA_ROLES] = {
	"rel-0", "rel-1", "rel-2", "rel-3", "rel-4", "rel-5", "rel-6", "rel-7", "rel-8",
	"rel-9", "rel-a", "rel-b", "rel-c", "rel-d", "rel-e", "rel-f", "feed",
};

const char *delta_role_name(unsigned role)
{
	BUG(role >= DELTA_ROLES);
	return names[role];
}

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

static int64_t first_version(const struct delta_item *it)
{
	if (it->kind == FEED_RELEASE)
		return it->version;
	return it->version > DELTA_VERSIONS_MAX ? it->version - DELTA_VERSIONS_MAX + 1 : 1;
}

uint32_t delta_roles(const struct delta_item *items, unsigned n)
{
	uint32_t mask = n > 0 ? 1u << DELTA_FEED : 0;
	char path[TUF_PATH_MAX];

	for (unsigned i = 0; i < n; i++) {
		for (int64_t v = first_version(&items[i]); v <= items[i].version; v++) {
			delta_manifest_path(&items[i], v, path);
			mask |= 1u << tuf_bin_of(path);
			delta_attest_path(&items[i], v, path);
			mask |= 1u << tuf_bin_of(path);
		}
	}
	return mask;
}

static int put(json_t *targets, const char *path, const struct delta_file *f)
{
	uint8_t digest[HASH_LEN];

	if (!text_unhex(f->sha256, strlen(f->sha256), digest, HASH_LEN) || f->length < 0)
		return SL_E_FORMAT;
	tuf_target_put(targets, path, digest, (uint64_t)f->length);
	return json_object_get(targets, path) == NULL ? SL_E_NOMEM : SL_OK;
}

static int put_release(const struct delta_item *it, json_t *const targets[DELTA_ROLES],
		       struct sl_why *why)
{
	char manifest[TUF_PATH_MAX], attest[TUF_PATH_MAX];
	int r;

	delta_manifest_path(it, it->version, manifest);
	delta_attest_path(it, it->version, attest);
	if (json_object_get(targets[tuf_bin_of(manifest)], manifest) != NULL)
		return why_set(why, SL_E_EXISTS, "%s version %lld is released already", it->id,
			       (long long)it->version);
	r = put(targets[tuf_bin_of(manifest)], manifest, &it->manifest);
	return r == SL_OK ? put(targets[tuf_bin_of(attest)], attest, &it->attest) : r;
}

static int put_notice(const struct delta_item *it, json_t *const targets[DELTA_ROLES],
		      struct sl_why *why)
{
	char path[TUF_PATH_MAX];
	int r;

	for (int64_t v = first_version(it); v <= it->version; v++) {
		delta_manifest_path(it, v, path);
		(void)json_object_del(targets[tuf_bin_of(path)], path);
		delta_attest_path(it, v, path);
		(void)json_object_del(targets[tuf_bin_of(path)], path);
	}
	delta_notice_path(it, path);
	r = put(targets[DELTA_FEED], path, &it->notice);
	/* It comes back: the same files that went. */
	return r == SL_OK && it->status == FEED_USABLE ? put_release(it, targets, why) : r;
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

static int put_entry(const struct delta_item *it, struct delta_result *d)
{
	struct feed_entry e = {.kind = it->kind,
			       .status = it->status,
			       .serial = it->serial,
			       .version = it->version};
	char path[TUF_PATH_MAX];

	memcpy(e.id, it->id, sizeof(e.id));
	memcpy(e.manifest_sha256, it->manifest.sha256, sizeof(e.manifest_sha256));
	if (it->kind == FEED_NOTICE) {
		delta_notice_path(it, path);
		(void)snprintf(e.notice, sizeof(e.notice), "%.159s", path);
	}
	return feed_append(&d->head, &e, &d->page_bytes, d->page);
}

static int put_feed(struct delta_result *d)
{
	struct delta_file f;
	char path[TUF_PATH_MAX];
	int r = feed_write(&d->head, &d->head_bytes);

	if (r != SL_OK)
		return r;
	hash_hex(d->head_bytes.data, d->head_bytes.len, f.sha256);
	f.length = (int64_t)d->head_bytes.len;
	r = put(d->targets[DELTA_FEED], "feed/head.json", &f);
	if (r != SL_OK || d->page_bytes.len == 0)
		return r;
	hash_hex(d->page_bytes.data, d->page_bytes.len, f.sha256);
	f.length = (int64_t)d->page_bytes.len;
	(void)snprintf(path, sizeof(path), "feed/%s.json", d->page);
	return put(d->targets[DELTA_FEED], path, &f);
}

static int check_item(const struct delta_item *it, struct sl_why *why)
{
	if (!release_id_ok(it->id) || it->version < 1 || it->version > 999999 ||
	    (it->kind == FEED_RELEASE && it->status != FEED_USABLE))
		return why_set(why, SL_E_FORMAT, "an item of the case is malformed");
	return SL_OK;
}

int delta_apply(const json_t *const before[DELTA_ROLES], const struct feed_page *head,
		const struct delta_item *items, unsigned n, struct delta_result *ret,
		struct sl_why *why)
{
	struct delta_result *d = calloc(1, sizeof(*d));
	uint32_t mask = 0;
	int r = d == NULL ? SL_E_NOMEM : n > DELTA_ITEMS_MAX ? SL_E_LIMIT : SL_OK;

	if (r != SL_OK)
		goto out;
	buf_init(&d->head_bytes, JSON_SIGNED_MAX);
	buf_init(&d->page_bytes, JSON_SIGNED_MAX);
	d->head = *head;
	for (unsigned i = 0; i < n && r == SL_OK; i++)
		r = check_item(&items[i], why);
	if (r == SL_OK)
		mask = delta_roles(items, n);
	for (unsigned k = 0; k < DELTA_ROLES && r == SL_OK; k++) {
		if ((mask >> k & 1u) == 0)
			continue;
		BUG(before[k] == NULL);
		d->targets[k] = json_copy((json_t *)(uintptr_t)before[k]);
		r = d->targets[k] == NULL ? SL_E_NOMEM : SL_OK;
	}
	for (unsigned i = 0; i < n && r == SL_OK; i++) {
		r = check_order(&items[i], &d->head, why);
		if (r == SL_OK)
			r = items[i].kind == FEED_RELEASE
				    ? put_release(&items[i], d->targets, why)
				    : put_notice(&items[i], d->targets, why);
		if (r == SL_OK)
			r = put_entry(&items[i], d);
	}
	if (r == SL_OK && n > 0)
		r = put_feed(d);
	if (r != SL_OK)
		goto out;
	*ret = *d;
	memset(d, 0, sizeof(*d)); /* moved */
out:
	if (d != NULL)
		delta_release(d);
	free(d);
	return r;
}

int delta_initial(struct delta_result *ret)
{
	struct delta_result *d = calloc(1, sizeof(*d));
	int r = d == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		return r;
	buf_init(&d->head_bytes, JSON_SIGNED_MAX);
	buf_init(&d->page_bytes, JSON_SIGNED_MAX);
	feed_page_init(&d->head);
	for (unsigned k = 0; k < DELTA_ROLES && r == SL_OK; k++) {
		d->targets[k] = json_object();
		r = d->targets[k] == NULL ? SL_E_NOMEM : SL_OK;
	}
	if (r == SL_OK)
		r = put_feed(d);
	if (r == SL_OK)
		*ret = *d;
	else
		delta_release(d);
	free(d);
	return r;
}

void delta_release(struct delta_result *d)
{
	for (unsigned k = 0; k < DELTA_ROLES; k++) {
		json_decref(d->targets[k]);
		d->targets[k] = NULL;
	}
	buf_release(&d->head_bytes);
	buf_release(&d->page_bytes);
}
