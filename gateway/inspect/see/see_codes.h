/* see_codes.h - what QR codes and bar codes in a picture say: zbar. */
#ifndef SL_INSPECT_SEE_CODES_H
#define SL_INSPECT_SEE_CODES_H

#include <leptonica/allheaders.h>

#include "base/buf.h"

/* Make the converters ready that zbar asks for; before the sandbox. SL_E_CONFIG. */
int see_codes_load(struct sl_why *why) SL_MUST_USE;
const char *see_codes_version(void); /* "zbar 0.23.92" */
/* Append one line for each code (line breaks in it become blanks).  gray: 8 bits a
 * pixel.  SL_E_UNSUPPORTED: a code that says no text; the others are appended all the
 * same. */
int see_codes_read(PIX *gray, struct buf *text) SL_MUST_USE;

#endif
