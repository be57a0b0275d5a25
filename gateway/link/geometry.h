/* geometry.h - how an object is cut into blocks of symbols for Reed-Solomon.
 *
 *   symbols = ceil(total / s), the last one padded with zeros
 *   blocks  = ceil(symbols / (255 - m))
 *   block b has floor(symbols / blocks) data symbols, the first symbols % blocks blocks
 *   one more, and m repair symbols.
 * Blocks follow each other in the object.  Pure arithmetic. */
#ifndef SL_LINK_GEOMETRY_H
#define SL_LINK_GEOMETRY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { GEOMETRY_BLOCK = 255, GEOMETRY_REPAIR_MAX = 200, GEOMETRY_BLOCKS_MAX = 65536 };

struct geometry {
	uint32_t total;
	uint32_t s; /* bytes of a symbol */
	unsigned m;
	uint32_t symbols, blocks;
};
/* SL_E_LIMIT: total 0, s 0, m > GEOMETRY_REPAIR_MAX or more than 65536 blocks. */
int geometry_of(uint32_t total, uint32_t s, unsigned m, struct geometry *ret_g) SL_MUST_USE;
/* block < blocks, i < geometry_k() of it. */
unsigned geometry_k(const struct geometry *g, uint32_t block); /* data symbols of it */
/* Index of the block's first data symbol among all; its offset in the object is s times
 * that. */
uint32_t geometry_first(const struct geometry *g, uint32_t block);
/* Bytes of the object in data symbol i of the block; s but for the object's last one. */
uint32_t geometry_bytes(const struct geometry *g, uint32_t block, unsigned i);

/* The sender's choice for an object of `total` bytes over datagrams that hold at most
 * s_max symbol bytes (64 .. DATAGRAM_BODY_MAX), when loss_permille (0..500) of the datagrams
 * are lost: m is the smallest with P(more than m of k + m lost) < 4e-6, at least 1; an
 * object that fits one symbol or few gets smaller symbols (k of at least 4 from 1 KiB on)
 * so that its repair is cheap.  Blocks get equal sizes.  At 3 %: a 4 KiB unit costs less
 * than 4 times its size on the wire, 100 MB less than 1.15 times, IPv4 and UDP headers
 * counted (with 1e-6 it would be 1.155 at MTU 1500).  SL_E_LIMIT: an argument out of
 * its range, or more than 65536 blocks. */
int geometry_plan(uint32_t total, uint32_t s_max, unsigned loss_permille,
		  struct geometry *ret_g) SL_MUST_USE;

#endif
