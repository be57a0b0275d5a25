/* merkle.h - RFC 6962 hash trees: the frontier a log keeps, and proofs that anyone checks. */
#ifndef SL_CRYPTO_MERKLE_H
#define SL_CRYPTO_MERKLE_H

#include <stdint.h>

#include "crypto/hash.h"

enum { MERKLE_PROOF_MAX = 64 };

void merkle_leaf(const void *entry, size_t len,
		 uint8_t out[HASH_LEN]); /* SHA-256(0 || entry) */
void merkle_node(const uint8_t left[HASH_LEN], const uint8_t right[HASH_LEN],
		 uint8_t out[HASH_LEN]); /* SHA-256(1 || left || right) */

/* The roots of the perfect subtrees that a tree of `size` leaves consists of, largest
 * first: enough to append, to know the root, and to prove what is appended. */
struct merkle_frontier {
	uint64_t size;
	unsigned n; /* number of one bits in size */
	uint8_t node[64][HASH_LEN];
};
void merkle_append(struct merkle_frontier *f, const uint8_t leaf[HASH_LEN]);
void merkle_root(const struct merkle_frontier *f,
		 uint8_t out[HASH_LEN]); /* size 0: SHA-256("") */
/* Audit path of the leaf `index` = before->size + i in the tree that `before` and all
 * n new leaves make; i < n. Returns the number of hashes (at most MERKLE_PROOF_MAX). */
unsigned merkle_prove_new(const struct merkle_frontier *before,
			  const uint8_t (*leaves)[HASH_LEN], uint64_t n, uint64_t i,
			  uint8_t out[MERKLE_PROOF_MAX][HASH_LEN]);
/* 0 or SL_E_SIGNATURE. */
int merkle_check_inclusion(const uint8_t leaf[HASH_LEN], uint64_t index, uint64_t size,
			   const uint8_t (*proof)[HASH_LEN], unsigned n,
			   const uint8_t root[HASH_LEN]) SL_MUST_USE;
int merkle_check_consistency(uint64_t old_size, const uint8_t old_root[HASH_LEN], uint64_t size,
			     const uint8_t root[HASH_LEN], const uint8_t (*proof)[HASH_LEN],
			     unsigned n) SL_MUST_USE;

#endif
