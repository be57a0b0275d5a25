/* hints.c - three unsigned pages made from one list.
 *
 * Hostile: titles and file names, which authors chose; every one is escaped for
 * the language of the page it goes into. */
#include "release/hints.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "release/proof.h"
#include "release/tree.h"

enum { FILE_MAX = 2 << 20 };

static void put_escaped(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		switch (*s) {
		case '&':
			buf_puts(b, "&amp;");
			break;
		case '<':
			buf_puts(b, "&lt;");
			break;
		case '>':
			buf_puts(b, "&gt;");
			break;
		case '"':
			buf_puts(b, "&quot;");
			break;
		case '\'':
			buf_puts(b, "&#39;");
			break;
		default:
			/* Control characters are legal in neither HTML nor XML. */
			if ((unsigned char)*s >= 0x20 && *s != 0x7f)
				buf_put(b, s, 1);
		}
	}
}

/* Items of the feed.json before; an empty list when there is none worth keeping. */
static json_t *load_items(int repo_fd)
{
	json_t *j = NULL, *items = NULL;
	struct buf b;

	buf_init(&b, FILE_MAX);
	if (file_read(repo_fd, "feed.json", FILE_MAX, &b) == SL_OK &&
	    json_parse(b.data, b.len, FILE_MAX, &j) == SL_OK)
		items = json_incref(json_object_get(j, "items"));
	json_decref(j);
	buf_release(&b);
	if (!json_is_array(items)) {
		json_decref(items);
		items = json_array();
	}
	return items;
}

static void drop_item(json_t *items, const char *id)
{
	for (size_t i = json_array_size(items); i-- > 0;) {
		const char *have = json_str(json_array_get(items, i), "id");

		if (have == NULL || strcmp(have, id) == 0)
			(void)json_array_remove(items, i);
	}
}

static json_t *item_new(const struct manifest *m, int64_t now)
{
	json_t *files = json_array();
	char path[80], date[CLOCK_TEXT + 1];

	clock_format(now, date);
	for (unsigned i = 0; i < m->n_blobs; i++) {
		proof_blob_path(m->blobs[i].sha256, path);
		(void)json_array_append_new(files,
					    json_pack("{s:s,s:I,s:s,s:s}", "mime_type",
						      m->blobs[i].media_type, "size_in_bytes",
						      (json_int_t)m->blobs[i].length, "title",
						      m->blobs[i].name, "url", path));
	}
	return json_pack("{s:o,s:s,s:s,s:s,s:s}", "attachments", files, "content_text",
			 m->title, "date_published", date, "id", m->id, "title", m->title);
}

static int update(json_t *items, int tree_fd, const struct casefile *c, int64_t now)
{
	for (unsigned i = 0; i < c->n; i++) {
		const struct delta_item *d = &c->items[i].delta;
		struct manifest *m = NULL;
		int r;

		drop_item(items, d->id);
		if (d->kind != FEED_RELEASE)
			continue;
		r = proof_manifest(tree_fd, d, &m, NULL);
		/* What is not to be shown yet is not announced either. */
		if (r == SL_OK && m->embargo <= now)
			r = json_array_insert_new(items, 0, item_new(m, now)) == 0 ? SL_OK
										   : SL_E_NOMEM;
		manifest_free(m);
		if (r != SL_OK)
			return r;
	}
	while (json_array_size(items) > HINTS_MAX)
		(void)json_array_remove(items, json_array_size(items) - 1);
	return SL_OK;
}

static const char *text(const json_t *j, const char *name)
{
	const char *s = json_str(j, name);

	return s == NULL ? "" : s;
}

static void put_html(const json_t *items, struct buf *b)
{
	const json_t *item, *file;
	size_t i, k;

	buf_puts(b,
		 "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
		 "<meta name=\"viewport\" "
		 "content=\"width=device-width\"><title>信息公开</title></head>\n"
		 "<body><h1>信息公开</h1>\n"
		 "<p>本页未经签名，仅供浏览；平台以签名元数据为准。"
		 "This page is not signed; platforms verify the metadata instead.</p>\n<ul>\n");
	json_array_foreach(items, i, item)
	{
		buf_puts(b, "<li><b>");
		put_escaped(b, text(item, "title"));
		buf_puts(b, "</b> <small>");
		put_escaped(b, text(item, "id"));
		buf_puts(b, " · ");
		put_escaped(b, text(item, "date_published"));
		buf_puts(b, "</small>");
		json_array_foreach(json_arr(item, "attachments"), k, file)
		{
			buf_puts(b, " <a href=\"");
			put_escaped(b, text(file, "url"));
			buf_puts(b, "\">");
			put_escaped(b, text(file, "title"));
			buf_puts(b, "</a>");
		}
		buf_puts(b, "</li>\n");
	}
	buf_puts(b, "</ul></body></html>\n");
}

static void put_atom(const json_t *items, int64_t now, struct buf *b)
{
	char date[CLOCK_TEXT + 1];
	const json_t *item;
	size_t i;

	clock_format(now, date);
	buf_puts(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:sluice:feed</id>"
		    "<title>信息公开</title><author><name>Sluice</name></author><updated>");
	buf_puts(b, date);
	buf_puts(b, "</updated>\n");
	json_array_foreach(items, i, item)
	{
		buf_puts(b, "<entry><id>urn:sluice:");
		put_escaped(b, text(item, "id"));
		buf_puts(b, "</id><title>");
		put_escaped(b, text(item, "title"));
		buf_puts(b, "</title><updated>");
		put_escaped(b, text(item, "date_published"));
		buf_puts(b, "</updated><link href=\"");
		put_escaped(b, text(json_array_get(json_arr(item, "attachments"), 0), "url"));
		buf_puts(b, "\"/></entry>\n");
	}
	buf_puts(b, "</feed>\n");
}

int hints_write(int repo_fd, int tree_fd, const struct casefile *c, int64_t now)
{
	json_t *items = load_items(repo_fd), *j = NULL;
	struct buf feed, html, atom;
	int r = items == NULL ? SL_E_NOMEM : update(items, tree_fd, c, now);

	buf_init(&feed, FILE_MAX);
	buf_init(&html, FILE_MAX);
	buf_init(&atom, FILE_MAX);
	if (r == SL_OK) {
		j = json_pack("{s:O,s:s,s:s}", "items", items, "title", "信息公开", "version",
			      "https://jsonfeed.org/version/1.1");
		r = j == NULL ? SL_E_NOMEM : json_compact(j, &feed);
	}
	if (r == SL_OK) {
		put_html(items, &html);
		put_atom(items, now, &atom);
		r = buf_error(&html) != SL_OK ? buf_error(&html) : buf_error(&atom);
	}
	if (r == SL_OK)
		r = tree_put(tree_fd, "index.html", html.data, html.len);
	if (r == SL_OK)
		r = tree_put(tree_fd, "atom.xml", atom.data, atom.len);
	if (r == SL_OK)
		r = tree_put(tree_fd, "feed.json", feed.data, feed.len);
	json_decref(j);
	json_decref(items);
	buf_release(&feed);
	buf_release(&html);
	buf_release(&atom);
	return r;
}
