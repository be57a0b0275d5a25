/* chance.h - numbers that look random and are the same for the same seed. */
#ifndef SL_TEST_CHANCE_H
#define SL_TEST_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Parts in a million: 1 % is 10,000. */
enum { CHANCE_ALWAYS = 1000000 };

struct chance {
	uint64_t state;
};

static inline uint64_t chance_next(struct chance *c) /* SplitMix64 */
{
	uint64_t z = (c->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline uint64_t chance_below(struct chance *c, uint64_t n) /* 0 .. n - 1; n > 0 */
{
	return chance_next(c) % n;
}

static inline bool chance_hits(struct chance *c, uint32_t of_a_million)
{
	return of_a_million > 0 && chance_below(c, CHANCE_ALWAYS) < of_a_million;
}

static inline void chance_fill(struct chance *c, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i += 8) {
		uint64_t word = chance_next(c);

		for (size_t k = 0; k < 8 && i + k < len; k++)
			out[i + k] = (uint8_t)(word >> 8 * k);
	}
}

#endif
