/* fuzz_office_summary.c - bytes as a property set. */
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "inspect/extract/extract.h"
#include "inspect/office/office_summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct extract_part *p;
	struct extract x;

	BUG(extract_init(&x, "a.doc", "application/msword", data, size) != SL_OK);
	p = x.parts[0];
	if (!office_summary(x.parts[0], data, size))
		BUG(p->object.reason[0] != '\0' && p->object.state == OBJECT_INSPECTED);
	BUG(!text_is_utf8(buf_str(&p->text[WHERE_PROPERTY]), p->text[WHERE_PROPERTY].len));
	extract_release(&x);
	return 0;
}
