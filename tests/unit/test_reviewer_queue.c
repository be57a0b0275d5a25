/* test_reviewer_queue.c - pages of the queue, marks, times in words, the settings file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/queue.h"
#include "tui/settings.h"
#include "tui/when.h"

/* n rows from `from` on, of `total`. */
static json_t *answer(unsigned from, unsigned n, unsigned total)
{
	json_t *list = json_array();
	char id[24];

	for (unsigned i = from; i < from + n; i++) {
		(void)snprintf(id, sizeof(id), "D-2026-%06u", i);
		(void)json_array_append_new(list, json_pack("{s:s}", "draft", id));
	}
	return json_pack("{s:o,s:i}", "drafts", list, "total", (int)total);
}

static void put(struct queue *q, unsigned page, unsigned from, unsigned n, unsigned total)
{
	json_t *j = answer(from, n, total);

	queue_put(q, page, j, 1000);
	json_decref(j);
}

static void asks_for_what_is_on_the_screen(void **state)
{
	struct queue q = {.total = 0};
	unsigned page = 9;

	(void)state;
	assert_true(queue_wants(&q, 20, 1000, 5000, &page));
	assert_int_equal(page, 0);
	put(&q, 0, 0, 100, 1000);
	assert_false(queue_wants(&q, 20, 1000, 5000, &page));
	/* Old pages are asked for again, and only those on the screen. */
	assert_true(queue_wants(&q, 20, 6000, 5000, &page));
	assert_int_equal(page, 0);
	(void)queue_move(&q, COMMAND_END, 20);
	assert_int_equal(q.at, 999);
	q.top = 980;
	assert_null(queue_row(&q, 999));
	assert_null(queue_current(&q));
	assert_true(queue_wants(&q, 20, 1000, 5000, &page));
	assert_int_equal(page, 9);
	put(&q, 9, 900, 100, 1000);
	assert_string_equal(queue_current(&q), "D-2026-000999");
	/* No more than a few pages are kept. */
	for (unsigned i = 1; i < 9; i++)
		put(&q, i, i * 100, 100, 1000);
	assert_null(queue_row(&q, 0));
	assert_non_null(queue_row(&q, 850));
	/* Shorter by now: the last one is chosen. */
	put(&q, 0, 0, 3, 3);
	assert_int_equal(q.at, 2);
	queue_release(&q);
}

static void the_chosen_one_stays_chosen(void **state)
{
	struct queue q = {.total = 0};
	json_t *j;

	(void)state;
	put(&q, 0, 10, 30, 30);
	queue_go(&q, 5);
	assert_string_equal(queue_current(&q), "D-2026-000015");
	put(&q, 0, 12, 28, 28); /* two before it are gone */
	assert_int_equal(q.at, 3);
	assert_string_equal(queue_current(&q), "D-2026-000015");
	put(&q, 0, 20, 20, 20); /* itself is gone: the place stays */
	assert_int_equal(q.at, 3);
	assert_string_equal(queue_current(&q), "D-2026-000023");
	queue_set_sort(&q, SORT_RISK, true);
	assert_int_equal(q.total, 0);
	queue_set_filter(&q, "due<1d");
	j = queue_args(&q, 2);
	assert_string_equal(json_str(j, "filter"), "due<1d");
	assert_string_equal(json_str(j, "sort"), "risk");
	json_decref(j);
	queue_release(&q);
}

static void marks(void **state)
{
	struct queue q = {.total = 0};
	char id[24];

	(void)state;
	put(&q, 0, 0, 100, 250);
	put(&q, 1, 100, 100, 250);
	assert_int_equal(queue_mark_range(&q), -1);
	assert_true(queue_mark(&q, "D-2026-000095", true));
	assert_true(queue_mark(&q, "D-2026-000095", true)); /* once is enough */
	assert_int_equal(q.n_marks, 1);
	queue_go(&q, 104);
	assert_int_equal(queue_mark_range(&q), 10);
	assert_int_equal(q.n_marks, 10);
	assert_true(queue_marked(&q, "D-2026-000100"));
	assert_true(queue_mark(&q, "D-2026-000100", false));
	assert_false(queue_marked(&q, "D-2026-000100"));
	assert_int_equal(q.n_marks, 9);
	queue_go(&q, 240); /* not there yet */
	assert_int_equal(queue_mark_range(&q), -1);
	queue_unmark_all(&q);
	for (unsigned i = 0; i < QUEUE_MARKS_MAX; i++) {
		(void)snprintf(id, sizeof(id), "D-2026-%06u", i);
		assert_true(queue_mark(&q, id, true));
	}
	assert_false(queue_mark(&q, "D-2026-999999", true));
	queue_release(&q);
}

static void times_in_words(void **state)
{
	static const struct {
		int64_t seconds;
		const char *want;
	} rows[] = {{0, "now"},	    {59, "now"},      {60, "1m"},	 {3599, "59m"},
		    {3600, "1h"},   {172799, "47h"},  {172800, "2d"},	 {-90, "-1m"},
		    {-7200, "-2h"}, {8640000, "14w"}, {-8640000, "-14w"}};
	char out[24];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		when_span(rows[i].seconds, out, sizeof(out));
		assert_string_equal(out, rows[i].want);
	}
	assert_int_equal(when_level(0, 0, 50), WHEN_CALM);
	assert_int_equal(when_level(100, 200, 149), WHEN_CALM);
	assert_int_equal(when_level(100, 200, 150), WHEN_HALF);
	assert_int_equal(when_level(100, 200, 180), WHEN_LATE);
	assert_int_equal(when_level(100, 200, 200), WHEN_OVER);
	assert_int_equal(when_level(300, 200, 250), WHEN_OVER);
	assert_string_equal(when_mark(WHEN_OVER), "!!!");
}

static void settings_keep_what_they_understand(void **state)
{
	static const char file[] = "theme light\nfilter late due<0\nfilter bad\n"
				   "nonsense\nfilter na:me x\nfilter late due<1d\ntheme \xff\n"
				   "filter unfinished due<2d";
	char home[] = "/tmp/sl-settings.XXXXXX", path[128], name[16];
	struct settings s, again;

	(void)state;
	settings_parse(&s, file, strlen(file));
	assert_string_equal(s.theme, "light");
	assert_int_equal(s.n, 1);
	assert_string_equal(settings_filter(&s, "late"), "due<1d");
	assert_null(settings_filter(&s, "unfinished"));
	assert_int_equal(settings_set_filter(&s, "two words", "x"), SL_E_LIMIT);
	assert_int_equal(settings_set_filter(&s, "mine", "unit:u-1 图"), SL_OK);
	assert_non_null(mkdtemp(home));
	assert_int_equal(setenv("XDG_CONFIG_HOME", home, 1), 0);
	assert_int_equal(settings_save(&s), SL_OK);
	settings_load(&again);
	assert_memory_equal(&s, &again, sizeof(s));
	assert_int_equal(settings_set_filter(&s, "late", ""), SL_OK);
	assert_null(settings_filter(&s, "late"));
	for (int i = 0; i < SETTINGS_FILTERS_MAX - 1; i++) {
		(void)snprintf(name, sizeof(name), "f%d", i);
		assert_int_equal(settings_set_filter(&s, name, "x"), SL_OK);
	}
	assert_int_equal(settings_set_filter(&s, "more", "x"), SL_E_LIMIT);
	(void)snprintf(path, sizeof(path), "%s/sluice/review.settings", home);
	assert_int_equal(remove(path), 0);
	(void)snprintf(path, sizeof(path), "%s/sluice", home);
	assert_int_equal(remove(path), 0);
	assert_int_equal(remove(home), 0);
	settings_load(&again);
	assert_int_equal(again.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_for_what_is_on_the_screen),
		cmocka_unit_test(the_chosen_one_stays_chosen),
		cmocka_unit_test(marks),
		cmocka_unit_test(times_in_words),
		cmocka_unit_test(settings_keep_what_they_understand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
