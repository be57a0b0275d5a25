/* form_page.h - one cell of the form laid out, and drawn in pieces over pages. */
#ifndef SL_FORM_FORM_PAGE_H
#define SL_FORM_FORM_PAGE_H

#include <pango/pangocairo.h>

#include "form/form.h"
#include "form/form_ink.h"

struct form_piece {	     /* one line of text as it lies in its cell */
	PangoLayout *layout; /* without it the line no longer knows its text */
	PangoLayoutLine *line;
	double x, baseline, height;
};
struct form_laid { /* a cell, its text broken into lines */
	struct form_piece *pieces;
	size_t n, done; /* done: so many are on earlier pages */
};
enum { FORM_PAD = 4 };

/* Break the cell's text for a box `width` points wide.  Errors: SL_E_NOMEM, SL_E_LIMIT. */
int form_laid_cell(struct form_ink *ink, PangoContext *context, const struct form_cell *cell,
		   double width, struct form_laid *ret_laid) SL_MUST_USE;
void form_laid_release(struct form_laid *laid);
/* Height of the lines that are not drawn yet. */
double form_laid_left(const struct form_laid *laid);
/* How many of them go into `room` points; *ret_height: of those. */
size_t form_laid_fit(const struct form_laid *laid, double room, double *ret_height);
/* Draw the next n lines in a box with its upper left corner at (x, y), in the middle of
 * `height` points; cr NULL: only count them as drawn. */
void form_laid_draw(struct form_laid *laid, size_t n, cairo_t *cr, double x, double y,
		    double height);

/* A single line of text with its middle (align 0), left (-1) or right end (1) at x. */
void form_draw_text(struct form_ink *ink, PangoContext *context, cairo_t *cr, double points,
		    bool bold, const char *text, int align, double x, double y);

#endif
