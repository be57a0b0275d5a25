/* admit_feed.c - the feed that a unit brings: its head and the pages that this leads to.
 *
 * Hostile: head and pages, although the metadata leads to them: the keys of the feed may be
 * stolen.  What the tree has shown to platforms must go on in it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "outlet/admit_private.h"
#include "outlet/dossier.h"
#include "outlet/pull_feed.h"

enum { FEED_BYTES_MAX = 1 << 20 };

/* Older pages are no targets: the head leads to each by its digest.  Those that the unit
 * brings are placed; the walk ends where the tree has the rest. */
static int admit_pages(struct admit *a, struct feed_page *p, struct sl_why *why)
{
	int r = SL_OK;

	while (r == SL_OK && p->prev_page[0] != '\0') {
		char path[FEED_PATH_MAX], name[sizeof(p->prev_page)],
			sha256[sizeof(p->prev_sha256)];
		struct buf b;
		int i;

		memcpy(name, p->prev_page, sizeof(name));
		memcpy(sha256, p->prev_sha256, sizeof(sha256));
		feed_page_path(name, sha256, path);
		if (file_exists(a->view.tree_fd, path))
			return SL_OK;
		i = overlay_index(a->view.unit, path);
		if (i < 0)
			return why_set(why, SL_E_UNREACHABLE, "%s is missing", path);
		buf_init(&b, FEED_BYTES_MAX);
		r = overlay_read(&a->view, path, FEED_BYTES_MAX, &b);
		if (r == SL_OK)
			r = feed_parse_page(b.data, b.len, name, sha256, p, why);
		a->place[i] = r == SL_OK;
		buf_release(&b);
	}
	return r;
}

/* The version that the tree's own metadata `by` lists for a file. */
static int listed_version(const struct overlay *tree, const char *by, const char *type,
			  size_t max, const char *file, int64_t *ret_version)
{
	struct tuf_meta *m = NULL;
	int r = admit_meta(tree, by, type, max, &m);

	if (r == SL_OK &&
	    !json_i64(json_obj(json_obj(m->body, "meta"), file), "version", ret_version))
		r = SL_E_CORRUPT;
	tuf_free(m);
	return r;
}

/* Digest of the tree's own feed/head.json; SL_E_NOTFOUND: the tree is empty. */
static int head_digest(const struct overlay *tree, char ret_sha256[65])
{
	struct tuf_meta *m = NULL;
	int64_t version = 0;
	const char *hex;
	char path[64];
	int r = listed_version(tree, "metadata/timestamp.json", "timestamp", TUF_TIMESTAMP_MAX,
			       "snapshot.json", &version);

	if (r != SL_OK)
		return r;
	(void)snprintf(path, sizeof(path), "metadata/%" PRId64 ".snapshot.json", version);
	r = listed_version(tree, path, "snapshot", TUF_SNAPSHOT_MAX, "feed.json", &version);
	(void)snprintf(path, sizeof(path), "metadata/%" PRId64 ".feed.json", version);
	if (r == SL_OK)
		r = admit_meta(tree, path, "targets", TUF_TARGETS_MAX, &m);
	if (r == SL_OK) {
		hex = json_str(
			json_obj(json_obj(json_obj(m->body, "targets"), "feed/head.json"),
				 "hashes"),
			"sha256");
		if (hex != NULL && text_is_sha256(hex))
			memcpy(ret_sha256, hex, 65);
		else
			r = SL_E_CORRUPT;
	}
	tuf_free(m);
	return r == SL_E_NOTFOUND ? SL_E_CORRUPT : r;
}

/* How far the tree's own feed goes; the beginning when there is none. */
static int tree_place(const struct admit *a, struct pull_place *ret, struct sl_why *why)
{
	struct overlay tree = a->view;
	struct feed_page *p = malloc(sizeof(*p));
	char path[FEED_PATH_MAX], sha256[65];
	struct buf b;
	int r;

	tree.metadata = false;
	buf_init(&b, FEED_BYTES_MAX);
	r = p == NULL ? SL_E_NOMEM : head_digest(&tree, sha256);
	if (r == SL_E_NOTFOUND) {
		r = SL_OK;
		goto out;
	}
	if (r == SL_OK) {
		feed_page_path("head", sha256, path);
		r = file_read(a->view.tree_fd, path, FEED_BYTES_MAX, &b);
	}
	if (r == SL_OK)
		r = feed_parse(b.data, b.len, p, NULL);
	if (r == SL_OK)
		r = pull_feed_end(p, ret);
	if (r != SL_OK && r != SL_E_NOMEM)
		r = why_set(why, SL_E_IO, "the tree's own feed is damaged");
out:
	buf_release(&b);
	free(p);
	return r;
}

/* What is not listed or not here (yet) cannot be compared; platforms do when they see it. */
static int check_manifest(struct admit *a, const struct feed_channels *t,
			  const struct feed_entry *e, struct sl_why *why)
{
	struct manifest *m = NULL;
	char path[DOSSIER_PATH_MAX];
	struct buf b;
	int r;

	dossier_path(e->id, e->version, "manifest.json", path);
	buf_init(&b, MANIFEST_MAX);
	r = tuf_client_download(a->tuf, path, MANIFEST_MAX, &b, NULL);
	if (r == SL_E_NOTFOUND || r == SL_E_UNREACHABLE) {
		r = SL_OK;
		goto out;
	}
	if (r == SL_OK)
		r = manifest_parse(b.data, b.len, &m, why);
	if (r == SL_OK)
		r = feed_channels_are(t, &e->numbers, m, why);
out:
	manifest_free(m);
	buf_release(&b);
	return r == SL_OK ? r
			  : why_prefix(why, r, "%s version %" PRId64 ", serial %" PRId64, e->id,
				       e->version, e->serial);
}

static int check_new_entries(struct admit *a, struct sl_why *why)
{
	struct tuf_fetcher f = overlay_tuf(&a->view);
	struct pull_place *at = calloc(1, sizeof(*at));
	struct pull_feed feed = {.entries = NULL};
	int r = at == NULL ? SL_E_NOMEM : tree_place(a, at, why);

	if (r == SL_OK)
		r = pull_feed_read(a->tuf, &f, at, &feed, why);
	for (size_t i = 0; r == SL_OK && i < feed.n; i++) {
		if (feed.entries[i].status == FEED_USABLE && !feed.overridden[i])
			r = check_manifest(a, &at->channels, &feed.entries[i], why);
	}
	if (r == SL_OK)
		a->feed_serial = feed.next_serial - 1;
	pull_feed_release(&feed);
	free(at);
	return r;
}

int admit_feed(struct admit *a, struct sl_why *why)
{
	struct feed_page *p = malloc(sizeof(*p));
	struct buf b;
	int r = SL_E_NOMEM;

	buf_init(&b, FEED_BYTES_MAX);
	if (p != NULL)
		r = tuf_client_download(a->tuf, "feed/head.json", FEED_BYTES_MAX, &b, why);
	if (r == SL_OK)
		r = feed_parse(b.data, b.len, p, why);
	if (r == SL_OK)
		r = admit_pages(a, p, why);
	if (r == SL_OK)
		r = check_new_entries(a, why);
	buf_release(&b);
	free(p);
	return r;
}
