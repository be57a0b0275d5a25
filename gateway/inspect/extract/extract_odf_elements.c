/* extract_odf_elements.c - local names to what they mean for the reader. */
#include "inspect/extract/extract_odf_elements.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct row {
	const char *name;
	enum odf_element element;
};

/* Sorted by name. */
static const struct row rows[] = {
	{"a", ODF_E_LINK},
	{"annotation", ODF_E_ANNOTATION},
	{"applet", ODF_E_OUTSIDE},
	{"cell-content-deletion", ODF_E_DELETION},
	{"change-end", ODF_E_CHANGE_END},
	{"change-start", ODF_E_CHANGE_START},
	{"circle", ODF_E_SHAPE},
	{"connector", ODF_E_SHAPE},
	{"covered-table-cell", ODF_E_CELL},
	{"creator", ODF_E_PERSON},
	{"custom-shape", ODF_E_SHAPE},
	{"dde-connection", ODF_E_OUTSIDE},
	{"dde-source", ODF_E_OUTSIDE},
	{"deletion", ODF_E_DELETION},
	{"desc", ODF_E_DESCRIPTION},
	{"ellipse", ODF_E_SHAPE},
	{"event-listener", ODF_E_EVENT},
	{"floating-frame", ODF_E_OUTSIDE},
	{"footer", ODF_E_FOOTER},
	{"footer-first", ODF_E_FOOTER},
	{"footer-left", ODF_E_FOOTER},
	{"frame", ODF_E_SHAPE},
	{"h", ODF_E_P},
	{"header", ODF_E_HEADER},
	{"header-first", ODF_E_HEADER},
	{"header-left", ODF_E_HEADER},
	{"hidden-paragraph", ODF_E_HIDDEN},
	{"hidden-text", ODF_E_HIDDEN},
	{"line", ODF_E_SHAPE},
	{"line-break", ODF_E_BREAK},
	{"note", ODF_E_NOTE},
	{"note-citation", ODF_E_LABEL},
	{"notes", ODF_E_NOTES},
	{"p", ODF_E_P},
	{"page", ODF_E_PAGE},
	{"path", ODF_E_SHAPE},
	{"plugin", ODF_E_OUTSIDE},
	{"polygon", ODF_E_SHAPE},
	{"polyline", ODF_E_SHAPE},
	{"previous", ODF_E_DELETION},
	{"rect", ODF_E_SHAPE},
	{"regular-polygon", ODF_E_SHAPE},
	{"ruby-text", ODF_E_RUBY},
	{"s", ODF_E_S},
	{"section", ODF_E_SECTION},
	{"soft-page-break", ODF_E_QUIET},
	{"span", ODF_E_SPAN},
	{"tab", ODF_E_TAB},
	{"table", ODF_E_TABLE},
	{"table-cell", ODF_E_CELL},
	{"table-column", ODF_E_COLUMN},
	{"table-row", ODF_E_ROW},
	{"title", ODF_E_DESCRIPTION},
};

static int by_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct row *)row)->name);
}

enum odf_element odf_element_of(const char *name, unsigned parent)
{
	const struct row *row =
		bsearch(name, rows, sizeof(rows) / sizeof(rows[0]), sizeof(rows[0]), by_name);

	/* svg:title describes a shape; text:title is a field that shows the title. */
	if (row != NULL && strcmp(name, "title") == 0 && parent != ODF_E_SHAPE)
		return ODF_E_SPAN;
	return row != NULL ? row->element : ODF_E_OTHER;
}
