/* columns.h - the heads of the doctors' tables, which are translated and of other widths then.
 */
#ifndef SL_LINK_COLUMNS_H
#define SL_LINK_COLUMNS_H

/* Print text so that it ends `cells` terminal columns on; longer text is printed whole. */
void columns_right(const char *text, int cells);

#endif
