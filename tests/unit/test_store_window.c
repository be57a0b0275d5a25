/* test_store_window.c - windows of the list: order, filters, and what an order may not tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk_fixture.h"
#include "review/filter.h"

enum { NOW = 1795770000 };

static struct fixture fx;

/* "n" of every draft in the order in which they come. */
static int note(const struct draft *d, void *arg)
{
	char *out = arg;
	size_t n = strlen(out);

	(void)snprintf(out + n, 64 - n, "%lld ", (long long)(d->number % 1000000));
	return 0;
}

static void put(const char *token, const char *title, const char *unit, const char *type,
		enum draft_state to, int64_t due, unsigned worst, const char *rules)
{
	struct draft d = {.n_channels = 1, .n_files = 1};
	const struct draft_change plain = {.actor = "p-01"}, found = {.actor = "inspector",
								      .due = due,
								      .rules = rules,
								      .worst = worst};
	struct sl_why why = {""};

	(void)snprintf(d.author, sizeof(d.author), "p-01");
	(void)snprintf(d.submitter, sizeof(d.submitter), "p-01");
	(void)snprintf(d.unit, sizeof(d.unit), "%s", unit);
	(void)snprintf(d.title, sizeof(d.title), "%s", title);
	(void)snprintf(d.content_type, sizeof(d.content_type), "%s", type);
	(void)snprintf(d.channels[0], sizeof(d.channels[0]), "official-site");
	(void)snprintf(d.klass, sizeof(d.klass), "A");
	d.files = calloc(1, sizeof(*d.files));
	assert_non_null(d.files);
	(void)snprintf(d.files[0].name, sizeof(d.files[0].name), "a.txt");
	(void)snprintf(d.files[0].media_type, sizeof(d.files[0].media_type), "text/plain");
	fixture_upload(&fx, "p-01", token, d.files[0].sha256);
	d.files[0].length = strlen(token);
	assert_int_equal(store_draft_prepare(fx.store, &d, token, &why), SL_OK);
	assert_int_equal(store_move(fx.store, d.id, 1, DRAFT_PREPARED, DRAFT_SUBMITTED,
				    to == DRAFT_SUBMITTED ? &found : &plain, &why),
			 SL_OK);
	if (to != DRAFT_SUBMITTED) {
		assert_int_equal(store_move(fx.store, d.id, 1, DRAFT_SUBMITTED,
					    DRAFT_INSPECTING, &plain, &why),
				 SL_OK);
		assert_int_equal(
			store_move(fx.store, d.id, 1, DRAFT_INSPECTING, to, &found, &why),
			SL_OK);
	}
	draft_release(&d);
}

static int setup(void **state)
{
	(void)state;
	fixture_open(&fx);
	put("1", "Zebra crossings", "u-3", "CT05", DRAFT_IN_REVIEW, 300, 2, " PI-003 WS-004 ");
	put("2", "关于北环路 100% 封闭的通告", "u-1", "CT05", DRAFT_IN_REVIEW, 200, 9, "");
	put("3", "annual report", "u-2", "CT18", DRAFT_IN_REVIEW, 400, 1, " PI-0031 ");
	put("4", "secret by title", "u-0", "CT05", DRAFT_SPILL, 100, 0, " SM-001 ");
	put("5", "ANNUAL plan", "u-9", "CT18", DRAFT_HELD, 500, 3, " WS-004 ");
	put("6", "not yet inspected", "u-5", "CT05", DRAFT_SUBMITTED, 600, 9, "");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_close(&fx);
	return 0;
}

static void filters(void **state)
{
	static const struct {
		const char *filter, *sort;
		bool reverse;
		const char *want;
	} rows[] = {
		{"", "due", false, "2 1 3 "},
		{"", "due", true, "3 1 2 "},
		{"", "risk", false, "3 1 2 "},
		{"", "unit", false, "2 3 1 "},
		{"", "title", false, "1 3 2 "},
		{"", "number", true, "3 2 1 "},
		{"state:held", "due", false, "5 "},
		{"state:IN_REVIEW,HELD", "number", false, "1 2 3 5 "},
		{"state:in-review", "number", false, "1 2 3 "},
		{"annual state:IN_REVIEW,HELD", "number", false, "3 5 "},
		{"ANNUAL state:IN_REVIEW,HELD", "number", false, "5 "},
		{"北环路", "due", false, "2 "},
		{"100%", "due", false, "2 "},
		{"_", "due", false, ""},
		{"rule:PI-003", "due", false, "1 "},
		{"rule:pi-003", "due", false, "1 "},
		{"rule:WS-004 state:HELD,IN_REVIEW", "number", false, "1 5 "},
		{"type:ct18", "due", false, "3 "},
		{"unit:u-1", "due", false, "2 "},
		{"route:a type:CT05", "number", false, "1 2 "},
		{"route:B", "due", false, ""},
		{"age<1h", "number", false, ""}, /* by the clock given, long ago or to come */
		{"  zebra   crossings ", "due", false, "1 "},
		/* A spill is found by its state and times, and by nothing that it says. */
		{"state:SPILL", "title", false, "4 "},
		{"state:SPILL secret", "due", false, ""},
		{"state:SPILL rule:SM-001", "due", false, ""},
		{"state:SPILL unit:u-0", "due", false, ""},
		{"state:SPILL,IN_REVIEW", "risk", false, "3 1 4 2 "},
		/* The title of what is not inspected is no word to find it by. */
		{"state:SUBMITTED", "due", false, "6 "},
		{"state:SUBMITTED inspected", "due", false, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct draft_query q = {
			.states = {DRAFT_IN_REVIEW}, .n_states = 1, .limit = 100};
		uint64_t total = 99;
		struct sl_why why = {""};
		char got[64] = "";

		if (filter_parse(rows[i].filter, (int64_t)NOW + 1000000000, &q, &why) != SL_OK)
			fail_msg("%s: %s", rows[i].filter, why.text);
		assert_int_equal(filter_order(rows[i].sort, &q.order), SL_OK);
		q.reverse = rows[i].reverse;
		assert_int_equal(store_draft_window(fx.store, &q, &total, note, got), SL_OK);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s by %s: got %s, not %s", rows[i].filter, rows[i].sort, got,
				 rows[i].want);
		assert_int_equal(total, strlen(rows[i].want) / 2);
	}
}

static void spans_of_time(void **state)
{
	struct draft_query q = {.states = {DRAFT_IN_REVIEW}, .n_states = 1};
	struct sl_why why = {""};

	(void)state;
	assert_int_equal(filter_parse("age>3d age<2w due<0 due>30m", NOW, &q, &why), SL_OK);
	assert_int_equal(q.created_before, NOW - 3 * 86400);
	assert_int_equal(q.created_after, NOW - 14 * 86400);
	assert_int_equal(q.due_before, NOW);
	assert_int_equal(q.due_after, NOW + 1800);
}

static void refused_words(void **state)
{
	static const char *const rows[] = {
		"state:",
		"state:NOWHERE",
		"state:PREPARED",
		"state:HELD,",
		"unit:",
		"age>",
		"age>3",
		"age>d",
		"age>-1d",
		"due<99999999d",
		"due<1y",
		"a b c d e f g h i",
		"rule:much-too-long-for-a-rule",
		"\xff",
		"type:",
		"route:",
	};
	char longest[FILTER_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct draft_query q = {.states = {DRAFT_HELD}, .n_states = 1, .limit = 7},
				   was = q;
		struct sl_why why = {""};

		/* A comma at the end names nothing more and is let pass. */
		if (strcmp(rows[i], "state:HELD,") == 0) {
			assert_int_equal(filter_parse(rows[i], NOW, &q, &why), SL_OK);
			continue;
		}
		if (filter_parse(rows[i], NOW, &q, &why) == SL_OK)
			fail_msg("%s was let pass", rows[i]);
		assert_true(why.text[0] != '\0');
		assert_memory_equal(&q, &was, sizeof(q));
	}
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(filter_parse(longest, NOW, &(struct draft_query){.n_states = 0}, NULL),
			 SL_E_LIMIT);
	assert_int_equal(filter_order("colour", &(enum draft_order){DRAFT_BY_DUE}),
			 SL_E_FORMAT);
}

static void windows(void **state)
{
	struct draft_query q = {.states = {DRAFT_IN_REVIEW, DRAFT_HELD}, .n_states = 2};
	uint64_t total = 0;

	(void)state;
	/* Whatever the window, it is that part of the whole: 2 1 3 5. */
	static const char whole[] = "2 1 3 5 ";
	for (unsigned offset = 0; offset <= 5; offset++) {
		for (unsigned limit = 1; limit <= 5; limit++) {
			unsigned left = offset < 4 ? 4 - offset : 0;
			unsigned n = left < limit ? left : limit;
			char got[64] = "";

			q.offset = offset;
			q.limit = limit;
			assert_int_equal(store_draft_window(fx.store, &q, &total, note, got),
					 SL_OK);
			assert_int_equal(total, 4);
			assert_int_equal(strlen(got), 2 * n);
			assert_int_equal(strncmp(got, whole + (n > 0 ? 2 * offset : 0), 2 * n),
					 0);
		}
	}
	q.limit = 0;
	assert_int_equal(store_draft_window(fx.store, &q, &total, note, NULL), SL_E_LIMIT);
	q.limit = DRAFT_WINDOW_MAX + 1;
	assert_int_equal(store_draft_window(fx.store, &q, &total, note, NULL), SL_E_LIMIT);
	q.limit = 1;
	q.n_states = 0;
	assert_int_equal(store_draft_window(fx.store, &q, &total, note, NULL), SL_E_LIMIT);
}

static void finds(void **state)
{
	static const struct {
		const char *text;
		bool exact, backwards;
		unsigned from;
		int want;
	} rows[] = {
		/* places: 0 is draft 2, 1 draft 1, 2 draft 3, 3 draft 5, 4 the spill */
		{"annual", false, false, 0, 2},	  {"annual", false, false, 2, 3},
		{"annual", false, false, 3, 2},	  {"annual", false, true, 3, 2},
		{"annual", false, true, 2, 3},	  {"ANNUAL", true, false, 0, 3},
		{"000001", false, false, 0, 1},	  {"zebra", false, false, 1, 1},
		{"nowhere", false, false, 0, -1}, {"secret", false, false, 0, -1},
		{"%", false, false, 1, 0},
	};
	struct draft_query q = {.states = {DRAFT_IN_REVIEW, DRAFT_HELD, DRAFT_SPILL},
				.n_states = 3,
				.limit = 1};

	(void)state;
	q.due_after =
		150; /* without the spill, which is due at 100, the places are those above */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned place = 99;
		int r = store_draft_find(fx.store, &q, rows[i].text, rows[i].exact,
					 rows[i].from, rows[i].backwards, &place);

		assert_int_equal(r, rows[i].want < 0 ? SL_E_NOTFOUND : SL_OK);
		if (r == SL_OK && (int)place != rows[i].want)
			fail_msg("%s from %u: %u", rows[i].text, rows[i].from, place);
	}
	q.due_after = 0;
	assert_int_equal(
		store_draft_find(fx.store, &q, "secret", false, 0, false, &(unsigned){0}),
		SL_E_NOTFOUND);
	assert_int_equal(store_draft_find(fx.store, &q, "", false, 0, false, &(unsigned){0}),
			 SL_E_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters),	 cmocka_unit_test(spans_of_time),
		cmocka_unit_test(refused_words), cmocka_unit_test(windows),
		cmocka_unit_test(finds),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
