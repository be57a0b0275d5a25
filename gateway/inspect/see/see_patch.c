/* see_patch.c - cells of the page, with and without grain.
 *
 * Hostile: the pixels.  Every one is looked at once. */
#include "inspect/see/see_patch.h"

#include <stdint.h>

enum {
	CELLS = 40,	   /* across the page: half a centimetre of A4 each */
	SIDE_LEAST = 400,  /* pixels: a smaller picture is no page */
	PAPER = 150,	   /* cells with a darker pixel have ink in them */
	PATCH_LIGHT = 180, /* as light as paper */
	HEAD_PERCENT = 18, /* of the height: where copy number, grade and urgency stand */
	EDGE = 1,	   /* cells at the border, where scanners put white of their own */
	RUN = 3,	   /* cells side by side: the width of a short mark */
	EVEN_PERCENT = 4,  /* of the paper below the head may be even by chance */
	PAPER_CELLS = 60,  /* that much bare paper must be seen to know its grain */
};

struct cell {
	int low, high;
};

static struct cell measure(PIX *gray, l_int32 left, l_int32 top, l_int32 side)
{
	struct cell c = {255, 0};

	for (l_int32 y = top; y < top + side; y++) {
		const l_uint32 *row = pixGetData(gray) + (size_t)y * (size_t)pixGetWpl(gray);

		for (l_int32 x = left; x < left + side; x++) {
			int v = (int)GET_DATA_BYTE(row, x);

			c.low = v < c.low ? v : c.low;
			c.high = v > c.high ? v : c.high;
		}
	}
	return c;
}

static bool is_even(const struct cell *c)
{
	return c->high - c->low <= 1;
}

bool see_has_patch(PIX *gray)
{
	l_int32 w = pixGetWidth(gray), h = pixGetHeight(gray), side = w / CELLS;
	l_int32 rows, head;
	unsigned paper = 0, even = 0;
	bool patched = false;

	if (w < SIDE_LEAST || h < SIDE_LEAST)
		return false;
	rows = h / side;
	head = rows * HEAD_PERCENT / 100;
	for (l_int32 y = EDGE; y < rows - EDGE; y++) {
		l_int32 run = 0;

		for (l_int32 x = EDGE; x < CELLS - EDGE; x++) {
			struct cell c = measure(gray, x * side, y * side, side);

			if (y < head) {
				run = is_even(&c) && c.low >= PATCH_LIGHT ? run + 1 : 0;
				patched = patched || run >= RUN;
			} else if (c.low >= PAPER) {
				paper++;
				even += is_even(&c);
			}
		}
	}
	return patched && paper >= PAPER_CELLS && even * 100 <= paper * EVEN_PERCENT;
}
