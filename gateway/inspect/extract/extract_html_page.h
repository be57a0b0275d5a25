/* extract_html_page.h - where the reader of one page stands. */
#ifndef SL_INSPECT_EXTRACT_HTML_PAGE_H
#define SL_INSPECT_EXTRACT_HTML_PAGE_H

#include <libxml/HTMLparser.h>

#include "inspect/extract/extract_html.h"

enum { HTML_MAX = 32 << 20 };

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

struct element {
	struct html_look look;
	enum html_kind kind;
	enum segment_where where, shown; /* shown: if no style hid it */
	bool opens_hidden; /* outermost hidden element: its text becomes one mark */
	size_t start;	   /* of that text in the HIDDEN stream */
	size_t text_start; /* of the stream of its place */
	char *after;	   /* owned: what the sheet writes behind it, or NULL */
};

struct html {
	struct extract *x;
	struct extract_part *part;
	struct html_flow flow;
	htmlParserCtxtPtr ctxt;
	enum extract_charset charset; /* what the bytes were decoded as */
	struct html_sheet sheet;
	struct buf names; /* of the open elements, their ids and classes */
	struct sheet_place places[EXTRACT_DEPTH_MAX];
	struct element stack[EXTRACT_DEPTH_MAX];
	int depth;
	int error;
	bool said_sheet; /* that a sheet hides something */
	bool said_maybe; /* that something may be hidden */
	size_t seen;	 /* characters beyond ASCII that came out of the parser */
};

/* Ends the reading; the first error stays. */
void extract_html_stop(struct html *h, int error);
size_t extract_html_beyond_ascii(const char *s, size_t len);
/* What the attributes of an element say, each to its place. */
void extract_html_say_attrs(struct html *h, const char *element, html_attrs a);

#endif
