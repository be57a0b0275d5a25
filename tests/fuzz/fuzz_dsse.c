/* Envelopes: whatever parses has been parsed within its limits and does not verify by chance.
 */
#include "crypto/dsse.h"
#include "crypto/hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dsse e = {.payload = NULL};
	struct key *k = NULL;

	if (crypto_start() != SL_OK || dsse_parse(data, size, &e) != SL_OK)
		return 0;
	BUG(e.payload_len == 0 || e.payload_len > DSSE_MAX);
	if (key_generate(KEY_DSSE_REVIEWER, NULL, &k) == SL_OK)
		BUG(dsse_verify(&e, key_public(k)) != SL_E_SIGNATURE);
	key_free(k);
	dsse_release(&e);
	return 0;
}
