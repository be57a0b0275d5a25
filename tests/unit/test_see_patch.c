/* A patch wiped out of the head of a scan, and pages that have none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "inspect/see/see_patch.h"

enum { W = 1240, H = 1754 };

static uint32_t seed;

static unsigned grain(unsigned most)
{
	seed = seed * 1664525u + 1013904223u;
	return most > 0 ? (seed >> 16) % (most + 1) : 0;
}

/* A page of paper with that much grain and some lines of ink below its head. */
static PIX *page(unsigned noise)
{
	PIX *p = pixCreate(W, H, 8);

	assert_non_null(p);
	seed = 7;
	for (int y = 0; y < H; y++) {
		for (int x = 0; x < W; x++) {
			bool ink = y > 400 && y % 60 < 20 && x > 150 && x < 1000 && x % 30 < 18;

			(void)pixSetPixel(p, x, y, (ink ? 40u : 250u - noise) + grain(noise));
		}
	}
	return p;
}

static void wipe(PIX *p, int left, int top, int w, int h, unsigned value)
{
	for (int y = top; y < top + h; y++) {
		for (int x = left; x < left + w; x++)
			(void)pixSetPixel(p, x, y, value);
	}
}

static void pages(void **state)
{
	static const struct {
		const char *name;
		unsigned noise;
		int left, top, w, h;
		unsigned value;
		bool want;
	} rows[] = {
		{"untouched scan", 12, 0, 0, 0, 0, 0, false},
		{"wiped where the grade stands", 12, 130, 130, 260, 80, 255, true},
		{"wiped in the colour of the paper", 12, 130, 130, 260, 80, 244, true},
		{"wiped on the right", 12, 800, 160, 240, 70, 255, true},
		{"fine grain", 3, 130, 130, 260, 80, 255, true},
		{"wiped far below", 12, 130, 900, 260, 80, 255, false},
		{"a black bar, which anyone sees", 12, 130, 130, 260, 80, 0, false},
		{"a speck", 12, 130, 130, 40, 30, 255, false},
		{"a drawn page", 0, 130, 130, 260, 80, 255, false},
		{"white at the edge of the scanner", 12, 0, 0, W, 25, 255, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		PIX *p = page(rows[i].noise);

		wipe(p, rows[i].left, rows[i].top, rows[i].w, rows[i].h, rows[i].value);
		if (see_has_patch(p) != rows[i].want)
			fail_msg("%s", rows[i].name);
		pixDestroy(&p);
	}
}

/* Sizes that leave nothing to measure. */
static void small_pictures(void **state)
{
	static const int sides[][2] = {{1, 1}, {1, 4000}, {4000, 1}, {399, 399}, {400, 400}};

	(void)state;
	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		PIX *p = pixCreate(sides[i][0], sides[i][1], 8);

		assert_non_null(p);
		assert_false(see_has_patch(p));
		pixDestroy(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages),
		cmocka_unit_test(small_pictures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
