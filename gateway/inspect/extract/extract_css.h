/* extract_css.h - style sheets taken apart as browsers do (CSS Syntax 3).
 *
 * Escapes and comments are undone where a browser undoes them: after the text is in pieces,
 * so that an escaped brace is a letter.  Hostile: all of it; every function ends. */
#ifndef SL_INSPECT_EXTRACT_CSS_H
#define SL_INSPECT_EXTRACT_CSS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
	CSS_NAME_MAX = 64,
	CSS_VALUE_MAX = 1024, /* longer ones are cut */
	CSS_DEPTH_MAX = 16,   /* blocks inside blocks; deeper ones are passed over */
	CSS_COLOR_UNKNOWN = -1,
	CSS_COLOR_NONE = -2 /* transparent */
};

/* Text without comments and with its escapes undone. */
void extract_css_plain(const char *s, size_t len, struct buf *out);
/* One letter, escaped or not, of an identifier at *at; false: it ends here. */
bool extract_css_ident(const char *s, size_t len, size_t *at, struct buf *out);

struct css_declaration {
	char name[CSS_NAME_MAX];   /* in small letters, save names of variables */
	char value[CSS_VALUE_MAX]; /* plain, without "!important" */
	const char *raw;	   /* the value as written, borrowed */
	size_t raw_len;
	bool important;
};
/* The next declaration of a list; rules inside it are passed over.  false: no more. */
bool extract_css_next(const char *s, size_t len, size_t *at, struct css_declaration *ret_d);

/* Each rule of a sheet, also of those inside "@media" and inside other rules: what stands
 * before its brace, without comments but with its escapes, and its declarations.
 * `condition`: it counts only at times (a medium, a parent).  Other at-rules come with
 * their "@name" as selector. */
typedef void css_rule_fn(void *arg, const char *selector, const char *list, size_t len,
			 bool condition);
void extract_css_rules(const char *s, size_t len, css_rule_fn *each, void *arg);

/* Each string of a value, unescaped. */
bool extract_css_string(const char *s, size_t len, size_t *at, struct buf *out);

/* A colour (RGB, above it how much it lets through), CSS_COLOR_NONE or CSS_COLOR_UNKNOWN of the
 * first colour of a plain value: names, #hex, rgb(), hsl(), hwb(); what is nearly transparent
 * is CSS_COLOR_NONE. */
int32_t extract_css_color(const char *value);
/* What a colour, which may let something through, looks like over another; plain RGB. */
int32_t extract_css_over(int32_t color, int32_t behind);

#endif
