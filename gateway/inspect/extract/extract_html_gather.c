/* extract_html_gather.c - the style sheets of a page, before anything of it is read.
 *
 * A rule may stand behind the words it hides, so the page is gone through once for its sheets
 * alone.  Hostile: all of it. */
#include <libxml/HTMLparser.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_html.h"

enum { SHEETS_MAX = 8 << 20 };

struct gather {
	struct html_sheet *sheet;
	struct buf css; /* sheets, each ended by NUL */
	bool inside, wrapped;
};

static void on_start(void *arg, const xmlChar *tag, const xmlChar **attrs)
{
	struct gather *g = arg;
	html_attrs a = (html_attrs)attrs;
	const char *style = extract_html_attr(a, "style"), *rel = extract_html_attr(a, "rel");
	const char *media = extract_html_attr(a, "media");

	if (style != NULL && strstr(style, "--") != NULL)
		extract_html_sheet_variables(g->sheet, style, strlen(style), true);
	if (rel != NULL && strcasestr(rel, "stylesheet") != NULL)
		g->sheet->outside = true;
	if (strcasecmp((const char *)tag, "style") != 0)
		return;
	g->inside = true;
	g->wrapped = media != NULL && strcasecmp(media, "all") != 0 &&
		     strcasecmp(media, "screen") != 0 && media[0] != '\0';
	if (g->wrapped)
		buf_puts(&g->css, "@media x{");
}

static void on_end(void *arg, const xmlChar *tag)
{
	struct gather *g = arg;

	if (!g->inside || strcasecmp((const char *)tag, "style") != 0)
		return;
	g->inside = false;
	if (g->wrapped)
		buf_put_u8(&g->css, '}');
	buf_put_u8(&g->css, 0);
}

static void on_text(void *arg, const xmlChar *s, int len)
{
	struct gather *g = arg;

	if (g->inside)
		buf_put(&g->css, s, (size_t)len);
}

static void quiet(void *arg, xmlErrorPtr e)
{
	(void)arg, (void)e; /* pages in the wild are full of errors */
}

static const htmlSAXHandler handler = {
	.initialized = XML_SAX2_MAGIC,
	.startElement = on_start,
	.endElement = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_text,
	.serror = quiet,
};

static int parse(struct gather *g, const char *page, size_t len)
{
	htmlParserCtxtPtr ctxt = htmlNewParserCtxt();
	int r;

	if (ctxt == NULL)
		return SL_E_NOMEM;
	*ctxt->sax = handler;
	ctxt->userData = g;
	(void)htmlCtxtReadMemory(ctxt, page, (int)len, NULL, "UTF-8",
				 HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC | HTML_PARSE_NOERROR |
					 HTML_PARSE_NOWARNING);
	r = ctxt->errNo == XML_ERR_NO_MEMORY ? SL_E_NOMEM : buf_error(&g->css);
	if (ctxt->myDoc != NULL)
		xmlFreeDoc(ctxt->myDoc);
	htmlFreeParserCtxt(ctxt);
	return r;
}

int extract_html_gather(struct html_sheet *s, const char *page, size_t len)
{
	struct gather g = {.sheet = s};
	int r;

	buf_init(&g.css, SHEETS_MAX);
	r = parse(&g, page, len);
	if (r == SL_OK && g.inside)
		buf_put_u8(&g.css, 0);
	if (r == SL_OK)
		r = buf_error(&g.css);
	for (int rules = 0; r == SL_OK && rules < 2; rules++) {
		const char *css = buf_str(&g.css);

		for (size_t at = 0; at < g.css.len; at += strlen(css + at) + 1) {
			size_t n = strlen(css + at);

			s->outside = s->outside || strcasestr(css + at, "@import") != NULL;
			if (rules == 0)
				extract_html_sheet_variables(s, css + at, n, false);
			else
				extract_html_sheet_rules(s, css + at, n);
		}
	}
	buf_release(&g.css);
	return r == SL_OK ? s->error : r;
}
