/* geometry.c - arithmetic of blocks and symbols, and the sender's choice.
 *
 * Hostile: total, s and m of geometry_of come off the wire.  Invariant of a struct geometry:
 * (symbols - 1) * s < total <= symbols * s, and 1 <= k + m <= 255 in every block. */
#include "link/geometry.h"

#include <stdbool.h>

enum {
	S_MIN = 64,
	LOSS_MAX = 500,
	SMALL = 1024, /* from here on the loss of one datagram must not be most of it */
	SMALL_K = 4,
	/* What a datagram costs beside its symbol: 38 bytes of ours, up to 48 of IP and UDP,
	 * 38 on an Ethernet, and the work of two kernels, worth about that much again. */
	BESIDE = 256
};
/* A block may be lost so often. */
#define MISS 4e-6

static uint32_t divide_up(uint32_t a, uint32_t b)
{
	return a / b + (a % b != 0);
}

int geometry_of(uint32_t total, uint32_t s, unsigned m, struct geometry *ret_g)
{
	struct geometry g = {.total = total, .s = s, .m = m};

	if (total == 0 || s == 0 || m > GEOMETRY_REPAIR_MAX)
		return SL_E_LIMIT;
	g.symbols = divide_up(total, s);
	g.blocks = divide_up(g.symbols, GEOMETRY_BLOCK - m);
	if (g.blocks > GEOMETRY_BLOCKS_MAX)
		return SL_E_LIMIT;
	*ret_g = g;
	return SL_OK;
}

unsigned geometry_k(const struct geometry *g, uint32_t block)
{
	return g->symbols / g->blocks + (block < g->symbols % g->blocks);
}

uint32_t geometry_first(const struct geometry *g, uint32_t block)
{
	uint32_t longer = g->symbols % g->blocks;

	return block * (g->symbols / g->blocks) + (block < longer ? block : longer);
}

uint32_t geometry_bytes(const struct geometry *g, uint32_t block, unsigned i)
{
	uint32_t before = geometry_first(g, block) + i;

	return before + 1 < g->symbols ? g->s : g->total - before * g->s;
}

/* P(more than m of n are lost) >= MISS, when each is with probability p <= 1/2: the terms of
 * the binomial distribution, each from the one before.  The first is at least 2^-255, so
 * that nothing underflows.  From twice the mean on each is less than half of the one before,
 * so that what is left out at the end is nothing. */
static bool misses(unsigned n, unsigned m, double p)
{
	double term = 1, sum = 0, odds = p / (1 - p);

	for (unsigned i = 0; i < n; i++)
		term *= 1 - p;
	for (unsigned i = 1; i <= n; i++) {
		term *= odds * (n - i + 1) / i;
		if (i > m)
			sum += term;
		if (sum >= MISS)
			return true;
		if (i > m && i > 2 * p * n && term < MISS * 1e-9)
			break;
	}
	return false;
}

/* One block of as many symbols as is cheapest on the wire: few large ones are dear to
 * repair, many small ones are dear to frame. */
static bool plan_block(uint32_t total, uint32_t s_max, double p, struct geometry *ret_g)
{
	uint32_t k = divide_up(total, s_max), best = UINT32_MAX;
	unsigned m = 1;

	if (total >= SMALL && k < SMALL_K)
		k = SMALL_K;
	/* Symbols together are never less than the whole: more of them cannot be cheaper. */
	for (; k + m <= GEOMETRY_BLOCK && total + (uint64_t)(k + m) * BESIDE < best; k++) {
		struct geometry g;
		uint32_t cost;

		while (k + m <= GEOMETRY_BLOCK && misses(k + m, m, p))
			m++;
		if (k + m > GEOMETRY_BLOCK ||
		    geometry_of(total, divide_up(total, k), m, &g) != SL_OK)
			break;
		cost = (k + m) * (g.s + BESIDE);
		/* Rounding may have left fewer symbols, for which m is not the smallest. */
		if (g.symbols != k || cost >= best)
			continue;
		best = cost;
		*ret_g = g;
	}
	return best != UINT32_MAX;
}

int geometry_plan(uint32_t total, uint32_t s_max, unsigned loss_permille,
		  struct geometry *ret_g)
{
	double p = loss_permille / 1000.0;
	struct geometry g;
	uint32_t symbols;

	if (total == 0 || s_max < S_MIN || loss_permille > LOSS_MAX)
		return SL_E_LIMIT;
	if (plan_block(total, s_max, p, ret_g))
		return SL_OK;
	symbols = divide_up(total, s_max);
	for (unsigned m = 1; m <= GEOMETRY_REPAIR_MAX; m++) {
		int r = geometry_of(total, divide_up(total, symbols), m, &g);

		if (r != SL_OK)
			return r; /* too many blocks; more repair makes more of them */
		if (misses(geometry_k(&g, 0) + m, m, p))
			continue;
		*ret_g = g;
		return SL_OK;
	}
	return SL_E_LIMIT;
}
