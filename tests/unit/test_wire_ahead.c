/* test_wire_ahead.c - a question nobody waits for: answered, refused, late, and nobody there.
 */
#include "wire_kit.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "wire/ahead.h"

/* Until the answer is there; the descriptor wakes us, as it does the screen. */
static int answer_of(struct wire_ahead *a, struct wire_reply *rp, struct sl_why *why)
{
	int64_t until = clock_mono_ms() + 10000;
	int r = wire_ahead_take(a, rp, why);

	while (r == SL_E_STATE && wire_ahead_busy(a) && clock_mono_ms() < until) {
		struct pollfd p = {.fd = wire_ahead_fd(a), .events = POLLIN};

		assert_true(p.fd >= 0);
		(void)poll(&p, 1, 100);
		r = wire_ahead_take(a, rp, why);
	}
	return r;
}

static struct wire_ahead *open_ahead(const char *url)
{
	char copy[160];
	struct client_config cfg = {.gateway = copy, .server_key = wire_kit.hex};
	struct wire_ahead *a = NULL;
	struct sl_why why = {""};

	(void)snprintf(copy, sizeof(copy), "%s", url);
	if (wire_ahead_open(&cfg, wire_kit.author, true, &a, &why) != SL_OK)
		fail_msg("%s", why.text);
	return a;
}

static void answers_and_refusals(void **state)
{
	struct wire_ahead *a = open_ahead(wire_kit.url);
	struct wire_reply rp = {0};
	struct sl_why why = {""};

	(void)state;
	assert_int_equal(wire_ahead_take(a, &rp, &why), SL_E_STATE); /* nothing was asked */
	for (int i = 0; i < 3; i++) {
		assert_int_equal(wire_ahead_ask(a, "echo", NULL, 10000, &why), SL_OK);
		assert_true(wire_ahead_busy(a));
		assert_int_equal(wire_ahead_ask(a, "echo", NULL, 10000, &why), SL_E_STATE);
		assert_int_equal(answer_of(a, &rp, &why), SL_OK);
		assert_string_equal(json_str(rp.result, "pid"), "p-01");
		assert_false(wire_ahead_busy(a));
		wire_reply_release(&rp);
	}
	assert_int_equal(wire_ahead_ask(a, "fail", NULL, 10000, &why), SL_OK);
	assert_int_equal(answer_of(a, &rp, &why), SL_E_STATE);
	assert_false(wire_ahead_busy(a)); /* that was the desk's own word */
	assert_string_equal(why.text, "not now");
	wire_ahead_close(a);
	wire_ahead_close(NULL);
}

static void nobody_there_and_back_again(void **state)
{
	struct wire_ahead *a;
	struct wire_reply rp = {0};
	struct sl_why why = {""};
	int64_t until;
	int r;

	(void)state;
	wire_kit_halt();
	a = open_ahead(wire_kit.url);
	assert_int_equal(wire_ahead_ask(a, "echo", NULL, 10000, &why), SL_E_UNREACHABLE);
	assert_false(wire_ahead_busy(a));
	wire_kit_start(0);
	until = clock_mono_ms() + 20000;
	do
		r = wire_ahead_ask(a, "echo", NULL, 10000, &why);
	while (r == SL_E_UNREACHABLE && clock_mono_ms() < until);
	assert_int_equal(r, SL_OK);
	assert_int_equal(answer_of(a, &rp, &why), SL_OK);
	wire_reply_release(&rp);
	/* A question that got lost is over when its time is. */
	assert_int_equal(wire_ahead_ask(a, "echo", NULL, 0, &why), SL_OK);
	r = wire_ahead_take(a, &rp, &why);
	assert_true(r == SL_E_TIMEOUT || r == SL_OK);
	assert_false(wire_ahead_busy(a));
	wire_reply_release(&rp);
	wire_ahead_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_and_refusals),
		cmocka_unit_test(nobody_there_and_back_again),
	};

	return cmocka_run_group_tests(tests, wire_kit_setup, wire_kit_teardown);
}
