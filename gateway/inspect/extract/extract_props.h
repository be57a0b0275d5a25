/* extract_props.h - properties, and every word of XML that has no better reader. */
#ifndef SL_INSPECT_EXTRACT_PROPS_H
#define SL_INSPECT_EXTRACT_PROPS_H

#include <stdbool.h>
#include <stddef.h>

#include "inspect/extract/extract.h"
#include "inspect/extract/extract_xml.h"

/* One property as a PROPERTY line; DH-004 when it names a person, a company or
 * a template (S4), an inner path or a position (S2). */
void extract_property(struct extract_part *p, const char *name, const char *value, size_t len);
/* Does a value speak of a path inside the house: \\host\share, C:\, file://, /home/…? */
bool extract_is_inner_path(const char *s, size_t len);
/* Is an attribute value worth a reader's time (words, addresses, long numbers)? */
bool extract_is_wordy(const char *s, size_t len);
/* Each wordy attribute becomes a METADATA line; authors are left to the caller,
 * for whom they are a property. */
void extract_attrs(struct extract_part *p, const struct extract_xml_attrs *a);

enum extract_xml_shape {
	EXTRACT_XML_PROPERTIES, /* every text is a property named by its element */
	EXTRACT_XML_TEXT,	/* paragraphs of text: charts, diagrams */
	EXTRACT_XML_XMP,	/* properties; the packet's frame says nothing */
	EXTRACT_XML_CACHE,	/* text, and every value of an attribute "v" or "val" */
};
/* Read a member with no reader of its own: all texts, and attributes that are
 * wordy.  `where` is for EXTRACT_XML_TEXT and EXTRACT_XML_CACHE.  Errors of extract_xml_parse.
 */
int extract_xml_words(struct extract_part *p, const char *xml, size_t len,
		      enum extract_xml_shape shape, enum segment_where where) SL_MUST_USE;

#endif
