/* Sketches: found by a shared band and key, told apart by what became of their draft; and
 * suppressions: rows that are never forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "desk_fixture.h"
#include "store/sketch.h"
#include "store/suppress.h"

static struct fixture fx;
static struct store *inspector;
static const uint8_t bytes[8] = "sketched";

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

/* A row that shares only band `shared` with others of the same `shared`. */
static struct sketch_row row_of(const struct draft *d, const char *key, unsigned shared)
{
	struct sketch_row row = {
		.number = d->number, .revision = d->revision, .bytes = bytes, .len = 8};

	(void)snprintf(row.key, sizeof(row.key), "%s", key);
	for (unsigned b = 0; b < STORE_SKETCH_BANDS; b++)
		row.band[b] = b == 0 ? 7 + (int64_t)shared : d->number * 100 + b;
	return row;
}

struct seen {
	unsigned n;
	char last[24];
	enum draft_state state;
};

static int see(const struct sketch_hit *h, void *arg)
{
	struct seen *s = arg;

	assert_int_equal(h->len, 8);
	assert_memory_equal(h->bytes, bytes, 8);
	s->n++;
	s->state = h->state;
	(void)snprintf(s->last, sizeof(s->last), "%s", h->id);
	return 0;
}

static struct seen look(const struct sketch_row *row, int64_t before, const char *corrects)
{
	struct seen s = {.n = 0};

	assert_int_equal(store_sketch_each(inspector, row, before, corrects, see, &s), SL_OK);
	return s;
}

static void what_became_of_it(void **state)
{
	struct draft old, mine;
	struct sketch_row a, b, c;
	struct seen s;

	(void)state;
	fixture_submit(&fx, "old", &old);
	fixture_submit(&fx, "mine", &mine);
	a = row_of(&old, "k1", 1);
	b = row_of(&mine, "k1", 1);
	assert_int_equal(store_sketch_put(inspector, &a), SL_OK);
	assert_int_equal(store_sketch_put(inspector, &a), SL_OK);
	assert_int_equal(store_sketch_put(inspector, &b), SL_OK);
	/* In review it is nobody's business; itself it never is. */
	assert_int_equal(look(&b, INT64_MAX, "").n, 0);
	fixture_move(&fx, &old, DRAFT_SUBMITTED, DRAFT_INSPECTING);
	fixture_move(&fx, &old, DRAFT_INSPECTING, DRAFT_IN_REVIEW);
	assert_int_equal(look(&b, INT64_MAX, "").n, 0);
	fixture_move(&fx, &old, DRAFT_IN_REVIEW, DRAFT_APPROVED);
	fixture_move(&fx, &old, DRAFT_APPROVED, DRAFT_RELEASED);
	s = look(&b, INT64_MAX, "");
	assert_int_equal(s.n, 1);
	assert_string_equal(s.last, old.release);
	assert_int_equal(s.state, DRAFT_RELEASED);
	/* The item that this one corrects, newer ones, other keys, other bands. */
	assert_int_equal(look(&b, INT64_MAX, old.release).n, 0);
	assert_int_equal(look(&b, old.number, "").n, 0);
	c = row_of(&mine, "k2", 1);
	assert_int_equal(look(&c, INT64_MAX, "").n, 0);
	c = row_of(&mine, "k1", 2);
	assert_int_equal(look(&c, INT64_MAX, "").n, 0);
	fixture_move(&fx, &old, DRAFT_RELEASED, DRAFT_FROZEN);
	assert_int_equal(look(&b, INT64_MAX, "").state, DRAFT_FROZEN);
	/* Of a spill nothing is kept. */
	assert_int_equal(store_sketch_drop(inspector, old.number, old.revision), SL_OK);
	assert_int_equal(look(&b, INT64_MAX, "").n, 0);
	draft_release(&old);
	draft_release(&mine);
}

static int count(const struct suppression *p, void *arg)
{
	(void)p;
	++*(unsigned *)arg;
	return 0;
}

static unsigned number_of(bool in_force, int64_t now)
{
	unsigned n = 0;

	assert_int_equal(store_suppress_each(fx.store, in_force, now, count, &n), SL_OK);
	return n;
}

static void suppressions(void **state)
{
	struct suppression p = {.rule = "PI-004",
				.owner = "p-02",
				.first = "f1",
				.reason = "known",
				.time = 100,
				.expires = 200},
			   got;
	int64_t stamp = -1, next = -1;

	(void)state;
	memset(p.text_hmac, 'a', 64);
	assert_int_equal(store_suppress_stamp(fx.store, &stamp), SL_OK);
	assert_int_equal(stamp, 0);
	assert_int_equal(store_suppress_add(fx.store, &p), SL_OK);
	assert_int_equal(store_suppress_add(fx.store, &(struct suppression){.first = "f1"}),
			 SL_E_EXISTS);
	assert_int_equal(number_of(true, 150), 0);
	assert_int_equal(store_suppress_stamp(fx.store, &next), SL_OK);
	assert_true(next > stamp);
	stamp = next;
	/* The inspector reads them and makes none. */
	assert_int_not_equal(store_suppress_confirm(inspector, p.number, "p-05", "s1"), SL_OK);
	assert_int_equal(store_suppress_confirm(fx.store, p.number, "p-05", "s1"), SL_OK);
	assert_int_equal(store_suppress_confirm(fx.store, p.number, "p-06", "s2"),
			 SL_E_CONFLICT);
	assert_int_equal(store_suppress_stamp(fx.store, &next), SL_OK);
	assert_true(next > stamp);
	stamp = next;
	assert_int_equal(number_of(true, 199), 1);
	assert_int_equal(number_of(true, 200), 0);
	assert_int_equal(store_suppress_get(fx.store, p.number, &got), SL_OK);
	assert_string_equal(got.second_pid, "p-05");
	assert_string_equal(got.second, "s1");
	assert_int_equal(store_suppress_revoke(fx.store, p.number, "p-07", "r1"), SL_OK);
	assert_int_equal(store_suppress_revoke(fx.store, p.number, "p-07", "r2"),
			 SL_E_CONFLICT);
	assert_int_equal(store_suppress_stamp(fx.store, &next), SL_OK);
	assert_true(next > stamp);
	assert_int_equal(number_of(true, 150), 0);
	assert_int_equal(number_of(false, 150), 1);
	assert_int_equal(store_suppress_get(fx.store, 99, &got), SL_E_NOTFOUND);
	assert_int_equal(store_suppress_confirm(fx.store, 99, "p-05", "s3"), SL_E_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_became_of_it),
		cmocka_unit_test(suppressions),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
