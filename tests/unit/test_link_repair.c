/* test_link_repair.c - whatever k symbols arrive, the data comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/repair.h"

enum { S = 33 }; /* no multiple of anything that vector code likes */

struct block {
	struct repair *r;
	unsigned k, m;
	uint8_t bytes[GEOMETRY_BLOCK][S], sent[GEOMETRY_BLOCK][S];
	uint8_t *symbol[GEOMETRY_BLOCK];
	bool have[GEOMETRY_BLOCK];
	uint64_t seed;
};

static uint32_t draw(struct block *b, uint32_t below)
{
	b->seed ^= b->seed >> 12;
	b->seed ^= b->seed << 25;
	b->seed ^= b->seed >> 27;
	return (uint32_t)((b->seed * UINT64_C(2685821657736338717) >> 32) % below);
}

static struct block *block_new(void)
{
	struct block *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->seed = 20261127;
	assert_int_equal(repair_new(&b->r), SL_OK);
	for (unsigned i = 0; i < GEOMETRY_BLOCK; i++)
		b->symbol[i] = b->bytes[i];
	return b;
}

static void block_free(struct block *b)
{
	repair_free(b->r);
	free(b);
}

static void encode(struct block *b, unsigned k, unsigned m)
{
	const uint8_t *data[GEOMETRY_BLOCK];

	b->k = k;
	b->m = m;
	for (unsigned i = 0; i < k; i++) {
		data[i] = b->bytes[i];
		for (unsigned j = 0; j < S; j++)
			b->bytes[i][j] = (uint8_t)draw(b, 256);
	}
	assert_int_equal(repair_encode(b->r, k, m, S, data, b->symbol + k), SL_OK);
	memcpy(b->sent, b->bytes, sizeof(b->sent));
}

/* What have[] does not name is gone; the data must come back. */
static void decode(struct block *b)
{
	for (unsigned i = 0; i < b->k + b->m; i++) {
		if (b->have[i])
			memcpy(b->bytes[i], b->sent[i], S);
		else
			memset(b->bytes[i], 0xee, S);
	}
	assert_int_equal(repair_decode(b->r, b->k, b->m, S, b->symbol, b->have), SL_OK);
	assert_memory_equal(b->bytes, b->sent, (size_t)b->k * S);
}

/* Every choice of k of k + m symbols. */
static void test_small_shapes_exhaustively(void **state)
{
	struct block *b = block_new();
	unsigned choices = 0;

	(void)state;
	for (unsigned k = 1; k <= 6; k++) {
		for (unsigned m = 0; m <= 6; m++) {
			encode(b, k, m);
			for (unsigned set = 0; set < 1u << (k + m); set++) {
				unsigned n = 0;

				for (unsigned i = 0; i < k + m; i++) {
					b->have[i] = (set >> i & 1) != 0;
					n += b->have[i];
				}
				if (n < k) {
					assert_int_equal(repair_decode(b->r, k, m, S, b->symbol,
								       b->have),
							 SL_E_STATE);
					continue;
				}
				decode(b);
				choices++;
			}
		}
	}
	assert_true(choices > 5000);
	block_free(b);
}

/* Every k with every m that fits, exactly k symbols left at random; so every row and
 * column of every matrix takes part. */
static void test_all_shapes(void **state)
{
	struct block *b = block_new();

	(void)state;
	for (unsigned k = 1; k <= GEOMETRY_BLOCK; k++) {
		unsigned most = GEOMETRY_BLOCK - k;

		for (unsigned m = 0; m <= most; m += m < 3 || m + 3 > most ? 1 : 37) {
			encode(b, k, m);
			memset(b->have, 1, sizeof(b->have));
			for (unsigned gone = 0; gone < m;) {
				unsigned i = draw(b, k + m);

				gone += b->have[i];
				b->have[i] = false;
			}
			decode(b);
		}
	}
	block_free(b);
}

/* The shape of large objects, as many data symbols lost as can be, in every place. */
static void test_bursts(void **state)
{
	struct block *b = block_new();

	(void)state;
	encode(b, 233, 22);
	for (unsigned at = 0; at + 22 <= 255; at++) {
		memset(b->have, 1, sizeof(b->have));
		memset(b->have + at, 0, 22);
		decode(b);
	}
	memset(b->have + 233, 1, 22);
	memset(b->have, 0, 23);
	assert_int_equal(repair_decode(b->r, 233, 22, S, b->symbol, b->have), SL_E_STATE);
	block_free(b);
}

/* Long symbols, computed in slices, are what their bytes are one by one. */
static void test_long_symbols(void **state)
{
	enum { K = 5, M = 3, LONG = 3000 };
	static const size_t lengths[] = {511, 512, 1023, 1024, 1025, 1434, 1536, LONG};
	static uint8_t bytes[K + M][LONG], want[K][LONG];
	uint8_t *symbol[K + M];
	bool have[K + M] = {false, true, false, true, true, true, false, true};
	struct block *b = block_new();

	(void)state;
	for (size_t l = 0; l < sizeof(lengths) / sizeof(*lengths); l++) {
		const uint8_t *data[K];

		for (unsigned i = 0; i < K + M; i++)
			symbol[i] = bytes[i];
		for (unsigned i = 0; i < K; i++) {
			for (size_t j = 0; j < LONG; j++)
				bytes[i][j] = (uint8_t)draw(b, 256);
			memcpy(want[i], bytes[i], LONG);
			data[i] = bytes[i];
		}
		assert_int_equal(repair_encode(b->r, K, M, lengths[l], data, symbol + K),
				 SL_OK);
		for (size_t at = 0; at < lengths[l]; at++) {
			uint8_t one[M], *const out[M] = {one, one + 1, one + 2};

			for (unsigned i = 0; i < K; i++)
				data[i] = bytes[i] + at;
			assert_int_equal(repair_encode(b->r, K, M, 1, data, out), SL_OK);
			for (unsigned i = 0; i < M; i++)
				assert_int_equal(one[i], bytes[K + i][at]);
		}
		memset(bytes[0], 0xee, lengths[l]);
		memset(bytes[2], 0xee, lengths[l]);
		assert_int_equal(repair_decode(b->r, K, M, lengths[l], symbol, have), SL_OK);
		assert_memory_equal(bytes, want, sizeof(want)); /* and nothing beyond */
	}
	block_free(b);
}

/* By hand, from the definition: row i, column c is 1 / (i XOR c) modulo 0x11d. */
static void test_definition(void **state)
{
	static const uint8_t one[] = {1}, two[] = {0x80}, zero[] = {0};
	const uint8_t *data[2] = {one, zero};
	uint8_t r0, r1, *const out[2] = {&r0, &r1};
	struct repair *r = NULL;

	(void)state;
	assert_int_equal(repair_new(&r), SL_OK);
	assert_int_equal(repair_encode(r, 2, 2, 1, data, out), SL_OK);
	assert_int_equal(r0, 0x8e); /* 1 / 2 */
	assert_int_equal(r1, 0xf4); /* 1 / 3 */
	data[0] = zero;
	data[1] = two;
	assert_int_equal(repair_encode(r, 2, 2, 1, data, out), SL_OK);
	assert_int_equal(r0, 0x8b); /* 0x80 / 3 */
	assert_int_equal(r1, 0x40); /* 0x80 / 2 */
	repair_free(r);
}

static void test_limits(void **state)
{
	struct block *b = block_new();
	const uint8_t *data[1] = {b->bytes[0]};

	(void)state;
	assert_int_equal(repair_encode(b->r, 0, 1, S, data, b->symbol), SL_E_LIMIT);
	assert_int_equal(repair_encode(b->r, 1, 255, S, data, b->symbol), SL_E_LIMIT);
	assert_int_equal(repair_encode(b->r, 256, 0, S, data, b->symbol), SL_E_LIMIT);
	assert_int_equal(repair_encode(b->r, 1, UINT32_MAX, S, data, b->symbol), SL_E_LIMIT);
	assert_int_equal(repair_encode(b->r, 1, 1, 0, data, b->symbol), SL_E_LIMIT);
	assert_int_equal(repair_decode(b->r, 255, 1, S, b->symbol, b->have), SL_E_LIMIT);
	assert_int_equal(repair_encode(b->r, 1, 0, S, data, b->symbol), SL_OK);
	block_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_shapes_exhaustively),
		cmocka_unit_test(test_all_shapes),
		cmocka_unit_test(test_bursts),
		cmocka_unit_test(test_long_symbols),
		cmocka_unit_test(test_definition),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
