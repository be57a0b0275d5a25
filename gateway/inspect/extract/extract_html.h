/* extract_html.h - the inner parts of the HTML reader. */
#ifndef SL_INSPECT_EXTRACT_HTML_H
#define SL_INSPECT_EXTRACT_HTML_H

#include <stdbool.h>
#include <stdint.h>

#include "inspect/extract/extract.h"
#include "inspect/extract/extract_decode.h"

enum { HTML_COLOR_UNKNOWN = -1 };

/* What an element passes on to those inside it. */
struct html_look {
	int32_t color, background; /* RGB or HTML_COLOR_UNKNOWN */
	bool hidden;		   /* by attribute, style or colour */
	bool preformatted;
};

/* Attributes as libxml2 gives them: name, value (may be NULL), …, NULL. */
typedef const unsigned char *const *html_attrs;
const char *extract_html_attr(html_attrs a, const char *name); /* NULL absent */

/* Look of an element inside one with look `*l`, from its own attributes. */
void extract_html_look(struct html_look *l, html_attrs a);
/* Does a style sheet hide anything? */
bool extract_html_sheet_hides(const char *css, size_t len);

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
};
void extract_html_flow_text(struct html_flow *f, enum segment_where w, bool preformatted,
			    const char *s, size_t len);
void extract_html_flow_line(struct html_flow *f); /* a block begins or ends: all lines end */
void extract_html_flow_tab(struct html_flow *f, enum segment_where w);

#endif
