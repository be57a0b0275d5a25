/* test_see_units.c - whose ink is it, and can a line be read in one order only? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "inspect/see/see_known.h"
#include "inspect/see/see_units.h"

enum { SIDE = 400, PLACES = 24 };

struct place {
	int x, y, w, h; /* pixels; a character's ink fills the middle of it */
};

/* A page of one point a pixel: the characters of `layer` at their places, and more ink. */
static int find(const char *layer, const struct place *at, unsigned n, const struct place *ink,
		unsigned n_ink, struct see_units *u)
{
	PopplerRectangle rects[PLACES];
	char text[128];
	struct see_page g = {.dpi = 72, .layer = text, .rects = rects, .n_rects = n};
	PIX *gray = pixCreate(SIDE, SIDE, 8);
	int r;

	assert_non_null(gray);
	(void)pixSetAll(gray);
	(void)snprintf(text, sizeof(text), "%s", layer);
	for (unsigned i = 0; i < n; i++)
		rects[i] = (PopplerRectangle){.x1 = at[i].x,
					      .y1 = at[i].y,
					      .x2 = at[i].x + at[i].w,
					      .y2 = at[i].y + at[i].h};
	for (unsigned i = 0; i < n_ink; i++)
		for (int y = ink[i].y; y < ink[i].y + ink[i].h; y++)
			for (int x = ink[i].x; x < ink[i].x + ink[i].w; x++)
				(void)pixSetPixel(gray, x, y, 0);
	r = see_units_find(&g, gray, u);
	pixDestroy(&gray);
	return r;
}

#define HAN(left, top)                                                                         \
	{                                                                                      \
		(left), (top), 20, 24                                                          \
	}
#define INK(left, top)                                                                         \
	{                                                                                      \
		(left) + 2, (top) + 4, 16, 16                                                  \
	}
#define BREAK                                                                                  \
	{                                                                                      \
		0, 0, 0, 0                                                                     \
	}

static const struct {
	const char *name, *layer;
	struct place at[PLACES];
	unsigned n;
	struct place ink[PLACES];
	unsigned n_ink;
	unsigned units;
	bool plain[3];
} rows[] = {
	{"a line",
	 "甲乙丙",
	 {HAN(20, 20), HAN(40, 20), HAN(60, 20)},
	 3,
	 {INK(20, 20), INK(40, 20), INK(60, 20)},
	 3,
	 3,
	 {true}},
	{"two lines",
	 "甲乙\n丙丁",
	 {HAN(20, 20), HAN(40, 20), BREAK, HAN(20, 50), HAN(40, 50)},
	 5,
	 {INK(20, 20), INK(40, 20), INK(20, 50), INK(40, 50)},
	 4,
	 4,
	 {true, true}},
	{"ink that touches",
	 "甲乙丙",
	 {HAN(20, 20), HAN(40, 20), HAN(60, 20)},
	 3,
	 {{22, 24, 36, 16}, INK(60, 20)},
	 2,
	 2,
	 {true}},
	{"a stroke of nobody between lines",
	 "甲乙\n丙丁",
	 {HAN(20, 20), HAN(40, 20), BREAK, HAN(20, 80), HAN(40, 80)},
	 5,
	 {INK(20, 20), INK(40, 20), INK(20, 80), INK(40, 80), {10, 60, 60, 2}},
	 5,
	 4,
	 {true, true}},
	{"a stroke of nobody through a line",
	 "甲乙",
	 {HAN(20, 20), HAN(120, 20)},
	 2,
	 {INK(20, 20), INK(120, 20), {15, 41, 300, 2}},
	 3,
	 2,
	 {false}},
	{"two lines in each other",
	 "甲乙\n丙丁",
	 {HAN(20, 20), HAN(60, 20), BREAK, HAN(40, 24), HAN(80, 24)},
	 5,
	 {INK(20, 20), INK(60, 20), INK(40, 24), INK(80, 24)},
	 4,
	 4,
	 {false, false}},
	{"one line in two parts",
	 "甲乙\n丙丁",
	 {HAN(20, 20), HAN(40, 20), BREAK, HAN(60, 20), HAN(80, 20)},
	 5,
	 {INK(20, 20), INK(40, 20), INK(60, 20), INK(80, 20)},
	 4,
	 4,
	 {false, false}},
	{"two cells of a table",
	 "甲乙\n丙丁",
	 {HAN(20, 20), HAN(40, 20), BREAK, HAN(120, 20), HAN(140, 20)},
	 5,
	 {INK(20, 20), INK(40, 20), INK(120, 20), INK(140, 20)},
	 4,
	 4,
	 {true, true}},
	{"a column",
	 "甲\n乙",
	 {HAN(20, 20), BREAK, HAN(20, 45)},
	 3,
	 {INK(20, 20), INK(20, 45)},
	 2,
	 2,
	 {false, false}},
	{"backwards",
	 "甲乙",
	 {HAN(60, 20), HAN(40, 20)},
	 2,
	 {INK(60, 20), INK(40, 20)},
	 2,
	 2,
	 {false}},
	{"two narrow ones, which look like another",
	 "日月",
	 {{20, 20, 10, 24}, {30, 20, 10, 24}},
	 2,
	 {{21, 24, 8, 16}, {31, 24, 8, 16}},
	 2,
	 2,
	 {false}},
	{"a place as wide as the line",
	 "甲乙",
	 {{20, 20, 60, 24}, {40, 20, 20, 24}},
	 2,
	 {INK(60, 20), INK(40, 20)},
	 2,
	 1,
	 {false}},
	{"up and down",
	 "甲乙丙",
	 {HAN(20, 20), HAN(40, 32), HAN(60, 20)},
	 3,
	 {INK(20, 20), INK(40, 32), INK(60, 20)},
	 3,
	 3,
	 {false}},
	{"a letter that reaches far",
	 "甲乙",
	 {HAN(20, 20), HAN(90, 20)},
	 2,
	 {{22, 24, 40, 16}, INK(90, 20)},
	 2,
	 2,
	 {false}},
	{"bars, as in a code",
	 "1l|I1l|I1l|I",
	 {{20, 20, 6, 24},
	  {26, 20, 6, 24},
	  {32, 20, 6, 24},
	  {38, 20, 6, 24},
	  {44, 20, 6, 24},
	  {50, 20, 6, 24},
	  {56, 20, 6, 24},
	  {62, 20, 6, 24},
	  {68, 20, 6, 24},
	  {74, 20, 6, 24},
	  {80, 20, 6, 24},
	  {86, 20, 6, 24}},
	 12,
	 {{21, 24, 2, 16}},
	 1,
	 12,
	 {false}},
	{"marks, as in a drawing",
	 "...甲....",
	 {{20, 20, 6, 24},
	  {26, 20, 6, 24},
	  {32, 20, 6, 24},
	  HAN(38, 20),
	  {58, 20, 6, 24},
	  {64, 20, 6, 24},
	  {70, 20, 6, 24},
	  {76, 20, 6, 24}},
	 8,
	 {INK(38, 20)},
	 1,
	 8,
	 {false}},
	{"marks around a number",
	 "-7-",
	 {{20, 20, 6, 24}, {26, 20, 10, 24}, {36, 20, 6, 24}},
	 3,
	 {{27, 24, 8, 16}},
	 1,
	 3,
	 {true}},
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct see_units u;

		assert_int_equal(find(rows[i].layer, rows[i].at, rows[i].n, rows[i].ink,
				      rows[i].n_ink, &u),
				 SL_OK);
		if (u.n_units != rows[i].units)
			fail_msg("%s: %u units", rows[i].name, u.n_units);
		for (uint32_t k = 0; k < u.n_lines; k++)
			if (u.lines[k].plain != rows[i].plain[k])
				fail_msg("%s: line %u is %splain", rows[i].name, k,
					 u.lines[k].plain ? "" : "not ");
		see_units_release(&u);
	}
}

/* The same picture for the same character, wherever it stands; and not for another one. */
static void test_digests(void **state)
{
	static const struct place at[] = {HAN(20, 20), HAN(40, 20), HAN(60, 20), HAN(80, 20)};
	static const struct place ink[] = {
		INK(20, 20), INK(40, 20), INK(60, 20), {82, 24, 16, 15}};
	struct see_units u;

	(void)state;
	assert_int_equal(find("甲甲乙甲", at, 4, ink, 4, &u), SL_OK);
	assert_int_equal(u.n_units, 4);
	assert_memory_equal(u.units[0].digest, u.units[1].digest, HASH_LEN);
	assert_memory_not_equal(u.units[0].digest, u.units[2].digest, HASH_LEN);
	assert_memory_not_equal(u.units[0].digest, u.units[3].digest, HASH_LEN);
	see_units_release(&u);
}

/* What cannot be sorted is left to be read whole. */
static void test_limits(void **state)
{
	static const struct place at[PLACES] = {
		{0, 0, 400, 400}, {0, 0, 400, 400}, {0, 0, 400, 400}, {0, 0, 400, 400},
		{0, 0, 400, 400}, {0, 0, 400, 400}, {0, 0, 400, 400}, {0, 0, 400, 400},
		{0, 0, 400, 400}, {0, 0, 400, 400}, {0, 0, 400, 400}, {0, 0, 400, 400},
		{0, 0, 400, 400}, {0, 0, 400, 400}, {0, 0, 400, 400}, {0, 0, 400, 400},
		{0, 0, 400, 400}};
	struct see_units u;

	(void)state;
	assert_int_equal(find("aaaaaaaaaaaaaaaaa", at, 17, at, 0, &u), SL_E_LIMIT);
	assert_int_equal(find("aaa", at, 2, at, 0, &u), SL_E_LIMIT);
}

static void test_known(void **state)
{
	uint8_t digest[HASH_LEN] = {1}, other[HASH_LEN] = {1, 2};
	struct see_known *k;

	(void)state;
	assert_int_equal(see_known_new(&k), SL_OK);
	assert_false(see_known_has(k, digest));
	see_known_add(k, digest); /* never tried */
	assert_false(see_known_has(k, digest));
	assert_true(see_known_try(k, digest, 1));
	assert_false(see_known_try(k, digest, 1));
	assert_true(see_known_try(k, digest, 2));
	see_known_add(k, digest);
	assert_true(see_known_has(k, digest));
	assert_false(see_known_try(k, digest, 3));
	for (uint32_t page = 1; page <= SEE_TRIES; page++)
		assert_true(see_known_try(k, other, page));
	assert_false(see_known_try(k, other, SEE_TRIES + 1));
	assert_false(see_known_has(k, other));
	/* Full: what is new stays unknown, what is known stays so. */
	for (uint32_t i = 2; i < SEE_KNOWN_MOST; i++) {
		memcpy(other + 4, &i, sizeof(i));
		assert_true(see_known_try(k, other, 1));
	}
	other[8] = 1;
	assert_false(see_known_try(k, other, 1));
	see_known_add(k, other);
	assert_false(see_known_has(k, other));
	assert_true(see_known_has(k, digest));
	see_known_free(k);
}

/* Lines must agree on a picture; what they agree on is kept, whatever the layer says. */
static void test_lines_known(void **state)
{
	static const struct see_as own = {.n = 0}, dash = {.cp = {0x4e00}, .n = 1},
				   other = {.cp = {0x5e72}, .n = 1};
	static const struct {
		const struct see_as *lines[5];
		bool known;
		unsigned ways;
	} cases[] = {
		{{&own}, false, 0},
		{{&own, &own}, true, 0},
		{{&dash}, false, 0},
		{{&dash, &dash}, false, 1},
		{{&own, &dash}, false, 0},
		{{&own, &dash, &dash}, false, 0},
		{{&own, &dash, &dash, &own}, false, 2},
		{{&own, &dash, &other, &own, &own}, false, 0},
		{{&dash, &dash, &own, &own}, false, 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t digest[HASH_LEN] = {7};
		struct see_as as[SEE_WAYS];
		struct see_known *k;

		assert_int_equal(see_known_new(&k), SL_OK);
		see_known_line(k, digest, &own); /* never tried */
		assert_true(see_known_try(k, digest, 1));
		for (unsigned n = 0; n < 5 && cases[i].lines[n] != NULL; n++)
			see_known_line(k, digest, cases[i].lines[n]);
		assert_int_equal(see_known_has(k, digest), cases[i].known);
		assert_int_equal(see_known_ways(k, digest, as), cases[i].ways);
		if (cases[i].ways > 0)
			assert_memory_equal(&as[0], cases[i].lines[0], sizeof(as[0]));
		see_known_free(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),	    cmocka_unit_test(test_digests),
		cmocka_unit_test(test_limits),	    cmocka_unit_test(test_known),
		cmocka_unit_test(test_lines_known),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
