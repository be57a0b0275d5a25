/* fuzz_office_legacy.c - bytes as an old document for our own walker, and as sectors that
 * belong to nobody. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "inspect/extract/extract.h"
#include "inspect/office/office_legacy.h"
#include "inspect/office/office_runs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct extract *x)
{
	const struct extract_part *p = x->parts[0];

	for (int w = 0; w < WHERE_COUNT; w++)
		BUG(!text_is_utf8(buf_str(&p->text[w]), p->text[w].len));
	for (size_t i = 0; i < p->n_marks; i++)
		BUG(p->marks[i].start + p->marks[i].len > p->text[p->marks[i].where].len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool loaded;
	struct sl_why why = {{0}};
	struct extract x;

	BUG(!loaded && (extract_load(&why) != SL_OK || office_runs_load() != SL_OK));
	loaded = true;
	BUG(extract_init(&x, "a.doc", "application/msword", data, size) != SL_OK);
	if (office_legacy(&x) == SL_OK)
		judge(&x);
	office_runs(x.parts[0], data, size, "unallocated");
	judge(&x);
	extract_release(&x);
	return 0;
}
