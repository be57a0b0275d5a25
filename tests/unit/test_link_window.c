/* test_link_window.c - replays, late ones, restarts, and a model that remembers everything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/window.h"

static void test_answers(void **state)
{
	static const struct {
		const char *name;
		uint32_t session, number;
		enum window_answer want;
	} rows[] = {
		{"the first", 5, 1, WINDOW_FRESH},
		{"again", 5, 1, WINDOW_REPLAYED},
		{"a gap", 5, 4, WINDOW_FRESH},
		{"late", 5, 2, WINDOW_FRESH},
		{"late and again", 5, 2, WINDOW_REPLAYED},
		{"late, the other", 5, 3, WINDOW_FRESH},
		{"no number", 5, 0, WINDOW_REPLAYED},
		{"an older session", 4, 9, WINDOW_OLD_SESSION},
		{"the whole span further", 5, 4 + WINDOW_SPAN, WINDOW_FRESH},
		{"just behind the window", 5, 4, WINDOW_REPLAYED},
		{"the last in the window", 5, 5, WINDOW_FRESH},
		{"the last in the window again", 5, 5, WINDOW_REPLAYED},
		{"the last of all", 5, UINT32_MAX, WINDOW_FRESH},
		{"the last of all again", 5, UINT32_MAX, WINDOW_REPLAYED},
		{"far behind", 5, 4 + WINDOW_SPAN, WINDOW_REPLAYED},
		{"one before the last", 5, UINT32_MAX - 1, WINDOW_FRESH},
		{"a new session, no number", 6, 0, WINDOW_REPLAYED},
		{"so the old one is still good", 5, UINT32_MAX - 2, WINDOW_FRESH},
		{"a new session, not from its start", 6, 3, WINDOW_FRESH},
		{"its start, late", 6, 1, WINDOW_FRESH},
		{"the old session", 5, UINT32_MAX - 3, WINDOW_OLD_SESSION},
		{"the last session", UINT32_MAX, 1, WINDOW_FRESH},
		{"the last session again", UINT32_MAX, 1, WINDOW_REPLAYED},
	};
	struct window *w = malloc(sizeof(*w));

	(void)state;
	assert_non_null(w);
	window_start(w, 0, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (window_take(w, rows[i].session, rows[i].number) != rows[i].want)
			fail_msg("%s", rows[i].name);
	}
	free(w);
}

static void test_restart(void **state)
{
	struct window *w = malloc(sizeof(*w));

	(void)state;
	assert_non_null(w);
	window_start(w, 7, 100000);
	for (uint32_t n = 1; n <= 100000; n += 333)
		assert_int_equal(window_take(w, 7, n), WINDOW_REPLAYED);
	assert_int_equal(window_take(w, 7, 100000), WINDOW_REPLAYED);
	assert_int_equal(window_take(w, 6, 200000), WINDOW_OLD_SESSION);
	assert_int_equal(window_take(w, 7, 100002), WINDOW_FRESH);
	assert_int_equal(window_take(w, 7, 100001), WINDOW_FRESH);
	assert_int_equal(window_take(w, 7, 99999), WINDOW_REPLAYED);
	assert_int_equal(window_take(w, 8, 1), WINDOW_FRESH);
	free(w);
}

/* Steps of every size against a table of all numbers. */
static void test_model(void **state)
{
	enum { NUMBERS = 1 << 20 };
	bool *seen = calloc(NUMBERS, sizeof(*seen));
	struct window *w = malloc(sizeof(*w));
	uint32_t highest = 0, seed = 1, fresh = 0;

	(void)state;
	assert_true(w != NULL && seen != NULL);
	window_start(w, 1, 0);
	for (unsigned i = 0; i < 500000; i++) {
		uint32_t number, back;
		bool want;

		seed = seed * 1664525 + 1013904223;
		back = (seed >> 8) % (i % 7 == 0 ? WINDOW_SPAN + 100 : 200);
		number = highest + (i % 5000 == 0 ? (seed >> 8) % 70000 : 50);
		number = number > back ? number - back : 1;
		if (number >= NUMBERS)
			break;
		want = !seen[number] && (number > highest || highest - number < WINDOW_SPAN);
		assert_int_equal(window_take(w, 1, number),
				 want ? WINDOW_FRESH : WINDOW_REPLAYED);
		fresh += want;
		seen[number] = true;
		highest = number > highest ? number : highest;
	}
	assert_true(fresh > 10000 && highest > 3 * WINDOW_SPAN);
	free(seen);
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
