/* tlog_prove.c - inclusion and consistency proofs put together from tiles.
 *
 * Hostile: the tiles.  A proof leaves this file only when it leads to the root that the
 * same tiles have. */
#include <string.h>

#include "trust/tlog_private.h"

enum { CACHE = 24 /* a proof touches a tile of each level twice at most, mostly the same */ };

struct prover {
	const struct tlog_reader *reader;
	uint64_t size;
	struct cached {
		unsigned level, n;
		uint64_t number;
		uint8_t hash[TLOG_TILE][HASH_LEN];
	} tile[CACHE];
	unsigned used, next;
	struct buf b;
};

static int open_prover(const struct tlog_reader *r, uint64_t size, struct prover **ret_p)
{
	struct prover *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return SL_E_NOMEM;
	p->reader = r;
	p->size = size;
	buf_init(&p->b, TLOG_TILE * HASH_LEN);
	*ret_p = p;
	return SL_OK;
}

static void close_prover(struct prover *p)
{
	if (p != NULL)
		buf_release(&p->b);
	free(p);
}

static int get_tile(struct prover *p, unsigned level, uint64_t number,
		    const struct cached **ret_t)
{
	struct cached *t;
	int r;

	for (unsigned i = 0; i < p->used; i++) {
		if (p->tile[i].level == level && p->tile[i].number == number) {
			*ret_t = &p->tile[i];
			return SL_OK;
		}
	}
	t = &p->tile[p->next];
	r = tlog_read_tile(p->reader, level, number, tlog_width((int)level, number, p->size),
			   &p->b);
	if (r != SL_OK)
		return r;
	t->level = level;
	t->number = number;
	t->n = (unsigned)(p->b.len / HASH_LEN);
	memcpy(t->hash, p->b.data, p->b.len);
	p->next = (p->next + 1) % CACHE;
	if (p->used < CACHE)
		p->used++;
	*ret_t = t;
	return SL_OK;
}

/* Perfect subtree of 2^height leaves from lo on. */
static int perfect(struct prover *p, uint64_t lo, unsigned height, uint8_t out[HASH_LEN])
{
	unsigned level = height / 8, n = 1u << (height % 8);
	uint64_t at = lo >> (8 * level);
	const struct cached *t = NULL;
	int r = get_tile(p, level, at / TLOG_TILE, &t);

	if (r != SL_OK)
		return r;
	if (at % TLOG_TILE + n > t->n)
		return SL_E_FORMAT;
	tlog_perfect((const uint8_t(*)[HASH_LEN])(t->hash + at % TLOG_TILE), n, out);
	return SL_OK;
}

static unsigned split_height(uint64_t n) /* of the largest power of two below n >= 2 */
{
	unsigned h = 0;

	while (UINT64_C(1) << h < n - (UINT64_C(1) << h))
		h++;
	return h;
}

/* Leaves lo … hi - 1 of which each left part is perfect. */
static int range(struct prover *p, uint64_t lo, uint64_t hi, uint8_t out[HASH_LEN])
{
	uint8_t part[64][HASH_LEN];
	unsigned n = 0;
	int r = SL_OK;

	while (hi - lo > 1 && r == SL_OK) {
		unsigned h = split_height(hi - lo);

		if (hi - lo == UINT64_C(1) << (h + 1)) {
			r = perfect(p, lo, h + 1, part[n++]);
			lo = hi;
		} else {
			r = perfect(p, lo, h, part[n++]);
			lo += UINT64_C(1) << h;
		}
	}
	if (r == SL_OK && lo < hi)
		r = perfect(p, lo, 0, part[n++]);
	if (r != SL_OK)
		return r;
	BUG(n == 0); /* nobody asks for the hash of no leaves */
	memcpy(out, part[n - 1], HASH_LEN);
	while (--n > 0)
		merkle_node(part[n - 1], out, out);
	return SL_OK;
}

static void turn(uint8_t (*down)[HASH_LEN], unsigned n, uint8_t out[MERKLE_PROOF_MAX][HASH_LEN])
{
	for (unsigned i = 0; i < n; i++)
		memcpy(out[i], down[n - 1 - i], HASH_LEN);
}

int tlog_prove_inclusion(const struct tlog_reader *reader, uint64_t index, uint64_t size,
			 uint8_t out[MERKLE_PROOF_MAX][HASH_LEN], unsigned *ret_n)
{
	uint8_t down[MERKLE_PROOF_MAX][HASH_LEN], root[HASH_LEN], leaf[HASH_LEN];
	uint64_t lo = 0, hi = size;
	struct prover *p = NULL;
	unsigned n = 0;
	int r;

	if (index >= size || size > INT64_MAX)
		return SL_E_NOTFOUND;
	r = open_prover(reader, size, &p);
	while (r == SL_OK && hi - lo > 1) {
		uint64_t middle = lo + (UINT64_C(1) << split_height(hi - lo));

		if (index < middle) {
			r = range(p, middle, hi, down[n++]);
			hi = middle;
		} else {
			r = range(p, lo, middle, down[n++]);
			lo = middle;
		}
	}
	if (r == SL_OK)
		r = perfect(p, index, 0, leaf);
	if (r == SL_OK)
		r = range(p, 0, size, root);
	if (r == SL_OK) {
		turn(down, n, out);
		r = merkle_check_inclusion(leaf, index, size, (const uint8_t(*)[HASH_LEN])out,
					   n, root);
	}
	if (r == SL_OK)
		*ret_n = n;
	close_prover(p);
	return r;
}

/* RFC 6962, 2.1.2: SUBPROOF. */
static int subproof(struct prover *p, uint64_t old_size, uint8_t (*down)[HASH_LEN],
		    unsigned *ret_n)
{
	uint64_t lo = 0, hi = p->size;
	bool whole = true; /* the part in view begins where the old tree does */
	unsigned n = 0;
	int r = SL_OK;

	while (r == SL_OK && old_size < hi) {
		uint64_t middle = lo + (UINT64_C(1) << split_height(hi - lo));

		if (old_size <= middle) {
			r = range(p, middle, hi, down[n++]);
			hi = middle;
		} else {
			r = range(p, lo, middle, down[n++]);
			lo = middle;
			whole = false;
		}
	}
	if (r == SL_OK && !whole)
		r = range(p, lo, hi, down[n++]);
	*ret_n = n;
	return r;
}

int tlog_prove_consistency(const struct tlog_reader *reader, uint64_t old_size, uint64_t size,
			   uint8_t out[MERKLE_PROOF_MAX][HASH_LEN], unsigned *ret_n)
{
	uint8_t down[MERKLE_PROOF_MAX][HASH_LEN], root[HASH_LEN], old_root[HASH_LEN];
	struct prover *p = NULL;
	unsigned n = 0;
	int r;

	if (old_size > size || size > INT64_MAX)
		return SL_E_NOTFOUND;
	if (old_size == 0 || old_size == size) {
		*ret_n = 0;
		return SL_OK;
	}
	r = open_prover(reader, size, &p);
	if (r == SL_OK)
		r = subproof(p, old_size, down, &n);
	if (r == SL_OK)
		r = range(p, 0, old_size, old_root);
	if (r == SL_OK)
		r = range(p, 0, size, root);
	if (r == SL_OK) {
		turn(down, n, out);
		r = merkle_check_consistency(old_size, old_root, size, root,
					     (const uint8_t(*)[HASH_LEN])out, n);
	}
	if (r == SL_OK)
		*ret_n = n;
	close_prover(p);
	return r;
}
