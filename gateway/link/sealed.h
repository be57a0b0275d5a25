/* sealed.h - a unit on the wire: encrypted to the outlet's link key, so that a
 * tap on the one-way link learns sizes only. */
#ifndef SL_LINK_SEALED_H
#define SL_LINK_SEALED_H

#include "base/config.h"
#include "crypto/seal.h"

enum { SEALED_KEYS_MAX = 1 + CONFIG_OLD_KEYS_MAX, SEALED_PRINT = 4 * 4 + 3 };

/* Everything readable from in_fd, sealed to the outlet, into out_fd. */
int sealed_write(int in_fd, const uint8_t outlet[SEAL_PUBLIC], int out_fd) SL_MUST_USE;
/* The outlet's link keys: the one of now first, then those it had before. */
struct sealed_keys {
	const struct key *key[SEALED_KEYS_MAX];
	unsigned n;
};

/* Open with whichever of these keys it was sealed to, *ret_key of them; in_fd is read from
 * its start.  SL_E_DENIED: sealed to another key, which `why` names; SL_E_SIGNATURE or
 * SL_E_FORMAT for anything that is not sealed or has changed. */
int sealed_read(int in_fd, const struct sealed_keys *keys, int out_fd, unsigned *ret_key,
		struct sl_why *why) SL_MUST_USE;
/* The first digits of the fingerprint that `sluice-keys show` prints, in groups. */
void sealed_fingerprint(const uint8_t public_key[SEAL_PUBLIC], char out[SEALED_PRINT + 1]);

#endif
