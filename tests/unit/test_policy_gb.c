/* test_policy_gb.c - published vectors of the national number standards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "policy/gb.h"

static void identity(void **state)
{
	static const struct {
		const char *id;
		bool check, all;
	} rows[] = {
		{"11010519491231002X", true, true},   {"440524188001010014", true, true},
		{"34052419800101001X", true, true},   {"810000199901010014", true, true},
		{"349901198705143123", true, true},   {"349902199208031041", true, true},
		{"349902199208031042", false, false}, {"11010519491231002x", false, false},
		{"202311080000123456", false, false}, {"349903199507081234", false, false},
		{"A49902199208031041", false, false},
	};
	const long long today = clock_days(2026, 1, 1);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(gb_id_check(rows[i].id), rows[i].check);
		assert_int_equal(gb_id(rows[i].id, today), rows[i].all);
	}
}

static void birth_dates(void **state)
{
	const long long today = clock_days(2026, 1, 1);

	(void)state;
	assert_true(gb_birth_date("19920803", today));
	assert_true(gb_birth_date("20000229", today));
	assert_false(gb_birth_date("19000229", today));
	assert_false(gb_birth_date("19921301", today));
	assert_false(gb_birth_date("20260102", today));
	assert_false(gb_birth_date("18491231", today));
	assert_false(gb_birth_date("1992080x", today));
	assert_true(gb_province("34"));
	assert_false(gb_province("20"));
}

static void codes(void **state)
{
	static const struct {
		const char *code;
		bool ok;
	} credit[] = {
		{"91350100M000100Y43", true},  {"91350100M000100Y4Z", false},
		{"91350100M000100Y44", false}, {"I1350100M000100Y43", false},
		{"9135A100M000100Y43", false}, {"", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(credit) / sizeof(credit[0]); i++)
		assert_int_equal(gb_credit_code(credit[i].code), credit[i].ok);
	assert_true(gb_organisation("D2143569X"));
	assert_false(gb_organisation("D21435690"));
	assert_false(gb_organisation("d2143569X"));
}

static void luhn(void **state)
{
	(void)state;
	assert_true(gb_luhn("6200000000000001289", 19));
	assert_true(gb_luhn("4111111111111111", 16));
	assert_false(gb_luhn("6200000000000001288", 19));
	assert_false(gb_luhn("202311080000123456", 18));
	assert_false(gb_luhn("", 0));
	assert_false(gb_luhn("41x1", 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity),
		cmocka_unit_test(birth_dates),
		cmocka_unit_test(codes),
		cmocka_unit_test(luhn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
