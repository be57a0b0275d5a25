/* repair.c - Reed-Solomon over field.h and ISA-L.
 *
 * The generator is the identity over a Cauchy matrix: row i (k <= i < k + m), column c is
 * 1 / (i XOR c) in GF(2^8) modulo 0x11d.  Every square part of a Cauchy matrix can be
 * inverted, so any k symbols restore the rest (which a Vandermonde matrix of this kind does
 * not promise).  Hostile: which symbols are there; their bytes only ever become bytes.
 *
 * Restoring n lost data symbols inverts n x n, not k x k: with n repair symbols in their
 * places, the lost ones are a product of what is there. */
#include "link/repair.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <isa-l/erasure_code.h>

#include "link/field.h"

/* lost <= min(k, m), and k + m is at most 255. */
enum { LOST_MAX = GEOMETRY_BLOCK / 2, COEFFICIENTS = LOST_MAX * (GEOMETRY_BLOCK - LOST_MAX) };

struct repair {
	unsigned k, m;					 /* of matrix and encode; 0 at first */
	uint8_t matrix[GEOMETRY_BLOCK * GEOMETRY_BLOCK]; /* k + m rows of k */
	_Alignas(uint64_t) uint8_t encode[FIELD_TABLE * COEFFICIENTS];
	_Alignas(uint64_t) uint8_t decode[FIELD_TABLE * COEFFICIENTS];
	struct field field;
	uint8_t part[LOST_MAX * LOST_MAX], inverse[LOST_MAX * LOST_MAX];
	uint8_t product[COEFFICIENTS]; /* lost rows of k */
};

int repair_new(struct repair **ret_r)
{
	struct repair *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return SL_E_NOMEM;
	field_start(&r->field);
	*ret_r = r;
	return SL_OK;
}

void repair_free(struct repair *r)
{
	free(r);
}

static int use_tables(struct repair *r, unsigned k, unsigned m, size_t s)
{
	if (k < 1 || k > GEOMETRY_BLOCK || m > GEOMETRY_BLOCK - k || s < 1 || s > INT_MAX)
		return SL_E_LIMIT;
	if (m == 0 || (r->k == k && r->m == m))
		return SL_OK;
	gf_gen_cauchy1_matrix(r->matrix, (int)(k + m), (int)k);
	field_table(&r->field, k, m, r->matrix + (size_t)k * k, r->encode);
	r->k = k;
	r->m = m;
	return SL_OK;
}

int repair_encode(struct repair *r, unsigned k, unsigned m, size_t s,
		  const uint8_t *const data[], uint8_t *const out[])
{
	uint8_t *from[GEOMETRY_BLOCK], *to[GEOMETRY_BLOCK];
	int rc = use_tables(r, k, m, s);

	if (rc != SL_OK || m == 0)
		return rc;
	memcpy(from, data, k * sizeof(*from)); /* ISA-L reads them only, but does not say so */
	memcpy(to, out, m * sizeof(*to));
	field_multiply(&r->field, k, m, s, r->encode, from, to);
	return SL_OK;
}

struct gaps {
	unsigned n;
	unsigned lost[LOST_MAX];       /* data symbols that are not there */
	uint8_t *row[LOST_MAX];	       /* of the matrix, for the repair symbol in its place */
	uint8_t *from[GEOMETRY_BLOCK]; /* data symbols and those in their places */
	uint8_t *to[LOST_MAX];
};

static int find_gaps(struct repair *r, uint8_t *const symbol[], const bool have[],
		     struct gaps *ret_g)
{
	unsigned next = r->k;

	ret_g->n = 0;
	for (unsigned c = 0; c < r->k; c++) {
		ret_g->from[c] = symbol[c];
		if (have[c])
			continue;
		while (next < r->k + r->m && !have[next])
			next++;
		if (next == r->k + r->m)
			return SL_E_STATE;
		ret_g->lost[ret_g->n] = c;
		ret_g->row[ret_g->n] = r->matrix + (size_t)next * r->k;
		ret_g->to[ret_g->n] = symbol[c];
		ret_g->from[c] = symbol[next++];
		ret_g->n++;
	}
	return SL_OK;
}

/* repair = A present + B lost, so lost = B' repair + B' A present with B' the inverse. */
static int solve(struct repair *r, const struct gaps *g)
{
	uint8_t *row[LOST_MAX], *product[LOST_MAX];
	unsigned n = g->n, k = r->k;

	for (unsigned i = 0; i < n; i++) {
		row[i] = g->row[i];
		product[i] = r->product + (size_t)i * k;
		for (unsigned j = 0; j < n; j++)
			r->part[i * n + j] = g->row[i][g->lost[j]];
	}
	if (gf_invert_matrix(r->part, r->inverse, (int)n) != 0)
		return SL_E_INTERNAL;
	field_table(&r->field, n, n, r->inverse, r->decode);
	field_multiply(&r->field, n, n, k, r->decode, row, product);
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j < n; j++)
			product[i][g->lost[j]] = r->inverse[i * n + j];
	}
	field_table(&r->field, k, n, r->product, r->decode);
	return SL_OK;
}

static bool whole(unsigned k, const bool have[])
{
	for (unsigned c = 0; c < k; c++) {
		if (!have[c])
			return false;
	}
	return true;
}

int repair_decode(struct repair *r, unsigned k, unsigned m, size_t s, uint8_t *const symbol[],
		  const bool have[])
{
	struct gaps g;
	int rc = use_tables(r, k, m, s);

	if (rc != SL_OK || whole(k, have))
		return rc;
	if (m == 0)
		return SL_E_STATE;
	rc = find_gaps(r, symbol, have, &g);
	if (rc == SL_OK)
		rc = solve(r, &g);
	if (rc == SL_OK)
		field_multiply(&r->field, k, g.n, s, r->decode, g.from, g.to);
	return rc;
}
