/* see_tips.c - few, light, and a part of nothing else.
 *
 * What is painted over here is read by nobody, so every doubt leaves it where it is: the rest
 * of a page is read as a picture then.  Hostile: the pixels. */
#include "inspect/see/see_tips.h"

#include <stdbool.h>
#include <stdint.h>

enum { REACH = 2 };

struct window {
	int left, top, right, bottom; /* right and bottom are outside */
};

static int value(PIX *rest, int x, int y)
{
	return (int)GET_DATA_BYTE(pixGetData(rest) + (size_t)y * (size_t)pixGetWpl(rest), x);
}

/* Of the pixels near by, is there one outside that is not paper?  A colon has a gap. */
static bool goes_on(PIX *rest, const struct window *w, int x, int y)
{
	int width = pixGetWidth(rest), height = pixGetHeight(rest);

	for (int v = y - REACH; v <= y + REACH; v++)
		for (int u = x - REACH; u <= x + REACH; u++) {
			bool inside =
				u >= w->left && u < w->right && v >= w->top && v < w->bottom;

			if (!inside && u >= 0 && v >= 0 && u < width && v < height &&
			    value(rest, u, v) != UINT8_MAX)
				return true;
		}
	return false;
}

void see_tips_paint_over(const struct see_box *ink, PIX *rest)
{
	struct window w = {ink->left - SEE_TIPS_AROUND, ink->top - SEE_TIPS_AROUND,
			   ink->right + SEE_TIPS_AROUND, ink->bottom + SEE_TIPS_AROUND};
	struct {
		int x, y;
	} tips[SEE_TIPS_MOST];
	unsigned n = 0;

	w.left = w.left > 0 ? w.left : 0;
	w.top = w.top > 0 ? w.top : 0;
	w.right = w.right < pixGetWidth(rest) ? w.right : pixGetWidth(rest);
	w.bottom = w.bottom < pixGetHeight(rest) ? w.bottom : pixGetHeight(rest);
	for (int y = w.top; y < w.bottom; y++)
		for (int x = w.left; x < w.right; x++) {
			int v = value(rest, x, y);

			if (v == UINT8_MAX)
				continue;
			if (v < SEE_INK || n == SEE_TIPS_MOST || goes_on(rest, &w, x, y))
				return;
			tips[n].x = x;
			tips[n++].y = y;
		}
	for (unsigned i = 0; i < n; i++)
		SET_DATA_BYTE(pixGetData(rest) + (size_t)tips[i].y * (size_t)pixGetWpl(rest),
			      tips[i].x, UINT8_MAX);
}
