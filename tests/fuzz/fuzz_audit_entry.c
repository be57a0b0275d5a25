/* Entries of the audit log: what parses is written back byte for byte. */
#include <string.h>

#include "trust/audit_entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct audit_entry e;
	struct buf b;

	if (audit_entry_parse(data, size, &e) != SL_OK)
		return 0;
	buf_init(&b, AUDIT_ENTRY_MAX);
	BUG(audit_entry_write(&e, &b) != SL_OK);
	BUG(b.len != size || memcmp(b.data, data, size) != 0);
	buf_release(&b);
	return 0;
}
