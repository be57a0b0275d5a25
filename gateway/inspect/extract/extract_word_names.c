/* extract_word_names.c - local names to numbers, by bisection. */
#include "inspect/extract/extract_word_names.h"

#include <stdlib.h>
#include <string.h>

struct entry {
	const char *name;
	enum extract_word_name id;
};

/* Sorted by strcmp. */
static const struct entry entries[] = {
	{"AlternateContent", WORD_ALTERNATE},
	{"Choice", WORD_CHOICE},
	{"Fallback", WORD_FALLBACK},
	{"OLEObject", WORD_EMBEDDED},
	{"alias", WORD_CONTROL_TEXT},
	{"align", WORD_NUMBER},
	{"altChunk", WORD_EMBEDDED},
	{"background", WORD_BACKGROUND},
	{"binData", WORD_PACKED},
	{"blipFill", WORD_FILL},
	{"br", WORD_BREAK},
	{"cNvPr", WORD_DOC_PR},
	{"cellDel", WORD_CHANGE},
	{"cellIns", WORD_CHANGE},
	{"cellMerge", WORD_CHANGE},
	{"comment", WORD_COMMENT},
	{"control", WORD_EMBEDDED},
	{"cr", WORD_BREAK},
	{"default", WORD_CONTROL_TEXT},
	{"del", WORD_DEL},
	{"delInstrText", WORD_INSTR},
	{"delText", WORD_DEL_TEXT},
	{"docPr", WORD_DOC_PR},
	{"fillRef", WORD_FILL},
	{"fldChar", WORD_FLD_CHAR},
	{"fldData", WORD_PACKED},
	{"fldSimple", WORD_FLD_SIMPLE},
	{"gradFill", WORD_FILL},
	{"helpText", WORD_CONTROL_TEXT},
	{"hyperlink", WORD_HYPERLINK},
	{"imagedata", WORD_DOC_PR},
	{"ins", WORD_INS},
	{"instrText", WORD_INSTR},
	{"listEntry", WORD_CONTROL_TEXT},
	{"listItem", WORD_CONTROL_TEXT},
	{"moveFrom", WORD_DEL},
	{"moveTo", WORD_INS},
	{"noBreakHyphen", WORD_HYPHEN},
	{"numberingChange", WORD_CHANGE},
	{"p", WORD_P},
	{"pPr", WORD_PPR},
	{"pPrChange", WORD_CHANGE},
	{"pStyle", WORD_P_STYLE},
	{"pattFill", WORD_FILL},
	{"pctHeight", WORD_NUMBER},
	{"pctWidth", WORD_NUMBER},
	{"posOffset", WORD_NUMBER},
	{"ptab", WORD_TAB},
	{"r", WORD_R},
	{"rPr", WORD_RPR},
	{"rPrChange", WORD_CHANGE},
	{"rStyle", WORD_R_STYLE},
	{"rect", WORD_SHAPE},
	{"roundrect", WORD_SHAPE},
	{"rt", WORD_RUBY},
	{"sectPrChange", WORD_CHANGE},
	{"shape", WORD_SHAPE},
	{"solidFill", WORD_FILL},
	{"spPr", WORD_SHAPE_PR},
	{"statusText", WORD_CONTROL_TEXT},
	{"subDoc", WORD_EMBEDDED},
	{"sym", WORD_SYM},
	{"t", WORD_T},
	{"tab", WORD_TAB},
	{"tag", WORD_CONTROL_TEXT},
	{"tbl", WORD_TBL},
	{"tblGridChange", WORD_CHANGE},
	{"tblPrChange", WORD_CHANGE},
	{"tblStyle", WORD_TBL_STYLE},
	{"tc", WORD_TC},
	{"tcPr", WORD_TCPR},
	{"tcPrChange", WORD_CHANGE},
	{"textpath", WORD_TEXT_PATH},
	{"tr", WORD_TR},
	{"trPr", WORD_TRPR},
	{"trPrChange", WORD_CHANGE},
	{"txbxContent", WORD_TEXT_BOX},
	{"wsp", WORD_SHAPE},
};

static int by_name(const void *key, const void *e)
{
	return strcmp(key, ((const struct entry *)e)->name);
}

enum extract_word_name extract_word_names_find(const char *local)
{
	const struct entry *e = bsearch(local, entries, sizeof(entries) / sizeof(entries[0]),
					sizeof(entries[0]), by_name);

	return (e != NULL) ? e->id : WORD_OTHER;
}
