/* tool_scan_office.h - must LibreOffice be started for these files? */
#ifndef SL_POLICIES_TOOL_SCAN_OFFICE_H
#define SL_POLICIES_TOOL_SCAN_OFFICE_H

#include <stdbool.h>

/* May the file be, or carry, a document in a format before 2007?  It is loaded for
 * nothing at worst; where the answer is a wrong "no" such a document is held.  A file
 * that cannot be read carries none. */
bool tool_scan_needs_office(const char *path);

#endif
