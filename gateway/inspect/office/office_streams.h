/* office_streams.h - Word's, Excel's and PowerPoint's own streams: what in them is dead.
 *
 * Each gets its main stream whole, appends to `rest` what nothing in the document points
 * at (pieces as office_rest_piece makes them), and says what it finds on the way.  Hostile:
 * all of it.  Return SL_OK, SL_E_FORMAT when the stream cannot be followed, SL_E_NOMEM. */
#ifndef SL_INSPECT_OFFICE_OFFICE_STREAMS_H
#define SL_INSPECT_OFFICE_OFFICE_STREAMS_H

#include "inspect/extract/extract.h"
#include "inspect/type/ole.h"

/* WordDocument: text outside the table of pieces; who saved it, and where. */
int office_word_stream(struct extract_part *p, const struct ole *o, struct buf *stream,
		       struct buf *rest) SL_MUST_USE;
/* Workbook: what follows the last sheet; macro sheets; who wrote. */
int office_book_stream(struct extract_part *p, const struct ole *o, struct buf *stream,
		       struct buf *rest) SL_MUST_USE;
/* PowerPoint Document: records of earlier saves; macros and embedded objects. */
int office_show_stream(struct extract_part *p, const struct ole *o, struct buf *stream,
		       struct buf *rest) SL_MUST_USE;

#endif
