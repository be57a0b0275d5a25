/* tlog_private.h - shared by the tlog*.c files only. */
#ifndef SL_TRUST_TLOG_PRIVATE_H
#define SL_TRUST_TLOG_PRIVATE_H

#include "trust/tlog.h"

enum {
	TLOG_LEVELS = 8, /* 256 hashes to a tile: eight levels hold 2^64 leaves */
	TLOG_BUNDLE_MAX = TLOG_TILE * (2 + TLOG_ENTRY_MAX)
};

/* Width of tile `number` of a level (or of a bundle) in a tree of `size`: 0 when it has none.
 */
unsigned tlog_width(int level, uint64_t number, uint64_t size);
/* The tile's first `width` hashes (or the bundle), also when only the full one is left.
 * out is cleared first. SL_E_NOTFOUND; SL_E_FORMAT for a wrong length. */
int tlog_read_tile(const struct tlog_reader *r, unsigned level, uint64_t number, unsigned width,
		   struct buf *out) SL_MUST_USE;
int tlog_read_bundle(const struct tlog_reader *r, uint64_t number, unsigned width,
		     struct buf *out) SL_MUST_USE;
/* Root of the perfect tree over n = 2^k hashes, n at most TLOG_TILE. */
void tlog_perfect(const uint8_t (*hash)[HASH_LEN], unsigned n, uint8_t out[HASH_LEN]);

/* The rightmost tile of every level while leaves are added: what a tree's tiles must be. */
struct tlog_levels {
	uint64_t size;
	unsigned n[TLOG_LEVELS];
	uint8_t hash[TLOG_LEVELS][TLOG_TILE][HASH_LEN];
};
/* The rightmost tiles of a tree of `size` leaves, and the frontier they lead to. */
int tlog_levels_read(const struct tlog_reader *r, uint64_t size,
		     struct tlog_levels *t) SL_MUST_USE;
void tlog_levels_frontier(const struct tlog_levels *t, struct merkle_frontier *f);
/* Read those of `before`; SL_E_CORRUPT when they lead elsewhere. */
int tlog_levels_open(const struct tlog_reader *r, const struct merkle_frontier *before,
		     struct tlog_levels *t) SL_MUST_USE;
/* Add one leaf; `full` sees each tile that it completes, lowest first. */
int tlog_levels_add(struct tlog_levels *t, const uint8_t leaf[HASH_LEN],
		    int (*full)(void *arg, unsigned level, uint64_t number,
				const uint8_t (*hash)[HASH_LEN]),
		    void *arg) SL_MUST_USE;

#endif
