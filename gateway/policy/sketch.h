/* sketch.h - a text in 648 bytes from which nothing of it can be read, but which tells whether
 * another text is nearly the same.
 *
 * Every five letters in a row (Han characters, letters and digits; case, width, spaces and
 * punctuation do not matter) are hashed with the key of the policy; of each of 128 groups of
 * hashes the least is kept (one permutation MinHash).  Numbers are kept the same way apart,
 * since monthly figures in one template differ in nothing else. */
#ifndef SL_POLICY_SKETCH_H
#define SL_POLICY_SKETCH_H

#include <stdbool.h>

#include "policy/segment.h"

enum {
	SKETCH_WORDS = 128,
	SKETCH_NUMBERS = 32,
	SKETCH_BYTES = 4 * (SKETCH_WORDS + SKETCH_NUMBERS + 2),
	SKETCH_BANDS = 16,
	SKETCH_LEAST = 60,   /* letters: a shorter text says too little */
	SKETCH_SIMILAR = 85, /* per cent from which on two texts are nearly the same */
};
struct sketch {
	uint32_t word[SKETCH_WORDS], number[SKETCH_NUMBERS];
	uint32_t n_shingles, n_numbers; /* how many went in */
};
/* Of all text that a reader sees: not of titles, file names and properties.  False when it is
 * too short.  `records`: segment_put records, as extraction leaves them; SL_E_FORMAT. */
int sketch_make(const uint8_t key[32], const void *records, size_t len, struct sketch *ret_s,
		bool *ret_made) SL_MUST_USE;
void sketch_put(const struct sketch *s, uint8_t out[SKETCH_BYTES]);
void sketch_get(const uint8_t in[SKETCH_BYTES], struct sketch *ret_s);
/* Where to look for it: texts that share none of these are not similar. */
void sketch_bands(const struct sketch *s, int64_t out[SKETCH_BANDS]);
/* Per cent; 0 when the texts are alike and their numbers are not. */
unsigned sketch_similarity(const struct sketch *a, const struct sketch *b);

#endif
