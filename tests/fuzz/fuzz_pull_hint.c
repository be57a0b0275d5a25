/* fuzz_pull_hint.c - what an outlet, or whoever stands in its place, says about itself. */
#include <stdint.h>

#include "outlet/pull_hint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pull_hint h;
	struct buf b;

	if (pull_hint_parse(data, size, &h) != SL_OK)
		return 0;
	BUG(h.n > PULL_HINT_MISSING || h.missing_count < (int64_t)h.n || h.time < 1);
	for (unsigned i = 0; i < h.n; i++)
		BUG(h.missing[i] < 1 || (i > 0 && h.missing[i] <= h.missing[i - 1]));
	buf_init(&b, 4096);
	BUG(pull_hint_behind(&h, h.time, &b) != (b.len > 0) || b.error != SL_OK);
	buf_release(&b);
	return 0;
}
