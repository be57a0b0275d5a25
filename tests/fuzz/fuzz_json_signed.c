/* The signed profile has one spelling: what parses is written back byte for byte. */
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *j = NULL;
	struct buf b;

	if (json_parse_signed(data, size, &j) != SL_OK)
		return 0;
	buf_init(&b, JSON_SIGNED_MAX);
	BUG(json_canonical(j, &b) != SL_OK || b.len != size || memcmp(b.data, data, size) != 0);
	buf_release(&b);
	json_decref(j);
	return 0;
}
