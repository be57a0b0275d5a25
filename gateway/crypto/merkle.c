/* merkle.c - RFC 6962 hash trees: section 2.1 builds, RFC 9162 section 2.1 checks.
 *
 * Hostile here: proofs, sizes and indexes given to the two checks.  Building works on
 * what the caller already trusts. */
#include "crypto/merkle.h"

#include <string.h>

#include <nettle/sha2.h>

void merkle_leaf(const void *entry, size_t len, uint8_t out[HASH_LEN])
{
	static const uint8_t prefix[1] = {0};
	struct sha256_ctx state;

	sha256_init(&state);
	sha256_update(&state, sizeof(prefix), prefix);
	sha256_update(&state, len, entry);
	sha256_digest(&state, HASH_LEN, out);
}

void merkle_node(const uint8_t left[HASH_LEN], const uint8_t right[HASH_LEN],
		 uint8_t out[HASH_LEN])
{
	uint8_t both[1 + 2 * HASH_LEN];

	both[0] = 1;
	memcpy(both + 1, left, HASH_LEN);
	memcpy(both + 1 + HASH_LEN, right, HASH_LEN);
	hash_bytes(both, sizeof(both), out);
}

void merkle_append(struct merkle_frontier *f, const uint8_t leaf[HASH_LEN])
{
	uint8_t node[HASH_LEN];

	memcpy(node, leaf, HASH_LEN);
	for (uint64_t s = f->size; (s & 1) != 0; s >>= 1)
		merkle_node(f->node[--f->n], node, node);
	memcpy(f->node[f->n++], node, HASH_LEN);
	f->size++;
}

void merkle_root(const struct merkle_frontier *f, uint8_t out[HASH_LEN])
{
	if (f->n == 0) {
		hash_bytes("", 0, out);
		return;
	}
	memcpy(out, f->node[f->n - 1], HASH_LEN);
	for (unsigned i = f->n - 1; i > 0; i--)
		merkle_node(f->node[i - 1], out, out);
}

/* The largest power of two below n; n >= 2. */
static uint64_t split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k <<= 1;
	return k;
}

struct growth {
	const struct merkle_frontier *before;
	const uint8_t (*leaves)[HASH_LEN];
};

/* A perfect subtree of the old tree that ends inside it while its parent does not: by
 * that a node of the frontier, with as many before it as its beginning has one bits. */
static const uint8_t *frontier_node(const struct merkle_frontier *f, uint64_t lo)
{
	return f->node[__builtin_popcountll(lo)];
}

/* Hash of the leaves lo … hi - 1; halves its range each time: 64 deep at most. */
static void range(const struct growth *g, uint64_t lo, uint64_t hi, uint8_t out[HASH_LEN])
{
	uint8_t left[HASH_LEN], right[HASH_LEN];
	uint64_t old = g->before->size;

	if (hi <= old) {
		memcpy(out, frontier_node(g->before, lo), HASH_LEN);
	} else if (hi - lo == 1) {
		memcpy(out, g->leaves[lo - old], HASH_LEN);
	} else {
		uint64_t k = split(hi - lo);

		range(g, lo, lo + k, left);
		range(g, lo + k, hi, right);
		merkle_node(left, right, out);
	}
}

unsigned merkle_prove_new(const struct merkle_frontier *before,
			  const uint8_t (*leaves)[HASH_LEN], uint64_t n, uint64_t i,
			  uint8_t out[MERKLE_PROOF_MAX][HASH_LEN])
{
	const struct growth g = {.before = before, .leaves = leaves};
	uint8_t down[MERKLE_PROOF_MAX][HASH_LEN];
	uint64_t lo = 0, hi = before->size + n, index = before->size + i;
	unsigned depth = 0;

	BUG(i >= n);
	while (hi - lo > 1) {
		uint64_t middle = lo + split(hi - lo);

		if (index < middle) {
			range(&g, middle, hi, down[depth++]);
			hi = middle;
		} else {
			range(&g, lo, middle, down[depth++]);
			lo = middle;
		}
	}
	/* Found from the root down, written from the leaf up. */
	for (unsigned d = 0; d < depth; d++)
		memcpy(out[d], down[depth - 1 - d], HASH_LEN);
	return depth;
}

/* RFC 9162, 2.1.3.2. */
int merkle_check_inclusion(const uint8_t leaf[HASH_LEN], uint64_t index, uint64_t size,
			   const uint8_t (*proof)[HASH_LEN], unsigned n,
			   const uint8_t root[HASH_LEN])
{
	uint64_t fn = index, sn = size - 1;
	uint8_t r[HASH_LEN];

	if (index >= size)
		return SL_E_SIGNATURE;
	memcpy(r, leaf, HASH_LEN);
	for (unsigned i = 0; i < n; i++) {
		if (sn == 0)
			return SL_E_SIGNATURE;
		if ((fn & 1) != 0 || fn == sn) {
			merkle_node(proof[i], r, r);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			merkle_node(r, proof[i], r);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && memcmp(r, root, HASH_LEN) == 0 ? SL_OK : SL_E_SIGNATURE;
}

/* RFC 9162, 2.1.4.2, with old_size a proper part of size. */
static int check_growth(uint64_t old_size, const uint8_t old_root[HASH_LEN], uint64_t size,
			const uint8_t root[HASH_LEN], const uint8_t (*proof)[HASH_LEN],
			unsigned n)
{
	uint64_t fn = old_size - 1, sn = size - 1;
	uint8_t fr[HASH_LEN], sr[HASH_LEN];
	unsigned i = 0;

	if ((old_size & fn) == 0) /* a perfect tree: its root is the first hash */
		memcpy(fr, old_root, HASH_LEN);
	else if (n > 0)
		memcpy(fr, proof[i++], HASH_LEN);
	else
		return SL_E_SIGNATURE;
	memcpy(sr, fr, HASH_LEN);
	while ((fn & 1) != 0) {
		fn >>= 1;
		sn >>= 1;
	}
	for (; i < n; i++) {
		if (sn == 0)
			return SL_E_SIGNATURE;
		if ((fn & 1) != 0 || fn == sn) {
			merkle_node(proof[i], fr, fr);
			merkle_node(proof[i], sr, sr);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			merkle_node(sr, proof[i], sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && memcmp(fr, old_root, HASH_LEN) == 0 && memcmp(sr, root, HASH_LEN) == 0
		       ? SL_OK
		       : SL_E_SIGNATURE;
}

int merkle_check_consistency(uint64_t old_size, const uint8_t old_root[HASH_LEN], uint64_t size,
			     const uint8_t root[HASH_LEN], const uint8_t (*proof)[HASH_LEN],
			     unsigned n)
{
	uint8_t empty[HASH_LEN];

	if (old_size > size || n > MERKLE_PROOF_MAX)
		return SL_E_SIGNATURE;
	if (old_size > 0 && old_size < size)
		return check_growth(old_size, old_root, size, root, proof, n);
	hash_bytes("", 0, empty);
	if (n != 0 || (old_size == 0 && memcmp(old_root, empty, HASH_LEN) != 0) ||
	    (old_size == size && memcmp(old_root, root, HASH_LEN) != 0))
		return SL_E_SIGNATURE;
	return SL_OK;
}
