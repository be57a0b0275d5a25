/* office_rest.h - the bytes of an OLE2 file that belong to no stream.
 *
 * Programs of that time left there what had been deleted: sectors given back, the ends of
 * sectors behind the end of a stream, and inside a stream what nothing points at any
 * more.  Hostile: `o` was opened by ole_open, which checked every chain of large
 * sectors; chains of small ones are checked here. */
#ifndef SL_INSPECT_OFFICE_OFFICE_REST_H
#define SL_INSPECT_OFFICE_OFFICE_REST_H

#include "base/buf.h"
#include "inspect/type/ole.h"

/* Zero bytes that stand between two pieces in the buffers of this folder. */
enum { OFFICE_REST_GAP = 16 };

/* The whole stream; at most as long as the file.  SL_E_FORMAT when it is shorter than it
 * says; SL_E_NOMEM. */
int office_stream(const struct ole *o, const struct ole_entry *e, struct buf *ret) SL_MUST_USE;
/* Append what belongs to no stream, piece by piece.  SL_E_FORMAT, SL_E_NOMEM. */
int office_rest(const struct ole *o, struct buf *out) SL_MUST_USE;
/* Append one piece and a gap. */
void office_rest_piece(struct buf *out, const uint8_t *p, size_t len);

#endif
