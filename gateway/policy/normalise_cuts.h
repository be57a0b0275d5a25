/* normalise_cuts.h - what the open view leaves out; for normalise_open.c, normalise_noise.c
 * and normalise_prose.c. */
#ifndef SL_POLICY_NORMALISE_CUTS_H
#define SL_POLICY_NORMALISE_CUTS_H

#include <stdbool.h>
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

enum {
	NOISE_PIECE = 512,     /* code points looked at together */
	NOISE_LETTERS_MIN = 5, /* letters are text only where the pattern goes on so long */
};

/* text[from, to) up to where a look at a piece is worth it; `to`: nowhere.  The piece begins
 * there, before the first sign of a pattern. */
size_t cuts_skip_prose(const char *text, size_t from, size_t to);

static inline bool cuts_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Characters that carry the text when something else is noise. */
static inline bool cuts_signal(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9fff) || (c >= '0' && c <= '9') || c == 0x2605 ||
	       c == 0x3007;
}

static inline bool cuts_symbol(uint32_t c)
{
	return !cuts_signal(c) && !cuts_letter(c) && c != '\n';
}

#endif
