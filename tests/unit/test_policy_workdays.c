/* test_policy_workdays.c - the calendars that ship, and those that must not load. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "policy/calendar.h"
#include "policy/workdays.h"

static struct workdays shipped;
static char dir[] = "/tmp/sl-workdays-XXXXXX";

static int start(void **state)
{
	struct sl_why why = {.text = ""};
	int r;

	(void)state;
	if (mkdtemp(dir) == NULL || chdir(dir) != 0 || mkdir("calendars", 0700) != 0)
		return -1;
	r = workdays_load(SL_SOURCE_DIR "/policies", &shipped, &why);
	/* As it was in 2026, whatever is added later. */
	while (shipped.n_years > 0 && shipped.year[shipped.n_years - 1] > 2026)
		shipped.n_years--;
	return r;
}

static int stop(void **state)
{
	(void)state;
	workdays_release(&shipped);
	return chdir("/") == 0 ? file_remove_tree(AT_FDCWD, dir) : -1;
}

static int64_t day(const char *text)
{
	int64_t d = 0;

	assert_true(workdays_parse(text, &d));
	return d;
}

static void put(const char *name, const char *text)
{
	assert_int_equal(file_write_durable(AT_FDCWD, name, text, strlen(text), 0600), SL_OK);
}

/* domain.md section 2.5, by name. */
static void ten_vectors(void **state)
{
	static const struct {
		const char *name, *from;
		unsigned days;
		const char *want;
		bool provisional;
	} rows[] = {
		{"2023-09-25 +5", "2023-09-25", 5, "2023-10-08", false},
		{"2024-02-05 +20", "2024-02-05", 20, "2024-03-08", false},
		{"2024-09-10 +7", "2024-09-10", 7, "2024-09-20", false},
		{"2025-01-20 +5, a Sunday", "2025-01-20", 5, "2025-01-26", false},
		{"2025-01-20 +20", "2025-01-20", 20, "2025-02-21", false},
		{"2025-04-25 +3, a working Sunday", "2025-04-25", 3, "2025-04-29", false},
		{"2025-09-26 +5", "2025-09-26", 5, "2025-10-10", false},
		{"2025-12-26 +5, needs both files", "2025-12-26", 5, "2026-01-05", false},
		{"2026-02-13 +3", "2026-02-13", 3, "2026-02-25", false},
		{"2026-09-18 +5", "2026-09-18", 5, "2026-09-24", false},
		{"received on a Saturday", "2026-11-28", 1, "2026-11-30", false},
		{"over a leap day", "2024-02-28", 2, "2024-03-01", false},
		{"before the last week", "2026-12-22", 2, "2026-12-24", false},
		{"in the last week", "2026-12-22", 3, "2026-12-25", true},
		{"into a year without a file", "2026-12-30", 2, "2027-01-01", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t from = day(rows[i].from),
			got = workdays_after(&shipped, from, rows[i].days);
		char text[WORKDAYS_TEXT];

		workdays_format(got, text);
		if (strcmp(text, rows[i].want) != 0 ||
		    workdays_provisional(&shipped, from, got) != rows[i].provisional ||
		    workdays_between(&shipped, from, got) != rows[i].days)
			fail_msg("%s: %s", rows[i].name, text);
	}
}

static void years(void **state)
{
	static const unsigned want[] = {249, 249, 251, 248, 248};

	(void)state;
	for (uint32_t y = 2022; y <= 2026; y++)
		assert_int_equal(workdays_of_year(&shipped, y), want[y - 2022]);
	assert_true(workdays_knows(&shipped, day("2026-06-01")));
	assert_false(workdays_knows(&shipped, day("2031-06-01")));
	assert_int_equal(workdays_missing(&shipped, day("2026-10-31")), 0);
	assert_int_equal(workdays_missing(&shipped, day("2026-11-01")), 2027);
	assert_int_equal(workdays_missing(&shipped, day("2027-01-01")), 2027);
	assert_int_equal(workdays_year(day("2024-02-29")), 2024);
}

static void bad_days(void **state)
{
	static const char *const rows[] = {"",		 "2026-2-03",  "2026-02-30",
					   "2026/02/03", "0026-02-03", "2026-13-01",
					   "2026-02-3x", "2025-02-29"};
	int64_t d;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_false(workdays_parse(rows[i], &d));
}

/* The file of the real project has keys of its own, and next year's may change December. */
static void next_year_wins(void **state)
{
	struct sl_why why = {.text = ""};
	struct workdays w;

	(void)state;
	put("calendars/2026.json",
	    "{\"year\": 2026, \"days\": [{\"name\": \"x\", \"date\": \"2026-12-31\","
	    " \"isOffDay\": true}]}");
	put("calendars/2027.json",
	    "{\"$schema\": \"https://example.invalid/schema.json\", \"$id\": \"x\",\n"
	    " \"year\": 2027, \"papers\": [\"https:\\/\\/example.invalid\\/a\"],\n"
	    " \"days\": [{\"name\": \"元旦\", \"date\": \"2026-12-26\", \"isOffDay\": false},\n"
	    "  {\"name\": \"元旦\", \"date\": \"2026-12-30\", \"isOffDay\": true, \"more\": "
	    "1}]}");
	put("calendars/readme.txt", "nothing");
	if (workdays_load(".", &w, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_true(workdays_is(&w, day("2026-12-26")));
	assert_false(workdays_is(&w, day("2026-12-30")));
	assert_false(workdays_is(&w, day("2026-12-31")));
	assert_int_equal(w.n_years, 2);
	workdays_release(&w);
	/* Of two words about one day the newer notice's counts. */
	put("calendars/2027.json", "{year: 2027, days: [{name: x, date: 2026-12-31, isOffDay: "
				   "true}, {name: y, date: 2026-12-26, isOffDay: false}]}");
	put("calendars/2026.json", "{year: 2026, days: [{name: y, date: 2026-12-26, isOffDay: "
				   "true}]}");
	assert_int_equal(workdays_load(".", &w, &why), SL_OK);
	assert_int_equal(w.n, 2);
	assert_true(workdays_is(&w, day("2026-12-26")));
	workdays_release(&w);
	assert_int_equal(unlink("calendars/2027.json"), 0);
	assert_int_equal(unlink("calendars/2026.json"), 0);
}

#define FILE_OF(days) "{\n\"year\": 2026,\n\"days\": [\n" days "\n]}"

static void broken_files(void **state)
{
	static const struct {
		const char *file, *text, *want1, *want2;
	} rows[] = {
		{"2026", FILE_OF("{\"name\":\"x\",\"date\":\"2026-10-41\",\"isOffDay\":true}"),
		 "2026.json:4: ", "2026-10-41"},
		{"2026",
		 FILE_OF("{\"name\":\"x\",\"date\":\"2026-10-01\",\"isOffDay\":true},\n"
			 "{\"name\":\"x\",\"date\":\"2026-10-01\",\"isOffDay\":false}"),
		 "2026.json:5: ", "twice"},
		{"2026", FILE_OF("{\"name\":\"x\",\"date\":\"2026-10-08\",\"isOffDay\":false}"),
		 "2026.json:4: ", "no Saturday"},
		{"2026",
		 FILE_OF("{\"name\":\"x\",\"date\":\"2026-10-01\",\"isOffDay\":true},\n"
			 "{\"name\":\"x\",\"date\":\"2026-10-01\",\"isOffDay\":true}"),
		 "2026.json:5: ", "twice"},
		{"2026", FILE_OF("{\"name\":\"x\",\"date\":\"2025-11-30\",\"isOffDay\":true}"),
		 "2026.json:4: ", "2025-11-30"},
		{"2026", FILE_OF("{\"name\":\"x\",\"date\":\"2027-01-01\",\"isOffDay\":true}"),
		 "2026.json:4: ", "2027-01-01"},
		{"2026", FILE_OF("{\"name\":\"x\",\"date\":\"2026-01-01\"}"),
		 "2026.json:4: ", "isOffDay"},
		{"2026",
		 FILE_OF("{\"name\":\"x\",\"date\":\"2026-01-01\",\"isOffDay\":\"maybe\"}"),
		 "2026.json:4: ", ""},
		{"2025", FILE_OF(""), "2025.json:2: ", "2026"},
		{"2026", "{\"year\": 20, \"days\": []}", "2026.json:1: ", "20"},
		{"2026", "{\"days\": []}", "2026.json:1: ", "year"},
		{"2026", "{\"year\": 2026, \"days\": [", "2026.json:", ""},
		{"2026", "", "2026.json:1: ", ""},
		{"twenty", FILE_OF(""), "twenty.json:1: ", "2026.json"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {.text = ""};
		struct workdays w;
		char name[64];

		(void)snprintf(name, sizeof(name), "calendars/%s.json", rows[i].file);
		put(name, rows[i].text);
		if (workdays_load(".", &w, &why) != SL_E_CONFIG ||
		    strstr(why.text, rows[i].want1) == NULL ||
		    strstr(why.text, rows[i].want2) == NULL)
			fail_msg("row %zu: %s", i, why.text);
		workdays_release(&w);
		assert_int_equal(unlink(name), 0);
	}
}

/* Every day a holiday: the count ends all the same. */
static void no_working_day(void **state)
{
	enum { N = 4000 };
	static struct workdays_mark mark[N];
	const struct workdays w = {.mark = mark, .n = N};

	(void)state;
	for (unsigned i = 0; i < N; i++)
		mark[i] = (struct workdays_mark){.day = 20000 + i, .off = true};
	assert_true(workdays_after(&w, 20000, 1) <= 20000 + 3 * WORKDAYS_TERM_MAX);
}

static void no_calendars(void **state)
{
	struct sl_why why = {.text = ""};
	struct workdays w;

	(void)state;
	assert_int_equal(workdays_load("/nowhere", &w, &why), SL_OK);
	assert_true(workdays_is(&w, day("2026-10-01")));
	assert_true(workdays_provisional(&w, day("2026-03-02"), day("2026-03-03")));
	assert_false(workdays_provisional(&w, day("2026-03-02"), day("2026-03-02")));
	assert_int_equal(workdays_missing(&w, day("2026-03-03")), 2026);
	workdays_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_vectors),	cmocka_unit_test(years),
		cmocka_unit_test(bad_days),	cmocka_unit_test(next_year_wins),
		cmocka_unit_test(broken_files), cmocka_unit_test(no_working_day),
		cmocka_unit_test(no_calendars),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
