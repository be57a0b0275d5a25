/* see_page.h - one page of a PDF, drawn. */
#ifndef SL_INSPECT_SEE_PAGE_H
#define SL_INSPECT_SEE_PAGE_H

#include <leptonica/allheaders.h>
#include <poppler.h>

#include "inspect/see/see.h"

struct see_page {
	PopplerPage *page;	   /* borrowed */
	unsigned number;	   /* from 1 */
	double width, height, dpi; /* points, and what it is drawn with */
	char *layer;		   /* g_free: its text layer, UTF-8 or what poppler says */
	PopplerRectangle *rects;   /* g_free: where each character of it stands, in points */
	guint n_rects;
	unsigned letters;	  /* of the layer */
	cairo_surface_t *surface; /* as drawn on white, RGB24 */
};

/* Take the layer of a page (borrowed until see_page_close) and choose the resolution. */
void see_page_open(struct see_page *g, PopplerPage *page, unsigned number);
void see_page_close(struct see_page *g);
/* Draw a part of the page (points from its upper left corner).  NULL: too large, no
 * memory, or cairo failed. */
cairo_surface_t *see_page_draw(const struct see_page *g, const PopplerRectangle *clip,
			       double dpi);
/* The drawn page, or a part of it, in 8 bit gray. NULL: no memory. */
PIX *see_page_gray(cairo_surface_t *surface);

/* --- see_layer.c: the layer against the drawing --- */

/* Text of the layer where the drawing is of one colour goes to p as WHERE_HIDDEN. */
void see_layer_without_trace(const struct see_page *g, struct extract_part *p);
/* Lines of the layer that were not read in the drawing are drawn larger and read once
 * more; what that shows is appended to `text`. SL_E_NOMEM, SL_E_IO of the engine. */
int see_layer_second_look(const struct see_page *g, struct buf *text) SL_MUST_USE;
/* Mostly Chinese? Then the faster engine reads it. */
bool see_layer_is_chinese(const struct see_page *g);

#endif
