/* fuzz_link_frame.c - what anyone may send to the outlet's stream port. */
#include <stdint.h>

#include "link/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame f;
	struct buf again;

	if (frame_parse(data, size, &f) != SL_OK)
		return 0;
	BUG(f.offset > f.total || f.len > f.total - f.offset || f.total > FRAME_UNIT_MAX);
	buf_init(&again, FRAME_MAX);
	BUG(frame_write(&f, &again) != SL_OK || again.len != size ||
	    memcmp(again.data, data, size) != 0);
	buf_release(&again);
	return 0;
}
