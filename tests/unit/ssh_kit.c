/* ssh_kit.c - see ssh_kit.h. */
#include "ssh_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "crypto/hash.h"

void ssh_kit_new(struct ssh_kit *k, enum ssh_key_type type, uint8_t seed)
{
	uint8_t bytes[crypto_sign_SEEDBYTES];

	memset(k, 0, sizeof(*k));
	memset(bytes, seed, sizeof(bytes));
	k->key.type = type;
	if (type == SSH_KEY_FIDO)
		memcpy(k->key.application, "ssh:", 5);
	assert_int_equal(crypto_sign_seed_keypair(k->key.public_key, k->secret, bytes), 0);
}

void ssh_kit_reseed(struct ssh_kit *k, uint8_t n, enum key_use use)
{
	uint8_t bytes[crypto_sign_SEEDBYTES];

	memset(bytes, n, sizeof(bytes));
	bytes[31] = (uint8_t)use;
	assert_int_equal(crypto_sign_seed_keypair(k->key.public_key, k->secret, bytes), 0);
}

void ssh_kit_raw(const struct ssh_kit *k, const void *message, size_t len, struct buf *out)
{
	uint8_t sig[KEY_SIGNATURE];

	(void)crypto_sign_detached(sig, NULL, message, len, k->secret);
	buf_put(out, sig, sizeof(sig));
}

void ssh_kit_sign(const struct ssh_kit *k, const void *message, size_t len, uint8_t flags,
		  uint32_t counter, struct buf *out)
{
	struct sshsig s = {.key = k->key, .flags = flags, .counter = counter};
	uint8_t application[32], inner[32];
	struct buf over;

	buf_init(&over, SSHSIG_MAX);
	sshsig_signed_bytes(message, len, &over);
	if (k->key.type == SSH_KEY_FIDO) {
		hash_bytes(k->key.application, strlen(k->key.application), application);
		hash_bytes(over.data, over.len, inner);
		buf_clear(&over);
		buf_put(&over, application, 32);
		buf_put_u8(&over, flags);
		buf_put_u32(&over, counter);
		buf_put(&over, inner, 32);
	}
	assert_int_equal(buf_error(&over), SL_OK);
	(void)crypto_sign_detached(s.sig, NULL, over.data, over.len, k->secret);
	buf_release(&over);
	sshsig_write(&s, out);
	assert_int_equal(buf_error(out), SL_OK);
}

void ssh_kit_line(const struct ssh_kit *k, struct buf *out)
{
	struct buf blob;

	buf_init(&blob, 256);
	buf_put_str(&blob, ssh_key_type_name(k->key.type));
	buf_put_blob(&blob, k->key.public_key, KEY_PUBLIC);
	if (k->key.type == SSH_KEY_FIDO)
		buf_put_str(&blob, k->key.application);
	buf_putf(out, "%s ", ssh_key_type_name(k->key.type));
	base64_put(out, blob.data, blob.len);
	buf_puts(out, " reviewer\n");
	buf_release(&blob);
}

void ssh_kit_armour(const struct buf *raw, struct buf *out)
{
	struct buf text;

	buf_init(&text, 4096);
	base64_put(&text, raw->data, raw->len);
	buf_puts(out, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t at = 0; at < text.len; at += 70)
		buf_putf(out, "%.*s\n", (int)(text.len - at > 70 ? 70 : text.len - at),
			 buf_str(&text) + at);
	buf_puts(out, "-----END SSH SIGNATURE-----\n");
	buf_release(&text);
}
