/* lanes.h - inside crypto/: BLAKE2b (RFC 7693) of several messages of one length at once.
 *
 * One BLAKE2b waits for itself most of the time; with a message in each lane of a vector
 * register the processor has something to do.  Only where that pays: lanes_width() is 0 on
 * a processor without AVX2, and callers then hash one message after the other. */
#ifndef SL_CRYPTO_LANES_H
#define SL_CRYPTO_LANES_H

#include <stddef.h>
#include <stdint.h>

enum { LANES_MAX = 8, LANES_BLOCK = 128 };

/* What is the same for all messages: parameters and, if there is one, the key. */
struct lanes {
	uint64_t h[8];
	uint64_t t; /* bytes taken in so far */
	size_t out_len;
};
/* out_len 1..64; key_len 0..64.  With a key, `l` is as secret as the key. */
void lanes_begin(struct lanes *l, size_t out_len, const uint8_t *key, size_t key_len);
/* How many messages go through at once: 8, 4 or 0. */
unsigned lanes_width(void);
/* n <= lanes_width() messages of `len` bytes, len >= 1: out[i] gets out_len bytes. */
void lanes_hash(const struct lanes *l, const uint8_t *const message[], size_t len, unsigned n,
		uint8_t *const out[]);

#endif
