/* draw.h - one page or picture as cells for a reviewer's terminal (tui/drawn.h reads it).
 *
 * Hostile: the file's bytes.  The program sluice-draw is started for one page, closes itself
 * in before it reads the first byte, and is gone; it holds no key and knows nothing but
 * those bytes. */
#ifndef SL_INSPECT_DRAW_DRAW_H
#define SL_INSPECT_DRAW_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
	DRAW_COLS_MAX = 512,
	DRAW_ROWS_MAX = 256,
	DRAW_CELL_WIDTH = 8, /* pixels that a cell stands for */
	DRAW_CELL_HEIGHT = 16,
	DRAW_PIXELS_MAX = 100 << 20, /* of a picture before it is made smaller */
	DRAW_ANSWER_MAX = 16 << 20
};

struct draw_wish {
	unsigned page; /* from 1 */
	unsigned cols, rows;
	char kind; /* 's' symbols, 'x' sixel, 'k' kitty */
	bool color;
};
struct draw_pixels { /* red, green, blue, alpha, a byte each */
	uint8_t *rgba;
	int width, height;
	uint32_t pages; /* that the file has */
};
void draw_pixels_release(struct draw_pixels *p);

/* Page of a PDF, or a picture, not larger than the cells ask for.  SL_E_FORMAT: not what it
 * claims; SL_E_LIMIT: too large; SL_E_NOTFOUND: no such page. */
int draw_pdf(const uint8_t *bytes, size_t len, const struct draw_wish *w,
	     struct draw_pixels *ret_p) SL_MUST_USE;
int draw_picture(const uint8_t *bytes, size_t len, const struct draw_wish *w,
		 struct draw_pixels *ret_p) SL_MUST_USE;
/* The answer of tui/drawn.h. */
int draw_answer(const struct draw_pixels *p, const struct draw_wish *w,
		struct buf *out) SL_MUST_USE;

#endif
