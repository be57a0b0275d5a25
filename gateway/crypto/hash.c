/* hash.c - SHA-256 over Nettle; random bytes, HMAC and strict Base64 over libsodium.
 *
 * Every body is hashed by its author, the desk, the inspector and the releaser.
 * Nettle uses the processor's SHA instructions, which libsodium does not: four
 * times the speed for the one primitive that sees whole files.  Bytes given here
 * may be hostile; nothing depends on their content. */
#include "crypto/hash.h"

#include <errno.h>
#include <unistd.h>

#include <nettle/sha2.h>
#include <sodium.h>

#include "base/buf.h"

struct hash {
	struct sha256_ctx state;
};

enum { READ_CHUNK = 64 << 10 };

int crypto_start(void)
{
	return sodium_init() < 0 ? SL_E_INTERNAL : SL_OK;
}

void hash_bytes(const void *bytes, size_t len, uint8_t out[HASH_LEN])
{
	struct sha256_ctx state;

	sha256_init(&state);
	sha256_update(&state, len, bytes);
	sha256_digest(&state, HASH_LEN, out);
}

void hash_hex(const void *bytes, size_t len, char out[HASH_HEX + 1])
{
	uint8_t digest[HASH_LEN];

	hash_bytes(bytes, len, digest);
	(void)sodium_bin2hex(out, HASH_HEX + 1, digest, sizeof(digest));
}

int hash_fd(int fd, uint8_t out[HASH_LEN], uint64_t *ret_len)
{
	struct sha256_ctx state;
	uint8_t *chunk = malloc(READ_CHUNK);
	uint64_t at = 0;
	int r = SL_OK;

	if (chunk == NULL)
		return SL_E_NOMEM;
	sha256_init(&state);
	for (;;) {
		ssize_t n = pread(fd, chunk, READ_CHUNK, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			r = sl_err_errno(errno);
		if (n <= 0)
			break;
		sha256_update(&state, (size_t)n, chunk);
		at += (uint64_t)n;
	}
	free(chunk);
	if (r != SL_OK)
		return r;
	sha256_digest(&state, HASH_LEN, out);
	*ret_len = at;
	return SL_OK;
}

int hash_new(struct hash **ret_h)
{
	struct hash *h = malloc(sizeof(*h));

	if (h == NULL)
		return SL_E_NOMEM;
	sha256_init(&h->state);
	*ret_h = h;
	return SL_OK;
}

void hash_update(struct hash *h, const void *bytes, size_t len)
{
	sha256_update(&h->state, len, bytes);
}

void hash_final(struct hash *h, uint8_t out[HASH_LEN])
{
	sha256_digest(&h->state, HASH_LEN, out);
}

void hash_free(struct hash *h)
{
	free(h);
}

void hash_hmac(const uint8_t key[32], const void *bytes, size_t len, uint8_t out[HASH_LEN])
{
	(void)crypto_auth_hmacsha256(out, bytes, len, key);
}

uint64_t hash_short(const uint8_t key[HASH_SHORT_KEY], const void *bytes, size_t len)
{
	uint8_t out[crypto_shorthash_BYTES];
	uint64_t h = 0;

	(void)crypto_shorthash(out, bytes, len, key);
	for (unsigned i = 0; i < sizeof(out); i++)
		h = h << 8 | out[i];
	return h;
}

void random_bytes(void *out, size_t len)
{
	randombytes_buf(out, len);
}

int hash_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void base64_put(struct buf *out, const void *bytes, size_t len)
{
	size_t text = sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);
	uint8_t *at = buf_extend(out, text); /* includes the NUL that sodium writes */

	if (at == NULL)
		return;
	(void)sodium_bin2base64((char *)at, text, bytes, len, sodium_base64_VARIANT_ORIGINAL);
	out->len--;
}

/* sodium refuses most foreign characters, missing padding and stray bits; the length rule
 * closes what is left of second spellings, and so does ours for bytes from 0x80 on: sodium
 * computes with the sign of a char and takes some of them for digits. */
static int decode(const char *text, size_t len, uint8_t *out, size_t room, size_t *ret_got)
{
	unsigned char all = 0;

	for (size_t i = 0; i < len; i++)
		all |= (unsigned char)text[i];
	if (len % 4 != 0 || all >= 0x80)
		return SL_E_FORMAT;
	*ret_got = 0;
	if (len > 0 && sodium_base642bin(out, room, text, len, NULL, ret_got, NULL,
					 sodium_base64_VARIANT_ORIGINAL) != 0)
		return SL_E_FORMAT;
	return SL_OK;
}

int base64_get(const char *text, size_t len, struct buf *out)
{
	size_t start = out->len, room = len / 4 * 3, got = 0;
	uint8_t *at = buf_extend(out, room);
	int r;

	if (at == NULL)
		return buf_error(out);
	r = decode(text, len, at, room, &got);
	if (r != SL_OK)
		sodium_memzero(at, room);
	buf_cut(out, r == SL_OK ? start + got : start);
	return r;
}

int base64_exact(const char *text, size_t len, void *out, size_t out_len)
{
	size_t got = 0;
	int r = decode(text, len, out, out_len, &got);

	return r == SL_OK && got != out_len ? SL_E_FORMAT : r;
}
