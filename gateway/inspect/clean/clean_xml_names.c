/* clean_xml_names.c - which attributes and elements are names, formulas and numbers.
 *
 * ECMA-376 part 1, 18 (SpreadsheetML) and 21.2 (charts); ODF 1.3 part 3. */
#include "inspect/clean/clean_xml_names.h"

#include <string.h>

#include "inspect/clean/clean_xml.h"
#include "inspect/extract/extract_package.h"

static bool is_one_of(const char *name, const char *const *names)
{
	for (size_t i = 0; names[i] != NULL; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool ends_with_one_of(const char *name, const char *const *ends)
{
	for (size_t i = 0; ends[i] != NULL; i++)
		if (extract_ends_with(name, ends[i]))
			return true;
	return false;
}

/* Elements whose name is said elsewhere: in formulas, in references, by other elements. */
static bool is_referred_to(const char *element)
{
	static const char *const names[] = {"sheet",
					    "table",
					    "definedName",
					    "worksheetSource",
					    "externalDefinedName",
					    "sheetName",
					    "named-range",
					    "named-expression",
					    "database-range",
					    "content-validation",
					    "config-item-map-entry",
					    "master-page",
					    "page-layout",
					    "font-face",
					    NULL};

	return is_one_of(element, names) || extract_ends_with(element, "style");
}

static bool is_link_inside(const char *type, const xmlNode *n, const char *name,
			   const char *value)
{
	bool sheets = strstr(type, "spreadsheet") != NULL;

	if (strcmp(name, "Target") == 0) {
		const char *mode = clean_xml_attr(n, "TargetMode");

		return mode == NULL || strcmp(mode, "External") != 0;
	}
	/* A member of the package, or an address: that begins with its scheme.  Places in a
	 * text are named by bookmarks, which are masked alike. */
	if (strcmp(name, "href") == 0)
		return value[0] == '#' ? sheets : strchr(value, ':') == NULL;
	return sheets && strcmp(name, "location") == 0;
}

bool clean_xml_is_name(const char *type, const xmlNode *n, const xmlAttr *a, const char *value)
{
	static const char *const names[] = {
		"id",	    "r",    "s",	 "t",	      "ref",	     "sqref", "spid",
		"PartName", "Type", "full-path", "Extension", "ContentType", NULL};
	/* ODF; a style's name has no stars. */
	static const char *const ends[] = {
		"style-name",	   "-layout-name",	"master-page-name", "font-name",
		"font-name-asian", "font-name-complex", "-address",	    "-addresses",
		"-range",	   "-ranges",		"-validation-name", NULL};
	const char *name = (const char *)a->name, *element = (const char *)n->name;

	if (is_one_of(name, names) || ends_with_one_of(name, ends) ||
	    is_link_inside(type, n, name, value))
		return true;
	if (strcmp(name, "name") == 0 && is_referred_to(element))
		return true;
	if (strcmp(element, "table") == 0 && strcmp(name, "displayName") == 0)
		return true;
	/* Of a pivot table: the sheet, and items that are numbers or dates. */
	return (strcmp(element, "worksheetSource") == 0 && strcmp(name, "sheet") == 0) ||
	       ((strcmp(element, "n") == 0 || strcmp(element, "d") == 0) &&
		strcmp(name, "v") == 0) ||
	       (strcmp(element, "sheetName") == 0 && strcmp(name, "val") == 0);
}

bool clean_xml_is_formula(const xmlAttr *a)
{
	static const char *const names[] = {"formula", "condition", "expression", NULL};

	return is_one_of((const char *)a->name, names);
}

static bool is_in(const xmlNode *n, const char *name)
{
	return n->parent != NULL && n->parent->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)n->parent->name, name) == 0;
}

enum clean_text_kind clean_xml_text_kind(const xmlNode *n)
{
	static const char *const formulas[] = {"f",	   "definedName", "formula",
					       "formula1", "formula2",	  NULL};
	/* Places of shared strings, truth and errors. */
	static const char *const marks[] = {"s", "b", "e", NULL};
	const char *t;

	if (is_one_of((const char *)n->name, formulas))
		return CLEAN_TEXT_FORMULA;
	if (strcmp((const char *)n->name, "v") != 0)
		return CLEAN_TEXT_WORDS;
	if (is_in(n, "pt"))
		return is_in(n->parent, "numCache") || is_in(n->parent, "numLit")
			       ? CLEAN_TEXT_NUMBER
			       : CLEAN_TEXT_WORDS;
	if (!is_in(n, "c"))
		return CLEAN_TEXT_WORDS;
	t = clean_xml_attr(n->parent, "t");
	if (t == NULL || strcmp(t, "n") == 0)
		return CLEAN_TEXT_VALUE;
	return is_one_of(t, marks) ? CLEAN_TEXT_NUMBER : CLEAN_TEXT_WORDS;
}
