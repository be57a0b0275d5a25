/* see_picture.h - one picture: decoded under ceilings, read, and judged by its looks. */
#ifndef SL_INSPECT_SEE_PICTURE_H
#define SL_INSPECT_SEE_PICTURE_H

#include <leptonica/allheaders.h>

#include "inspect/see/see.h"

/* Read bytes as a picture into part p.  Fails p with unsupported, over-limit, corrupt,
 * picture-moves, code-not-read or picture-not-read.  `alone`: it is the file itself.
 * Marks PI-012 for what a person must look at (a file of its own, a photograph) and
 * DH-006 where letters were read with little confidence.  SL_E_NOMEM is the one error. */
int see_picture(struct extract_part *p, const uint8_t *bytes, size_t len,
		bool alone) SL_MUST_USE;

/* Append the codes in 8 bit gray pixels to p; a code without text fails p.
 * SL_E_NOMEM is the one error. */
int see_put_codes(struct extract_part *p, PIX *gray) SL_MUST_USE;
/* Read 8 bit gray pixels with all the care a picture gets, into p.  SL_E_NOMEM, or an
 * error of the engine. */
int see_read_pixels(struct extract_part *p, PIX *gray) SL_MUST_USE;
/* What was read goes to p. */
void see_put_text(struct extract_part *p, const struct buf *text);
/* Many shades and little that is flat: neither a logo nor a scanned page. */
bool see_is_photograph(PIX *gray);
/* Chinese characters, letters and digits. */
unsigned see_letters(const char *s, size_t len);

#endif
