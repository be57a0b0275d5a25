/* extract_attributes.h - elements with more attributes than anybody writes. */
#ifndef SL_INSPECT_EXTRACT_ATTRIBUTES_H
#define SL_INSPECT_EXTRACT_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>

/* Does a tag have more than `max` attributes?  libxml2 compares each attribute of an element
 * with all before it, so this is asked before it parses: a million would take hours.  Linear.
 * `html`: values need no quotes, and scripts and style sheets hold no tags.  Text that no
 * parser takes for a tag may be counted as one; a value never hides the end of counting. */
bool extract_attributes_exceed(const char *s, size_t len, bool html, unsigned max);

#endif
