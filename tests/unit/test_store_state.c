/* The table of legal moves, whole: every pair of states, and what a row must hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "store/store.h"

/* One column per state in the order of enum draft_state; x = legal. */
static const char *const table[DRAFT_STATE_COUNT] = {
	/*                    PSISBHIRRRARSCFWCR */
	[DRAFT_PREPARED] = " x              xx",   [DRAFT_SUBMITTED] = "  x               ",
	[DRAFT_INSPECTING] = " x xxxx           ", [DRAFT_SPILL] = "                  ",
	[DRAFT_BLOCKED] = "                xx",	   [DRAFT_HELD] = " x    xxx       xx",
	[DRAFT_IN_REVIEW] = "  x    xxxx     xx",  [DRAFT_RETURNED] = "                xx",
	[DRAFT_REFUSED] = " x                ",	   [DRAFT_REFERRED] = "  x   xxx       xx",
	[DRAFT_APPROVED] = "  x  xxxx  x    xx",   [DRAFT_RELEASED] = "            xxxx  ",
	[DRAFT_SENT] = "             xxx  ",	   [DRAFT_CORRECTED] = "              xx  ",
	[DRAFT_FROZEN] = "            xx x  ",	   [DRAFT_WITHDRAWN] = "                  ",
	[DRAFT_CANCELED] = "                  ",   [DRAFT_REPLACED] = "                  ",
};

static void every_pair(void **state)
{
	(void)state;
	for (unsigned from = 0; from < DRAFT_STATE_COUNT; from++) {
		assert_int_equal(strlen(table[from]), DRAFT_STATE_COUNT);
		for (unsigned to = 0; to < DRAFT_STATE_COUNT; to++) {
			if (draft_move_legal((enum draft_state)from, (enum draft_state)to) !=
			    (table[from][to] == 'x'))
				fail_msg("%s -> %s", draft_state_name((enum draft_state)from),
					 draft_state_name((enum draft_state)to));
		}
	}
	assert_false(draft_move_legal(DRAFT_STATE_COUNT, DRAFT_SUBMITTED));
	assert_false(draft_move_legal(DRAFT_SUBMITTED, DRAFT_STATE_COUNT));
}

static void nothing_public_without_approval(void **state)
{
	(void)state;
	for (unsigned from = 0; from < DRAFT_STATE_COUNT; from++) {
		enum draft_state s = (enum draft_state)from;

		assert_int_equal(draft_move_legal(s, DRAFT_RELEASED), s == DRAFT_APPROVED);
		assert_int_equal(draft_move_legal(s, DRAFT_APPROVED), s == DRAFT_IN_REVIEW);
		assert_int_equal(draft_move_legal(s, DRAFT_SENT),
				 s == DRAFT_RELEASED || s == DRAFT_FROZEN);
		assert_false(draft_move_legal(DRAFT_SPILL, s));
	}
}

static void names(void **state)
{
	enum draft_state s;

	(void)state;
	for (unsigned i = 0; i < DRAFT_STATE_COUNT; i++) {
		assert_int_equal(
			draft_state_from_name(draft_state_name((enum draft_state)i), &s),
			SL_OK);
		assert_int_equal(s, i);
	}
	assert_int_equal(draft_state_from_name("APPROVE", &s), SL_E_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair),
		cmocka_unit_test(nothing_public_without_approval),
		cmocka_unit_test(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
