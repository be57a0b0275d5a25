/* normalise_cuts.h - what the open view leaves out; for normalise_open.c and normalise_noise.c.
 */
#ifndef SL_POLICY_NORMALISE_CUTS_H
#define SL_POLICY_NORMALISE_CUTS_H

#include <stddef.h>
#include <stdint.h>

#include "policy/normalise.h"

struct cut {
	uint32_t from, len; /* bytes of the main view */
	uint8_t kind;	    /* enum norm_seam */
};

struct cuts {
	struct cut *cut; /* owned, ascending, apart */
	size_t n, cap;
	int error; /* first error; sticks */
};

void cuts_add(struct cuts *c, size_t from, size_t len, enum norm_seam kind);
/* Characters that somebody put between or behind each character of the line
 * text[from, to): at least three times in a row, always one or always two, all
 * the same, all letters or all symbols.  Prose has no such stretches. */
void cuts_noise(struct cuts *c, const char *text, size_t from, size_t to);

#endif
