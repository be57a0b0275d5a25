/* extract_word.h - one WordprocessingML part (document, header, notes, comments, …). */
#ifndef SL_INSPECT_EXTRACT_WORD_H
#define SL_INSPECT_EXTRACT_WORD_H

#include "inspect/extract/extract.h"
#include "inspect/extract/extract_package.h"
#include "inspect/extract/extract_styles.h"

/* Text goes to part p as `where`, except what is deleted, hidden, covered, a
 * field or an alternative text; inserted text goes to both places.  Marks:
 * DH-001 tracked changes, DH-002 comments (where == WHERE_COMMENT), DH-003
 * hidden, DH-005 embedded or linked, DH-007 covered.  Errors of extract_xml_parse. */
int extract_word_part(struct extract_part *p, const struct extract_member *m,
		      const struct extract_styles *styles,
		      enum segment_where where) SL_MUST_USE;

#endif
