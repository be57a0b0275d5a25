/* Key files, secret and public.  Nobody answers for a passphrase, so no scrypt runs. */
#include "crypto/hash.h"
#include "crypto/key_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct key_kdf least = {1, 1};
	const char *text = (const char *)data;
	uint8_t pub[KEY_PUBLIC];
	struct key *k = NULL;
	enum key_use use;

	if (crypto_start() != SL_OK)
		return 0;
	for (unsigned u = 0; u < KEY_USE_COUNT; u++) {
		if (key_file_decode(text, size, (enum key_use)u, &least, "k", NULL, &k, NULL) ==
		    SL_OK)
			BUG(key_get_use(k) != (enum key_use)u);
		key_free(k);
		k = NULL;
	}
	if (key_file_decode_public(text, size, pub, &use, NULL) == SL_OK)
		BUG(!key_public_ok_for(use, pub));
	return 0;
}
