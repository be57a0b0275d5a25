/* see_lines.h - lines that can be read in one order only. */
#ifndef SL_INSPECT_SEE_LINES_H
#define SL_INSPECT_SEE_LINES_H

#include "inspect/see/see_units.h"

/* Take `plain` from every line whose characters overlap, go back, jump up and down or
 * differ much in height, or reach out of their places, and from all lines that stand
 * beside, in or across each other.  After the ink has been sorted. */
void see_lines_judge(struct see_units *u);
bool see_lines_is_blank(uint32_t cp);

#endif
