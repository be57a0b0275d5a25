/* test_inspect_again.c - what a new report has that the old one has not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "inspect/again_compare.h"

#define F(rule, s, at)                                                                         \
	"{\"rule\":\"" rule "\",\"severity\":\"" s "\",\"object\":\"0\",\"where\":\"body\","   \
	"\"offset\":" at ",\"length\":3}"
#define QUIET(rule)                                                                            \
	"{\"rule\":\"" rule "\",\"severity\":\"S1\",\"object\":\"0\",\"where\":\"body\","      \
	"\"offset\":1,\"length\":3,\"suppressed\":{\"until\":\"x\"}}"
#define REPORT(list) "{\"files\":[{\"findings\":[" list "]}]}"

static void rows_of_reports(void **state)
{
	static const struct {
		const char *name, *old, *now, *worst, *rules;
		unsigned n;
	} rows[] = {
		{"nothing", REPORT(""), REPORT(""), "", "", 0},
		{"the same", REPORT(F("PI-001", "S1", "5")), REPORT(F("PI-001", "S1", "5")), "",
		 "", 0},
		{"another place", REPORT(F("PI-001", "S1", "5")),
		 REPORT(F("PI-001", "S1", "6")), "S1", "PI-001", 1},
		{"worse", REPORT(F("PI-001", "S2", "5")), REPORT(F("PI-001", "S1", "5")), "S1",
		 "PI-001", 1},
		{"fewer", REPORT(F("PI-001", "S1", "5")), REPORT(""), "", "", 0},
		{"a notice", REPORT(""), REPORT(F("DH-009", "S4", "5")), "", "", 0},
		{"two of one rule, one of another", REPORT(""),
		 REPORT(F("PI-004", "S2", "5") "," F("PI-004", "S2", "9") "," F("WS-006", "S1",
										"7")),
		 "S1", "PI-004, WS-006", 3},
		{"suppressed", REPORT(""), REPORT(QUIET("PI-001")), "", "", 0},
		{"suppressed before", REPORT(QUIET("PI-001")), REPORT(F("PI-001", "S1", "1")),
		 "S1", "PI-001", 1},
		{"another file", REPORT(F("PI-001", "S1", "5")),
		 "{\"files\":[{\"findings\":[]},{\"findings\":[" F("PI-001", "S1", "5") "]}]}",
		 "S1", "PI-001", 1},
		{"no old one", NULL, REPORT(F("PI-001", "S1", "5")), "S1", "PI-001", 1},
		{"odd members", REPORT("{\"rule\":5}"), REPORT("{\"rule\":\"X\"},7"), "", "",
		 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *old = NULL, *now = NULL;
		struct again_hits h;

		if (rows[i].old != NULL)
			assert_int_equal(
				json_parse(rows[i].old, strlen(rows[i].old), 9999, &old),
				SL_OK);
		assert_int_equal(json_parse(rows[i].now, strlen(rows[i].now), 9999, &now),
				 SL_OK);
		assert_int_equal(again_compare(old, now, &h), SL_OK);
		if (h.n != rows[i].n || strcmp(h.worst, rows[i].worst) != 0 ||
		    strcmp(h.rules, rows[i].rules) != 0)
			fail_msg("%s: %u %s %s", rows[i].name, h.n, h.worst, h.rules);
		json_decref(old);
		json_decref(now);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
