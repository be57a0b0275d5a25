/* clean_xml_names.h - texts of a package that a mask would break. */
#ifndef SL_INSPECT_CLEAN_XML_NAMES_H
#define SL_INSPECT_CLEAN_XML_NAMES_H

#include <libxml/tree.h>
#include <stdbool.h>

enum clean_text_kind {
	CLEAN_TEXT_WORDS,
	CLEAN_TEXT_FORMULA, /* masks between its quotes only */
	CLEAN_TEXT_VALUE,   /* of a cell: a masked number becomes a word */
	CLEAN_TEXT_NUMBER,  /* takes no mask: of a chart, or the place of a string */
};

/* A name by which parts of a document of this media type find each other: sheets, tables,
 * defined names, styles, ranges of cells, members, identifiers. */
bool clean_xml_is_name(const char *type, const xmlNode *n, const xmlAttr *a, const char *value);
bool clean_xml_is_formula(const xmlAttr *a);
/* Of an element with nothing but text in it. */
enum clean_text_kind clean_xml_text_kind(const xmlNode *n);

#endif
