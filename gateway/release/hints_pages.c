/* hints_pages.c - the list as a page for people and as an Atom feed (RFC 4287, RFC 6721).
 *
 * Hostile: titles and file names, which authors chose; each is cleaned and then escaped
 * for where it stands. */
#include <string.h>

#include "base/text.h"
#include "release/hints_private.h"

void hints_clean(const char *s, struct buf *out)
{
	size_t len = strlen(s), used;

	for (size_t at = 0; at < len; at += used) {
		uint32_t cp = text_decode(s + at, len - at, &used);

		/* U+FFFE and U+FFFF are characters, but not of XML 1.0. */
		if (cp != TEXT_BAD && !text_is_deceptive(cp) && (cp & 0xfffe) != 0xfffe)
			buf_put(out, s + at, used);
	}
}

static void put_escaped(struct buf *b, const char *s)
{
	struct buf clean;

	buf_init(&clean, 1 << 16);
	hints_clean(s, &clean);
	for (const char *p = buf_str(&clean); *p != '\0'; p++) {
		switch (*p) {
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
			buf_put(b, p, 1);
		}
	}
	buf_release(&clean);
}

/* A piece of the page: {name} stands for that member of j, cleaned and escaped. */
static void put(struct buf *b, const json_t *j, const char *page)
{
	while (*page != '\0') {
		size_t n = strcspn(page, "{");
		const char *end = page[n] == '{' ? strchr(page + n, '}') : NULL;
		char name[32];

		buf_put(b, page, n);
		page += n;
		if (end == NULL)
			return;
		n = (size_t)(end - page) - 1;
		BUG(n >= sizeof(name));
		memcpy(name, page + 1, n);
		name[n] = '\0';
		put_escaped(b, json_str(j, name) != NULL ? json_str(j, name) : "");
		page = end + 1;
	}
}

/* " · official-site 57": what people call an item by. */
static void html_numbers(const json_t *item, struct buf *b)
{
	json_t *numbers = json_object_get(item, "_channels"), *v;
	const char *name;

	json_object_foreach(numbers, name, v)
	{
		buf_puts(b, " · ");
		put_escaped(b, name);
		buf_putf(b, " %lld", (long long)json_integer_value(v));
	}
}

static void atom_numbers(const json_t *item, struct buf *b)
{
	json_t *numbers = json_object_get(item, "_channels"), *v;
	const char *name;

	json_object_foreach(numbers, name, v)
	{
		buf_puts(b, "<category term=\"");
		put_escaped(b, name);
		buf_puts(b, "\" label=\"");
		put_escaped(b, name);
		buf_putf(b, " %lld\"/>", (long long)json_integer_value(v));
	}
}

static void html_item(const json_t *item, struct buf *b)
{
	const json_t *file;
	size_t i;

	put(b, item, "<li id=\"{id}\"><b>{title}</b> <small>{id} · {date_published}");
	html_numbers(item, b);
	buf_puts(b, "</small>");
	json_array_foreach(json_arr(item, "attachments"), i, file)
		put(b, file, " <a href=\"{url}\">{title}</a>");
	if (json_str(item, "_corrects") != NULL)
		put(b, item, " <small>更正 corrects {_corrects}</small>");
	buf_puts(b, "</li>\n");
}

static void html_deleted(const json_t *gone, struct buf *b)
{
	put(b, gone, "<li><s>{id}</s> <small>{status} · {when}");
	html_numbers(gone, b);
	buf_puts(b, "</small>");
	if (json_str(gone, "replaced_by") != NULL)
		put(b, gone, " → <a href=\"#{replaced_by}\">{replaced_by}</a>");
	buf_puts(b, "</li>\n");
}

void hints_html(const json_t *items, const json_t *deleted, struct buf *out)
{
	const json_t *item;
	size_t i;

	buf_puts(out, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
		      "<meta name=\"viewport\" content=\"width=device-width\">"
		      "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"atom.xml\">"
		      "<title>信息公开</title></head>\n<body><h1>信息公开</h1>\n"
		      "<p>" HINTS_NOTE_ZH " " HINTS_NOTE_EN "</p>\n<ul>\n");
	json_array_foreach(items, i, item) html_item(item, out);
	buf_puts(out, "</ul>\n");
	if (json_array_size(deleted) > 0) {
		buf_puts(out, "<h2>已撤下 Taken down</h2>\n<ul>\n");
		json_array_foreach(deleted, i, item) html_deleted(item, out);
		buf_puts(out, "</ul>\n");
	}
	buf_puts(out, "</body></html>\n");
}

static void atom_entry(const json_t *item, struct buf *b)
{
	put(b, item,
	    "<entry><id>urn:sluice:{id}</id><title>{title}</title>"
	    "<updated>{date_published}</updated>");
	put(b, json_array_get(json_arr(item, "attachments"), 0), "<link href=\"{url}\"/>");
	atom_numbers(item, b);
	if (json_str(item, "_corrects") != NULL)
		put(b, item,
		    "<link rel=\"predecessor-version\" href=\"urn:sluice:{_corrects}\"/>");
	buf_puts(b, "</entry>\n");
}

static void atom_deleted(const json_t *gone, struct buf *b)
{
	put(b, gone, "<at:deleted-entry ref=\"urn:sluice:{id}\" when=\"{when}\">");
	if (json_str(gone, "replaced_by") != NULL)
		put(b, gone,
		    "<link rel=\"successor-version\" href=\"urn:sluice:{replaced_by}\"/>");
	put(b, gone, "<at:comment>{status}</at:comment></at:deleted-entry>\n");
}

void hints_atom(const json_t *items, const json_t *deleted, const char *date, struct buf *out)
{
	const json_t *item;
	size_t i;

	buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		      "<!-- " HINTS_NOTE_EN " -->\n"
		      "<feed xmlns=\"http://www.w3.org/2005/Atom\""
		      " xmlns:at=\"http://purl.org/atompub/tombstones/1.0\">"
		      "<id>urn:sluice:feed</id><title>信息公开</title>"
		      "<subtitle>" HINTS_NOTE_ZH " " HINTS_NOTE_EN "</subtitle>"
		      "<author><name>Sluice</name></author><updated>");
	put_escaped(out, date);
	buf_puts(out, "</updated>\n");
	json_array_foreach(items, i, item) atom_entry(item, out);
	json_array_foreach(deleted, i, item) atom_deleted(item, out);
	buf_puts(out, "</feed>\n");
}
