/* Entries of the release log: what parses is written back byte for byte. */
#include <string.h>

#include "trust/log_entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log_entry e;
	struct buf b;

	if (log_entry_parse(data, size, &e) != SL_OK)
		return 0;
	buf_init(&b, LOG_ENTRY_MAX);
	log_entry_write(&e, &b);
	BUG(b.len != size || memcmp(b.data, data, size) != 0);
	buf_release(&b);
	return 0;
}
