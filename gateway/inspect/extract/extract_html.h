/* extract_html.h - the inner parts of the HTML reader. */
#ifndef SL_INSPECT_EXTRACT_HTML_H
#define SL_INSPECT_EXTRACT_HTML_H

#include <stdbool.h>
#include <stdint.h>

#include "inspect/extract/extract.h"
#include "inspect/extract/extract_decode.h"
#include "inspect/extract/extract_html_sheet.h"

/* What an element passes on to those inside it, and what it does itself. */
struct html_look {
	int32_t color[SHEET_VIEWS], background[SHEET_VIEWS]; /* RGB or CSS_COLOR_UNKNOWN */
	unsigned inherited[SHEET_VIEWS];		     /* enum html_inherited */
	bool hidden;					     /* however one looks at it */
	bool preformatted;
	/* Of this element alone: */
	bool maybe_hidden;	/* in some views */
	unsigned flags;		/* STYLE_TURNS, STYLE_REORDERS, STYLE_UNREAD */
	const char *content[2]; /* before and after it, as the sheet writes them, or NULL */
};

/* Attributes as libxml2 gives them: name, value (may be NULL), …, NULL. */
typedef const unsigned char *const *html_attrs;
const char *extract_html_attr(html_attrs a, const char *name); /* NULL absent */

/* Look of an element around which everything is plain. */
void extract_html_look_init(struct html_look *l);
/* Look of the innermost element of the path, inside one with look `*l`. */
void extract_html_look(struct html_look *l, html_attrs a, const struct html_sheet *sheet,
		       const struct sheet_path *path);
/* A value of "content" as text: strings and attributes; letters of private use, which are
 * the pictures of icon fonts, are left out. */
void extract_html_content(const char *value, html_attrs a, struct buf *out);

/* All sheets of a page, and the variables of its attributes.  SL_E_LIMIT, SL_E_NOMEM. */
int extract_html_gather(struct html_sheet *s, const char *page, size_t len) SL_MUST_USE;

/* Encoding a browser would take: SL_E_UNSUPPORTED for one we do not read. */
int extract_html_charset(const uint8_t *bytes, size_t len,
			 enum extract_charset *ret_cs) SL_MUST_USE;
/* Class of a name as written in a document: EXTRACT_DETECT for plain ASCII
 * families; SL_E_UNSUPPORTED unknown. */
int extract_html_charset_named(const char *name, size_t len,
			       enum extract_charset *ret_cs) SL_MUST_USE;

/* Text with white space folded, one flow for each place. */
struct html_flow {
	struct extract_part *part;
	bool space[WHERE_COUNT]; /* a blank is owed before the next word */
	enum segment_where last; /* of the text before: what stood apart is not joined */
	struct buf seen;	 /* this line of the body as a reader sees it */
	size_t turned_at;	 /* what is turned begins here in it */
	unsigned turned;	 /* nested elements that turn text */
	bool differs;		 /* from the order of the text */
};
void extract_html_flow_init(struct html_flow *f, struct extract_part *p);
void extract_html_flow_release(struct html_flow *f);
/* Text between the two is seen the other way round; the line is said once more like that. */
void extract_html_flow_turn(struct html_flow *f);
void extract_html_flow_turn_end(struct html_flow *f);
void extract_html_flow_text(struct html_flow *f, enum segment_where w, bool preformatted,
			    const char *s, size_t len);
void extract_html_flow_line(struct html_flow *f); /* a block begins or ends: all lines end */
void extract_html_flow_tab(struct html_flow *f, enum segment_where w);

#endif
