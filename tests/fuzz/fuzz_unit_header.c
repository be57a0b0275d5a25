/* fuzz_unit_header.c - the header of a transfer unit, before its signature is known. */
#include <stdint.h>

#include "link/unit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct unit u = {.files = NULL};
	struct buf again;

	if (unit_header_parse(data, size, &u, NULL) != SL_OK)
		return 0;
	/* What was accepted can be written again, and then has the same bytes. */
	buf_init(&again, UNIT_HEADER_MAX);
	BUG(unit_header_write(&u, &again) != SL_OK || again.len != size ||
	    memcmp(again.data, data, size) != 0);
	for (unsigned i = 0; i < u.n_files; i++)
		BUG(!unit_path_ok(u.files[i].path));
	buf_release(&again);
	unit_release(&u);
	return 0;
}
