/* What is inspected again: queued once for each basis, waiting before public, still there after
 * a restart; alerts about what is public until somebody answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "desk_fixture.h"
#include "store/recheck.h"

static struct fixture fx;
static struct store *inspector;

static int setup(void **state)
{
	struct sl_why why = {0};

	(void)state;
	fixture_open(&fx);
	return store_open(fx.dir, STORE_INSPECTOR, &inspector, &why);
}

static int teardown(void **state)
{
	(void)state;
	store_close(inspector);
	fixture_close(&fx);
	return 0;
}

/* A draft on its way up to that state. */
static void bring(const char *token, enum draft_state to, struct draft *d)
{
	static const enum draft_state way[] = {DRAFT_SUBMITTED, DRAFT_INSPECTING,
					       DRAFT_IN_REVIEW, DRAFT_APPROVED, DRAFT_RELEASED};

	fixture_submit(&fx, token, d);
	for (unsigned i = 0; way[i] != to; i++)
		fixture_move(&fx, d, way[i], way[i + 1]);
}

static void begin(const char *basis, bool is_new, uint64_t queued)
{
	uint64_t n = 99;
	bool got = !is_new;

	assert_int_equal(store_recheck_begin(inspector, basis, "test", &got, &n), SL_OK);
	assert_int_equal(got, is_new);
	assert_int_equal(n, queued);
}

static void expect_next(const struct draft *d)
{
	struct draft next = {0};

	assert_int_equal(store_recheck_next(inspector, &next), SL_OK);
	assert_string_equal(next.id, d->id);
	draft_release(&next);
}

static void expect_done(void)
{
	struct draft next = {0};

	assert_int_equal(store_recheck_next(inspector, &next), SL_E_NOTFOUND);
}

static void queue(void **state)
{
	struct recheck_progress p;
	struct draft live, waits, moves, early;
	struct sl_why why = {0};

	(void)state;
	bring("live", DRAFT_RELEASED, &live);
	bring("waits", DRAFT_IN_REVIEW, &waits);
	bring("moves", DRAFT_APPROVED, &moves);
	bring("early", DRAFT_INSPECTING, &early);
	begin("one", true, 3);
	begin("one", false, 0);
	/* Waiting ones first, then what is public; killed in between, the rest is there. */
	expect_next(&waits);
	assert_int_equal(store_recheck_done(inspector, &waits), SL_OK);
	store_close(inspector);
	assert_int_equal(store_open(fx.dir, STORE_INSPECTOR, &inspector, &why), SL_OK);
	begin("one", false, 0);
	/* One that is decided meanwhile needs no look. */
	fixture_move(&fx, &moves, DRAFT_APPROVED, DRAFT_RETURNED);
	expect_next(&live);
	assert_int_equal(store_recheck_progress(inspector, &p), SL_OK);
	assert_string_equal(p.basis, "one");
	assert_int_equal(p.total, 3);
	assert_int_equal(p.left, 1);
	assert_int_equal(store_recheck_done(inspector, &live), SL_OK);
	expect_done();
	/* One that was inspected under the old basis when the new one came. */
	assert_int_equal(store_recheck_note(inspector, &early, "one"), SL_OK);
	expect_done();
	fixture_move(&fx, &early, DRAFT_INSPECTING, DRAFT_IN_REVIEW);
	assert_int_equal(store_recheck_note(inspector, &early, "older"), SL_OK);
	assert_int_equal(store_recheck_note(inspector, &early, "older"), SL_OK);
	expect_next(&early);
	/* Another basis begins anew with everything. */
	begin("two", true, 3);
	expect_next(&waits);
	/* A new revision takes the old one's place. */
	fixture_move(&fx, &waits, DRAFT_IN_REVIEW, DRAFT_INSPECTING);
	expect_next(&early);
	draft_release(&live);
	draft_release(&waits);
	draft_release(&moves);
	draft_release(&early);
}

static int take_alert(const struct alert *a, void *arg)
{
	*(struct alert *)arg = *a;
	return 0;
}

static void alerts(void **state)
{
	struct alert a = {.revision = 1, .worst = "S1", .rules = "PI-001", .time = 5}, got;
	struct recheck_progress p;
	struct draft d;
	char report[65];

	(void)state;
	bring("public", DRAFT_RELEASED, &d);
	(void)snprintf(a.draft, sizeof(a.draft), "%s", d.id);
	(void)snprintf(a.release, sizeof(a.release), "%s", d.release);
	memset(a.report, 'a', 64);
	assert_int_equal(store_alert_report(inspector, &d, report), SL_OK);
	assert_string_equal(report, "");
	assert_int_equal(store_alert_add(inspector, &a), SL_OK);
	memset(&got, 0, sizeof(got));
	assert_int_equal(store_alert_each(fx.store, take_alert, &got), SL_OK);
	assert_string_equal(got.release, d.release);
	assert_string_equal(got.rules, "PI-001");
	assert_string_equal(got.title, d.title);
	assert_int_equal(store_alert_report(inspector, &d, report), SL_OK);
	assert_string_equal(report, a.report);
	assert_int_equal(store_recheck_progress(inspector, &p), SL_OK);
	assert_int_equal(p.alerts, 1);
	/* The inspector may not answer its own alert. */
	assert_int_not_equal(store_alert_settle(inspector, d.release, "p-05", "x"), SL_OK);
	assert_int_equal(store_alert_settle(fx.store, d.release, "p-05", "known"), SL_OK);
	assert_int_equal(store_alert_settle(fx.store, d.release, "p-05", "known"),
			 SL_E_NOTFOUND);
	assert_int_equal(store_recheck_progress(inspector, &p), SL_OK);
	assert_int_equal(p.alerts, 0);
	/* What is taken down needs no alert. */
	assert_int_equal(store_alert_add(inspector, &a), SL_OK);
	fixture_move(&fx, &d, DRAFT_RELEASED, DRAFT_FROZEN);
	assert_int_equal(store_recheck_progress(inspector, &p), SL_OK);
	assert_int_equal(p.alerts, 0);
	draft_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queue),
		cmocka_unit_test(alerts),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
