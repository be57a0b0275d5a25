/* mac.h - keyed BLAKE2b over the datagrams of the one-way link.
 *
 * Both ends hold one secret.  It lives in a key file of use link-mac like every other
 * key (an X25519 pair): the MAC key is BLAKE2b-256 of the secret half with the key
 * "sluice-link-mac/1", and the public half says which key it is, so that `sluice-keys
 * show` on both ends tells whether they hold the same one. */
#ifndef SL_CRYPTO_MAC_H
#define SL_CRYPTO_MAC_H

#include "crypto/key.h"

enum { MAC_LEN = 16 };

struct mac_key; /* guarded memory */

int mac_key_load(const char *path, struct mac_key **ret_k, struct sl_why *why) SL_MUST_USE;
/* From a key of use KEY_LINK_MAC that the caller keeps (tests, tools). */
int mac_key_of(const struct key *k, struct mac_key **ret_k) SL_MUST_USE;
void mac_key_free(struct mac_key *k);		 /* wipes */
const char *mac_key_id(const struct mac_key *k); /* KEY_ID_HEX digits, borrowed */
/* BLAKE2b-128 keyed with k over `bytes`; usable from several threads. */
void mac_put(const struct mac_key *k, const void *bytes, size_t len, uint8_t out[MAC_LEN]);
/* Constant time. */
bool mac_proved(const struct mac_key *k, const void *bytes, size_t len,
		const uint8_t mac[MAC_LEN]);

/* The same for n messages of one length, which is faster than one after the other. */
void mac_put_each(const struct mac_key *k, const uint8_t *const message[], size_t len,
		  unsigned n, uint8_t *const out[]);
/* ret_proved[i]: is mac[i] that of message[i]? */
void mac_proved_each(const struct mac_key *k, const uint8_t *const message[], size_t len,
		     unsigned n, const uint8_t *const mac[], bool ret_proved[]);

#endif
