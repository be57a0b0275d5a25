/* fuzz_fix_plan.c - a report and the text it speaks of, neither fitting the other: the masks
 * made of them are texts that stand there, and using them on one ends. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inspect/fix_plan.h"
#include "policy/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says where the report ends; the rest is the text of one segment. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct segment s = {.line = 1, .column = 1};
	struct fix_plan p;
	json_t *report = NULL;
	struct buf text, out;
	size_t split;

	if (size < 2 || size > 1 << 16)
		return 0;
	split = (size - 1) * data[0] / 255;
	if (json_parse(data + 1, split, size, &report) != SL_OK)
		return 0;
	s.text = (const char *)data + 1 + split;
	s.len = (uint32_t)(size - 1 - split);
	s.offset = data[0] % 3;
	buf_init(&text, 1 << 18);
	buf_init(&out, 1 << 24);
	segment_put(&text, &s);
	if (fix_plan_make(report, text.data, text.len, &p) == SL_OK) {
		(void)!fix_masks_apply(&p.masks, s.text, s.len, false, &out, NULL);
		BUG(json_array_size(p.rows) > 0 && p.masks.n == 0);
		(void)!fix_plan_settle(&p, &(struct fix_outcome){.copied = false});
		fix_plan_release(&p);
	}
	buf_release(&text);
	buf_release(&out);
	json_decref(report);
	return 0;
}
