/* repair.h - Reed-Solomon over one block of symbols, by ISA-L (Cauchy matrix over GF(2^8):
 * gf_gen_cauchy1_matrix for k + m rows).  Tables are cached for the last (k, m). */
#ifndef SL_LINK_REPAIR_H
#define SL_LINK_REPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "link/geometry.h"

struct repair;

int repair_new(struct repair **ret_r) SL_MUST_USE;
void repair_free(struct repair *r);
/* k data symbols of s bytes each -> m repair symbols; nothing when m is 0.
 * k >= 1, k + m <= 255. */
int repair_encode(struct repair *r, unsigned k, unsigned m, size_t s,
		  const uint8_t *const data[], uint8_t *const out[]) SL_MUST_USE;
/* symbol[0..k+m-1]: pointers to s bytes each; have[i] says which are there.  Writes the
 * data symbols that are not (symbol[i], i < k, must then point to room).  SL_E_STATE when
 * fewer than k are there. */
int repair_decode(struct repair *r, unsigned k, unsigned m, size_t s, uint8_t *const symbol[],
		  const bool have[]) SL_MUST_USE;

#endif
