/* Bytes of a reply, signed here with the desk's key so that the fields behind the signature are
 * reached. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "wire/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char domain[] = "sluice-reply/1\n";
	static const uint8_t seed[32] = {2}, nonce[WIRE_NONCE] = "fifteen letters";
	static struct key *desk;
	struct wire_reply rp;
	struct buf b;

	if (desk == NULL &&
	    (crypto_start() != SL_OK || key_generate(KEY_DESK, seed, &desk) != SL_OK))
		abort();
	if (wire_reply_parse(data, size, key_public(desk), nonce, &rp) == SL_OK)
		wire_reply_release(&rp);
	buf_init(&b, WIRE_MESSAGE_MAX);
	buf_puts(&b, domain);
	buf_put(&b, data, size);
	if (buf_error(&b) == SL_OK) {
		uint8_t sig[KEY_SIGNATURE];

		key_sign(desk, b.data, b.len, sig);
		buf_put(&b, sig, sizeof(sig));
	}
	if (buf_error(&b) == SL_OK &&
	    wire_reply_parse(b.data, b.len, key_public(desk), nonce, &rp) == SL_OK)
		wire_reply_release(&rp);
	buf_release(&b);
	return 0;
}
