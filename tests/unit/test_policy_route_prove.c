/* A route proved again from what was signed: who lacks, who signed out of turn, and what the
 * clocks of two workstations and newer routes may do to that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "policy/edit_text.h"
#include "policy/route_prove.h"

#define SHIPPED SL_SOURCE_DIR "/policies"
enum { NOW = 1780000000, MINUTE = 60, VOICES = 6 };

static struct routes *shipped(void)
{
	struct sl_why why = {""};
	struct routes *r = NULL;

	if (routes_load(SHIPPED, &r, &why) != SL_OK)
		fail_msg("%s", why.text);
	return r;
}

static json_t *report(const char *rule, const char *severity)
{
	return json_pack("{s:[{s:[{s:s,s:s}]}]}", "files", "findings", "rule", rule, "severity",
			 severity);
}

#define VOICE(id, of, as, minutes)                                                             \
	{                                                                                      \
		.pid = (id), .unit = (of), .role = (as), .time = NOW + (minutes)*MINUTE        \
	}
#define LIAISON(minutes) VOICE("p1", "u-01", "liaison", minutes)
#define LEADER(minutes)	 VOICE("p2", "u-01", "unit-leader", minutes)
#define DESK(minutes)	 VOICE("p3", "u-02", "desk", minutes)

static void rows_of_route_a(void **state)
{
	static const struct {
		const char *name;
		struct walk_voice said[VOICES]; /* up to the first without a name */
		const char *source;
		int64_t since;	   /* minutes after NOW; the routes are older otherwise */
		const char *wrong; /* a part of the complaint; NULL: proved */
	} rows[] = {
		{"in turn", {LIAISON(0), LEADER(60), DESK(120)}, NULL, -999, NULL},
		{"as the desk wrote them down, whatever order",
		 {DESK(120), LEADER(60), LIAISON(0)},
		 NULL,
		 -999,
		 NULL},
		{"one lacks", {LIAISON(0), LEADER(60)}, NULL, -999, "0 of 1 signed as desk"},
		{"nobody signed", {{.pid = NULL}}, NULL, -999, "0 of 1 signed as liaison"},
		{"the desk first",
		 {LIAISON(60), LEADER(90), DESK(0)},
		 NULL,
		 -999,
		 "p3 signed as desk out of turn: it is the turn of liaison"},
		{"two changed places",
		 {LIAISON(60), LEADER(0), DESK(90)},
		 NULL,
		 -999,
		 "p2 signed as unit-leader out of turn"},
		{"within the clocks' difference",
		 {LIAISON(4), LEADER(0), DESK(1)},
		 NULL,
		 -999,
		 NULL},
		{"just beyond it",
		 {LIAISON(6), LEADER(0), DESK(7)},
		 NULL,
		 -999,
		 "p2 signed as unit-leader out of turn"},
		{"before these routes were signed",
		 {LIAISON(60), LEADER(90), DESK(0)},
		 NULL,
		 30,
		 NULL},
		{"before, but it lacks",
		 {LIAISON(0), DESK(1)},
		 NULL,
		 30,
		 "signed as unit-leader"},
		{"another unit's leader",
		 {LIAISON(0),
		  {.pid = "p9", .unit = "u-09", .role = "unit-leader", .time = NOW + 3600},
		  DESK(120)},
		 NULL,
		 -999,
		 "signed as unit-leader"},
		{"one person in two steps",
		 {LIAISON(0),
		  {.pid = "p1", .unit = "u-01", .role = "unit-leader", .time = NOW + 3600},
		  DESK(120)},
		 NULL,
		 -999,
		 "signed as unit-leader"},
		{"a repost without its certificate",
		 {LIAISON(0), LEADER(60), DESK(120)},
		 "转载",
		 -999,
		 "not walked to its end"},
		{"a repost with it",
		 {LIAISON(0),
		  LEADER(60),
		  {.pid = "p3",
		   .unit = "u-02",
		   .role = "desk",
		   .time = NOW + 120 * MINUTE,
		   .source = true}},
		 "转载",
		 -999,
		 NULL},
	};
	struct routes *r = shipped();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct walk_case c = {.routes = r,
				      .way = routes_find(r, "A"),
				      .type = "CT04",
				      .unit = "u-01",
				      .column = "",
				      .source_type = rows[i].source,
				      .voices = rows[i].said};
		struct sl_why why = {""};
		int e;

		while (c.n_voices < VOICES && rows[i].said[c.n_voices].pid != NULL)
			c.n_voices++;
		e = route_prove(&c, NOW + rows[i].since * MINUTE, &why);
		if (e != (rows[i].wrong == NULL ? SL_OK : SL_E_DENIED) ||
		    (rows[i].wrong != NULL && strstr(why.text, rows[i].wrong) == NULL))
			fail_msg("%s: %s %s", rows[i].name, sl_errname(e), why.text);
	}
	routes_free(r);
}

/* Findings that belong to the raised route are not released on the lower one. */
static void raised_route(void **state)
{
	const struct walk_voice said[] = {LIAISON(0), LEADER(60), DESK(120)};
	struct routes *r = shipped();
	json_t *s2 = report("WS-004", "S2"), *s3 = report("PI-003", "S3");
	struct walk_case c = {.routes = r,
			      .way = routes_find(r, "A"),
			      .type = "CT04",
			      .unit = "u-01",
			      .column = "",
			      .voices = said,
			      .n_voices = 3};
	struct sl_why why = {""};

	(void)state;
	c.report = s3;
	assert_int_equal(route_prove(&c, 0, &why), SL_OK);
	c.report = s2;
	assert_int_equal(route_prove(&c, 0, &why), SL_E_DENIED);
	assert_non_null(strstr(why.text, "route C"));
	json_decref(s2);
	json_decref(s3);
	routes_free(r);
}

static void routes_that_a_type_may_take(void **state)
{
	static const struct {
		const char *type, *original,
			*route; /* original: of what it corrects, or NULL */
		int want;
	} rows[] = {
		{"CT04", NULL, "A", SL_OK},
		{"CT04", NULL, "C", SL_OK}, /* raised */
		{"CT04", NULL, "U", SL_E_DENIED},
		{"CT05", NULL, "U", SL_OK}, /* it may be urgent */
		{"CT03", NULL, "B", SL_OK},
		{"CT03", NULL, "A", SL_E_DENIED},
		{"CT06", NULL, "A", SL_E_DENIED},
		{"CT17", NULL, "D", SL_OK},
		{"CT19", "B", "B", SL_OK}, /* follows what it corrects */
		{"none", NULL, "A", SL_E_DENIED},
	};
	struct routes *r = shipped();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct route *original =
			rows[i].original != NULL ? routes_find(r, rows[i].original) : NULL;

		if (route_may_take(r, rows[i].type, original, routes_find(r, rows[i].route),
				   NULL) != rows[i].want)
			fail_msg("%s on %s", rows[i].type, rows[i].route);
	}
	routes_free(r);
}

static void edits_in_a_text(void **state)
{
	static const struct {
		const char *text, *from, *to;
		int occurrence;
		bool nth;
		enum edit_outcome outcome;
		const char *result;
	} rows[] = {
		{"a b a", "b", "c", 1, true, EDIT_DONE, "a c a"},
		{"a b a", "a", "c", 2, true, EDIT_DONE, "a b c"},
		{"a b a", "a", "", 1, true, EDIT_DONE, " b a"},
		{"a b a", "a", "c", 3, true, EDIT_ABSENT, "a b a"},
		{"a b a", "a", "c", 1, false, EDIT_SEVERAL, "a b a"},
		{"a b a", "x", "c", 1, true, EDIT_ABSENT, "a b a"},
		{"aaa", "aa", "b", 1, false, EDIT_DONE, "ba"},
		{"", "x", "y", 1, true, EDIT_ABSENT, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *edit =
			json_pack("{s:s,s:i,s:s,s:s}", "from", rows[i].from, "occurrence",
				  rows[i].occurrence, "part", "file:0", "to", rows[i].to);
		enum edit_outcome outcome = EDIT_DONE;
		struct buf b;

		buf_init(&b, EDIT_TEXT_MAX);
		buf_puts(&b, rows[i].text);
		assert_int_equal(edit_text(&b, edit, rows[i].nth, &outcome), SL_OK);
		assert_int_equal(outcome, rows[i].outcome);
		assert_string_equal(buf_str(&b), rows[i].result);
		assert_true(edit_is_of(edit, "file:0") && !edit_is_of(edit, "file:1"));
		buf_release(&b);
		json_decref(edit);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_route_a),
		cmocka_unit_test(raised_route),
		cmocka_unit_test(routes_that_a_type_may_take),
		cmocka_unit_test(edits_in_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
