/* draw.h - pictures and PDF pages with Chinese text, for tests of what is seen. */
#ifndef SL_TESTS_DRAW_H
#define SL_TESTS_DRAW_H

#include <stddef.h>

#include "base/buf.h"

enum draw_as { DRAW_TEXT, DRAW_SHAPES /* outlines of letters */, DRAW_PICTURE };

struct draw_item {
	const char *text;  /* NULL: a box */
	double x, y, size; /* points from the upper left corner; size of the letters */
	double w, h;	   /* of a box */
	double shade;	   /* 0 black, 1 white */
	enum draw_as as;
};

enum { DRAW_WIDTH = 595, DRAW_HEIGHT = 842 /* points: A4 */ };

/* A page as PNG at 150 dpi, turned clockwise by so many quarters. */
void draw_png(const struct draw_item *items, size_t n, unsigned turns, struct buf *out);
/* A PDF: a page for each list (ended by n = 0), as text or, with `picture`, as one
 * picture. */
struct draw_page {
	const struct draw_item *items;
	size_t n;
	bool picture;
};
void draw_pdf(const struct draw_page *pages, struct buf *out);
/* A PNG of 1 bit a pixel, white, of any size. */
void draw_empty_png(unsigned width, unsigned height, struct buf *out);
/* The same with one byte in place of the pixels: complete, and not to be decoded. */
void draw_hollow_png(unsigned width, unsigned height, struct buf *out);

#endif
