/* lanes.c - BLAKE2b with a message in each lane of a vector register.
 *
 * Hostile: the messages; nothing here branches or indexes by what they say.  Proved by the
 * unit test against libsodium for every length around the block's.  Invariant: chaining
 * values made with a key are wiped before the call returns. */
#include "crypto/lanes.h"

#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "base/err.h"

static const uint64_t iv[8] = {
	UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b),
	UINT64_C(0x3c6ef372fe94f82b), UINT64_C(0xa54ff53a5f1d36f1),
	UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
	UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179),
};

enum { ROUNDS = 12 };
/* Which word of the block each of the sixteen places of a round takes. */
static const uint8_t sigma[ROUNDS][16] = {
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
	{14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
	{11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
	{7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
	{9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
	{2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
	{12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
	{13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
	{6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
	{10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
	{14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
};

#if defined(__x86_64__)
typedef uint64_t four __attribute__((vector_size(32), aligned(8)));
typedef uint64_t eight __attribute__((vector_size(64), aligned(8)));

/* Checked builds need not be fast, and would take minutes to compile it. */
#if defined(__clang__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNROLLED
#else
#define UNROLLED _Pragma("GCC unroll 12")
#endif
#define ROTATE(x, n) (((x) >> (n)) | ((x) << (64 - (n))))
#define MIX(a, b, c, d, x, y)                                                                  \
	do {                                                                                   \
		v[a] += v[b] + (x);                                                            \
		v[d] = ROTATE(v[d] ^ v[a], 32);                                                \
		v[c] += v[d];                                                                  \
		v[b] = ROTATE(v[b] ^ v[c], 24);                                                \
		v[a] += v[b] + (y);                                                            \
		v[d] = ROTATE(v[d] ^ v[a], 16);                                                \
		v[c] += v[d];                                                                  \
		v[b] = ROTATE(v[b] ^ v[c], 63);                                                \
	} while (0)

/* One block of each lane into h; t counts to its end.  Reading rows and zipping them with
 * those half a square away, as often as it takes, turns rows into columns: word w of all
 * lanes ends up in m[w].  The first lines of RFC 7693, 3.2, follow. */
#define COMPRESS(name, vector, count, target_name, low, high)                                  \
	__attribute__((target(target_name))) static void name(                                 \
		vector h[8], const uint8_t *const at[], uint64_t t, bool last)                 \
	{                                                                                      \
		vector m[16], v[16], from[count];                                              \
                                                                                               \
		for (unsigned w = 0; w < 16; w += count) {                                     \
			for (unsigned i = 0; i < count; i++)                                   \
				memcpy(&m[w + i], at[i] + w * sizeof(uint64_t),                \
				       sizeof(vector));                                        \
			for (unsigned step = 1; step < count; step *= 2) {                     \
				memcpy(from, m + w, sizeof(from));                             \
				for (unsigned i = 0; i < count / 2; i++) {                     \
					m[w + 2 * i] = __builtin_shufflevector(                \
						from[i], from[i + count / 2], low);            \
					m[w + 2 * i + 1] = __builtin_shufflevector(            \
						from[i], from[i + count / 2], high);           \
				}                                                              \
			}                                                                      \
		}                                                                              \
		for (unsigned i = 0; i < 8; i++) {                                             \
			v[i] = h[i];                                                           \
			v[i + 8] = (vector){0} + iv[i];                                        \
		}                                                                              \
		v[12] ^= t;                                                                    \
		v[14] ^= last ? UINT64_MAX : 0;                                                \
		UNROLLED for (unsigned r = 0; r < ROUNDS; r++)                                 \
		{                                                                              \
			const uint8_t *s = sigma[r];                                           \
                                                                                               \
			MIX(0, 4, 8, 12, m[s[0]], m[s[1]]);                                    \
			MIX(1, 5, 9, 13, m[s[2]], m[s[3]]);                                    \
			MIX(2, 6, 10, 14, m[s[4]], m[s[5]]);                                   \
			MIX(3, 7, 11, 15, m[s[6]], m[s[7]]);                                   \
			MIX(0, 5, 10, 15, m[s[8]], m[s[9]]);                                   \
			MIX(1, 6, 11, 12, m[s[10]], m[s[11]]);                                 \
			MIX(2, 7, 8, 13, m[s[12]], m[s[13]]);                                  \
			MIX(3, 4, 9, 14, m[s[14]], m[s[15]]);                                  \
		}                                                                              \
		for (unsigned i = 0; i < 8; i++)                                               \
			h[i] ^= v[i] ^ v[i + 8];                                               \
	}

#define LOW4  0, 4, 1, 5
#define HIGH4 2, 6, 3, 7
#define LOW8  0, 8, 1, 9, 2, 10, 3, 11
#define HIGH8 4, 12, 5, 13, 6, 14, 7, 15
COMPRESS(compress4, four, 4, "avx2", LOW4, HIGH4)
COMPRESS(compress8, eight, 8, "avx512f", LOW8, HIGH8)

/* Messages of one length: all blocks but the last, then that one, padded with zeros. */
#define HASH(name, vector, count, target_name, compress)                                       \
	__attribute__((target(target_name))) static void name(                                 \
		const struct lanes *l, const uint8_t *const message[], size_t len, unsigned n, \
		uint8_t *const out[])                                                          \
	{                                                                                      \
		uint8_t end[count][LANES_BLOCK];                                               \
		const uint8_t *at[count];                                                      \
		size_t done = 0, rest;                                                         \
		vector h[8];                                                                   \
                                                                                               \
		for (unsigned i = 0; i < 8; i++)                                               \
			h[i] = (vector){0} + l->h[i];                                          \
		for (unsigned i = 0; i < count; i++)                                           \
			at[i] = message[i < n ? i : 0];                                        \
		for (; len - done > LANES_BLOCK; done += LANES_BLOCK) {                        \
			compress(h, at, l->t + done + LANES_BLOCK, false);                     \
			for (unsigned i = 0; i < count; i++)                                   \
				at[i] += LANES_BLOCK;                                          \
		}                                                                              \
		rest = len - done;                                                             \
		for (unsigned i = 0; i < count; i++) {                                         \
			memcpy(end[i], at[i], rest);                                           \
			memset(end[i] + rest, 0, LANES_BLOCK - rest);                          \
			at[i] = end[i];                                                        \
		}                                                                              \
		compress(h, at, l->t + len, true);                                             \
		for (unsigned i = 0; i < n; i++) {                                             \
			uint64_t full[8];                                                      \
                                                                                               \
			for (unsigned w = 0; w < 8; w++)                                       \
				full[w] = h[w][i];                                             \
			memcpy(out[i], full, l->out_len);                                      \
			sodium_memzero(full, sizeof(full));                                    \
		}                                                                              \
		sodium_memzero(h, sizeof(h));                                                  \
	}
HASH(hash4, four, 4, "avx2", compress4)
HASH(hash8, eight, 8, "avx512f", compress8)

unsigned lanes_width(void)
{
	if (__builtin_cpu_supports("avx512f"))
		return 8;
	return __builtin_cpu_supports("avx2") ? 4 : 0;
}

/* A key is a block of its own before the message. */
static void take_key(struct lanes *l, const uint8_t *key, size_t key_len)
{
	uint8_t block[LANES_BLOCK] = {0};
	const uint8_t *at[4] = {block, block, block, block};
	four h[8];

	memcpy(block, key, key_len);
	for (unsigned i = 0; i < 8; i++)
		h[i] = (four){0} + l->h[i];
	compress4(h, at, LANES_BLOCK, false);
	for (unsigned i = 0; i < 8; i++)
		l->h[i] = h[i][0];
	l->t = LANES_BLOCK;
	sodium_memzero(h, sizeof(h));
	sodium_memzero(block, sizeof(block));
}

void lanes_hash(const struct lanes *l, const uint8_t *const message[], size_t len, unsigned n,
		uint8_t *const out[])
{
	const unsigned width = lanes_width();

	BUG(n < 1 || n > width || len < 1);
	if (width == 8)
		hash8(l, message, len, n, out);
	else
		hash4(l, message, len, n, out);
}
#else
unsigned lanes_width(void)
{
	return 0;
}

static void take_key(struct lanes *l, const uint8_t *key, size_t key_len)
{
	(void)l;
	(void)key;
	(void)key_len;
}

void lanes_hash(const struct lanes *l, const uint8_t *const message[], size_t len, unsigned n,
		uint8_t *const out[])
{
	(void)l;
	(void)message;
	(void)len;
	(void)out;
	BUG(n > lanes_width());
}
#endif

void lanes_begin(struct lanes *l, size_t out_len, const uint8_t *key, size_t key_len)
{
	BUG(out_len < 1 || out_len > 64 || key_len > 64);
	*l = (struct lanes){.out_len = out_len};
	memcpy(l->h, iv, sizeof(iv));
	/* Parameter block: lengths of digest and key, fanout and depth 1. */
	l->h[0] ^= UINT64_C(0x01010000) ^ (uint64_t)key_len << 8 ^ (uint64_t)out_len;
	if (key_len > 0 && lanes_width() > 0)
		take_key(l, key, key_len);
}
