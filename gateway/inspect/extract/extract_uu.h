/* extract_uu.h - files that stand in text as uuencode ("begin 644 name"). */
#ifndef SL_INSPECT_EXTRACT_UU_H
#define SL_INSPECT_EXTRACT_UU_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum { EXTRACT_UU_NAME_MAX = 128 };

/* The next file at or after *at, which moves behind it: its name, printable, and its bytes
 * (POSIX uuencode).  It ends at "end" or at a line that is none of its own.  false: no more. */
bool extract_uu_next(const char *s, size_t len, size_t *at, char name[EXTRACT_UU_NAME_MAX],
		     struct buf *bytes);

#endif
