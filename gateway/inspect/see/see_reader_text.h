/* see_reader_text.h - inside the reader: from the engine's result to lines of text. */
#ifndef SL_INSPECT_SEE_READER_TEXT_H
#define SL_INSPECT_SEE_READER_TEXT_H

#include <tesseract/capi.h>

#include "inspect/see/see_reader.h"

/* Append the lines of a finished recognition, stars (see_star.h) in their places instead
 * of what the models took them for. SL_E_NOMEM, SL_E_LIMIT of the buffer. */
int see_reader_lines(TessBaseAPI *t, struct buf *text) SL_MUST_USE;
/* The characters of a finished recognition.  SL_E_NOMEM. */
int see_reader_characters(TessBaseAPI *t, struct see_symbol *list, unsigned most,
			  unsigned *ret_n) SL_MUST_USE;

#endif
