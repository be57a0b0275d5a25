/* extract_html_style.h - what declarations of a style do to the text of an element. */
#ifndef SL_INSPECT_EXTRACT_HTML_STYLE_H
#define SL_INSPECT_EXTRACT_HTML_STYLE_H

#include <stdbool.h>
#include <stdint.h>

#include "inspect/extract/extract_css.h"

/* Properties of one group replace one another; the last one wins. */
enum style_group {
	STYLE_DISPLAY,
	STYLE_VISIBILITY,
	STYLE_OPACITY,
	STYLE_SIZE,
	STYLE_INDENT,
	STYLE_LEFT,
	STYLE_RIGHT,
	STYLE_TOP,
	STYLE_BOTTOM,
	STYLE_MARGIN,
	STYLE_CLIP,
	STYLE_CLIP_PATH,
	STYLE_MAX,
	STYLE_WIDTH,
	STYLE_HEIGHT,
	STYLE_OVERFLOW,
	STYLE_TRANSFORM,
	STYLE_SCALE,
	STYLE_ROTATE,
	STYLE_TRANSLATE,
	STYLE_ZOOM,
	STYLE_FILTER,
	STYLE_SECURITY,
	STYLE_OFFICE,
	STYLE_DIRECTION,
	STYLE_BIDI,
	STYLE_FLEX,
	STYLE_ORDER,
	STYLE_WRITING,
	STYLE_SPACING,
	STYLE_COUNTER,
	STYLE_SPACE,
	STYLE_COLOR,
	STYLE_FILL,
	STYLE_BACKGROUND,
	STYLE_IMAGE,
	STYLE_GROUPS
};

enum style_flag {
	STYLE_HIDES = 1,
	STYLE_TURNS = 2,     /* the other way round, or upside down */
	STYLE_REORDERS = 4,  /* a reader may see another order than the text has */
	STYLE_RTL = 8,	     /* letters go to the left, where … */
	STYLE_OVERRIDE = 16, /* … the direction of letters does not count */
	STYLE_EMPTY = 32,    /* a box without room, which hides what it … */
	STYLE_CUTS = 64,     /* … does not let out */
	STYLE_PRE = 128,
	STYLE_RELATIVE = 256, /* as the element around has it */
	STYLE_UNREAD = 512    /* a colour in a notation that is not read */
};

/* The group of a declaration and its value: a colour of extract_css_color for COLOR, FILL,
 * BACKGROUND (CSS_COLOR_UNKNOWN: a picture), flags for the others.  false: it means nothing
 * here, or a browser passes over it.  "var(…)" must have been replaced. */
bool extract_style_read(const char *name, const char *value, enum style_group *ret_group,
			int32_t *ret_value);

#endif
