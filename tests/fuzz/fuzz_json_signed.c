/* The signed profile has one spelling: what parses is written back byte for byte, and what
 * is ordinary JSON of the profile is spelled as jansson sorts it. */
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *j = NULL;
	struct buf b, theirs;

	if (json_parse(data, size, JSON_SIGNED_MAX, &j) == SL_OK) {
		buf_init(&b, JSON_SIGNED_MAX);
		buf_init(&theirs, JSON_SIGNED_MAX);
		if (json_canonical(j, &b) == SL_OK)
			BUG(json_compact(j, &theirs) != SL_OK || b.len != theirs.len ||
			    memcmp(b.data, theirs.data, b.len) != 0);
		buf_release(&b);
		buf_release(&theirs);
		json_decref(j);
		j = NULL;
	}
	if (json_parse_signed(data, size, &j) != SL_OK)
		return 0;
	buf_init(&b, JSON_SIGNED_MAX);
	BUG(json_canonical(j, &b) != SL_OK || b.len != size || memcmp(b.data, data, size) != 0);
	buf_release(&b);
	json_decref(j);
	return 0;
}
