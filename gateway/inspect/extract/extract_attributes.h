/* extract_attributes.h - what has to be known of tags before libxml2 parses them. */
#ifndef SL_INSPECT_EXTRACT_ATTRIBUTES_H
#define SL_INSPECT_EXTRACT_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* SL_E_LIMIT: a tag has more than `max` attributes.  libxml2 compares each attribute of an
 * element with all before it: a million would take hours.
 * SL_E_FORMAT, of HTML only: there are words that its parser drops without saying so, in a
 * comment or instruction that nothing ends, in the end of an element, in a declaration beside
 * what belongs there, or in an attribute without a proper name or with the name of an earlier
 * one. Linear.  `html`: values need no quotes, and scripts and style sheets hold no tags.  Text
 * that no parser takes for a tag may be counted as one; a value never hides the end of
 * counting. */
int extract_attributes_check(const char *s, size_t len, bool html, unsigned max) SL_MUST_USE;

#endif
