/* Signature files of a ceremony: what is read is written again byte for byte. */
#include <string.h>

#include "crypto/hash.h"
#include "keys/ceremony.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ceremony_signature s;
	struct buf b;

	if (crypto_start() != SL_OK || ceremony_signature_parse(data, size, &s, NULL) != SL_OK)
		return 0;
	buf_init(&b, CEREMONY_SIGNATURE_MAX);
	BUG(ceremony_signature_bytes(&s, &b) != SL_OK);
	BUG(b.len != size || memcmp(b.data, data, size) != 0);
	buf_release(&b);
	return 0;
}
