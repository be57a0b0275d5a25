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

static void put_text(struct buf *b, const json_t *j, const char *name)
{
	const char *s = json_str(j, name);

	put_escaped(b, s == NULL ? "" : s);
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

	buf_puts(b, "<li id=\"");
	put_text(b, item, "id");
	buf_puts(b, "\"><b>");
	put_text(b, item, "title");
	buf_puts(b, "</b> <small>");
	put_text(b, item, "id");
	buf_puts(b, " · ");
	put_text(b, item, "date_published");
	html_numbers(item, b);
	buf_puts(b, "</small>");
	json_array_foreach(json_arr(item, "attachments"), i, file)
	{
		buf_puts(b, " <a href=\"");
		put_text(b, file, "url");
		buf_puts(b, "\">");
		put_text(b, file, "title");
		buf_puts(b, "</a>");
	}
	if (json_str(item, "_corrects") != NULL) {
		buf_puts(b, " <small>更正 corrects ");
		put_text(b, item, "_corrects");
		buf_puts(b, "</small>");
	}
	buf_puts(b, "</li>\n");
}

static void html_deleted(const json_t *gone, struct buf *b)
{
	buf_puts(b, "<li><s>");
	put_text(b, gone, "id");
	buf_puts(b, "</s> <small>");
	put_text(b, gone, "status");
	buf_puts(b, " · ");
	put_text(b, gone, "when");
	html_numbers(gone, b);
	buf_puts(b, "</small>");
	if (json_str(gone, "replaced_by") != NULL) {
		buf_puts(b, " → <a href=\"#");
		put_text(b, gone, "replaced_by");
		buf_puts(b, "\">");
		put_text(b, gone, "replaced_by");
		buf_puts(b, "</a>");
	}
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
	const json_t *file = json_array_get(json_arr(item, "attachments"), 0);

	buf_puts(b, "<entry><id>urn:sluice:");
	put_text(b, item, "id");
	buf_puts(b, "</id><title>");
	put_text(b, item, "title");
	buf_puts(b, "</title><updated>");
	put_text(b, item, "date_published");
	buf_puts(b, "</updated><link href=\"");
	put_text(b, file, "url");
	buf_puts(b, "\"/>");
	atom_numbers(item, b);
	if (json_str(item, "_corrects") != NULL) {
		buf_puts(b, "<link rel=\"predecessor-version\" href=\"urn:sluice:");
		put_text(b, item, "_corrects");
		buf_puts(b, "\"/>");
	}
	buf_puts(b, "</entry>\n");
}

static void atom_deleted(const json_t *gone, struct buf *b)
{
	buf_puts(b, "<at:deleted-entry ref=\"urn:sluice:");
	put_text(b, gone, "id");
	buf_puts(b, "\" when=\"");
	put_text(b, gone, "when");
	buf_puts(b, "\">");
	if (json_str(gone, "replaced_by") != NULL) {
		buf_puts(b, "<link rel=\"successor-version\" href=\"urn:sluice:");
		put_text(b, gone, "replaced_by");
		buf_puts(b, "\"/>");
	}
	buf_puts(b, "<at:comment>");
	put_text(b, gone, "status");
	buf_puts(b, "</at:comment></at:deleted-entry>\n");
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
