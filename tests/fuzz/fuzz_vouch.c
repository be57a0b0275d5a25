/* What officers sign for a set of rules: what parses is written back byte for byte. */
#include <string.h>

#include "trust/vouch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vouch_facts f;
	struct buf b;

	if (vouch_read(data, size, &f) != SL_OK)
		return 0;
	buf_init(&b, 1 << 20);
	BUG(vouch_write(&f, &b) != SL_OK);
	BUG(b.len != size || memcmp(b.data, data, size) != 0);
	vouch_release(&f);
	buf_release(&b);
	return 0;
}
