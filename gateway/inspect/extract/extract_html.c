/* extract_html.c - a page as its reader sees it, and everything he does not see.
 *
 * libxml2's HTML parser gives events; the tree is never built, nothing is
 * fetched.  Hostile: all of it.  The parser forgives, so what it may have
 * dropped is counted: every character beyond ASCII of the source must have come
 * out of it, and words in places that it drops are looked for before
 * (extract_attributes.h), else the page is corrupt. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract_attributes.h"
#include "inspect/extract/extract_html_page.h"
#include "inspect/extract/extract_outside.h"
#include "inspect/extract/extract_props.h"

enum { NAMES_MAX = 32 << 20, CONTENT_MAX = 1 << 16, ATTRS_MAX = 256 };

struct html_row {
	const char *name;
	enum html_kind kind;
};

static const struct html_row rows[] = {
	{"address", HTML_BLOCK},    {"article", HTML_BLOCK},	{"aside", HTML_BLOCK},
	{"blockquote", HTML_BLOCK}, {"body", HTML_BLOCK},	{"br", HTML_BREAK},
	{"caption", HTML_BLOCK},    {"center", HTML_BLOCK},	{"dd", HTML_BLOCK},
	{"div", HTML_BLOCK},	    {"dl", HTML_BLOCK},		{"dt", HTML_BLOCK},
	{"fieldset", HTML_BLOCK},   {"figcaption", HTML_BLOCK}, {"figure", HTML_BLOCK},
	{"footer", HTML_BLOCK},	    {"form", HTML_BLOCK},	{"h1", HTML_BLOCK},
	{"h2", HTML_BLOCK},	    {"h3", HTML_BLOCK},		{"h4", HTML_BLOCK},
	{"h5", HTML_BLOCK},	    {"h6", HTML_BLOCK},		{"head", HTML_BLOCK},
	{"header", HTML_BLOCK},	    {"hr", HTML_BLOCK},		{"html", HTML_BLOCK},
	{"legend", HTML_BLOCK},	    {"li", HTML_BLOCK},		{"main", HTML_BLOCK},
	{"nav", HTML_BLOCK},	    {"ol", HTML_BLOCK},		{"p", HTML_BLOCK},
	{"section", HTML_BLOCK},    {"table", HTML_BLOCK},	{"tbody", HTML_BLOCK},
	{"tfoot", HTML_BLOCK},	    {"thead", HTML_BLOCK},	{"tr", HTML_BLOCK},
	{"ul", HTML_BLOCK},	    {"td", HTML_CELL},		{"th", HTML_CELL},
	{"title", HTML_TITLE},	    {"script", HTML_CODE},	{"style", HTML_CODE},
	{"template", HTML_UNSHOWN}, {"noscript", HTML_UNSHOWN}, {"noframes", HTML_UNSHOWN},
	{"textarea", HTML_VALUE},   {"option", HTML_VALUE},	{"pre", HTML_PRE},
	{"xmp", HTML_PRE},	    {"listing", HTML_PRE},	{"meta", HTML_META},
	{"object", HTML_ACTIVE},    {"embed", HTML_ACTIVE},	{"applet", HTML_ACTIVE},
	{"iframe", HTML_ACTIVE},    {"frame", HTML_ACTIVE},
};

static enum html_kind kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcasecmp(rows[i].name, name) == 0)
			return rows[i].kind;
	return HTML_INLINE;
}

/* A late declaration may make a browser read the page again in another encoding. */
static void check_charset(struct html *h, const char *name, size_t len)
{
	enum extract_charset cs;

	if (extract_html_charset_named(name, len, &cs) != SL_OK ||
	    (cs != EXTRACT_DETECT && h->charset != EXTRACT_DETECT && cs != h->charset))
		extract_html_stop(h, SL_E_UNSUPPORTED);
}

static void start_meta(struct html *h, html_attrs a)
{
	const char *name = extract_html_attr(a, "name");
	const char *content = extract_html_attr(a, "content");
	const char *charset = extract_html_attr(a, "charset");

	for (size_t i = 0; a != NULL && a[i] != NULL; i += 2)
		if (a[i + 1] != NULL)
			h->seen += extract_html_beyond_ascii((const char *)a[i + 1],
							     strlen((const char *)a[i + 1]));
	if (name == NULL)
		name = extract_html_attr(a, "property");
	if (name == NULL)
		name = extract_html_attr(a, "http-equiv");
	if (name == NULL)
		name = extract_html_attr(a, "itemprop");
	if (charset != NULL)
		check_charset(h, charset, strlen(charset));
	if (content == NULL)
		return;
	charset = strcasestr(content, "charset=");
	if (charset != NULL && name != NULL && strcasecmp(name, "content-type") == 0)
		check_charset(h, charset + 8, strcspn(charset + 8, " ;,\"'"));
	extract_property(h->part, (name != NULL) ? name : "meta", content, strlen(content));
}

/* --- elements --- */

static enum segment_where place_of(const struct element *e, enum segment_where inherited)
{
	if (e->kind == HTML_CODE || e->kind == HTML_UNSHOWN)
		return WHERE_HIDDEN;
	if (e->kind == HTML_TITLE)
		return WHERE_ALT;
	if (e->kind == HTML_VALUE)
		return WHERE_FIELD;
	return inherited;
}

/* Name, id and classes, for the selectors of style sheets. */
static void enter(struct html *h, const char *name, html_attrs a)
{
	const char *id = extract_html_attr(a, "id"), *classes = extract_html_attr(a, "class");
	struct sheet_place *p = &h->places[h->depth];

	p->name = (uint32_t)h->names.len;
	buf_put(&h->names, name, strlen(name) + 1);
	p->id = (uint32_t)h->names.len;
	buf_put(&h->names, id != NULL ? id : "", id != NULL ? strlen(id) + 1 : 1);
	p->classes = (uint32_t)h->names.len;
	buf_put(&h->names, classes != NULL ? classes : "",
		classes != NULL ? strlen(classes) + 1 : 1);
	p->mask = extract_html_sheet_mask(name);
	p->mask |= extract_html_sheet_mask(id != NULL ? id : "");
	p->mask |= extract_html_sheet_mask(classes != NULL ? classes : "");
	if (buf_error(&h->names) != SL_OK)
		extract_html_stop(h, buf_error(&h->names));
}

/* What a style sheet writes before an element, and what it will write behind it. */
static void write_content(struct html *h, struct element *e, html_attrs a)
{
	const char *const *content = e->look.content;
	struct buf b;

	if (content[0] == NULL && content[1] == NULL)
		return;
	buf_init(&b, CONTENT_MAX);
	if (content[0] != NULL) {
		extract_html_content(content[0], a, &b);
		extract_html_flow_text(&h->flow, e->where, false, buf_str(&b), b.len);
		buf_clear(&b);
	}
	if (content[1] != NULL) {
		extract_html_content(content[1], a, &b);
		e->after = b.len > 0 ? strndup(buf_str(&b), b.len) : NULL;
		if (b.len > 0 && e->after == NULL)
			extract_html_stop(h, SL_E_NOMEM);
	}
	if (buf_error(&b) != SL_OK)
		extract_html_stop(h, buf_error(&b));
	buf_release(&b);
}

static void on_start(void *arg, const xmlChar *tag, const xmlChar **attrs)
{
	struct html *h = arg;
	const char *name = (const char *)tag;
	struct element *e;
	struct sheet_path path;
	bool was_hidden;

	if (h->error != SL_OK)
		return;
	if (h->depth == EXTRACT_DEPTH_MAX) {
		extract_html_stop(h, SL_E_LIMIT);
		return;
	}
	e = &h->stack[h->depth];
	*e = (struct element){.kind = kind_of(name)};
	if (h->depth > 0) {
		e->look = e[-1].look;
		e->shown = e[-1].shown;
	} else {
		extract_html_look_init(&e->look);
		e->shown = WHERE_BODY;
	}
	enter(h, name, (html_attrs)attrs);
	h->depth++;
	h->seen += extract_html_beyond_ascii(name, strlen(name));
	was_hidden = e->look.hidden;
	path = (struct sheet_path){
		.text = buf_str(&h->names), .places = h->places, .n = (size_t)h->depth};
	extract_html_look(&e->look, (html_attrs)attrs, &h->sheet, &path);
	e->look.preformatted =
		e->look.preformatted || e->kind == HTML_PRE || e->kind == HTML_CODE;
	e->shown = place_of(e, e->shown);
	e->where = e->look.hidden ? WHERE_HIDDEN : e->shown;
	if (e->kind == HTML_CELL)
		extract_html_flow_tab(&h->flow, e->where);
	else if (e->kind != HTML_INLINE)
		extract_html_flow_line(&h->flow);
	if (e->kind == HTML_META)
		start_meta(h, (html_attrs)attrs);
	else
		extract_html_say_attrs(h, name, (html_attrs)attrs);
	e->opens_hidden = (e->look.hidden && !was_hidden) || e->kind == HTML_CODE;
	e->start = extract_stream_len(h->part, WHERE_HIDDEN);
	e->text_start = extract_stream_len(h->part, e->where);
	if ((e->look.flags & STYLE_TURNS) != 0)
		extract_html_flow_turn(&h->flow);
	write_content(h, e, (html_attrs)attrs);
}

static bool blank(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!(s[i] == ' ' || (s[i] >= '\t' && s[i] <= '\r')))
			return false;
	return true;
}

/* Signs alone, as the marks that wait for a pointer beside headings. */
static bool wordless(const char *s, size_t len)
{
	size_t used;

	for (size_t at = 0; at < len; at += used) {
		uint32_t cp = text_decode(s + at, len - at, &used);

		if (!(cp < 0x80 ? !isalnum((int)cp) : cp < 0xc0))
			return false;
	}
	return true;
}

/* The text of an element that is not shown has ended: say what it means. */
static void end_hidden(struct html *h, const struct element *e, const char *name)
{
	const char *s;
	size_t len;

	if (e->kind == HTML_CODE)
		extract_line_end(h->part, WHERE_HIDDEN);
	s = buf_str(&h->part->text[WHERE_HIDDEN]) + e->start;
	len = extract_stream_len(h->part, WHERE_HIDDEN) - e->start;
	if (blank(s, len))
		return;
	if (strcasecmp(name, "script") == 0)
		extract_mark(h->part, "DH-005", SEV_S1, WHERE_HIDDEN, e->start, "script");
	else if (e->kind != HTML_CODE && wordless(s, len))
		return;
	else if (e->kind != HTML_CODE)
		extract_mark(h->part, "DH-003", SEV_S1, WHERE_HIDDEN, e->start, name);
	else
		extract_say_style(h->part, s, len);
	if (strcasecmp(name, "script") == 0 || e->kind != HTML_CODE)
		return;
	if (h->sheet.hides && !h->said_sheet)
		extract_mark(h->part, "DH-003", SEV_S2, WHERE_HIDDEN, e->start,
			     "stylesheet-hides");
	h->said_sheet = h->said_sheet || h->sheet.hides;
}

/* The text of an element whose order or sight takes a person to judge. */
static void end_seen(struct html *h, const struct element *e)
{
	size_t len = extract_stream_len(h->part, e->where) - e->text_start;
	unsigned flags = e->look.flags;
	bool maybe = e->look.maybe_hidden && !h->sheet.hides && !h->said_maybe;

	if ((flags & STYLE_TURNS) != 0)
		extract_html_flow_turn_end(&h->flow);
	if ((flags == 0 && !maybe) || e->kind == HTML_CODE ||
	    blank(buf_str(&h->part->text[e->where]) + e->text_start, len))
		return;
	h->said_maybe = h->said_maybe || maybe;
	extract_mark(h->part, "RO-001", SEV_S2, e->where, e->text_start,
		     (flags & STYLE_TURNS) != 0	     ? "reversed"
		     : (flags & STYLE_REORDERS) != 0 ? "reordered"
		     : (flags & STYLE_UNREAD) != 0   ? "colour-not-read"
						     : "may-be-hidden");
}

static void on_end(void *arg, const xmlChar *tag)
{
	struct html *h = arg;
	struct element *e;

	if (h->error != SL_OK || h->depth == 0)
		return;
	e = &h->stack[--h->depth];
	buf_cut(&h->names, h->places[h->depth].name);
	if (e->after != NULL)
		extract_html_flow_text(&h->flow, e->where, false, e->after, strlen(e->after));
	free(e->after);
	e->after = NULL;
	end_seen(h, e);
	if (e->opens_hidden)
		end_hidden(h, e, (const char *)tag);
	if (e->kind != HTML_INLINE && e->kind != HTML_CELL)
		extract_html_flow_line(&h->flow);
}

static void on_text(void *arg, const xmlChar *s, int len)
{
	struct html *h = arg;
	const struct element *e = (h->depth > 0) ? &h->stack[h->depth - 1] : NULL;

	if (h->error != SL_OK)
		return;
	h->seen += extract_html_beyond_ascii((const char *)s, (size_t)len);
	extract_html_flow_text(&h->flow, (e != NULL) ? e->where : WHERE_BODY,
			       e != NULL && e->look.preformatted, (const char *)s, (size_t)len);
}

static void on_comment(void *arg, const xmlChar *s)
{
	struct html *h = arg;
	const char *text = (const char *)s;
	size_t start = extract_stream_len(h->part, WHERE_COMMENT);

	if (h->error != SL_OK)
		return;
	h->seen += extract_html_beyond_ascii(text, strlen(text));
	if (blank(text, strlen(text)))
		return;
	extract_text(h->part, WHERE_COMMENT, text, strlen(text));
	extract_line_end(h->part, WHERE_COMMENT);
	extract_mark(h->part, "DH-002", SEV_S1, WHERE_COMMENT, start, "html-comment");
}

static void on_instruction(void *arg, const xmlChar *target, const xmlChar *data)
{
	struct html *h = arg;

	h->seen +=
		extract_html_beyond_ascii((const char *)target, strlen((const char *)target));
	if (data != NULL)
		on_comment(arg, data);
}

static void on_doctype(void *arg, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
	struct html *h = arg;
	const xmlChar *all[] = {name, id, system};

	for (size_t i = 0; i < 3; i++) {
		const char *s = (const char *)all[i];

		if (s == NULL || !extract_is_wordy(s, strlen(s)))
			continue;
		h->seen += extract_html_beyond_ascii(s, strlen(s));
		extract_line(h->part, WHERE_METADATA, "doctype", s, strlen(s));
	}
}

static void quiet(void *arg, xmlErrorPtr e)
{
	(void)arg, (void)e; /* pages in the wild are full of errors */
}

static const htmlSAXHandler handler = {
	.initialized = XML_SAX2_MAGIC,
	.internalSubset = on_doctype,
	.startElement = on_start,
	.endElement = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_text,
	.comment = on_comment,
	.processingInstruction = on_instruction,
	.serror = quiet,
};

static int parse(struct html *h, const char *s, size_t len)
{
	int dropped = extract_attributes_check(s, len, true, ATTRS_MAX), r;

	if (dropped == SL_E_LIMIT)
		return dropped;
	h->ctxt = htmlNewParserCtxt();
	if (h->ctxt == NULL)
		return SL_E_NOMEM;
	*h->ctxt->sax = handler;
	h->ctxt->userData = h;
	(void)htmlCtxtReadMemory(h->ctxt, s, (int)len, NULL, "UTF-8",
				 HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC | HTML_PARSE_NOERROR |
					 HTML_PARSE_NOWARNING);
	r = h->error;
	if (r == SL_OK && h->ctxt->errNo == XML_ERR_NO_MEMORY)
		r = SL_E_NOMEM;
	if (r == SL_OK && h->seen < extract_html_beyond_ascii(s, len))
		r = SL_E_FORMAT;
	if (r == SL_OK)
		r = dropped;
	if (h->ctxt->myDoc != NULL)
		xmlFreeDoc(h->ctxt->myDoc);
	htmlFreeParserCtxt(h->ctxt);
	return r;
}

/* What the bytes turned out to be, for comparing late declarations. */
static enum extract_charset settled(const struct extract *x, enum extract_charset cs,
				    const char *s, size_t len)
{
	if (cs != EXTRACT_DETECT)
		return cs;
	if (extract_html_beyond_ascii(s, len) == 0)
		return EXTRACT_DETECT;
	return text_is_utf8((const char *)x->bytes, x->len) ? EXTRACT_UTF8 : EXTRACT_GB18030;
}

/* Words that sheets show, where no element says which ones those are. */
static void say_strings(struct html *h)
{
	const char *s = buf_str(&h->sheet.strings);

	for (size_t at = 0; at < h->sheet.strings.len; at += strlen(s + at) + 1)
		if (extract_is_wordy(s + at, strlen(s + at)))
			extract_line(h->part, WHERE_ALT, NULL, s + at, strlen(s + at));
}

static void free_page(struct html *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < EXTRACT_DEPTH_MAX; i++)
		free(h->stack[i].after); /* of elements that never ended */
	extract_html_flow_release(&h->flow);
	extract_html_sheet_release(&h->sheet);
	buf_release(&h->names);
	free(h);
}

int extract_html_document(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	struct html *h = calloc(1, sizeof(*h));
	enum extract_charset cs;
	struct buf own;
	const char *s = NULL;
	size_t len = 0;
	int r;

	buf_init(&own, HTML_MAX);
	r = (h == NULL) ? SL_E_NOMEM : extract_html_charset(x->bytes, x->len, &cs);
	if (r == SL_OK)
		r = (x->len > HTML_MAX) ? SL_E_LIMIT
					: extract_decode(x->bytes, x->len, cs, &own, &s, &len);
	if (r == SL_OK) {
		h->x = x;
		h->part = p;
		extract_html_flow_init(&h->flow, p);
		extract_html_sheet_init(&h->sheet);
		buf_init(&h->names, NAMES_MAX);
		h->charset = settled(x, cs, s, len);
		r = (len > 0) ? extract_html_gather(&h->sheet, s, len) : SL_OK;
	}
	if (r == SL_OK) {
		r = (len > 0) ? parse(h, s, len) : SL_OK;
		extract_html_flow_line(&h->flow);
		say_strings(h);
	}
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(p, extract_reason(r));
	buf_release(&own);
	free_page(h);
	return (r == SL_E_NOMEM) ? r : SL_OK;
}
