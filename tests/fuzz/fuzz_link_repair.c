/* fuzz_link_repair.c - objects of any shape, with any symbols lost, come back; any shape
 * that the sender would choose is one that the receiver takes.
 *
 *   u32 total, u16 s, u8 m, u16 loss: which shape; then bits: which symbols are lost */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "link/datagram.h"
#include "link/repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BYTES = 4096 }; /* larger symbols are cut: their length changes no matrix */

static void check_shape(const struct geometry *g)
{
	uint32_t last = g->blocks - 1;

	BUG(g->blocks < 1 || g->blocks > GEOMETRY_BLOCKS_MAX || g->symbols < g->blocks);
	BUG(geometry_k(g, 0) + g->m > GEOMETRY_BLOCK || geometry_k(g, last) < 1);
	BUG(geometry_first(g, 0) != 0 ||
	    geometry_first(g, last) + geometry_k(g, last) != g->symbols);
	BUG((uint64_t)(g->symbols - 1) * g->s +
		    geometry_bytes(g, last, geometry_k(g, last) - 1) !=
	    g->total);
}

/* The first bit of what is left of the input, and again from its start. */
static bool lost(const struct cur *c, unsigned i)
{
	size_t bits = 8 * cur_left(c);

	return bits != 0 && (c->p[i % bits / 8] >> i % bits % 8 & 1) != 0;
}

static void check_block(const struct geometry *g, uint32_t block, const struct cur *c)
{
	static struct repair *r;
	unsigned k = geometry_k(g, block), n = k + g->m, there = 0;
	size_t s = g->s < BYTES / n ? g->s : BYTES / n;
	uint8_t bytes[BYTES], sent[BYTES], *symbol[GEOMETRY_BLOCK];
	const uint8_t *from[GEOMETRY_BLOCK];
	bool have[GEOMETRY_BLOCK];
	int rc;

	BUG(r == NULL && repair_new(&r) != SL_OK);
	for (size_t i = 0; i < k * s; i++)
		bytes[i] = (uint8_t)(i * 167 + i / 256);
	for (unsigned i = 0; i < n; i++) {
		symbol[i] = bytes + i * s;
		from[i] = symbol[i];
		have[i] = !lost(c, i);
		there += have[i];
	}
	BUG(repair_encode(r, k, g->m, s, from, symbol + k) != SL_OK);
	memcpy(sent, bytes, n * s);
	for (unsigned i = 0; i < n; i++) {
		if (!have[i])
			memset(symbol[i], 0xee, s);
	}
	rc = repair_decode(r, k, g->m, s, symbol, have);
	BUG(rc != (there < k ? SL_E_STATE : SL_OK));
	BUG(rc == SL_OK && memcmp(bytes, sent, k * s) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct geometry g, again;
	uint32_t total, s;
	uint16_t loss;
	uint8_t m;
	struct cur c;

	cur_init(&c, data, size);
	total = cur_u32(&c);
	s = cur_u16(&c);
	m = cur_u8(&c);
	loss = cur_u16(&c);
	if (c.error != SL_OK)
		return 0;
	if (geometry_of(total, s, m, &g) == SL_OK) {
		check_shape(&g);
		check_block(&g, 0, &c);
		check_block(&g, g.blocks - 1, &c);
	}
	if (geometry_plan(total, s, loss, &g) == SL_OK) {
		BUG(g.total != total || g.s > s || g.m < 1);
		BUG(geometry_of(g.total, g.s, g.m, &again) != SL_OK ||
		    again.symbols != g.symbols || again.blocks != g.blocks);
		check_shape(&g);
		check_block(&g, g.blocks - 1, &c);
	}
	return 0;
}
