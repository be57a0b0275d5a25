/* test_link_field.c - both ways of multiplying give what the field's definition says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/field.h"

enum { K_MAX = 40, N_MAX = 26, S_MAX = 4300, GUARD = 0xa5 };

static uint8_t times(uint8_t a, uint8_t b)
{
	uint8_t sum = 0;

	for (; b != 0; b >>= 1) {
		if (b & 1)
			sum ^= a;
		a = (uint8_t)(a << 1 ^ (a & 0x80 ? 0x1d : 0));
	}
	return sum;
}

struct set {
	struct field field;
	_Alignas(8) uint8_t table[FIELD_TABLE * K_MAX * N_MAX];
	uint8_t rows[N_MAX * K_MAX], in[K_MAX][S_MAX], out[N_MAX][S_MAX + 1];
	uint8_t *from[K_MAX], *to[N_MAX];
	uint32_t seed;
};

static uint8_t draw(struct set *s)
{
	s->seed = s->seed * 1664525 + 1013904223;
	return (uint8_t)(s->seed >> 24);
}

static void check(struct set *s, unsigned k, unsigned n, size_t len)
{
	memset(s->out, GUARD, sizeof(s->out));
	field_table(&s->field, k, n, s->rows, s->table);
	field_multiply(&s->field, k, n, len, s->table, s->from, s->to);
	for (unsigned j = 0; j < n; j++) {
		/* Every byte would take long; those around the edges of vectors and tiles. */
		for (size_t at = 0; at<len; at += at % 64> 1 && at % 64 < 62 ? 7 : 1) {
			uint8_t want = 0;

			for (unsigned i = 0; i < k; i++)
				want ^= times(s->rows[j * k + i], s->in[i][at]);
			assert_int_equal(s->out[j][at], want);
		}
		assert_int_equal(s->out[j][len], GUARD);
	}
	if (n < N_MAX)
		assert_int_equal(s->out[n][0], GUARD);
}

static void check_all(bool fast)
{
	static const size_t lengths[] = {1,   2,   63,	 64,   65,   127,
					 128, 129, 1434, 4096, 4097, 4300};
	struct set *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->seed = 20261127;
	field_start(&s->field);
	s->field.fast = s->field.fast && fast;
	for (unsigned i = 0; i < K_MAX; i++) {
		s->from[i] = s->in[i];
		for (unsigned j = 0; j < S_MAX; j++)
			s->in[i][j] = draw(s);
	}
	for (unsigned j = 0; j < N_MAX; j++)
		s->to[j] = s->out[j];
	for (unsigned i = 0; i < sizeof(s->rows); i++)
		s->rows[i] = draw(s);
	s->rows[1] = 0;
	s->rows[2] = 1;
	for (unsigned n = 1; n <= N_MAX; n++)
		check(s, 1 + n % 7, n, lengths[n % 12]);
	for (unsigned i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
		check(s, K_MAX, 3, lengths[i]);
	free(s);
}

static void test_as_this_processor_does(void **state)
{
	(void)state;
	check_all(true);
}

static void test_by_tables(void **state)
{
	(void)state;
	check_all(false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_this_processor_does),
		cmocka_unit_test(test_by_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
