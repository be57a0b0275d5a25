/* fuzz_finding.c - records from a hostile filter: refused, or the same when written again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_finding(const uint8_t *data, size_t size)
{
	struct finding f, again;
	struct cur c;
	struct buf b;

	cur_init(&c, data, size);
	if (finding_get(&c, &f) != SL_OK)
		return;
	buf_init(&b, 1 << 16);
	finding_put(&b, &f);
	cur_init(&c, b.data, b.len);
	if (finding_get(&c, &again) != SL_OK || cur_end(&c) != SL_OK ||
	    memcmp(&f, &again, sizeof(f)) != 0)
		abort();
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct segment s;
	struct cur c;

	try_finding(data, size);
	cur_init(&c, data, size);
	while (cur_left(&c) > 0 && segment_get(&c, &s) == SL_OK) {
		if (s.where >= WHERE_COUNT || s.len > size)
			abort();
	}
	cur_init(&c, data, size);
	while (cur_left(&c) > 0 && segment_get_begun(&c, &s) == SL_OK) {
		if (s.where >= WHERE_COUNT || s.text != NULL || s.len > SEGMENT_TEXT_MAX)
			abort();
		(void)cur_bytes(&c, s.len);
	}
	return 0;
}
