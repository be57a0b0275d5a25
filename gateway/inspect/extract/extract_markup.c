/* extract_markup.c - XML of no kind we know, and SVG: what is shown, and all the rest.
 *
 * Text stands in front of a reader; attributes, comments and instructions do not.  An SVG
 * is a picture as well: it stays "picture-not-read".  Hostile: all of it; a document type
 * declaration may define words, so such a file is read as it stands and held. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract.h"
#include "inspect/extract/extract_html.h"
#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_outside.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_xml.h"
#include "inspect/extract/extract_xml_unheard.h"

enum { VALUE_SHOWN = 64, NAME_MAX_BYTES = 48, DECLARATION_MAX = 256 };

struct markup {
	struct extract *x;
	struct extract_part *part;
	bool svg;
	size_t style_start; /* of the text of a style sheet */
	bool edge;	    /* an element has begun or ended since the last letter */
	unsigned depth, hidden_from, script_from, title_from; /* 0: not inside one */
	size_t hidden_start;
	unsigned files;
	int error;
};

static bool is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcasecmp(name, *list) == 0)
			return true;
	return false;
}

static enum segment_where place(const struct markup *m)
{
	return m->hidden_from != 0 || m->script_from != 0 ? WHERE_HIDDEN
	       : m->title_from != 0			  ? WHERE_ALT
							  : WHERE_BODY;
}

/* "data:image/png;base64,…" */
static void embedded(struct markup *m, const char *s, size_t len)
{
	char name[NAME_MAX_BYTES];
	const char *comma = memchr(s, ',', len);
	struct extract_part *p;
	struct buf bytes;

	(void)snprintf(name, sizeof(name), "data-%u", ++m->files);
	p = extract_part_new(m->x, name, len);
	if (p == NULL)
		return;
	buf_init(&bytes, len);
	if (comma == NULL || memmem(s, (size_t)(comma - s), ";base64", 7) == NULL ||
	    !extract_base64(comma + 1, len - (size_t)(comma + 1 - s), &bytes)) {
		extract_fail(p, "unsupported");
	} else {
		p->object.bytes = bytes.len;
		if (extract_nested(m->x, p, name, &bytes) != SL_OK)
			m->error = SL_E_NOMEM;
	}
	buf_release(&bytes);
}

static bool begins(const char *s, size_t len, const char *head)
{
	size_t n = strlen(head);

	return len >= n && strncasecmp(s, head, n) == 0;
}

/* Attributes that lead somewhere or do something. */
static void link_attr(struct markup *m, const char *element, const char *name, const char *v,
		      size_t len)
{
	static const char *const loads[] = {"image",   "use",		"script",
					    "feImage", "foreignObject", NULL};
	size_t start = extract_stream_len(m->part, WHERE_FIELD);
	bool outside = extract_is_outside(v, len);

	if (begins(v, len, "data:")) {
		embedded(m, v, len);
		return;
	}
	extract_line(m->part, WHERE_FIELD, name, v, len);
	if (begins(v, len, "javascript:"))
		extract_mark(m->part, "DH-005", SEV_S1, WHERE_FIELD, start, "script");
	else if (outside && is_one_of(element, loads))
		extract_mark(m->part, "DH-005", SEV_S1, WHERE_FIELD, start, "external-link");
	else if (extract_is_inner_path(v, len))
		extract_mark(m->part, "DH-004", SEV_S2, WHERE_FIELD, start, "internal-path");
}

static bool hides(const struct extract_xml_attrs *a)
{
	static const char *const names[] = {"display", "visibility", "opacity", "fill-opacity",
					    NULL};
	char v[VALUE_SHOWN * 8];

	for (unsigned i = 0; names[i] != NULL; i++) {
		if (!extract_xml_attr(a, names[i], v, sizeof(v)))
			continue;
		if (strcmp(v, "none") == 0 || strcmp(v, "hidden") == 0 || strcmp(v, "0") == 0)
			return true;
	}
	if (!extract_xml_attr(a, "style", v, sizeof(v)))
		return false;
	return strstr(v, "display:none") != NULL || strstr(v, "display: none") != NULL ||
	       strstr(v, "visibility:hidden") != NULL ||
	       strstr(v, "visibility: hidden") != NULL || strstr(v, "opacity:0;") != NULL;
}

static void attrs(struct markup *m, const char *element, const struct extract_xml_attrs *a)
{
	static const char *const styles[] = {
		"style",  "fill",	  "stroke",	"filter",     "mask",	"clip-path",
		"marker", "marker-start", "marker-mid", "marker-end", "cursor", NULL};
	const char *name, *v;
	size_t len, start;

	for (int i = 0; extract_xml_attr_at(a, i, &name, &v, &len); i++) {
		if (m->svg && is_one_of(name, styles))
			extract_say_style(m->part, v, len);
		if (strcmp(name, "href") == 0 || strcmp(name, "src") == 0) {
			link_attr(m, element, name, v, len);
		} else if (m->svg && begins(name, strlen(name), "on") && strlen(name) > 3) {
			start = extract_stream_len(m->part, WHERE_FIELD);
			extract_line(m->part, WHERE_FIELD, name, v, len);
			extract_mark(m->part, "DH-005", SEV_S1, WHERE_FIELD, start, "script");
		} else if (!m->svg || extract_is_wordy(v, len) || strcmp(name, "label") == 0) {
			extract_line(m->part, WHERE_METADATA, name, v, len);
		}
	}
}

static void on_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct markup *m = arg;
	static const char *const scripts[] = {"script", "handler", NULL};
	static const char *const titles[] = {"title", "desc", "metadata", NULL};
	static const char *const unseen[] = {"defs", "symbol", NULL};

	m->depth++;
	m->edge = true;
	if (m->svg && m->script_from == 0 && is_one_of(name, scripts)) {
		m->script_from = m->depth;
		m->hidden_start = extract_stream_len(m->part, WHERE_HIDDEN);
		extract_mark(m->part, "DH-005", SEV_S1, WHERE_HIDDEN, m->hidden_start,
			     "script");
	}
	if (m->svg && strcasecmp(name, "style") == 0)
		m->style_start = extract_stream_len(m->part, place(m));
	if (m->svg && m->title_from == 0 && is_one_of(name, titles))
		m->title_from = m->depth;
	if (m->svg && m->hidden_from == 0 && (hides(a) || is_one_of(name, unseen))) {
		m->hidden_from = m->depth;
		m->hidden_start = extract_stream_len(m->part, WHERE_HIDDEN);
	}
	attrs(m, name, a);
}

static void on_end(void *arg, const char *name)
{
	struct markup *m = arg;
	const struct buf *b = &m->part->text[place(m)];

	m->edge = true;
	if (m->svg && strcasecmp(name, "style") == 0 && b->len > m->style_start)
		extract_say_style(m->part, (const char *)b->data + m->style_start,
				  b->len - m->style_start);
	if (m->hidden_from == m->depth) {
		m->hidden_from = 0;
		extract_line_end(m->part, WHERE_HIDDEN);
		if (extract_stream_len(m->part, WHERE_HIDDEN) > m->hidden_start)
			extract_mark(m->part, "DH-003", SEV_S1, WHERE_HIDDEN, m->hidden_start,
				     "hidden-text");
	}
	m->script_from = m->script_from == m->depth ? 0 : m->script_from;
	m->title_from = m->title_from == m->depth ? 0 : m->title_from;
	m->depth--;
}

/* Words go on across elements, numbers do not: "机<b>密</b>" is one word, two cells with
 * digits are two numbers. */
static void on_text(void *arg, const char *s, size_t len)
{
	struct markup *m = arg;
	enum segment_where w = place(m);
	const struct buf *b = &m->part->text[w];

	if (m->edge && b->len > 0 && len > 0 && b->data[b->len - 1] < 0x80 &&
	    (uint8_t)s[0] < 0x80)
		extract_line_end(m->part, w);
	m->edge = m->edge && len == 0;
	extract_text(m->part, w, s, len);
}

static void on_note(void *arg, const char *s)
{
	struct markup *m = arg;
	size_t start = extract_stream_len(m->part, WHERE_COMMENT);

	if (s[strspn(s, " \t\r\n")] == '\0')
		return;
	if (strstr(s, "href") != NULL) /* <?xml-stylesheet … ?> */
		extract_say_style(m->part, s, strlen(s));
	extract_line_end(m->part, WHERE_COMMENT);
	extract_text(m->part, WHERE_COMMENT, s, strlen(s));
	extract_line_end(m->part, WHERE_COMMENT);
	/* Programs name themselves and style sheets in this place. */
	if (!begins(s, strlen(s), " Generator") && !begins(s, strlen(s), " Created with") &&
	    !begins(s, strlen(s), "type="))
		extract_mark(m->part, "DH-002", SEV_S1, WHERE_COMMENT, start, "xml-comment");
}

static int parse(struct markup *m, const char *s, size_t len)
{
	static const struct extract_xml_events events = {
		.start = on_start, .end = on_end, .text = on_text, .note = on_note};
	int r = extract_xml_parse(s, len, &events, m);

	return m->error != SL_OK ? m->error : r;
}

/* The whole file as it is written: nothing is lost when it could not be parsed. */
static int read_raw(struct markup *m, int why)
{
	struct extract_part *p = m->part;
	int r;

	extract_fail(p, extract_reason(why));
	extract_line_end(p, WHERE_BODY);
	if (p->text[WHERE_BODY].len > 0) {
		/* Some of it has been said; the rest goes behind it. */
		struct buf own;
		const char *s;
		size_t len;

		buf_init(&own, SEGMENT_TOTAL_MAX);
		r = extract_decode(m->x->bytes, m->x->len, EXTRACT_DETECT, &own, &s, &len);
		if (r == SL_OK)
			extract_text(p, WHERE_BODY, s, len);
		buf_release(&own);
		return (r == SL_E_NOMEM) ? r : SL_OK;
	}
	return extract_plain_document(m->x);
}

/* Not "<?xml-stylesheet". */
static bool is_declaration(const char *s, size_t len)
{
	return len >= 8 && memcmp(s, "<?xml", 5) == 0 && isspace((unsigned char)s[5]);
}

/* The encoding that the declaration names, and how long the declaration is; the parser
 * does not see it, for what it gets is UTF-8. */
static int declared(const uint8_t *bytes, size_t len, enum extract_charset *ret_cs)
{
	const char *s = (const char *)bytes, *end, *name;
	bool mark = len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
	size_t n;

	*ret_cs = EXTRACT_DETECT;
	if (mark || !is_declaration(s, len))
		return SL_OK;
	end = memmem(s, len < DECLARATION_MAX ? len : DECLARATION_MAX, "?>", 2);
	if (end == NULL)
		return SL_E_FORMAT;
	name = memmem(s, (size_t)(end - s), "encoding", 8);
	if (name == NULL)
		return SL_OK;
	name += 8;
	while (name < end &&
	       (isspace((unsigned char)*name) || *name == '=' || *name == '"' || *name == '\''))
		name++;
	n = strcspn(name, "\"' ?");
	return extract_html_charset_named(name, n, ret_cs);
}

/* Behind the declaration of decoded text. */
static void skip_declaration(const char **s, size_t *len)
{
	const char *end = is_declaration(*s, *len) ? memmem(*s, *len, "?>", 2) : NULL;

	if (end == NULL)
		return;
	*len -= (size_t)(end + 2 - *s);
	*s = end + 2;
}

static int read_markup(struct extract *x, bool svg)
{
	enum extract_charset cs;
	struct markup m = {.x = x, .part = extract_file(x), .svg = svg};
	struct buf own;
	const char *s;
	size_t len;
	int r;

	buf_init(&own, EXTRACT_XML_MAX);
	r = declared(x->bytes, x->len, &cs);
	if (r == SL_OK)
		r = extract_decode(x->bytes, x->len, cs, &own, &s, &len);
	if (r == SL_OK) {
		skip_declaration(&s, &len);
		r = parse(&m, s, len);
		extract_xml_unheard(m.part, s, len, false);
	}
	extract_line_end(m.part, WHERE_BODY);
	if (r != SL_OK && r != SL_E_NOMEM)
		r = read_raw(&m, r);
	if (svg)
		extract_fail(m.part, "picture-not-read");
	buf_release(&own);
	return (r == SL_E_NOMEM || x->nomem) ? SL_E_NOMEM : SL_OK;
}

int extract_xml_document(struct extract *x)
{
	return read_markup(x, false);
}

int extract_svg_document(struct extract *x)
{
	return read_markup(x, true);
}
