/* test_policy_clocks.c - what each clock that ships counts, and files that must not load. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "policy/clocks.h"
#include "policy/reckon.h"

static struct clocks *shipped;
static char dir[] = "/tmp/sl-clocks-XXXXXX";

static int start(void **state)
{
	struct sl_why why = {.text = ""};

	(void)state;
	if (mkdtemp(dir) == NULL || chdir(dir) != 0)
		return -1;
	if (clocks_load(SL_SOURCE_DIR "/policies", &shipped, &why) != SL_OK)
		return -1;
	/* As it was in 2026, whatever is added later. */
	while (shipped->workdays.n_years > 0 &&
	       shipped->workdays.year[shipped->workdays.n_years - 1] > 2026)
		shipped->workdays.n_years--;
	return 0;
}

static int stop(void **state)
{
	(void)state;
	clocks_free(shipped);
	return chdir("/") == 0 ? file_remove_tree(AT_FDCWD, dir) : -1;
}

static int64_t at(const char *text)
{
	int64_t t = 0;

	assert_true(clock_parse(text, strlen(text), &t));
	return t;
}

static struct reckon_term term(const struct clocks_rule *r, const char *from)
{
	return (struct reckon_term){.unit = r->unit,
				    .length = r->length,
				    .moves = r->holiday == CLOCK_NEXT,
				    .started = at(from)};
}

/* Every clock that ships: unit, length, start, what pauses and ends it, and when it is over.
 * 24:00 in Shanghai is 16:00 UTC. */
static void shipped_clocks(void **state)
{
	static const struct {
		const char *id, *unit;
		unsigned length;
		const char *start, *pause, *end, *from, *due;
		bool provisional;
	} rows[] = {
		{"outer", "working-day", 20, "formed", "", ",RELEASED,", "2026-09-01T02:00:00Z",
		 "2026-09-29T16:00:00Z", false},
		{"route-a", "working-day", 1, "submitted", ",RETURNED,BLOCKED,REFERRED,",
		 ",RELEASED,", "2026-11-27T08:00:00Z", "2026-11-30T16:00:00Z", false},
		{"route-b", "working-day", 3, "submitted", ",RETURNED,BLOCKED,REFERRED,",
		 ",RELEASED,", "2026-02-13T08:00:00Z", "2026-02-25T16:00:00Z", false},
		{"route-c", "working-day", 5, "submitted", ",RETURNED,BLOCKED,REFERRED,",
		 ",RELEASED,", "2026-12-24T08:00:00Z", "2026-12-31T16:00:00Z", true},
		{"route-c-notice", "working-day", 1, "submitted", ",RETURNED,BLOCKED,REFERRED,",
		 ",RELEASED,", "2026-09-30T08:00:00Z", "2026-10-08T16:00:00Z", false},
		{"route-u", "minute", 30, "submitted", "", ",RELEASED,", "2026-10-01T15:45:00Z",
		 "2026-10-01T16:15:00Z", false},
		{"route-u-review", "working-day", 1, "published", "", ",reviewed,CORRECTED,",
		 "2026-10-01T15:45:00Z", "2026-10-08T16:00:00Z", false},
		{"route-d", "working-day", 15, "received", ",third-party,", ",RELEASED,",
		 "2026-03-02T01:00:00Z", "2026-03-23T16:00:00Z", false},
		{"route-d-outer", "working-day", 20, "received", ",third-party,", ",RELEASED,",
		 "2026-03-02T01:00:00Z", "2026-03-30T16:00:00Z", false},
		{"freeze", "minute", 15, "found", "", ",FROZEN,CORRECTED,settled,",
		 "2026-10-03T23:50:00Z", "2026-10-04T00:05:00Z", false},
		{"freeze-decide", "hour", 2, "frozen", "", ",SENT,CORRECTED,",
		 "2026-10-03T23:50:00Z", "2026-10-04T01:50:00Z", false},
		{"recall-penalty", "working-day", 3, "frozen", "", ",SENT,CORRECTED,",
		 "2026-09-30T08:00:00Z", "2026-10-10T16:00:00Z", false},
		{"reply-assign", "working-day", 1, "received", "", ",SUBMITTED,",
		 "2026-11-28T02:00:00Z", "2026-11-30T16:00:00Z", false},
		{"reply-simple", "working-day", 3, "received", "", ",RELEASED,",
		 "2026-11-27T02:00:00Z", "2026-12-02T16:00:00Z", false},
		{"reply-complaint", "working-day", 7, "received", "", ",RELEASED,",
		 "2026-11-27T02:00:00Z", "2026-12-08T16:00:00Z", false},
		{"reply-other", "working-day", 5, "received", "", ",RELEASED,",
		 "2026-11-27T02:00:00Z", "2026-12-04T16:00:00Z", false},
		{"reply-watch", "day", 60, "received", "", ",RELEASED,", "2028-01-01T02:00:00Z",
		 "2028-03-01T16:00:00Z", false}, /* over 29 February */
		{"spill", "hour", 24, "spilled", "", ",reported,", "2026-10-01T10:00:00Z",
		 "2026-10-02T10:00:00Z", false},
	};

	(void)state;
	assert_int_equal(shipped->n, sizeof(rows) / sizeof(rows[0]));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct clocks_rule *r = clocks_find(shipped, rows[i].id);
		char pause[CLOCKS_WORDS], end[CLOCKS_WORDS], due[CLOCK_TEXT + 1];
		struct reckon_term t;
		int64_t got;

		assert_non_null(r);
		t = term(r, rows[i].from);
		got = reckon_due(shipped, &t);
		clock_format(got, due);
		assert_int_equal(clocks_join(&r->pause, pause), SL_OK);
		assert_int_equal(clocks_join(&r->end, end), SL_OK);
		if (strcmp(clocks_unit_name(r->unit), rows[i].unit) != 0 ||
		    r->length != rows[i].length || strcmp(r->start, rows[i].start) != 0 ||
		    strcmp(pause, rows[i].pause) != 0 || strcmp(end, rows[i].end) != 0 ||
		    strcmp(due, rows[i].due) != 0 ||
		    reckon_provisional(shipped, &t, got) != rows[i].provisional)
			fail_msg("%s: %s %s %s", rows[i].id, due, pause, end);
		/* Nothing used at the start, all of it at the end, whatever the unit. */
		assert_int_equal(reckon_used(shipped, &t, got, t.started), 0);
		assert_int_equal(reckon_used(shipped, &t, got, got), 100);
		assert_true(reckon_used(shipped, &t, got, got - 1) < 100);
		assert_int_equal(reckon_warn(r, 100), 100);
	}
}

/* Which of them run for what. */
static void what_for(void **state)
{
	static const struct {
		const char *classes, *type, *category, *want;
	} rows[] = {
		{"AC", "CT04", "", "outer route-a route-c freeze freeze-decide spill "},
		{"B", "CT12", "", "outer route-b freeze freeze-decide recall-penalty spill "},
		{"C", "CT06", "", "outer route-c-notice freeze freeze-decide spill "},
		{"U", "CT05", "", "route-u route-u-review freeze freeze-decide spill "},
		{"C", "CT17", "", "route-d route-d-outer freeze freeze-decide spill "},
		{"R", "CT16", "咨询",
		 "freeze freeze-decide reply-assign reply-simple reply-watch spill "},
		{"R", "CT16", "投诉",
		 "freeze freeze-decide reply-assign reply-complaint reply-watch spill "},
		{"R", "CT16", "",
		 "freeze freeze-decide reply-assign reply-other reply-watch spill "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char got[400] = "";

		for (unsigned k = 0; k < shipped->n; k++) {
			const struct clocks_rule *r = &shipped->rule[k];

			if (clocks_applies(r, rows[i].classes, rows[i].type, rows[i].category))
				(void)snprintf(got + strlen(got), sizeof(got) - strlen(got),
					       "%s ", r->id);
		}
		assert_string_equal(got, rows[i].want);
	}
}

static void zones(void **state)
{
	char zone[CLOCKS_ZONE];

	(void)state;
	clocks_zone(shipped, zone);
	assert_string_equal(zone, "+08:00");
	/* The same hour all year, and the night belongs to the day that began at 00:00. */
	assert_int_equal(clocks_day(shipped, at("2026-07-01T15:59:59Z")),
			 clock_days(2026, 7, 1));
	assert_int_equal(clocks_day(shipped, at("2026-07-01T16:00:00Z")),
			 clock_days(2026, 7, 2));
	assert_int_equal(clocks_day(shipped, at("2026-01-01T16:00:00Z")),
			 clock_days(2026, 1, 2));
	assert_int_equal(clocks_day_end(shipped, clock_days(2026, 7, 1)),
			 at("2026-07-01T16:00:00Z"));
	assert_int_equal(clocks_day(shipped, at("1969-12-31T15:59:59Z")), -1);
}

/* A pause makes the term longer by what lay in it, counted as the term is. */
static void pauses(void **state)
{
	static const struct {
		const char *id, *from, *since, *until, *due;
	} rows[] = {
		/* Friday to the Monday after next: 5 working days, a weekend counts for nothing
		 */
		{"route-b", "2026-11-09T02:00:00Z", "2026-11-10T02:00:00Z",
		 "2026-11-17T02:00:00Z", "2026-11-19T16:00:00Z"},
		/* within a day: nothing */
		{"route-b", "2026-11-09T02:00:00Z", "2026-11-10T01:00:00Z",
		 "2026-11-10T09:00:00Z", "2026-11-12T16:00:00Z"},
		/* over a weekend only */
		{"route-b", "2026-11-09T02:00:00Z", "2026-11-13T02:00:00Z",
		 "2026-11-15T02:00:00Z", "2026-11-12T16:00:00Z"},
		{"reply-watch", "2026-11-09T02:00:00Z", "2026-11-10T02:00:00Z",
		 "2026-11-20T02:00:00Z", "2027-01-18T16:00:00Z"},
		{"freeze-decide", "2026-11-09T02:00:00Z", "2026-11-09T02:30:00Z",
		 "2026-11-09T03:45:00Z", "2026-11-09T05:15:00Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct clocks_rule *r = clocks_find(shipped, rows[i].id);
		struct reckon_pause p = {at(rows[i].since), at(rows[i].until)};
		struct reckon_term t = term(r, rows[i].from);
		char due[CLOCK_TEXT + 1];
		int64_t whole = reckon_due(shipped, &t), got;
		unsigned used;

		t.pause = &p;
		t.n_pauses = 1;
		got = reckon_due(shipped, &t);
		clock_format(got, due);
		if (strcmp(due, rows[i].due) != 0)
			fail_msg("row %zu: %s", i, due);
		assert_int_equal(reckon_used(shipped, &t, got, got), 100);
		/* While it is paused it stands still. */
		p.until = 0;
		assert_int_equal(reckon_due(shipped, &t), whole);
		used = reckon_used(shipped, &t, whole, p.since);
		assert_int_equal(reckon_used(shipped, &t, whole, p.since + 30 * 86400), used);
	}
}

static void levels(void **state)
{
	static const struct {
		const char *now;
		unsigned used, warn;
	} rows[] = {
		{"2026-11-20T02:00:00Z", 0, 0},	    {"2026-11-22T02:00:00Z", 0, 0},
		{"2026-11-23T04:00:00Z", 10, 0},    {"2026-11-25T04:00:00Z", 50, 50},
		{"2026-11-26T15:59:59Z", 79, 50},   {"2026-11-26T16:00:00Z", 80, 80},
		{"2026-11-27T15:59:59Z", 99, 80},   {"2026-11-27T16:00:00Z", 100, 100},
		{"2026-11-29T16:00:00Z", 100, 100}, {"2026-12-07T16:00:00Z", 220, 100},
	};
	const struct clocks_rule *r = clocks_find(shipped, "reply-other");
	struct reckon_term t = term(r, "2026-11-20T02:00:00Z");
	int64_t due = reckon_due(shipped, &t);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned used = reckon_used(shipped, &t, due, at(rows[i].now));

		if (used != rows[i].used || reckon_warn(r, used) != rows[i].warn)
			fail_msg("%s: %u %u", rows[i].now, used, reckon_warn(r, used));
	}
	assert_int_equal(reckon_warn(NULL, 85), 80);
	assert_int_equal(reckon_used(shipped, &t, due, at("2099-01-01T00:00:00Z")),
			 RECKON_USED_MAX);
}

static void extended(void **state)
{
	const struct clocks_rule *r = clocks_find(shipped, "route-d-outer");
	struct reckon_term t = term(r, "2026-03-02T01:00:00Z");
	char due[CLOCK_TEXT + 1];

	(void)state;
	t.length = r->extend_to;
	clock_format(reckon_due(shipped, &t), due);
	assert_string_equal(due, "2026-04-28T16:00:00Z");
}

#define RULE(id, more)                                                                         \
	"  - id: " id "\n    name: {en: x, zh: 某}\n    basis: b\n    unit: day\n"            \
	"    length: 7\n    start: received\n    end: [RELEASED]\n" more

/* Moved to the next working day, or not, each by its own word. */
static void last_day_a_holiday(void **state)
{
	static const char text[] = "clocks:\n" RULE("next", "    holiday: next\n")
		RULE("stays", "    holiday: stays\n") RULE("plain", "");
	static const char *const want[] = {"2026-12-28T16:00:00Z", "2026-12-26T16:00:00Z",
					   "2026-12-26T16:00:00Z"};
	struct sl_why why = {.text = ""};
	struct clocks *c = NULL;

	(void)state;
	assert_int_equal(file_write_durable(AT_FDCWD, "clocks.yaml", text, strlen(text), 0600),
			 SL_OK);
	if (clocks_load(".", &c, &why) != SL_OK)
		fail_msg("%s", why.text);
	for (unsigned i = 0; i < 3; i++) {
		struct reckon_term t = term(&c->rule[i], "2026-12-19T02:00:00Z");
		char due[CLOCK_TEXT + 1];
		int64_t got = reckon_due(c, &t);

		clock_format(got, due);
		assert_string_equal(due, want[i]);
		/* There are no calendars here: what a file may move is provisional. */
		assert_int_equal(reckon_provisional(c, &t, got), i == 0);
	}
	clocks_free(c);
	assert_int_equal(unlink("clocks.yaml"), 0);
}

static void contradictions(void **state)
{
	static const struct {
		const char *text, *want1, *want2;
	} rows[] = {
		{"clocks:\n" RULE("a", "") RULE("a", ""), "clocks.yaml:9: ", "twice"},
		{"clocks:\n" RULE("A", ""), "clocks.yaml:2: ", "small letters"},
		{"clocks:\n" RULE("a", "    routes: [Z]\n"), "clocks.yaml:9: ", "\"Z\""},
		{"clocks:\n" RULE("a", "    types: [CT5]\n"), "clocks.yaml:9: ", "CT5"},
		{"clocks:\n" RULE("a", "    types: [CT05]\n    not_types: [CT06]\n"),
		 "clocks.yaml:10: ", "exclude"},
		{"clocks:\n" RULE("a", "    routes: [A]\n    categories: [咨询]\n"),
		 "clocks.yaml:10: ", "only replies"},
		{"clocks:\n" RULE("a", "    routes: [R]\n    categories: [闲聊]\n"),
		 "clocks.yaml:10: ", "闲聊"},
		{"clocks:\n" RULE("a", "    routes: [R]\n    categories: [咨询]\n"
				       "    not_categories: [投诉]\n"),
		 "clocks.yaml:11: ", "exclude"},
		{"clocks:\n" RULE("a", "    pause: [RELEASED]\n"),
		 "clocks.yaml:9: ", "RELEASED"},
		{"clocks:\n" RULE("a", "    pause: [SENT]\n"), "clocks.yaml:9: ", "SENT"},
		{"clocks:\n" RULE("a", "    extend_to: 7\n"), "clocks.yaml:9: ", "later"},
		{"clocks:\n" RULE("a", "    warn: [80, 50]\n"), "clocks.yaml:9: ", "ascending"},
		{"clocks:\n" RULE("a", "    warn: [0]\n"), "clocks.yaml:9: ", "ascending"},
		{"clocks:\n" RULE("a", "    colour: red\n"), "clocks.yaml:9: ", "colour"},
		{"clocks:\n  - id: a\n    name: {en: x, zh: 某}\n    basis: b\n    unit: week\n"
		 "    length: 1\n    start: received\n    end: [RELEASED]\n",
		 "clocks.yaml:5: ", "week"},
		{"clocks:\n  - id: a\n    name: {en: x, zh: 某}\n    basis: b\n    unit: day\n"
		 "    length: 0\n    start: received\n    end: [RELEASED]\n",
		 "clocks.yaml:6: ", "between"},
		{"clocks:\n  - id: a\n    name: {en: x, zh: 某}\n    basis: b\n    unit: hour\n"
		 "    length: 721\n    start: received\n    end: [RELEASED]\n",
		 "clocks.yaml:6: ", "720"},
		{"clocks:\n  - id: a\n    name: {en: x, zh: 某}\n    basis: b\n    unit: hour\n"
		 "    length: 1\n    start: received\n    end: [RELEASED]\n    holiday: next\n",
		 "clocks.yaml:9: ", "calendar days"},
		{"clocks:\n  - id: a\n    name: {en: x, zh: 某}\n    basis: b\n    unit: day\n"
		 "    length: 1\n    start: spilled\n    end: [reported]\n",
		 "clocks.yaml:5: ", "wall-clock"},
		{"clocks:\n  - id: a\n    name: {en: x, zh: 某}\n    basis: b\n    unit: "
		 "working-day\n    length: 1\n    start: submitted\n    end: [RELEASED]\n"
		 "    routes: [U]\n",
		 "clocks.yaml:5: ", "wall-clock"},
		{"clocks:\n  - id: a\n    name: {en: x, zh: 某}\n    basis: b\n    unit: day\n"
		 "    length: 1\n    start: monday\n    end: [RELEASED]\n",
		 "clocks.yaml:7: ", "monday"},
		{"clocks:\n  - id: a\n    name: {en: x, zh: 某}\n    basis: b\n    unit: day\n"
		 "    length: 1\n    start: published\n    end: [RELEASED]\n",
		 "clocks.yaml:7: ", "published"},
		{"clocks:\n  - id: a\n    name: {en: x, zh: 某}\n    basis: b\n    unit: day\n"
		 "    length: 1\n    start: received\n",
		 "clocks.yaml:2: ", "never ends"},
		{"clocks:\n  - id: a\n    name: {en: x, zh: 某}\n    basis: b\n    unit: day\n"
		 "    length: 1\n    start: received\n    end: [RELEASED]\n    pause: "
		 "[RETURNED]\n"
		 "  - id: b\n    name: {en: x, zh: 某}\n    basis: b\n    unit: day\n"
		 "    length: 1\n    start: received\n    end: [RETURNED]\n    pause: "
		 "[RETURNED]\n",
		 "clocks.yaml:17: ", "pauses it and ends it"},
		{"clocks:\n  - id: a\n    name: {en: x, zh: 某}\n    basis: b\n    unit: day\n"
		 "    length: 5\n    start: formed\n    end: [RELEASED]\n"
		 "  - id: b\n    name: {en: x, zh: 某}\n    basis: b\n    unit: day\n"
		 "    length: 6\n    start: submitted\n    end: [RELEASED]\n",
		 "clocks.yaml:13: ", "outer limit a"},
		{"zone: Shanghai\nclocks: []\n", "clocks.yaml:1: ", "Shanghai"},
		{"zone: \"+15:00\"\nclocks: []\n", "clocks.yaml:1: ", "+15:00"},
		{"clocks: [", "clocks.yaml:", ""},
		{"", "clocks.yaml:1: ", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {.text = ""};
		struct clocks *c = NULL;

		assert_int_equal(file_write_durable(AT_FDCWD, "clocks.yaml", rows[i].text,
						    strlen(rows[i].text), 0600),
				 SL_OK);
		if (clocks_load(".", &c, &why) != SL_E_CONFIG ||
		    strstr(why.text, rows[i].want1) == NULL ||
		    strstr(why.text, rows[i].want2) == NULL)
			fail_msg("row %zu: %s", i, why.text);
		assert_null(c);
		assert_int_equal(unlink("clocks.yaml"), 0);
	}
}

static void no_clocks(void **state)
{
	struct sl_why why = {.text = ""};
	struct clocks *c = NULL;
	enum clock_unit u;

	(void)state;
	assert_int_equal(clocks_load("/nowhere", &c, &why), SL_OK);
	assert_int_equal(c->n, 0);
	assert_int_equal(c->zone_s, 8 * 3600);
	assert_null(clocks_find(c, "outer"));
	clocks_free(c);
	clocks_free(NULL);
	assert_int_equal(clocks_unit_from_name("hour", &u), SL_OK);
	assert_int_equal(u, CLOCK_HOUR);
	assert_int_equal(clocks_unit_from_name("week", &u), SL_E_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped_clocks),
		cmocka_unit_test(what_for),
		cmocka_unit_test(zones),
		cmocka_unit_test(pauses),
		cmocka_unit_test(levels),
		cmocka_unit_test(extended),
		cmocka_unit_test(last_day_a_holiday),
		cmocka_unit_test(contradictions),
		cmocka_unit_test(no_clocks),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
