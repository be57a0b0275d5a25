/* test_see_star.c - stars of any size and turn, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "inspect/see/see_star.h"

enum { SIDE = 400 };

/* Points in turn on two circles: a star for inner < 1, a polygon for inner 1. */
static PIX *draw(int tips, double radius, double inner, double turn, bool hollow)
{
	PIX *p = pixCreate(SIDE, SIDE, 1);

	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++) {
			double dx = x - SIDE / 2 + 0.5, dy = y - SIDE / 2 + 0.5;
			double r = hypot(dx, dy) / radius, step = M_PI / tips;
			double a = fmod(atan2(dy, dx) - turn + 4 * M_PI, 2 * step);
			double vx = inner * cos(step), vy = inner * sin(step), edge;

			a = a > step ? 2 * step - a : a;
			edge = vy / (vy * cos(a) + (1 - vx) * sin(a));
			if (r <= edge && (!hollow || r >= edge * 0.82))
				(void)pixSetPixel(p, x, y, 1);
		}
	return p;
}

static const struct {
	const char *name;
	int tips;
	double radius, inner, turn;
	bool hollow, want;
} rows[] = {
	{"small", 5, 8, 0.382, -M_PI / 2, false, true},
	{"of a line", 5, 16, 0.382, -M_PI / 2, false, true},
	{"large", 5, 120, 0.382, -M_PI / 2, false, true},
	{"turned", 5, 20, 0.382, 0.3, false, true},
	{"plump", 5, 20, 0.45, -M_PI / 2, false, true},
	{"hollow", 5, 24, 0.382, -M_PI / 2, true, true},
	{"too small to tell", 5, 4, 0.382, -M_PI / 2, false, false},
	{"too large for a letter", 5, 190, 0.382, -M_PI / 2, false, false},
	{"six tips", 6, 20, 0.5, 0, false, false},
	{"four tips", 4, 20, 0.4, 0, false, false},
	{"pentagon", 5, 20, 0.81, 0, false, false},
	{"disc", 40, 20, 1, 0, false, false},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		PIX *p = draw(rows[i].tips, rows[i].radius, rows[i].inner, rows[i].turn,
			      rows[i].hollow);
		BOXA *b = see_stars(p);

		assert_non_null(b);
		if ((boxaGetCount(b) == 1) != rows[i].want)
			fail_msg("%s: %d stars", rows[i].name, boxaGetCount(b));
		boxaDestroy(&b);
		pixDestroy(&p);
	}
}

static void test_nothing(void **state)
{
	PIX *p = pixCreate(50, 50, 1);
	BOXA *b = see_stars(p);

	(void)state;
	assert_non_null(b);
	assert_int_equal(boxaGetCount(b), 0);
	boxaDestroy(&b);
	pixDestroy(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
