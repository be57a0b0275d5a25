/* extract_xml_unheard.h - comments, instructions and made-up names in XML. */
#ifndef SL_INSPECT_EXTRACT_XML_UNHEARD_H
#define SL_INSPECT_EXTRACT_XML_UNHEARD_H

#include <stdbool.h>
#include <stddef.h>

#include "inspect/extract/extract.h"

/* Each comment and processing instruction becomes a line of WHERE_COMMENT (without `notes`
 * only an instruction with words in it, for readers that hear the others themselves); names
 * of elements, attributes and name spaces with letters beyond ASCII or long numbers become
 * lines of WHERE_METADATA.  UTF-8 or UTF-16; what cannot be decoded fails the part.  The
 * bytes need not be well-formed. */
void extract_xml_unheard(struct extract_part *p, const char *xml, size_t len, bool notes);

#endif
