/* hints.c - three unsigned pages made from one list.
 *
 * The list is feed.json (JSON Feed 1.1): `items` are what is shown, `_sluice.deleted`
 * what was taken down. */
#include "release/hints.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "release/hints_private.h"
#include "release/proof.h"
#include "release/tree.h"

enum { FILE_MAX = 2 << 20, TITLE_MAX = 4096 };

struct lists {
	json_t *items, *deleted; /* newest first */
};

static json_t *array_or_new(json_t *j)
{
	return json_is_array(j) ? json_incref(j) : json_array();
}

/* Of the feed.json before; empty lists when there is none worth keeping. */
static void load(int repo_fd, struct lists *l)
{
	json_t *j = NULL;
	struct buf b;

	buf_init(&b, FILE_MAX);
	if (file_read(repo_fd, "feed.json", FILE_MAX, &b) != SL_OK ||
	    json_parse(b.data, b.len, FILE_MAX, &j) != SL_OK)
		j = NULL;
	l->items = array_or_new(json_object_get(j, "items"));
	l->deleted = array_or_new(json_object_get(json_object_get(j, "_sluice"), "deleted"));
	json_decref(j);
	buf_release(&b);
}

static void drop(json_t *list, const char *id)
{
	for (size_t i = json_array_size(list); i-- > 0;) {
		const char *have = json_str(json_array_get(list, i), "id");

		if (have == NULL || strcmp(have, id) == 0)
			(void)json_array_remove(list, i);
	}
}

static json_t *clean_text(const char *s)
{
	struct buf b;
	json_t *j;

	buf_init(&b, TITLE_MAX);
	hints_clean(s, &b);
	j = json_string(buf_str(&b));
	buf_release(&b);
	return j;
}

/* {"official-site":57}, for "number 57 of our channel". */
static json_t *numbers_new(const struct delta_item *d)
{
	json_t *j = json_object();

	for (unsigned i = 0; i < d->n_channels && j != NULL; i++)
		(void)json_object_set_new(j, d->channel[i].name,
					  json_integer(d->channel[i].serial));
	return j;
}

static json_t *item_new(const struct manifest *m, const struct delta_item *d, int64_t now)
{
	const char *corrects = json_str(m->json, "supersedes");
	json_t *files = json_array(), *j;
	char path[80], date[CLOCK_TEXT + 1];

	clock_format(now, date);
	for (unsigned i = 0; i < m->n_blobs; i++) {
		proof_blob_path(m->blobs[i].sha256, path);
		(void)json_array_append_new(
			files,
			json_pack("{s:s,s:I,s:o,s:s}", "mime_type", m->blobs[i].media_type,
				  "size_in_bytes", (json_int_t)m->blobs[i].length, "title",
				  clean_text(m->blobs[i].name), "url", path));
	}
	j = json_pack("{s:o,s:o,s:o,s:s,s:s,s:o}", "_channels", numbers_new(d), "attachments",
		      files, "content_text", clean_text(m->title), "date_published", date, "id",
		      m->id, "title", clean_text(m->title));
	if (j != NULL && corrects != NULL)
		(void)json_object_set_new(j, "_corrects", json_string(corrects));
	return j;
}

static int add(struct lists *l, int tree_fd, const struct delta_item *d, int64_t now)
{
	struct manifest *m = NULL;
	int r = proof_manifest(tree_fd, d, &m, NULL);

	/* What is not to be shown yet is not announced either. */
	if (r == SL_OK && m->embargo <= now &&
	    json_array_insert_new(l->items, 0, item_new(m, d, now)) != 0)
		r = SL_E_NOMEM;
	manifest_free(m);
	return r;
}

static int add_deleted(struct lists *l, const struct delta_item *d, int64_t now)
{
	const json_t *item;
	char date[CLOCK_TEXT + 1];
	json_t *j;
	size_t i;

	clock_format(now, date);
	j = json_pack("{s:o,s:s,s:s,s:s}", "_channels", numbers_new(d), "id", d->id, "status",
		      feed_status_name(d->status), "when", date);
	/* A correction is listed before the notice about what it corrects. */
	json_array_foreach(l->items, i, item)
	{
		const char *corrects = json_str(item, "_corrects");

		if (corrects != NULL && strcmp(corrects, d->id) == 0)
			(void)json_object_set(j, "replaced_by", json_object_get(item, "id"));
	}
	return json_array_insert_new(l->deleted, 0, j) == 0 ? SL_OK : SL_E_NOMEM;
}

static void shorten(json_t *list)
{
	while (json_array_size(list) > HINTS_MAX)
		(void)json_array_remove(list, json_array_size(list) - 1);
}

static int update(struct lists *l, int tree_fd, const struct casefile *c, int64_t now)
{
	int r = SL_OK;

	for (unsigned i = 0; i < c->n && r == SL_OK; i++) {
		const struct delta_item *d = &c->items[i].delta;

		drop(l->items, d->id);
		drop(l->deleted, d->id);
		r = d->status == FEED_USABLE ? add(l, tree_fd, d, now) : add_deleted(l, d, now);
	}
	shorten(l->items);
	shorten(l->deleted);
	return r;
}

static int put_feed(const struct lists *l, int tree_fd)
{
	json_t *j = json_pack("{s:{s:s,s:O},s:s,s:O,s:s,s:s,s:s}", "_sluice", "about",
			      HINTS_NOTE_EN, "deleted", l->deleted, "description",
			      HINTS_NOTE_ZH " " HINTS_NOTE_EN, "items", l->items, "language",
			      "zh-CN", "title", "信息公开", "version",
			      "https://jsonfeed.org/version/1.1");
	struct buf b;
	int r = j == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&b, FILE_MAX);
	if (r == SL_OK)
		r = json_compact(j, &b);
	if (r == SL_OK)
		r = tree_put(tree_fd, "feed.json", b.data, b.len);
	json_decref(j);
	buf_release(&b);
	return r;
}

static int put_page(int tree_fd, const char *name, const struct buf *b)
{
	int r = buf_error(b);

	return r == SL_OK ? tree_put(tree_fd, name, b->data, b->len) : r;
}

int hints_write(int repo_fd, int tree_fd, const struct casefile *c, int64_t now)
{
	struct lists l = {.items = NULL};
	char date[CLOCK_TEXT + 1];
	struct buf page;
	int r;

	load(repo_fd, &l);
	clock_format(now, date);
	buf_init(&page, FILE_MAX);
	r = l.items == NULL || l.deleted == NULL ? SL_E_NOMEM : update(&l, tree_fd, c, now);
	if (r == SL_OK) {
		hints_html(l.items, l.deleted, &page);
		r = put_page(tree_fd, "index.html", &page);
	}
	buf_clear(&page);
	if (r == SL_OK) {
		hints_atom(l.items, l.deleted, date, &page);
		r = put_page(tree_fd, "atom.xml", &page);
	}
	if (r == SL_OK)
		r = put_feed(&l, tree_fd);
	json_decref(l.items);
	json_decref(l.deleted);
	buf_release(&page);
	return r;
}
