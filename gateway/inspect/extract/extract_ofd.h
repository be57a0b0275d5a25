/* extract_ofd.h - the inner parts of the OFD reader (GB/T 33190-2016). */
#ifndef SL_INSPECT_EXTRACT_OFD_H
#define SL_INSPECT_EXTRACT_OFD_H

#include "inspect/extract/extract_package.h"

/* One page, template or appearance into part p, its text to stream `where`: lines by the
 * place of the runs on the page.  Invisible, transparent, white and tiny text and text
 * beside the page to HIDDEN with DH-003, text under something opaque also to COVERED with
 * DH-007.  width, height of the page in 1/1000 mm, 0 unknown.
 * Errors of extract_xml_parse, SL_E_LIMIT. */
int ofd_page_read(struct extract_part *p, const struct extract_member *m,
		  enum segment_where where, int64_t width, int64_t height) SL_MUST_USE;
/* "10.5 20 100 5" as numbers of 1/1000; how many there were, at most n. */
unsigned ofd_numbers(const char *text, int64_t *out, unsigned n);

#endif
