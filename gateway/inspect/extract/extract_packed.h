/* extract_packed.h - elements of XML whose text is bytes in base64. */
#ifndef SL_INSPECT_EXTRACT_PACKED_H
#define SL_INSPECT_EXTRACT_PACKED_H

#include "inspect/extract/extract.h"

enum extract_packed_kind {
	EXTRACT_PACKED_NOT,
	EXTRACT_PACKED_BYTES,	/* anything: what cannot be read is for a person */
	EXTRACT_PACKED_FIELD,	/* what Word keeps of a field: a small structure, or text */
	EXTRACT_PACKED_PRINTER, /* numbers of a printer's driver with names among them */
};

/* The whole text of such an element.  Text in it becomes a property, else its printable
 * runs become METADATA lines, in UTF-8 and UTF-16.  What is no base64, and of the first two
 * kinds what is longer than it should be and no text, fails p as extract_field_unread does. */
void extract_packed(struct extract_part *p, const char *name, enum extract_packed_kind kind,
		    const char *s, size_t len);

#endif
