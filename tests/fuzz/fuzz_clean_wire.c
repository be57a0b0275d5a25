/* fuzz_clean_wire.c - masks before a document: what is read is written again to the same bytes.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inspect/clean_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct clean_mask *masks = NULL;
	size_t n = 0, head;
	bool exact = false;
	struct buf again;
	struct cur c;

	cur_init(&c, data, size);
	if (clean_wire_get(&c, &masks, &n, &exact) != SL_OK)
		return 0;
	head = size - cur_left(&c);
	buf_init(&again, CLEAN_HEAD_MAX);
	clean_wire_put(&again, masks, n, exact);
	BUG(buf_error(&again) != SL_OK || again.len != head ||
	    memcmp(again.data, data, head) != 0);
	for (size_t i = 0; i < n; i++)
		BUG(masks[i].text[0] == '\0');
	clean_wire_free(masks, n);
	buf_release(&again);
	return 0;
}
