/* see_strip.h - a plain line with pictures that are not known, read as a line.
 *
 * Some pictures cannot be read alone: a dash, a mark, 千 for 干.  Their line is read by
 * itself, once, and what was read of it is what it shows - never what the layer says.  A
 * picture that lines of this document read as the same is settled as that, and from then
 * on says so wherever it stands. */
#ifndef SL_INSPECT_SEE_STRIP_H
#define SL_INSPECT_SEE_STRIP_H

#include "base/buf.h"
#include "inspect/see/see_known.h"
#include "inspect/see/see_units.h"

struct see_strips; /* lines of one document that have been read */

int see_strips_new(struct see_strips **ret_s) SL_MUST_USE;
void see_strips_free(struct see_strips *s);
/* Append what the line shows.  *ret_taken false: nothing was appended, the line must be
 * read where it stands.  SL_E_NOMEM, SL_E_IO of the engine. */
int see_strips_take(struct see_strips *s, const struct see_units *u,
		    const struct see_line *line, PIX *gray, uint32_t page,
		    struct see_known *known, struct buf *text, bool *ret_taken) SL_MUST_USE;

#endif
