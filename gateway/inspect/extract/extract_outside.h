/* extract_outside.h - what a program fetches from elsewhere as soon as it opens a document.
 *
 * Whoever owns the other place learns who reads it and when, and shows there what he likes
 * after the review (DH-005). */
#ifndef SL_INSPECT_EXTRACT_OUTSIDE_H
#define SL_INSPECT_EXTRACT_OUTSIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "inspect/extract/extract.h"

/* Does an address lead out of the document: "http://…", "//host/…", "\\host\…", "file:…",
 * "C:…"?  Not: parts of the document or the site, "data:", "cid:", and schemes that fetch
 * nothing ("mailto:", "tel:", "javascript:", which is told as a script). */
bool extract_is_outside(const char *s, size_t len);
/* The same of any of the pictures in a list "a.png 1x, b.png 2x" (srcset). */
bool extract_is_outside_list(const char *s, size_t len);
/* The first address in a style sheet or style attribute that leads out, as it is meant
 * (escapes undone, comments left out), into `ret`; false: none. */
bool extract_css_outside(const char *css, size_t len, struct buf *ret);
/* The same as a line among the fields of a part, and DH-005. */
void extract_say_style(struct extract_part *p, const char *css, size_t len);
/* Does a browser fetch this attribute of this element by itself?  rel: that attribute of
 * the same element, or NULL. */
bool extract_html_fetches(const char *element, const char *name, const char *rel);

#endif
