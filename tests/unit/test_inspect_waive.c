/* test_inspect_waive.c - which findings two persons can make quiet, and which never. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "inspect/case.h"

static void rows_of_findings(void **state)
{
	static const struct {
		const char *name, *rule;
		uint8_t hmac, severity;
		int want; /* index in the list, -1 none */
	} rows[] = {
		{"first", "PI-001", 1, SEV_S1, 0},
		{"same rule, other text", "PI-001", 2, SEV_S1, 1},
		{"last", "WS-006", 1, SEV_S2, 3},
		{"middle", "PI-004", 9, SEV_S3, 2},
		{"unknown text", "PI-001", 3, SEV_S1, -1},
		{"unknown rule", "PI-002", 1, SEV_S2, -1},
		{"a spill", "PI-001", 1, SEV_S0, -1},
		{"nothing matched", "PI-001", 0, SEV_S1, -1},
	};
	struct inspect_waiver list[] = {{.rule = "PI-001", .owner = "p-02", .second = "p-05"},
					{.rule = "PI-001", .owner = "p-02", .second = "p-05"},
					{.rule = "PI-004", .owner = "p-02", .second = "p-05"},
					{.rule = "WS-006", .owner = "p-03", .second = "p-06"}};
	static const uint8_t hmacs[] = {1, 2, 9, 1};
	struct inspect_waivers waivers = {.list = list, .n = 4};
	struct inspect_input in = {.waivers = &waivers};
	struct inspect_case c = {.in = &in};

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		memset(list[i].text_hmac, hmacs[i], sizeof(list[i].text_hmac));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct finding f = {.severity = rows[i].severity};
		const struct inspect_waiver *want =
			rows[i].want < 0 ? NULL : &list[rows[i].want];

		(void)snprintf(f.rule, sizeof(f.rule), "%s", rows[i].rule);
		memset(f.text_hmac, rows[i].hmac, sizeof(f.text_hmac));
		if (case_waiver(&c, &f) != want)
			fail_msg("%s", rows[i].name);
	}
	in.waivers = NULL;
	assert_null(case_waiver(&c, &(struct finding){.rule = "PI-001", .severity = SEV_S1}));
}

static void words(void **state)
{
	const struct inspect_waiver w = {
		.owner = "p-02", .second = "p-05", .reason = "known", .until = 1780000000};
	json_t *j = case_waiver_json(&w);

	(void)state;
	assert_string_equal(json_str(j, "reason"), "known");
	assert_string_equal(json_str(j, "until"), "2026-05-28T20:26:40Z");
	assert_string_equal(json_string_value(json_array_get(json_arr(j, "by"), 1)), "p-05");
	json_decref(j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_findings),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
