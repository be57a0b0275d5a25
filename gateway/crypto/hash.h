/* hash.h - SHA-256 and random bytes. */
#ifndef SL_CRYPTO_HASH_H
#define SL_CRYPTO_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { HASH_LEN = 32, HASH_HEX = 64, HASH_SHORT_KEY = 16 };

/* Start libsodium; call once at the start of every program that uses crypto/. */
int crypto_start(void) SL_MUST_USE;
void hash_bytes(const void *bytes, size_t len, uint8_t out[HASH_LEN]);
void hash_hex(const void *bytes, size_t len, char out[HASH_HEX + 1]);
/* Whole file through fd from offset 0 (pread; offset unchanged). */
int hash_fd(int fd, uint8_t out[HASH_LEN], uint64_t *ret_len) SL_MUST_USE;
struct hash; /* streaming */
int hash_new(struct hash **ret_h) SL_MUST_USE;
void hash_update(struct hash *h, const void *bytes, size_t len);
void hash_final(struct hash *h, uint8_t out[HASH_LEN]); /* h must still be freed */
void hash_free(struct hash *h);
/* HMAC-SHA-256 with a 32-byte key. */
void hash_hmac(const uint8_t key[32], const void *bytes, size_t len, uint8_t out[HASH_LEN]);
/* SipHash-2-4: 64 keyed bits of short bytes, for tables and sketches. */
uint64_t hash_short(const uint8_t key[HASH_SHORT_KEY], const void *bytes, size_t len);
void random_bytes(void *out, size_t len);
/* Constant-time comparison. */
int hash_equal(const void *a, const void *b, size_t len);
/* Base64, standard alphabet with padding. out: caller's buf. */
struct buf;
void base64_put(struct buf *out, const void *bytes, size_t len);
/* Strict: one spelling only. Appends decoded bytes. */
int base64_get(const char *text, size_t len, struct buf *out) SL_MUST_USE;
/* The same for exactly out_len bytes into the caller's memory, where secrets stay. */
int base64_exact(const char *text, size_t len, void *out, size_t out_len) SL_MUST_USE;

#endif
