/* tuf_profile.h - which form of TUF files, keys and digests this build accepts.
 *
 * The client's workflow is one; what it is willing to read is decided here, at link
 * time, and cannot be switched while a program runs.  tuf_profile.c is the profile
 * of everything that ships: canonical `signed`, Ed25519, SHA-256.  The program that
 * speaks to the public conformance suite brings a wider one (tests/conformance/). */
#ifndef SL_TRUST_TUF_PROFILE_H
#define SL_TRUST_TUF_PROFILE_H

#include "trust/tuf.h"

enum { TUF_DIGEST_MAX = 64 };

struct tuf_digest { /* the one that this profile goes by */
	uint8_t bytes[TUF_DIGEST_MAX];
	size_t len; /* HASH_LEN in what ships; 0: none that could ever match */
};

/* Parse a whole metadata file of at most `max` bytes.  What is not canonical is refused in
 * `signed` only.  SL_E_FORMAT, SL_E_LIMIT, SL_E_NOMEM. */
int tuf_profile_read(const void *bytes, size_t len, size_t max, json_t **ret_j) SL_MUST_USE;
/* Append the bytes that signatures of this `signed` part are made over. */
int tuf_profile_signed(const json_t *body, struct buf *out) SL_MUST_USE;
/* Read the key object that stands under `id`: 32 bytes that are the same for the same
 * key and different for different ones, whatever the key is called.  SL_E_FORMAT,
 * SL_E_UNSUPPORTED, SL_E_DENIED. */
int tuf_profile_key(const json_t *key, const char *id, uint8_t ret_public[KEY_PUBLIC],
		    struct sl_why *why) SL_MUST_USE;
/* Is this a good signature by a key that tuf_profile_key has read? */
bool tuf_profile_verify(const uint8_t public_key[KEY_PUBLIC], const void *bytes, size_t len,
			const char *sig);
/* May a role with this many keys have this threshold?  Below 1 never. */
bool tuf_profile_threshold(int64_t threshold, unsigned n_keys);
/* Read {"sha256":"…"}; false: malformed. */
bool tuf_profile_hashes(const json_t *hashes, struct tuf_digest *ret_d);
bool tuf_profile_matches(const struct tuf_digest *d, const void *bytes, size_t len);

#endif
