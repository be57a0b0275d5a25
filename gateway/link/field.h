/* field.h - a matrix over GF(2^8) modulo 0x11d times a column of symbols.
 *
 *   to[j] = sum over i of row[j][i] * from[i]       byte by byte
 *
 * By the processor's own instruction for it (GFNI with AVX-512), three times as fast as the
 * tables of ISA-L, which do it elsewhere.  Both give the same bytes. */
#ifndef SL_LINK_FIELD_H
#define SL_LINK_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FIELD_MAX = 255, /* symbols on either side */
	FIELD_TABLE = 32 /* bytes of a table for each coefficient, aligned to 8 */
};

struct field {
	bool fast; /* tests may take it away before the first table is made */
	uint64_t map[256];
};
void field_start(struct field *f);
/* The table of n rows of k coefficients each, one row after the other. */
void field_table(const struct field *f, unsigned k, unsigned n, const uint8_t *rows,
		 uint8_t *table);
/* Symbols have s bytes, 1 .. INT_MAX.  No symbol of `to` may be one of `from`. */
void field_multiply(const struct field *f, unsigned k, unsigned n, size_t s, uint8_t *table,
		    uint8_t *const from[], uint8_t *const to[]);

#endif
