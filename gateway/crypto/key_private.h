/* key_private.h - what the files of crypto/ share about keys; nobody else includes it. */
#ifndef SL_CRYPTO_KEY_PRIVATE_H
#define SL_CRYPTO_KEY_PRIVATE_H

#include "crypto/key.h"

enum { KEY_NUMBER = 8, KEY_SECRET = 64, KEY_TEXT_MAX = 1024 };

struct key { /* always in sodium_malloc memory */
	enum key_use use;
	/* Ed25519: seed and public key as libsodium keeps them; X25519: scalar and public key.
	 */
	uint8_t secret[KEY_SECRET];
	uint8_t public_key[KEY_PUBLIC];
	uint8_t number[KEY_NUMBER];
	char id[KEY_ID_HEX + 1];
};

struct key_kdf { /* scrypt work factors as libsodium counts them */
	uint64_t ops, mem;
};

/* X25519 uses: no signing. */
bool key_is_x25519(enum key_use use);
/* Build from secret bytes; SL_E_CORRUPT when they do not match each other. */
int key_from_secret(enum key_use use, const uint8_t secret[KEY_SECRET],
		    struct key **ret_k) SL_MUST_USE;
void key_number_of(enum key_use use, const uint8_t public_key[KEY_PUBLIC],
		   uint8_t out[KEY_NUMBER]);

/* Text of a secret key file; passphrase NULL: unencrypted, kdf unused.  buf_wipe `out`. */
int key_file_encode(const struct key *k, const char *passphrase, const struct key_kdf *kdf,
		    struct buf *out) SL_MUST_USE;
void key_file_encode_public(const struct key *k, struct buf *out);
/* Parse hostile file text.  `least` are the smallest work factors accepted;
 * `path` is only handed on to `ask`. */
int key_file_decode(const char *text, size_t len, enum key_use use, const struct key_kdf *least,
		    const char *path, int (*ask)(const char *path, char *out, size_t cap),
		    struct key **ret_k, struct sl_why *why) SL_MUST_USE;
int key_file_decode_public(const char *text, size_t len, uint8_t ret_public[KEY_PUBLIC],
			   enum key_use *ret_use, struct sl_why *why) SL_MUST_USE;

#endif
