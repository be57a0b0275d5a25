/* test_see_tips.c - what is painted over beside known characters was never readable: drawn by
 * an enemy, in few pixels and light, it is left, or a reader finds nothing in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "inspect/see/see_reader.h"
#include "inspect/see/see_tips.h"

enum { WIDTH = 800, NARROW = 64, HEIGHT = 160, PALE = 200, DARK = 60, PAPER = 255 };

/* Glyphs of a tiny font, row by row. */
struct glyph {
	const char *name, *rows[7];
};
static const struct glyph glyphs[] = {
	{"point", {"#"}},
	{"large point", {"##", "##"}},
	{"comma", {".#", "#."}},
	{"minus", {"###"}},
	{"colon", {"#", ".", "#"}},
	{"1", {"#", "#", "#", "#", "#"}},
	{"1 with a flag", {".#", "##", ".#", ".#", ".#"}},
	{"l", {"#", "#", "#", "#", "#", "#"}},
	{"i", {"#", ".", "#", "#", "#"}},
	{"7", {"###", "..#", "..#", "..#"}},
	{"slash", {"..#", ".#.", ".#.", "#.."}},
	{"0", {"###", "#.#", "#.#", "#.#", "###"}},
	{"8", {"###", "#.#", "###", "#.#", "###"}},
	{"4", {"#.#", "#.#", "###", "..#", "..#"}},
	{"one", {"######"}},
};

/* A known character stood here: its box, painted over. */
static const struct see_box known = {20, 20, 44, 44};

static PIX *paper(int width)
{
	PIX *p = pixCreate(width, width == NARROW ? NARROW : HEIGHT, 8);

	assert_non_null(p);
	(void)pixSetAll(p);
	return p;
}

static unsigned draw(PIX *p, const struct glyph *g, int x, int y, int shade)
{
	unsigned n = 0;

	for (int v = 0; v < 7 && g->rows[v] != NULL; v++)
		for (int u = 0; g->rows[v][u] != '\0'; u++)
			if (g->rows[v][u] == '#') {
				(void)pixSetPixel(p, x + u, y + v, (l_uint32)shade);
				n++;
			}
	return n;
}

static unsigned ink(PIX *p)
{
	unsigned n = 0;

	for (int y = 0; y < pixGetHeight(p); y++)
		for (int x = 0; x < pixGetWidth(p); x++)
			n += GET_DATA_BYTE(pixGetData(p) + y * pixGetWpl(p), x) != PAPER;
	return n;
}

/* Pixels that are left of a glyph. */
static unsigned left_of(const struct glyph *g, int x, int y, int shade)
{
	PIX *p = paper(NARROW);
	unsigned n;

	(void)draw(p, g, x, y, shade);
	see_tips_paint_over(&known, p);
	n = ink(p);
	pixDestroy(&p);
	return n;
}

static unsigned pixels_of(const struct glyph *g)
{
	PIX *p = paper(NARROW);
	unsigned n = draw(p, g, 10, 10, DARK);

	pixDestroy(&p);
	return n;
}

/* A glyph is left as it is or goes whole; nothing is left of an 8 that reads as a 3. */
static void no_glyph_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(glyphs) / sizeof(glyphs[0]); i++) {
		const struct glyph *g = &glyphs[i];
		unsigned all = pixels_of(g);

		/* Places in and around the window, all of those at its edges. */
		for (int y = known.top - 12;
		     y<known.bottom + 6; y += y> known.top + 6 && y < known.bottom - 10 ? 4 : 1)
			for (int x = known.left - 12;
			     x<known.right + 6; x += x> known.left + 6 && x < known.right - 10
				     ? 4
				     : 1) {
				unsigned pale = left_of(g, x, y, PALE);

				if (pale != all && (pale != 0 || all > SEE_TIPS_MOST))
					fail_msg("%s at %d, %d: %u of %u", g->name, x, y, pale,
						 all);
				/* Dark ones stay wherever they are: a point changes a number.
				 */
				assert_int_equal(left_of(g, x, y, DARK), all);
			}
	}
}

/* The light edge of a dark point is a part of it. */
static void edges_of_what_is_left_stay(void **state)
{
	PIX *p = paper(NARROW);

	(void)state;
	(void)pixSetPixel(p, 47, 42, DARK); /* outside of the window */
	(void)pixSetPixel(p, 46, 43, PALE);
	(void)pixSetPixel(p, 45, 42, PALE);
	see_tips_paint_over(&known, p);
	/* One touches the point; the other goes on in it. */
	assert_int_equal(ink(p), 3);
	pixDestroy(&p);
}

static void tips_go(void **state)
{
	PIX *p = paper(NARROW);

	(void)state;
	for (int i = 0; i < SEE_TIPS_MOST; i++)
		(void)pixSetPixel(p, known.left - 1 + 4 * i, known.top - 1, PALE);
	see_tips_paint_over(&known, p);
	assert_int_equal(ink(p), 0);
	for (int i = 0; i <= SEE_TIPS_MOST; i++)
		(void)pixSetPixel(p, known.left - 1 + 4 * i, known.top - 1, PALE);
	see_tips_paint_over(&known, p);
	assert_int_equal(ink(p), SEE_TIPS_MOST + 1);
	pixDestroy(&p);
	/* At the corner of a page. */
	p = paper(NARROW);
	(void)pixSetPixel(p, 0, 0, PALE);
	(void)pixSetPixel(p, NARROW - 1, NARROW - 1, PALE);
	see_tips_paint_over(&(struct see_box){0, 0, NARROW, NARROW}, p);
	assert_int_equal(ink(p), 0);
	pixDestroy(&p);
}

/* Twelve known characters in a row with a glyph in each, at its upper edge or its lower one:
 * does a reader find anything in those that are painted over?  As black as it gets, which is
 * how what is left is read. */
static void a_reader_finds_nothing_in_what_goes(void **state)
{
	enum { PITCH = 34, ROW = 12 };
	struct sl_why why = {""};
	unsigned gone = 0;

	(void)state;
	if (see_reader_load(&why) != SL_OK)
		skip();
	for (size_t i = 0; i < sizeof(glyphs) / sizeof(glyphs[0]); i++) {
		const struct see_read how = {.layout = SEE_LAYOUT_PAGE, .dpi = 150};
		PIX *pale = paper(WIDTH), *black = paper(WIDTH);
		struct see_result result;
		struct buf text;

		buf_init(&text, 1 << 16);
		for (int k = 0; k < ROW; k++) {
			(void)draw(pale, &glyphs[i], 100 + PITCH * k + 8, 70, PALE);
			(void)draw(black, &glyphs[i], 100 + PITCH * k + 8, 70, 0);
		}
		for (int k = 0; k < ROW; k++)
			see_tips_paint_over(
				&(struct see_box){100 + PITCH * k, 60, 130 + PITCH * k, 92},
				pale);
		if (ink(pale) == 0) {
			gone++;
			assert_int_equal(see_reader_read(black, &how, &text, &result), SL_OK);
			for (size_t c = 0; c < text.len; c++)
				if (strchr("0123456789", buf_str(&text)[c]) != NULL ||
				    (unsigned char)buf_str(&text)[c] >= 0x80)
					fail_msg("%s: %s", glyphs[i].name, buf_str(&text));
		}
		buf_release(&text);
		pixDestroy(&pale);
		pixDestroy(&black);
	}
	assert_true(gone > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_glyph_is_cut),
		cmocka_unit_test(edges_of_what_is_left_stay),
		cmocka_unit_test(tips_go),
		cmocka_unit_test(a_reader_finds_nothing_in_what_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
