/* see_bmp.h - BMP into pixels: what leptonica reads of it is one kind out of many. */
#ifndef SL_INSPECT_SEE_SEE_BMP_H
#define SL_INSPECT_SEE_SEE_BMP_H

#include <leptonica/allheaders.h>

/* 32 bit pixels, with alpha where the file has one that shows.  The caller has bounded the
 * size by see_header.  NULL: damaged, not of a kind that bmp_open knows, or no memory. */
PIX *see_bmp(const uint8_t *bytes, size_t len);

#endif
