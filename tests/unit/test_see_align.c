/* test_see_align.c - was it this line that was read, and which pictures are sure by that? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "inspect/see/see_align.h"

enum { LETTERS = 16, SIDE = 20 };

/* Each character of the layer is a unit and stands in a place of its own, from left to
 * right; `at` says in whose place each character was read. */
static const struct {
	const char *layer, *read;
	int at[LETTERS];
	bool want;
	const char *sure; /* for each of the layer: y, n, or the character read instead */
} rows[] = {
	{"甲乙丙丁", "甲乙丙丁", {0, 1, 2, 3}, true, "yyyy"},
	{"甲乙，丙", "甲乙丙", {0, 1, 3}, true, "yyyy"},
	{"甲乙，丙", "甲乙。丙", {0, 1, 2, 3}, true, "yyyy"},
	/* As another one in its place: sure, but not of those beside it. */
	{"甲千丙丁戊", "甲干丙丁戊", {0, 1, 2, 3, 4}, true, "n干nyy"},
	{"甲乙—丙丁", "甲乙一丙丁", {0, 1, 2, 3, 4}, true, "yn一ny"},
	/* Two marks: which of them was it? */
	{"甲乙—，丙丁", "甲乙一丙丁", {0, 1, 2, 4, 5}, true, "ynnnny"},
	/* Too much of it is another line. */
	{"甲乙丙丁", "子丑丙丁", {0, 1, 2, 3}, false, NULL},
	{"甲乙丙丁", "子丑寅卯", {0, 1, 2, 3}, false, NULL},
	{"甲乙丙丁", "", {0}, false, NULL},
	/* More than a mark can be, and more where nothing stands. */
	{"甲乙《丙丁", "甲乙秘密件丙丁", {0, 1, 2, 2, 2, 3, 4}, false, NULL},
	{"甲乙丙丁戊", "甲乙密丙丁戊", {0, 1, 1, 2, 3, 4}, false, NULL},
	{"甲乙丙丁戊", "甲乙丁戊", {0, 1, 3, 4}, false, NULL},
	/* Nothing, one and two: the characters are right, and none of them where it is. */
	{"甲乙丙丁戊己庚辛", "甲乙丙丁戊己庚辛", {0, 3, 4, 5, 6, 6, 6, 7}, false, NULL},
	{"甲乙丙丁戊己庚辛", "甲乙丙丁戊己庚辛", {0, 1, 4, 3, 4, 5, 6, 7}, true, "ynnnyyyy"},
};

static void take_layer(const char *layer, struct see_letter *letters, struct see_unit *units,
		       struct see_units *u)
{
	size_t len = strlen(layer), used;

	*u = (struct see_units){.letters = letters, .units = units};
	for (size_t i = 0; i < len; i += used) {
		uint32_t n = u->n_letters++;
		int left = (int)n * SIDE;

		letters[n] = (struct see_letter){
			.cp = text_decode(layer + i, len - i, &used),
			.unit = n,
			.cell = {.left = left, .right = left + SIDE, .bottom = SIDE}};
		units[n] = (struct see_unit){.first = n, .end = n + 1, .n_runs = 1};
	}
	u->n_units = u->n_letters;
}

static unsigned take_read(const char *read, const int *at, struct see_symbol *symbols)
{
	size_t len = strlen(read), used;
	unsigned n = 0;

	for (size_t i = 0; i < len; i += used, n++)
		symbols[n] = (struct see_symbol){.cp = text_decode(read + i, len - i, &used),
						 .left = at[n] * SIDE,
						 .right = at[n] * SIDE + SIDE};
	return n;
}

static void check(const char *name, const char *sure, const struct see_shown *shown)
{
	size_t len = strlen(sure), used;
	unsigned n = 0;

	for (size_t i = 0; i < len; i += used, n++) {
		uint32_t cp = text_decode(sure + i, len - i, &used);

		if (shown[n].sure != (cp != 'n'))
			fail_msg("%s: %u is %ssure", name, n, shown[n].sure ? "" : "not ");
		if (cp == 'y')
			assert_int_equal(shown[n].as.n, 0);
		if (cp > 'z') {
			assert_int_equal(shown[n].as.n, 1);
			assert_int_equal(shown[n].as.cp[0], cp);
		}
	}
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct see_letter letters[LETTERS];
		struct see_unit units[LETTERS];
		struct see_symbol symbols[LETTERS];
		struct see_shown shown[LETTERS] = {{.sure = false}};
		const struct see_cut cut = {.enlarged = 1};
		struct see_units u;
		struct see_line line = {.plain = true};
		unsigned n = take_read(rows[i].read, rows[i].at, symbols);

		take_layer(rows[i].layer, letters, units, &u);
		line.end = u.n_letters;
		if (see_align(&u, &line, &cut, symbols, n, shown) != rows[i].want)
			fail_msg("%s, %s: not %d", rows[i].layer, rows[i].read, rows[i].want);
		if (rows[i].want)
			check(rows[i].read, rows[i].sure, shown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
