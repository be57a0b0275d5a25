/* extract_rtf.h - the words of rich text (RTF 1.9.1): what each control word means to us. */
#ifndef SL_INSPECT_EXTRACT_RTF_H
#define SL_INSPECT_EXTRACT_RTF_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum rtf_action {
	RTF_IGNORE, /* looks, sizes, numbers */
	RTF_PLACE,  /* the group's text stands there: `value` is enum segment_where */
	RTF_DROP,   /* tables that only say how things look */
	RTF_TABLE,  /* names: fonts, styles, lists */
	RTF_INFO,   /* one property, named like the word */
	RTF_PICTURE,
	RTF_OBJECT, /* hexadecimal bytes of an embedded object */
	RTF_DATA,   /* other hexadecimal bytes */
	RTF_BREAK,  /* a line ends */
	RTF_TAB,
	RTF_LETTER, /* `value` is a code point */
	RTF_HIDDEN, /* these two: a switch of the group */
	RTF_DELETED,
	RTF_REVISED,
	RTF_PLAIN,    /* all switches off */
	RTF_UNICODE,  /* \u */
	RTF_SKIP,     /* \uc */
	RTF_CODEPAGE, /* \ansicpg */
	RTF_CHARSET,  /* \fcharset in the font table */
	RTF_FONT,     /* \f */
	RTF_TEMPLATE, /* a file that is loaded with it */
	RTF_BINARY,   /* \bin */
	RTF_FIELD,    /* a field's instruction */
	RTF_SHAPE,    /* a shape's property */
	RTF_FONTS,
	RTF_COLOURS,
	RTF_LOOK, /* `value` is enum rtf_look */
};

enum rtf_look {
	RTF_RED,
	RTF_GREEN,
	RTF_BLUE,
	RTF_COLOUR,
	RTF_SIZE,
	RTF_SIZE_FAR,  /* of Chinese letters */
	RTF_SHADE,     /* of letters and paragraphs */
	RTF_SHADE_ROW, /* of cells, up to the next row */
	RTF_ROW,
};

struct rtf_word {
	const char *name;
	enum rtf_action action;
	uint32_t value;
};

/* NULL: not one of ours. */
const struct rtf_word *extract_rtf_word(const char *name);

struct extract_part;
struct buf;
/* Text of \\'hh bytes in this Windows code page (0: unknown) to UTF-8.  SL_E_UNSUPPORTED,
 * SL_E_FORMAT, SL_E_NOMEM. */
int extract_rtf_decode(const uint8_t *bytes, size_t len, unsigned codepage,
		       struct buf *out) SL_MUST_USE;
/* The code page of \\fcharsetN, 0 for that of the document. */
unsigned extract_rtf_codepage(unsigned charset);
/* A field's instruction; a property, named like its word. */
void extract_rtf_field(struct extract_part *p, const char *s, size_t len);
void extract_rtf_property(struct extract_part *p, const char *word, const char *s, size_t len);
/* What a group of hexadecimal bytes held: a picture, an object (MS-OLEDS 2.2.5), other data.
 * `n` counts them. */
struct extract;
int extract_rtf_file(struct extract *x, enum rtf_action kind, const char *word, unsigned n,
		     const uint8_t *bytes, size_t len) SL_MUST_USE;

#endif
