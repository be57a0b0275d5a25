/* see_align.h - what was read of a line beside what the layer says stands there. */
#ifndef SL_INSPECT_SEE_ALIGN_H
#define SL_INSPECT_SEE_ALIGN_H

#include "inspect/see/see_cut.h"
#include "inspect/see/see_known.h"
#include "inspect/see/see_reader.h"

enum { SEE_SYMBOLS_MOST = 128 /* of a line that is read by itself */ };

/* What a unit was read as; not sure: more than its own picture may have led to that. */
struct see_shown {
	bool sure;
	struct see_as as;
};

/* Is it this line that was read, but for a few characters read as others in their own
 * places?  Then `shown` has an answer for each of its units, from the first one on.  The
 * middle of each character that was read must lie where its character stands. */
bool see_align(const struct see_units *u, const struct see_line *line,
	       const struct see_cut *cut, const struct see_symbol *symbols, unsigned n,
	       struct see_shown *shown);

#endif
