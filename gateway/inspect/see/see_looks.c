/* see_looks.c - is it a photograph? Only then may it show people (PI-012).
 *
 * A logo, a drawing and a scanned page are mostly flat and have few shades or are white;
 * what a camera made is neither.  In doubt it is a photograph, which costs a look. */
#include <stdlib.h>

#include "inspect/see/see_picture.h"

bool see_is_photograph(PIX *gray)
{
	enum { SIDE = 192, SHADES_MIN = 90, FLAT_PERCENT = 62, PAPER = 222 };
	l_int32 w = pixGetWidth(gray), h = pixGetHeight(gray);
	float f = (float)SIDE / (float)(w > h ? w : h);
	PIX *small = f < 1 ? pixScale(gray, f, f) : pixClone(gray);
	unsigned shade[256] = {0}, shades = 0;
	uint64_t flat = 0, all = 0, sum = 0;

	if (small == NULL)
		return true; /* the answer that makes a person look */
	w = pixGetWidth(small);
	h = pixGetHeight(small);
	for (l_int32 y = 0; y + 1 < h; y++) {
		const l_uint32 *row = pixGetData(small) + (size_t)y * (size_t)pixGetWpl(small);
		const l_uint32 *below = row + pixGetWpl(small);

		for (l_int32 x = 0; x + 1 < w; x++) {
			int v = (int)GET_DATA_BYTE(row, x);
			int right = (int)GET_DATA_BYTE(row, x + 1);
			int down = (int)GET_DATA_BYTE(below, x);

			shade[v]++;
			sum += (uint64_t)v;
			all++;
			flat += abs(v - right) <= 1 && abs(v - down) <= 1;
		}
	}
	pixDestroy(&small);
	for (unsigned i = 0; i < 256; i++)
		shades += (uint64_t)shade[i] * 5000 > all;
	return all > 0 && shades >= SHADES_MIN && flat * 100 < all * FLAT_PERCENT &&
	       sum / all < PAPER;
}
