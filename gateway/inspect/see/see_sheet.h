/* see_sheet.h - pictures of characters that are not known yet, set side by side and read. */
#ifndef SL_INSPECT_SEE_SHEET_H
#define SL_INSPECT_SEE_SHEET_H

#include "inspect/see/see_known.h"
#include "inspect/see/see_units.h"

/* Read what is unknown in the plain lines of a page, each picture once; what is read as
 * the characters it stands for becomes known.  SL_E_NOMEM, SL_E_IO of the engine. */
int see_sheet_read(const struct see_units *u, PIX *gray, uint32_t page,
		   struct see_known *known) SL_MUST_USE;
/* Is its picture known, or is it a blank without any? */
bool see_sheet_unit_known(const struct see_units *u, const struct see_unit *unit,
			  const struct see_known *known);
/* Is everything on this line known? Only then does it show what the layer says. */
bool see_sheet_line_known(const struct see_units *u, const struct see_line *line,
			  const struct see_known *known);

#endif
