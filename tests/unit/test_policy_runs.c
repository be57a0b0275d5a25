/* test_policy_runs.c - which expressions are looked for in runs only, and what a run is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "policy/runs.h"

static void test_simple_expressions_are_taken(void **state)
{
	static const struct {
		const char *expr;
		bool caseless, want;
		size_t least;
	} rows[] = {
		{"[0-9]{15}", false, true, 15},
		{"1[3-9][0-9]{9}", false, true, 11},
		{"[1-9][0-9]{16}[0-9Xx×]", false, true, 18},
		{"\\d{6}\\-?[A-F\\d]{5,9}", false, true, 11},
		{"460[0-9]{12}", false, true, 15},
		{"[k]{11}", true, true, 11},
		/* too short, or it says nothing about how long */
		{"[0-9]{10}", false, false, 0},
		{"[0-9]{8}[0-9]?[0-9]{0,9}", false, false, 0},
		{"[0-9]{0,11}", false, false, 0},
		/* what stands around, or a choice */
		{"^[0-9]{15}", false, false, 0},
		{"[0-9]{15}$", false, false, 0},
		{"\\b[0-9]{15}", false, false, 0},
		{"([0-9]{15}|[0-9]{18})", false, false, 0},
		{"[0-9]{15}+", false, false, 0},
		{"[0-9]{15}.", false, false, 0},
		/* everything but a few, names of classes, characters by number */
		{"[^0-9]{15}", false, false, 0},
		{"[[:alpha:]]{15}", false, false, 0},
		{"\\x{41}{15}", false, false, 0},
		{"\\w{15}", false, false, 0},
		/* what Chinese text is made of */
		{"[0-9]{15}号", false, false, 0},
		{"[0-9一二三]{15}", false, false, 0},
		/* broken */
		{"[0-9", false, false, 0},
		{"[0-9]{15", false, false, 0},
		{"\\", false, false, 0},
		{"", false, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct runs r = {.least = 0}, none = {.least = 0};
		bool got = runs_add(&r, rows[i].expr, rows[i].caseless);

		if (got != rows[i].want || r.least != rows[i].least)
			fail_msg("%s: %d, least %zu", rows[i].expr, got, r.least);
		if (!got)
			assert_memory_equal(&r, &none, sizeof(r));
	}
}

/* What the runs of a text are, with bars between. */
static void all_runs(const struct runs *r, const char *text, char *out, size_t cap)
{
	size_t from, to, at = 0;

	out[0] = '\0';
	while (runs_next(r, text, at, strlen(text), &from, &to)) {
		size_t used = strlen(out);

		(void)snprintf(out + used, cap - used, "%.*s|", (int)(to - from), text + from);
		assert_true(from >= at && to > from);
		at = to;
	}
}

static void test_runs_are_whole(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", ""},
		{"01234567890123", ""},
		{"012345678901234", "012345678901234|"},
		{"号012345678901234号", "012345678901234|"},
		{"a012345678901234b0123456789012345,1", "012345678901234|0123456789012345|"},
		{"0123456789 012345678901234", "012345678901234|"},
		/* U+00D7 belongs to an expression; its last byte ends other characters too */
		{"012345678901234×", "012345678901234×|"},
		{"\xe4\xb8\x97"
		 "012345678901234",
		 "012345678901234|"},
		{"012345678901234\xc3\xa9", "012345678901234|"},
		{"\xe4\xb8\x97\xe4\xb8\x97\xe4\xb8\x97\xe4\xb8\x97\xe4\xb8\x97", ""},
	};
	struct runs r = {.least = 0};

	(void)state;
	assert_true(runs_add(&r, "[0-9]{15}", false));
	assert_true(runs_add(&r, "[0-9]{17}[0-9×]", false));
	assert_int_equal(r.least, 15);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char got[128];

		all_runs(&r, rows[i].text, got, sizeof(got));
		assert_string_equal(got, rows[i].want);
	}
}

/* The sign of kelvin is a k in any case, the long s an s. */
static void test_other_case_is_in_a_run(void **state)
{
	struct runs r = {.least = 0};
	char got[64];

	(void)state;
	assert_true(runs_add(&r, "[a-z]{11}", true));
	all_runs(&r, "-abcdeFGHIJ\xe2\x84\xaaL-", got, sizeof(got));
	assert_string_equal(got, "abcdeFGHIJ\xe2\x84\xaaL|");
	all_runs(&r, "-abcdeFGHIJ\xc5\xbfL-", got, sizeof(got));
	assert_string_equal(got, "abcdeFGHIJ\xc5\xbfL|");
}

static void test_nothing_added_finds_nothing(void **state)
{
	const struct runs r = {.least = 0};
	size_t from, to;

	(void)state;
	assert_false(runs_next(&r, "012345678901234", 0, 15, &from, &to));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_simple_expressions_are_taken),
		cmocka_unit_test(test_runs_are_whole),
		cmocka_unit_test(test_other_case_is_in_a_run),
		cmocka_unit_test(test_nothing_added_finds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
