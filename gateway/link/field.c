/* field.c - GF2P8AFFINEQB multiplies 64 bytes by a matrix of 8 x 8 bits, and multiplying by a
 * constant of GF(2^8) is such a matrix, whatever the field's polynomial. */
#include "link/field.h"

#include <string.h>

#include <isa-l/erasure_code.h>

#include "base/err.h"

enum { SLICE = 512 }; /* 255 of them stay in the second cache */

#if defined(__x86_64__)
#include <immintrin.h>
#endif

struct product {
	unsigned k, n; /* of the whole matrix: column i, row j is at maps[i * n + j] */
	const uint64_t *maps;
	uint8_t *const *from, *const *to;
};

#if defined(__x86_64__)

enum { VECTOR = 64, TILE = 4096, TOGETHER = 12 /* rows whose sums stay in registers */ };
#define FAST __attribute__((target("gfni,avx512f,avx512bw")))

/* The instruction takes the row for bit i of the result from byte 7 - i of the matrix. */
static uint64_t map_of(uint8_t c)
{
	uint64_t map = 0;

	for (unsigned bit = 0; bit < 8; bit++) {
		uint8_t product = gf_mul(c, (unsigned char)(1u << bit));

		for (unsigned i = 0; i < 8; i++)
			map |= (uint64_t)(product >> i & 1) << (8 * (7 - i) + bit);
	}
	return map;
}

static __mmask64 mask_of(size_t bytes)
{
	return bytes >= VECTOR ? ~UINT64_C(0) : (UINT64_C(1) << bytes) - 1;
}

/* Bytes at .. end of `rows` symbols from row j on.  `rows` is a constant wherever this is
 * called, so that the sums are registers. */
FAST static inline __attribute__((always_inline)) void
multiply(const struct product *p, unsigned j, const unsigned rows, size_t at, size_t end)
{
	for (; at < end; at += 2 * VECTOR) {
		__mmask64 m = mask_of(end - at);
		__mmask64 m2 = end - at > VECTOR ? mask_of(end - at - VECTOR) : 0;
		__m512i sum[TOGETHER], sum2[TOGETHER];

#pragma GCC unroll 12
		for (unsigned r = 0; r < rows; r++)
			sum[r] = sum2[r] = _mm512_setzero_si512();
		for (unsigned i = 0; i < p->k; i++) {
			const uint64_t *map = p->maps + (size_t)i * p->n + j;
			__m512i d = _mm512_maskz_loadu_epi8(m, p->from[i] + at);
			__m512i d2 = _mm512_maskz_loadu_epi8(m2, p->from[i] + at + VECTOR);

#pragma GCC unroll 12
			for (unsigned r = 0; r < rows; r++) {
				__m512i by = _mm512_set1_epi64((long long)map[r]);

				sum[r] ^= _mm512_gf2p8affine_epi64_epi8(d, by, 0);
				sum2[r] ^= _mm512_gf2p8affine_epi64_epi8(d2, by, 0);
			}
		}
#pragma GCC unroll 12
		for (unsigned r = 0; r < rows; r++) {
			_mm512_mask_storeu_epi8(p->to[j + r] + at, m, sum[r]);
			_mm512_mask_storeu_epi8(p->to[j + r] + at + VECTOR, m2, sum2[r]);
		}
	}
}

FAST static void multiply_rows(const struct product *p, unsigned j, unsigned rows, size_t at,
			       size_t end)
{
	switch (rows) {
#define ROWS(n)                                                                                \
	case n:                                                                                \
		multiply(p, j, n, at, end);                                                    \
		break;
		ROWS(1)
		ROWS(2)
		ROWS(3)
		ROWS(4)
		ROWS(5)
		ROWS(6)
		ROWS(7)
		ROWS(8)
		ROWS(9)
		ROWS(10)
		ROWS(11)
	default:
		multiply(p, j, TOGETHER, at, end);
	}
}

void field_start(struct field *f)
{
	f->fast = __builtin_cpu_supports("gfni") && __builtin_cpu_supports("avx512f") &&
		  __builtin_cpu_supports("avx512bw");
	for (unsigned c = 0; c < 256; c++)
		f->map[c] = map_of((uint8_t)c);
}

/* In tiles, so that what is read for the first rows is still near for the next ones. */
static void multiply_all(const struct product *p, size_t s)
{
	for (size_t at = 0; at < s; at += TILE) {
		size_t end = s - at < TILE ? s : at + TILE;

		for (unsigned j = 0; j < p->n; j += TOGETHER)
			multiply_rows(p, j, p->n - j < TOGETHER ? p->n - j : TOGETHER, at, end);
	}
}
#else
void field_start(struct field *f)
{
	*f = (struct field){.fast = false};
}

static void multiply_all(const struct product *p, size_t s)
{
	(void)p;
	(void)s;
}
#endif

void field_table(const struct field *f, unsigned k, unsigned n, const uint8_t *rows,
		 uint8_t *table)
{
	if (!f->fast) {
		ec_init_tables((int)k, (int)n, (uint8_t *)(uintptr_t)rows, table);
		return;
	}
	for (unsigned i = 0; i < k; i++) {
		for (unsigned j = 0; j < n; j++)
			memcpy(table + ((size_t)i * n + j) * sizeof(f->map[0]),
			       &f->map[rows[(size_t)j * k + i]], sizeof(f->map[0]));
	}
}

/* In slices: ISA-L goes over all k symbols again for every six rows or so, and those of a
 * jumbo frame are more than a cache holds.  The last slice is never a small rest, which would
 * be computed byte by byte. */
static void multiply_by_tables(unsigned k, unsigned n, size_t s, uint8_t *table,
			       uint8_t *const from[], uint8_t *const to[])
{
	uint8_t *in[FIELD_MAX], *out[FIELD_MAX];

	for (size_t at = 0, now; at < s; at += now) {
		now = s - at < 2 * SLICE ? s - at : SLICE;
		for (unsigned i = 0; i < k; i++)
			in[i] = from[i] + at;
		for (unsigned j = 0; j < n; j++)
			out[j] = to[j] + at;
		ec_encode_data((int)now, (int)k, (int)n, table, in, out);
	}
}

void field_multiply(const struct field *f, unsigned k, unsigned n, size_t s, uint8_t *table,
		    uint8_t *const from[], uint8_t *const to[])
{
	struct product p = {.k = k,
			    .n = n,
			    .maps = (const uint64_t *)(const void *)table,
			    .from = from,
			    .to = to};

	BUG(k > FIELD_MAX || n > FIELD_MAX);
	if (f->fast)
		multiply_all(&p, s);
	else
		multiply_by_tables(k, n, s, table, from, to);
}
