/* extract_html_select.h - selectors of style sheets, read once. */
#ifndef SL_INSPECT_EXTRACT_HTML_SELECT_H
#define SL_INSPECT_EXTRACT_HTML_SELECT_H

#include "inspect/extract/extract_html_sheet.h"

/* Offset of a copy of a text that lives with the sheet; 0: no room. */
uint32_t extract_html_sheet_keep(struct html_sheet *s, const char *text, size_t len);
/* One selector into compounds, weight, of and view of the rule.  false: it is none, or speaks
 * of states that a page does not begin with (":hover"). */
bool extract_html_select_read(struct html_sheet *s, const char *text, size_t len,
			      struct sheet_rule *rule);

#endif
