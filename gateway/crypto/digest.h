/* digest.h - the digest of a whole object on the one-way link.
 *
 * BLAKE2b-256 over the BLAKE2b-256 of each piece of DIGEST_PIECE bytes, in order (the last
 * piece is shorter; without bytes there is none).  Pieces are hashed side by side, which
 * takes a fraction of the time of one BLAKE2b over everything. */
#ifndef SL_CRYPTO_DIGEST_H
#define SL_CRYPTO_DIGEST_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_LEN = 32, DIGEST_PIECE = 8192 };

void digest_bytes(const void *bytes, size_t len, uint8_t out[DIGEST_LEN]);

struct digest; /* the same in parts of any size */
int digest_new(struct digest **ret_d) SL_MUST_USE;
void digest_update(struct digest *d, const void *bytes, size_t len);
void digest_final(struct digest *d, uint8_t out[DIGEST_LEN]); /* d must still be freed */
void digest_free(struct digest *d);

#endif
