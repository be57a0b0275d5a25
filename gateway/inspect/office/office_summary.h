/* office_summary.h - property sets of OLE2 files (MS-OLEPS): title, author, company, … */
#ifndef SL_INSPECT_OFFICE_OFFICE_SUMMARY_H
#define SL_INSPECT_OFFICE_OFFICE_SUMMARY_H

#include "inspect/extract/extract.h"

/* One stream \5SummaryInformation or \5DocumentSummaryInformation: each text in it, the
 * names of custom ones included, is a property of p.  false: the set is broken, and what
 * was readable has been said. */
bool office_summary(struct extract_part *p, const uint8_t *bytes, size_t len) SL_MUST_USE;
/* Text in a code page of that time to UTF-8, for one property of this name. */
void office_summary_text(struct extract_part *p, const char *name, const uint8_t *s, size_t len,
			 unsigned codepage);

#endif
