/* Freshness and nonces, with a clock made of numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "wire/replay.h"

enum { START = 1000000000 };

static void freshness(void **state)
{
	static const struct {
		const char *name;
		int64_t now, time;
		int want;
	} rows[] = {
		{"now", START + 10, START + 10, SL_OK},
		{"before the start", START + 20, START - 1, SL_E_EXPIRED},
		{"from the future", START + 30, START + 30 + WIRE_SKEW_MS + 1, SL_E_EXPIRED},
		{"far future", START + 30, INT64_MAX, SL_E_EXPIRED},
		{"just inside", START + 30, START + 30 + WIRE_SKEW_MS, SL_OK},
		{"later", START + 500000, START + 500000, SL_OK},
		{"stale", START + 500000, START + 500000 - WIRE_SKEW_MS - 1, SL_E_EXPIRED},
		{"clock a little back counts from the high mark", START + 450000,
		 START + 400000, SL_OK},
		{"the past is not re-opened", START + 450000, START + 370000, SL_E_EXPIRED},
		{"clock jumped back", START + 300000, START + 300000, SL_E_EXPIRED},
		{"set right again", START + 510000, START + 510000, SL_OK},
	};
	struct replay *r = NULL;
	struct sl_why why;

	(void)state;
	assert_int_equal(replay_new(8, START, &r), SL_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (replay_fresh(r, rows[i].now, rows[i].time, &why) != rows[i].want)
			fail_msg("%s", rows[i].name);
		if (strcmp(rows[i].name, "clock jumped back") == 0)
			assert_non_null(strstr(why.text, "jumped back"));
	}
	replay_free(r);
}

static void nonces(void **state)
{
	uint8_t nonce[WIRE_NONCE] = {0};
	struct replay *r = NULL;
	struct sl_why why;

	(void)state;
	assert_int_equal(replay_new(4, START, &r), SL_OK);
	for (uint8_t i = 0; i < 4; i++) { /* equal heads collide in the table */
		nonce[WIRE_NONCE - 1] = i;
		assert_int_equal(replay_remember(r, nonce, &why), SL_OK);
		assert_int_equal(replay_remember(r, nonce, &why), SL_E_REPLAY);
	}
	nonce[WIRE_NONCE - 1] = 4;
	assert_int_equal(replay_remember(r, nonce, &why), SL_E_TIMEOUT);
	/* One window later there is room, and the old ones are still known. */
	assert_int_equal(replay_fresh(r, START + 240001, START + 240001, &why), SL_OK);
	assert_int_equal(replay_remember(r, nonce, &why), SL_OK);
	nonce[WIRE_NONCE - 1] = 0;
	assert_int_equal(replay_remember(r, nonce, &why), SL_E_REPLAY);
	/* Two windows later they are forgotten, and their times are stale. */
	assert_int_equal(replay_fresh(r, START + 480002, START + 480002, &why), SL_OK);
	assert_int_equal(replay_remember(r, nonce, &why), SL_OK);
	assert_int_equal(replay_fresh(r, START + 480002, START + 240001, &why), SL_E_EXPIRED);
	replay_free(r);
}

static void refused_sizes(void **state)
{
	struct replay *r = NULL;

	(void)state;
	assert_int_equal(replay_new(0, START, &r), SL_E_LIMIT);
	assert_null(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(freshness),
		cmocka_unit_test(nonces),
		cmocka_unit_test(refused_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
