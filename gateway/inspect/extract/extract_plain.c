/* extract_plain.c - files that are text as they are: txt, csv, json, md, xml. */
#include "inspect/extract/extract.h"

#include <stdlib.h>

#include "inspect/extract/extract_decode.h"

int extract_plain_document(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	int r;

	/* The decoded text may be moved into the stream: both have the same ceiling. */
	r = extract_decode(x->bytes, x->len, EXTRACT_DETECT, &p->text[WHERE_BODY], &p->borrowed,
			   &p->borrowed_len);
	if (r == SL_E_NOMEM)
		return r;
	if (r != SL_OK) {
		buf_clear(&p->text[WHERE_BODY]);
		extract_fail(p, extract_reason(r));
		return SL_OK;
	}
	if (p->borrowed_len > SEGMENT_TOTAL_MAX)
		x->over = true;
	return SL_OK;
}
