/* test_link_geometry.c - how objects are cut into blocks, and what the cut costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "link/datagram.h"
#include "link/geometry.h"

/* Payload bytes for symbols at an MTU, over IPv4. */
#define S_MAX(mtu) ((uint32_t)((mtu)-DATAGRAM_IPV4 - DATAGRAM_FRAMING))
#define MIB	   (UINT32_C(1) << 20)

/* Every byte of the object belongs to exactly one data symbol, in order. */
static void check_cover(const struct geometry *g)
{
	uint64_t bytes = 0;
	uint32_t next = 0;
	unsigned least = GEOMETRY_BLOCK, most = 0;

	for (uint32_t b = 0; b < g->blocks; b++) {
		unsigned k = geometry_k(g, b);

		assert_true(k >= 1 && k + g->m <= GEOMETRY_BLOCK);
		assert_int_equal(geometry_first(g, b), next);
		next += k;
		least = k < least ? k : least;
		most = k > most ? k : most;
		bytes += (uint64_t)(k - 1) * g->s + geometry_bytes(g, b, k - 1);
		assert_int_equal(geometry_bytes(g, b, 0), next > 1 || k > 1 ? g->s : g->total);
	}
	assert_int_equal(next, g->symbols);
	assert_int_equal(bytes, g->total);
	assert_true(most - least <= 1);
}

static void test_shapes(void **state)
{
	static const struct {
		uint32_t total, s;
		unsigned m;
		int want;
		uint32_t symbols, blocks;
	} rows[] = {
		{0, 1434, 1, SL_E_LIMIT, 0, 0},
		{33, 0, 1, SL_E_LIMIT, 0, 0},
		{33, 1434, GEOMETRY_REPAIR_MAX + 1, SL_E_LIMIT, 0, 0},
		{33, 1434, 256, SL_E_LIMIT, 0, 0},
		{33, 1434, UINT32_MAX, SL_E_LIMIT, 0, 0},
		{1, UINT32_MAX, 0, SL_OK, 1, 1},
		{33, 33, 0, SL_OK, 1, 1},
		{34, 33, 0, SL_OK, 2, 1},
		{255, 1, 0, SL_OK, 255, 1},
		{256, 1, 0, SL_OK, 256, 2},
		{56, 1, 200, SL_OK, 56, 2},
		{65536 * 255, 1, 0, SL_OK, 65536 * 255, 65536},
		{65536 * 255 + 1, 1, 0, SL_E_LIMIT, 0, 0},
		{UINT32_MAX, 1, 0, SL_E_LIMIT, 0, 0},
		{UINT32_MAX, UINT32_MAX, 200, SL_OK, 1, 1},
		{UINT32_MAX, 65469, 20, SL_OK, 65604, 280},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct geometry g = {.total = 1};

		assert_int_equal(geometry_of(rows[i].total, rows[i].s, rows[i].m, &g),
				 rows[i].want);
		if (rows[i].want != SL_OK) {
			assert_int_equal(g.total, 1); /* untouched */
			continue;
		}
		assert_int_equal(g.symbols, rows[i].symbols);
		assert_int_equal(g.blocks, rows[i].blocks);
		check_cover(&g);
	}
}

static uint64_t wire_bytes(const struct geometry *g)
{
	return (g->symbols + (uint64_t)g->blocks * g->m) *
	       (g->s + DATAGRAM_FRAMING + DATAGRAM_IPV4);
}

/* Independent of the planner's way: by multiplying out binomials. */
static double lost(unsigned n, unsigned m, double p)
{
	double sum = 0;

	for (unsigned i = m + 1; i <= n; i++) {
		double term = 1;
		unsigned up = n, q = n - i;

		for (unsigned j = 1; j <= i; j++) {
			term *= p * up-- / j;
			for (; q > 0 && term > 1; q--)
				term *= 1 - p;
		}
		while (q-- > 0)
			term *= 1 - p;
		sum += term;
	}
	return sum;
}

static void check_plan(uint32_t total, uint32_t s_max, unsigned loss)
{
	double p = loss / 1000.0;
	struct geometry g, again;
	unsigned k;

	assert_int_equal(geometry_plan(total, s_max, loss, &g), SL_OK);
	assert_true(g.s <= s_max && g.m >= 1);
	assert_int_equal(geometry_of(g.total, g.s, g.m, &again), SL_OK);
	assert_true(again.symbols == g.symbols && again.blocks == g.blocks);
	check_cover(&g);
	k = geometry_k(&g, 0);
	if (total >= 1024)
		assert_true(k >= 4);
	if (lost(k + g.m, g.m, p) >= 4.0001e-6)
		fail_msg("%u bytes, %u permille: m %u is too few", total, loss, g.m);
	if (g.m > 1) {
		assert_int_equal(geometry_of(g.total, g.s, g.m - 1, &again), SL_OK);
		k = geometry_k(&again, 0);
		if (lost(k + again.m, again.m, p) < 3.9999e-6)
			fail_msg("%u bytes, %u permille: m %u is too many", total, loss, g.m);
	}
}

static void test_plans(void **state)
{
	static const uint32_t s_max[] = {64,	      510,	   S_MAX(1280),
					 S_MAX(1500), S_MAX(9000), DATAGRAM_BODY_MAX};
	static const unsigned losses[] = {0, 1, 10, 30, 50, 200, 500};

	(void)state;
	for (size_t i = 0; i < sizeof(s_max) / sizeof(*s_max); i++) {
		for (size_t l = 0; l < sizeof(losses) / sizeof(*losses); l++) {
			for (uint32_t total = 33; total < 512 * MIB; total += total / 3 + 7) {
				if (total / s_max[i] > 2000000)
					break; /* many blocks are tested below */
				check_plan(total, s_max[i], losses[l]);
			}
		}
	}
}

static void test_largest(void **state)
{
	static const unsigned losses[] = {0, 10, 30, 50, 200, 500};
	struct geometry g;

	(void)state;
	for (size_t l = 0; l < sizeof(losses) / sizeof(*losses); l++) {
		check_plan((uint32_t)DATAGRAM_OBJECT_MAX, S_MAX(1500), losses[l]);
		check_plan((uint32_t)DATAGRAM_OBJECT_MAX, S_MAX(9000), losses[l]);
	}
	assert_int_equal(geometry_plan((uint32_t)DATAGRAM_OBJECT_MAX, 64, 30, &g), SL_E_LIMIT);
	assert_int_equal(geometry_plan(0, 1434, 30, &g), SL_E_LIMIT);
	assert_int_equal(geometry_plan(33, 63, 30, &g), SL_E_LIMIT);
	assert_int_equal(geometry_plan(33, 1434, 501, &g), SL_E_LIMIT);
}

/* What link.md promises, IP and UDP headers counted. */
static void test_costs(void **state)
{
	static const struct {
		uint32_t bytes, mtu;
		unsigned loss;
		double most;
	} rows[] = {
		{4 << 10, 1500, 30, 4},	      {4 << 10, 9000, 30, 4},
		{4 << 10, 1500, 200, 4},      {64 << 10, 1500, 30, 1.5},
		{64 << 10, 9000, 30, 1.5},    {MIB, 1500, 30, 1.2},
		{100000000, 1500, 30, 1.15},  {100000000, 9000, 30, 1.15},
		{100 * MIB, 1500, 30, 1.15},  {100000000, 1500, 10, 1.12},
		{1024 * MIB, 1500, 30, 1.15},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct geometry g;
		double cost;

		assert_int_equal(geometry_plan(rows[i].bytes + DIGEST_LEN, S_MAX(rows[i].mtu),
					       rows[i].loss, &g),
				 SL_OK);
		cost = (double)wire_bytes(&g) / rows[i].bytes;
		if (cost >= rows[i].most)
			fail_msg("%u bytes at MTU %u, %u permille: %.4f times", rows[i].bytes,
				 rows[i].mtu, rows[i].loss, cost);
	}
}

/* xorshift64*: the same stream on every machine. */
static bool drops(uint64_t *seed, unsigned permille)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return (*seed * UINT64_C(2685821657736338717) >> 32) % 1000 < permille;
}

/* 200,000 blocks of each shape at the planned loss: at most 0.8 are expected to be lost. */
static void test_loss(void **state)
{
	static const struct {
		uint32_t total, mtu;
		unsigned loss;
	} rows[] = {
		{4128, 1500, 30},	{4128, 1500, 200}, {4128, 9000, 50},
		{33, 1500, 10},		{65568, 1500, 50}, {100000032, 1500, 10},
		{100000032, 9000, 200},
	};
	enum { BLOCKS = 200000 };
	uint64_t seed = 20261127;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		unsigned k, failed = 0;
		struct geometry g;

		assert_int_equal(
			geometry_plan(rows[i].total, S_MAX(rows[i].mtu), rows[i].loss, &g),
			SL_OK);
		k = geometry_k(&g, 0);
		for (unsigned b = 0; b < BLOCKS; b++) {
			unsigned gone = 0;

			for (unsigned n = 0; n < k + g.m; n++)
				gone += drops(&seed, rows[i].loss);
			failed += gone > g.m;
		}
		assert_true(failed <= 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),	cmocka_unit_test(test_plans),
		cmocka_unit_test(test_largest), cmocka_unit_test(test_costs),
		cmocka_unit_test(test_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
