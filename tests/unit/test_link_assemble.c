/* test_link_assemble.c - symbols to units: loss, order, repeats, shapes, bounds, lies. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "link/assemble.h"
#include "link/progress.h"
#include "link_kit.h"

struct bench {
	struct link_kit_room room;
	struct assemble *a;
	int64_t now;
};

static void bench_open(struct bench *b)
{
	link_kit_room_open(&b->room);
	assert_int_equal(assemble_open(b->room.q, &b->a), SL_OK);
	b->now = 1000;
	assemble_time(b->a, b->now);
}

static void rest(struct bench *b, int64_t ms)
{
	b->now += ms;
	assemble_time(b->a, b->now);
}

static void bench_close(struct bench *b)
{
	assemble_close(b->a);
	assert_int_equal(link_kit_files(&b->room, ".part"), 0);
	link_kit_room_close(&b->room);
}

static int give(struct bench *b, const struct link_kit_object *o, unsigned n)
{
	struct datagram d = link_kit_nth(o, n);

	return assemble_symbol(b->a, &d);
}

/* Sizes around every edge, without loss: repair symbols are not needed and are refused. */
static void test_sizes(void **state)
{
	static const struct {
		size_t unit;
		uint32_t s;
		unsigned m;
	} rows[] = {{1, 26, 1},		 {1, 1434, 2},	     {68, 100, 0},
		    {69, 100, 3},	 {4096, 1024, 3},    {100000, 1434, 20},
		    {1 << 20, 1434, 26}, {1 << 20, 64, 120}, {3000000, 8934, 26}};
	struct link_kit_object o;
	struct bench b;

	(void)state;
	bench_open(&b);
	for (unsigned t = 0; t < sizeof(rows) / sizeof(*rows); t++) {
		unsigned whole = 0;
		struct datagram d;

		link_kit_object(&o, t + 1, rows[t].unit, rows[t].s, rows[t].m, t);
		for (uint32_t block = 0; block < o.g.blocks; block++) {
			for (unsigned i = 0; i < geometry_k(&o.g, block); i++) {
				int r;

				d = link_kit_symbol(&o, block, i);
				r = assemble_symbol(b.a, &d);
				assert_in_range(r, 0, 1);
				whole += (unsigned)r;
			}
		}
		assert_int_equal(whole, 1);
		assert_true(link_kit_arrived(&b.room, &o));
		if (rows[t].m > 0) {
			d = link_kit_symbol(&o, 0, geometry_k(&o.g, 0));
			assert_int_equal(assemble_symbol(b.a, &d), SL_E_EXISTS);
		}
		link_kit_object_free(&o);
	}
	bench_close(&b);
}

/* As many lost of each block as there are repair symbols, any of them. */
static void test_loss(void **state)
{
	struct link_kit_object o;
	struct bench b;

	(void)state;
	bench_open(&b);
	for (unsigned seed = 1; seed <= 8; seed++) {
		int whole = 0;
		struct datagram d;

		link_kit_object(&o, seed, 600000 + seed, 1000, 40, seed);
		for (uint32_t block = 0; block < o.g.blocks; block++) {
			unsigned k = geometry_k(&o.g, block);
			unsigned char lost[GEOMETRY_BLOCK] = {0};

			for (unsigned n = 0, x = seed * 77u + block; n < o.g.m;) {
				x = x * 1664525u + 1013904223u;
				n += lost[(x >> 8) % (k + o.g.m)] == 0;
				lost[(x >> 8) % (k + o.g.m)] = 1;
			}
			/* The last ones first. */
			for (unsigned i = k + o.g.m; i-- > 0;) {
				if (lost[i])
					continue;
				d = link_kit_symbol(&o, block, i);
				whole = assemble_symbol(b.a, &d);
				assert_in_range(whole, 0, 1);
			}
		}
		assert_int_equal(whole, 1);
		assert_true(link_kit_arrived(&b.room, &o));
		link_kit_object_free(&o);
	}
	bench_close(&b);
}

/* One too many lost: incomplete, named in the report, and completed by a repeat. */
static void test_repeat_completes(void **state)
{
	struct link_kit_object o;
	struct bench b;
	const json_t *part;
	json_t *j;
	int64_t v = 0;

	(void)state;
	bench_open(&b);
	link_kit_object(&o, 3, 300000, 1000, 5, 1);
	for (unsigned n = 0; n < link_kit_count(&o); n++) {
		struct datagram d = link_kit_nth(&o, n);

		if (d.block == 1 && d.symbol < 6)
			continue;
		assert_int_equal(assemble_symbol(b.a, &d), 0);
		assert_int_equal(assemble_symbol(b.a, &d), 0); /* duplicated on the way */
	}
	rest(&b, 70);
	j = assemble_report(b.a);
	assert_int_equal(json_array_size(j), 1);
	part = json_array_get(j, 0);
	assert_true(json_i64(part, "serial", &v) && v == 3);
	assert_true(json_i64(part, "blocks", &v) && v == o.g.blocks);
	assert_true(json_i64(part, "done", &v) && v == o.g.blocks - 1);
	assert_true(json_i64(part, "idle_ms", &v) && v == 70);
	json_decref(j);
	j = quarantine_report(b.room.q);
	assert_true(json_i64(j, "missing_count", &v) && v == 3);
	json_decref(j);
	{
		struct datagram d = link_kit_symbol(&o, 1, 2);

		assert_int_equal(assemble_symbol(b.a, &d), 1);
	}
	assert_true(link_kit_arrived(&b.room, &o));
	assert_int_equal(give(&b, &o, 0), SL_E_EXISTS);
	link_kit_object_free(&o);
	bench_close(&b);
}

/* Whole units side by side, symbols of all of them mixed, and shuffled by far. */
static void test_interleaved(void **state)
{
	enum { UNITS = 20, SYMBOLS = 110 };
	struct link_kit_object o[UNITS];
	unsigned order[UNITS * SYMBOLS], arrived = 0, x = 5;
	struct bench b;

	(void)state;
	bench_open(&b);
	for (unsigned u = 0; u < UNITS; u++) {
		link_kit_object(&o[u], u + 1, 99900, 1000, 10, u);
		assert_int_equal(link_kit_count(&o[u]), SYMBOLS);
	}
	for (unsigned i = 0; i < UNITS * SYMBOLS; i++)
		order[i] = i;
	for (unsigned i = UNITS * SYMBOLS - 1; i > 0; i--) {
		unsigned at, keep = order[i];

		x = x * 1664525u + 1013904223u;
		at = (x >> 8) % (i + 1);
		order[i] = order[at];
		order[at] = keep;
	}
	for (unsigned i = 0; i < UNITS * SYMBOLS; i++) {
		int r = give(&b, &o[order[i] % UNITS], order[i] / UNITS);

		assert_true(r == 0 || r == 1 || r == SL_E_EXISTS);
		arrived += r == 1;
	}
	assert_int_equal(arrived, UNITS);
	for (unsigned u = 0; u < UNITS; u++) {
		assert_true(link_kit_arrived(&b.room, &o[u]));
		link_kit_object_free(&o[u]);
	}
	bench_close(&b);
}

/* A changed symbol with a good MAC: the whole is thrown away, and a clean repeat arrives. */
static void test_wrong_digest(void **state)
{
	uint8_t lie[1000];
	struct link_kit_object o;
	struct datagram d;
	struct bench b;

	(void)state;
	bench_open(&b);
	link_kit_object(&o, 1, 50000, sizeof(lie), 4, 1);
	d = link_kit_symbol(&o, 0, 7);
	memcpy(lie, d.body, sizeof(lie));
	lie[500] ^= 1;
	d.body = lie;
	assert_int_equal(assemble_symbol(b.a, &d), 0);
	for (unsigned n = 0; n < o.g.symbols - 1; n++) {
		if (n != 7)
			assert_int_equal(give(&b, &o, n), 0);
	}
	assert_int_equal(give(&b, &o, o.g.symbols - 1), SL_E_SIGNATURE);
	assert_int_equal(link_kit_files(&b.room, ""), 0);
	for (unsigned n = 0; n < o.g.symbols - 1; n++)
		assert_int_equal(give(&b, &o, n), 0);
	assert_int_equal(give(&b, &o, o.g.symbols - 1), 1);
	assert_true(link_kit_arrived(&b.room, &o));
	link_kit_object_free(&o);
	bench_close(&b);
}

/* Another total, symbol size or repair of a serial that is being assembled. */
static void test_two_shapes(void **state)
{
	struct link_kit_object first, other;
	struct bench b;

	(void)state;
	bench_open(&b);
	link_kit_object(&first, 1, 5000, 1000, 2, 1);
	link_kit_object(&other, 1, 5000, 900, 2, 1);
	assert_int_equal(give(&b, &first, 0), 0);
	assert_int_equal(give(&b, &other, 0), SL_E_STATE);
	for (unsigned n = 1; n < first.g.symbols - 1; n++)
		assert_int_equal(give(&b, &first, n), 0);
	assert_int_equal(give(&b, &first, first.g.symbols - 1), 1);
	assert_int_equal(give(&b, &other, 0), SL_E_EXISTS);
	link_kit_object_free(&first);
	link_kit_object_free(&other);
	/* One that nobody goes on with gives way. */
	link_kit_object(&first, 2, 5000, 1000, 2, 1);
	link_kit_object(&other, 2, 5000, 1000, 3, 1);
	assert_int_equal(give(&b, &first, 0), 0);
	assert_int_equal(give(&b, &other, 0), SL_E_STATE);
	rest(&b, 2900);
	assert_int_equal(give(&b, &other, 0), SL_E_STATE);
	rest(&b, 100);
	for (unsigned n = 0; n < other.g.symbols - 1; n++)
		assert_int_equal(give(&b, &other, n), 0);
	assert_int_equal(give(&b, &other, other.g.symbols - 1), 1);
	assert_true(link_kit_arrived(&b.room, &other));
	link_kit_object_free(&first);
	link_kit_object_free(&other);
	bench_close(&b);
}

/* More beginnings than slots: the one that waited longest goes, the rest is kept. */
static void test_bounded_parts(void **state)
{
	struct link_kit_object o;
	struct bench b;
	json_t *j;

	(void)state;
	bench_open(&b);
	for (uint32_t serial = 1; serial <= 3 * ASSEMBLE_PARTS; serial++) {
		link_kit_object(&o, serial, 5000, 1000, 2, 1);
		assert_int_equal(give(&b, &o, 0), 0);
		rest(&b, 1);
		link_kit_object_free(&o);
	}
	assert_int_equal(link_kit_files(&b.room, ".part"), ASSEMBLE_PARTS);
	j = assemble_report(b.a);
	assert_int_equal(json_array_size(j), ASSEMBLE_PARTS);
	for (size_t i = 0; i < json_array_size(j); i++) {
		int64_t serial = 0;

		assert_true(json_i64(json_array_get(j, i), "serial", &serial));
		assert_in_range(serial, 2 * ASSEMBLE_PARTS + 1, 3 * ASSEMBLE_PARTS);
	}
	json_decref(j);
	/* Those stay usable. */
	link_kit_object(&o, 3 * ASSEMBLE_PARTS, 5000, 1000, 2, 1);
	for (unsigned n = 1; n < o.g.symbols - 1; n++)
		assert_int_equal(give(&b, &o, n), 0);
	assert_int_equal(give(&b, &o, o.g.symbols - 1), 1);
	assert_true(link_kit_arrived(&b.room, &o));
	link_kit_object_free(&o);
	bench_close(&b);
}

/* Authentic, and absurd: nothing is taken, nothing stays. */
static void test_absurd(void **state)
{
	static const uint8_t body[DATAGRAM_BODY_MAX];
	struct datagram d = {.kind = DATAGRAM_SYMBOL,
			     .priority = 5,
			     .session = 1,
			     .number = 1,
			     .serial = 1,
			     .total = DATAGRAM_OBJECT_MAX,
			     .m = 1,
			     .body = body};
	struct progress p;
	struct bench b;

	(void)state;
	bench_open(&b);
	/* The largest object in the smallest symbols: more blocks than there may be. */
	d.len = 26;
	assert_int_equal(assemble_symbol(b.a, &d), SL_E_LIMIT);
	d.serial = UINT32_MAX;
	d.len = 1000;
	assert_int_equal(assemble_symbol(b.a, &d), SL_E_REPLAY);
	d.serial = QUARANTINE_WINDOW + 1;
	assert_int_equal(assemble_symbol(b.a, &d), SL_E_REPLAY);
	progress_init(&p);
	assert_int_equal(progress_add(&p, 1), SL_OK);
	assert_int_equal(progress_write(b.room.state, &p), SL_OK);
	quarantine_look(b.room.q);
	d.serial = 1; /* dealt with by the installer */
	assert_int_equal(assemble_symbol(b.a, &d), SL_E_EXISTS);
	assert_int_equal(link_kit_files(&b.room, ""), 0);
	bench_close(&b);
}

/* No file may grow beyond 1 MiB, which is what a full disk looks like at a chosen size. */
static void test_full(void **state)
{
	struct rlimit before, small;
	struct link_kit_object large, little;
	struct bench b;

	(void)state;
	bench_open(&b);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 1 << 20;
	link_kit_object(&large, 1, 2 << 20, 8000, 4, 1);
	link_kit_object(&little, 2, 100000, 8000, 4, 1);
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(give(&b, &little, 0), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(give(&b, &large, 0), SL_E_FULL);
	assert_int_equal(link_kit_files(&b.room, ".part"), 1);
	/* What had begun goes on. */
	for (unsigned n = 1; n < little.g.symbols - 1; n++)
		assert_int_equal(give(&b, &little, n), 0);
	assert_int_equal(give(&b, &little, little.g.symbols - 1), 1);
	assert_true(link_kit_arrived(&b.room, &little));
	/* Not tried again at once, and then it works. */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(give(&b, &large, 0), SL_E_FULL);
	rest(&b, 1000);
	for (unsigned n = 0; n < link_kit_count(&large) && !link_kit_arrived(&b.room, &large);
	     n++)
		assert_in_range(give(&b, &large, n), 0, 1);
	assert_true(link_kit_arrived(&b.room, &large));
	link_kit_object_free(&large);
	link_kit_object_free(&little);
	bench_close(&b);
}

struct told {
	unsigned whole, wrong, other;
	int64_t last;
};

static void tell(void *arg, int64_t serial, int r)
{
	struct told *t = arg;

	t->last = serial;
	if (r == 1)
		t->whole++;
	else if (r == SL_E_SIGNATURE)
		t->wrong++;
	else
		t->other++;
}

/* The same by a thread: nothing is lost, more wholes than parts wait for each other, and
 * closing finishes what is whole. */
static void test_background(void **state)
{
	enum { UNITS = 3 * ASSEMBLE_PARTS };
	struct told told = {.last = 0};
	uint8_t lie[1000] = {7};
	struct link_kit_object o;
	struct datagram d;
	struct bench b;
	int late;

	(void)state;
	bench_open(&b);
	assert_int_equal(assemble_background(b.a, tell, &told), SL_OK);
	for (uint32_t serial = 1; serial <= UNITS; serial++) {
		link_kit_object(&o, serial, 30000, 1000, 2, 1);
		for (unsigned n = 0; n < o.g.symbols; n++)
			assert_int_equal(give(&b, &o, n), 0);
		d = link_kit_nth(&o, o.g.symbols);
		late = assemble_symbol(b.a, &d); /* whatever the thread has done by now */
		assert_true(late == 0 || late == SL_E_EXISTS);
		link_kit_object_free(&o);
	}
	link_kit_object(&o, UNITS + 1, 900, 1000, 2, 1);
	d = link_kit_symbol(&o, 0, 0);
	d.body = lie;
	assert_int_equal(assemble_symbol(b.a, &d), 0);
	link_kit_object_free(&o);
	link_kit_object(&o, UNITS + 2, 5000, 1000, 2, 1);
	assert_int_equal(give(&b, &o, 0), 0);
	assemble_reap(b.a);
	assemble_close(b.a);
	b.a = NULL;
	assert_int_equal(told.whole, UNITS);
	assert_int_equal(told.wrong, 1);
	assert_int_equal(told.other, 0);
	assert_int_equal(told.last, UNITS + 1);
	assert_int_equal(link_kit_files(&b.room, ".unit"), UNITS);
	link_kit_object_free(&o);
	bench_close(&b);
}

/* A killed receiver's parts are gone at the next start; its units are not. */
static void test_restart(void **state)
{
	struct link_kit_object o;
	struct quarantine *q = NULL;
	struct bench b;

	(void)state;
	bench_open(&b);
	link_kit_object(&o, 1, 5000, 1000, 2, 1);
	for (unsigned n = 0; n < o.g.symbols; n++)
		assert_in_range(give(&b, &o, n), 0, 1);
	link_kit_object_free(&o);
	link_kit_object(&o, 2, 5000, 1000, 2, 1);
	assert_int_equal(give(&b, &o, 0), 0);
	assert_int_equal(link_kit_files(&b.room, ".part"), 1);
	assert_int_equal(quarantine_open(b.room.quarantine, b.room.state, &q), SL_OK);
	assert_int_equal(link_kit_files(&b.room, ".part"), 0);
	assert_int_equal(quarantine_wants(q, 1), SL_E_EXISTS);
	assert_int_equal(quarantine_wants(q, 2), SL_OK);
	quarantine_close(q);
	link_kit_object_free(&o);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_repeat_completes),
		cmocka_unit_test(test_interleaved),
		cmocka_unit_test(test_wrong_digest),
		cmocka_unit_test(test_two_shapes),
		cmocka_unit_test(test_bounded_parts),
		cmocka_unit_test(test_absurd),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_background),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
