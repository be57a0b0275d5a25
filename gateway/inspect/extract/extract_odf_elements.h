/* extract_odf_elements.h - the elements of OpenDocument that say where text goes. */
#ifndef SL_INSPECT_EXTRACT_ODF_ELEMENTS_H
#define SL_INSPECT_EXTRACT_ODF_ELEMENTS_H

enum odf_element {
	ODF_E_OTHER,
	ODF_E_P, /* paragraph or heading */
	ODF_E_SPAN,
	ODF_E_S,
	ODF_E_TAB,
	ODF_E_BREAK,
	ODF_E_LINK,
	ODF_E_ANNOTATION,
	ODF_E_NOTE,
	ODF_E_NOTES, /* of a speaker */
	ODF_E_LABEL, /* of a footnote */
	ODF_E_DELETION,
	ODF_E_CHANGE_START,
	ODF_E_CHANGE_END,
	ODF_E_HEADER,
	ODF_E_FOOTER,
	ODF_E_SECTION,
	ODF_E_HIDDEN,
	ODF_E_TABLE,
	ODF_E_COLUMN,
	ODF_E_ROW,
	ODF_E_CELL,
	ODF_E_PAGE,
	ODF_E_SHAPE,
	ODF_E_OUTSIDE, /* what is loaded from elsewhere, or run */
	ODF_E_EVENT,
	ODF_E_DESCRIPTION,
	ODF_E_RUBY,
	ODF_E_PERSON,
	ODF_E_QUIET, /* known, says nothing */
};

/* By local name; "title" depends on the element around it (enum odf_element). */
enum odf_element odf_element_of(const char *name, unsigned parent);

#endif
