/* form_sheet.h - the form's table over its pages. */
#ifndef SL_FORM_FORM_SHEET_H
#define SL_FORM_FORM_SHEET_H

#include <cairo.h>

#include "form/form.h"
#include "form/form_ink.h"

#define FORM_PAGE_WIDTH	 595.276 /* A4 in points */
#define FORM_PAGE_HEIGHT 841.89
enum { FORM_PAGES_MAX = 2000 };

/* Count the pages (cr NULL), or draw them all, each ended with cairo_show_page; *pages is
 * set, and when drawing must be what counting said.  SL_E_LIMIT: too many. */
int form_sheet(const struct form *f, struct form_ink *ink, cairo_t *cr,
	       unsigned *pages) SL_MUST_USE;

#endif
