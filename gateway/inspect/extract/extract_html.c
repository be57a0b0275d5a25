/* extract_html.c - a page as its reader sees it, and everything he does not see.
 *
 * libxml2's HTML parser gives events; the tree is never built, nothing is
 * fetched.  Hostile: all of it.  The parser forgives, so what it may have
 * dropped is counted: every character beyond ASCII of the source must have come
 * out of it, and words in places that it drops are looked for before
 * (extract_attributes.h), else the page is corrupt. */
#include "inspect/extract/extract_html.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract_attributes.h"
#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_outside.h"
#include "inspect/extract/extract_props.h"

enum { HTML_MAX = 32 << 20, NAME_SHOWN = 80, ATTRS_MAX = 256 };

enum html_kind {
	HTML_INLINE,
	HTML_BLOCK,
	HTML_BREAK,
	HTML_CELL,
	HTML_TITLE,
	HTML_CODE /* script, style */,
	HTML_UNSHOWN /* template, noscript */,
	HTML_VALUE /* textarea, option */,
	HTML_PRE,
	HTML_META,
	HTML_ACTIVE /* applet, object, embed, iframe */
};

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

struct element {
	struct html_look look;
	enum html_kind kind;
	enum segment_where where;
	bool opens_hidden; /* outermost hidden element: its text becomes one mark */
	size_t start;	   /* of that text in the HIDDEN stream */
};

struct html {
	struct extract *x;
	struct extract_part *part;
	struct html_flow flow;
	htmlParserCtxtPtr ctxt;
	enum extract_charset charset; /* what the bytes were decoded as */
	struct element stack[EXTRACT_DEPTH_MAX];
	int depth;
	int error;
	size_t seen; /* characters beyond ASCII that came out of the parser */
};

static enum html_kind kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcasecmp(rows[i].name, name) == 0)
			return rows[i].kind;
	return HTML_INLINE;
}

static size_t beyond_ascii(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += (uint8_t)s[i] >= 0xc0;
	return n;
}

static void stop(struct html *h, int error)
{
	if (h->error == SL_OK)
		h->error = error;
	xmlStopParser(h->ctxt);
}

static bool any_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcasecmp(name, *list) == 0)
			return true;
	return false;
}

/* --- attributes --- */

/* A file inside the page: base64 pictures and the like. */
static void embedded_data(struct html *h, const char *value)
{
	char name[NAME_SHOWN];
	struct extract_part *p;
	struct buf bytes;
	const char *comma = strchr(value, ',');
	size_t n = strcspn(value, ",;");
	bool picture = strncasecmp(value, "data:image/", 11) == 0;
	int r = SL_OK;

	(void)snprintf(name, sizeof(name), "%.*s", (int)(n < 60 ? n : 60), value);
	p = extract_part_new(h->x, name, strlen(value));
	if (p == NULL)
		return;
	buf_init(&bytes, HTML_MAX);
	if (comma == NULL || memmem(value, (size_t)(comma - value), ";base64", 7) == NULL ||
	    !extract_base64(comma + 1, strlen(comma + 1), &bytes)) {
		extract_fail(p, picture ? "picture-not-read" : "unsupported");
	} else {
		p->object.bytes = bytes.len;
		r = picture ? extract_shown(h->x, p, "picture", &bytes, "picture-not-read")
			    : extract_nested(h->x, p, "data", &bytes);
	}
	if (r != SL_OK)
		stop(h, r);
	buf_release(&bytes);
}

/* What a browser fetches from elsewhere before anybody clicks. */
static bool fetches(const char *element, const char *name, const char *value, html_attrs a)
{
	size_t len = strlen(value);

	if (!extract_html_fetches(element, name, extract_html_attr(a, "rel")))
		return false;
	return strcasestr(name, "srcset") != NULL ? extract_is_outside_list(value, len)
						  : extract_is_outside(value, len);
}

static void say_link(struct html *h, const char *element, const char *name, const char *value,
		     html_attrs a)
{
	static const char *const loads[] = {"script", "iframe", "frame", "object",
					    "embed",  "applet", NULL};
	size_t start = extract_stream_len(h->part, WHERE_FIELD);

	if (strncasecmp(value, "data:", 5) == 0) {
		embedded_data(h, value);
		return;
	}
	extract_line(h->part, WHERE_FIELD, name, value, strlen(value));
	if (any_of(element, loads) || strncasecmp(value, "javascript:", 11) == 0 ||
	    strncasecmp(value, "vbscript:", 9) == 0)
		extract_mark(h->part, "DH-005", SEV_S1, WHERE_FIELD, start, element);
	else if (fetches(element, name, value, a))
		extract_mark(h->part, "DH-005", SEV_S1, WHERE_FIELD, start, "external-link");
	else if (extract_is_inner_path(value, strlen(value)))
		extract_mark(h->part, "DH-004", SEV_S2, WHERE_FIELD, start, "internal-path");
}

static void say_attr(struct html *h, const char *element, const char *name, const char *value,
		     html_attrs a)
{
	static const char *const alt[] = {"alt",   "title", "placeholder", "summary",
					  "label", "abbr",  NULL};
	static const char *const link[] = {
		"href",	   "src",	 "action",   "data",	    "poster",
		"cite",	   "background", "longdesc", "srcset",	    "formaction",
		"ping",	   "xlink:href", "codebase", "srcdoc",	    "manifest",
		"archive", "lowsrc",	 "dynsrc",   "imagesrcset", NULL};

	if (any_of(name, alt) || strncasecmp(name, "aria-", 5) == 0)
		extract_line(h->part, WHERE_ALT, NULL, value, strlen(value));
	else if (any_of(name, link))
		say_link(h, element, name, value, a);
	else if (strcasecmp(name, "value") == 0)
		extract_line(h->part, WHERE_FIELD, NULL, value, strlen(value));
	else if (strncasecmp(name, "on", 2) == 0 && strlen(name) > 3) {
		size_t start = extract_stream_len(h->part, WHERE_FIELD);

		extract_line(h->part, WHERE_FIELD, name, value, strlen(value));
		extract_mark(h->part, "DH-005", SEV_S1, WHERE_FIELD, start, "script");
	} else if (extract_is_wordy(value, strlen(value)))
		extract_line(h->part, WHERE_METADATA, name, value, strlen(value));
}

static void say_attrs(struct html *h, const char *element, html_attrs a)
{
	for (size_t i = 0; a != NULL && a[i] != NULL; i += 2) {
		const char *name = (const char *)a[i], *value = (const char *)a[i + 1];

		h->seen += beyond_ascii(name, strlen(name));
		if (extract_is_wordy(name, strlen(name)))
			extract_line(h->part, WHERE_METADATA, NULL, name, strlen(name));
		if (value == NULL || value[0] == '\0')
			continue;
		h->seen += beyond_ascii(value, strlen(value));
		say_attr(h, element, name, value, a);
		if (strcasecmp(name, "style") == 0)
			extract_say_style(h->part, value, strlen(value));
	}
}

/* A late declaration may make a browser read the page again in another encoding. */
static void check_charset(struct html *h, const char *name, size_t len)
{
	enum extract_charset cs;

	if (extract_html_charset_named(name, len, &cs) != SL_OK ||
	    (cs != EXTRACT_DETECT && h->charset != EXTRACT_DETECT && cs != h->charset))
		stop(h, SL_E_UNSUPPORTED);
}

static void start_meta(struct html *h, html_attrs a)
{
	const char *name = extract_html_attr(a, "name");
	const char *content = extract_html_attr(a, "content");
	const char *charset = extract_html_attr(a, "charset");

	for (size_t i = 0; a != NULL && a[i] != NULL; i += 2)
		if (a[i + 1] != NULL)
			h->seen += beyond_ascii((const char *)a[i + 1],
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
	if (e->kind == HTML_CODE || e->kind == HTML_UNSHOWN || e->look.hidden)
		return WHERE_HIDDEN;
	if (e->kind == HTML_TITLE)
		return WHERE_ALT;
	if (e->kind == HTML_VALUE)
		return WHERE_FIELD;
	return inherited;
}

static void on_start(void *arg, const xmlChar *tag, const xmlChar **attrs)
{
	struct html *h = arg;
	const char *name = (const char *)tag;
	struct element *e;
	bool was_hidden;

	if (h->error != SL_OK)
		return;
	if (h->depth == EXTRACT_DEPTH_MAX) {
		stop(h, SL_E_LIMIT);
		return;
	}
	e = &h->stack[h->depth];
	*e = (struct element){.kind = kind_of(name)};
	if (h->depth > 0) {
		e->look = e[-1].look;
		e->where = e[-1].where;
	} else {
		e->look = (struct html_look){.color = 0, .background = 0xffffff};
		e->where = WHERE_BODY;
	}
	h->depth++;
	h->seen += beyond_ascii(name, strlen(name));
	was_hidden = e->look.hidden;
	extract_html_look(&e->look, (html_attrs)attrs);
	e->look.preformatted =
		e->look.preformatted || e->kind == HTML_PRE || e->kind == HTML_CODE;
	e->where = place_of(e, e->where);
	if (e->kind == HTML_CELL)
		extract_html_flow_tab(&h->flow, e->where);
	else if (e->kind != HTML_INLINE)
		extract_html_flow_line(&h->flow);
	if (e->kind == HTML_META)
		start_meta(h, (html_attrs)attrs);
	else
		say_attrs(h, name, (html_attrs)attrs);
	e->opens_hidden = (e->look.hidden && !was_hidden) || e->kind == HTML_CODE;
	e->start = extract_stream_len(h->part, WHERE_HIDDEN);
}

static bool blank(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!(s[i] == ' ' || (s[i] >= '\t' && s[i] <= '\r')))
			return false;
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
	else if (e->kind != HTML_CODE)
		extract_mark(h->part, "DH-003", SEV_S1, WHERE_HIDDEN, e->start, name);
	else
		extract_say_style(h->part, s, len);
	if (strcasecmp(name, "script") == 0 || e->kind != HTML_CODE)
		return;
	if (extract_html_sheet_hides(s, len))
		extract_mark(h->part, "DH-003", SEV_S2, WHERE_HIDDEN, e->start,
			     "stylesheet-hides");
}

static void on_end(void *arg, const xmlChar *tag)
{
	struct html *h = arg;
	const struct element *e;

	if (h->error != SL_OK || h->depth == 0)
		return;
	e = &h->stack[--h->depth];
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
	h->seen += beyond_ascii((const char *)s, (size_t)len);
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
	h->seen += beyond_ascii(text, strlen(text));
	if (blank(text, strlen(text)))
		return;
	extract_text(h->part, WHERE_COMMENT, text, strlen(text));
	extract_line_end(h->part, WHERE_COMMENT);
	extract_mark(h->part, "DH-002", SEV_S1, WHERE_COMMENT, start, "html-comment");
}

static void on_instruction(void *arg, const xmlChar *target, const xmlChar *data)
{
	struct html *h = arg;

	h->seen += beyond_ascii((const char *)target, strlen((const char *)target));
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
		h->seen += beyond_ascii(s, strlen(s));
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
	if (r == SL_OK && h->seen < beyond_ascii(s, len))
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
	if (beyond_ascii(s, len) == 0)
		return EXTRACT_DETECT;
	return text_is_utf8((const char *)x->bytes, x->len) ? EXTRACT_UTF8 : EXTRACT_GB18030;
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
		h->flow.part = p;
		h->charset = settled(x, cs, s, len);
		r = (len > 0) ? parse(h, s, len) : SL_OK;
		extract_html_flow_line(&h->flow);
	}
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(p, extract_reason(r));
	buf_release(&own);
	free(h);
	return (r == SL_E_NOMEM) ? r : SL_OK;
}
