/* extract_png_pixels.h - counts a PNG's pixel bytes, so that nothing stands behind them. */
#ifndef SL_INSPECT_EXTRACT_PNG_PIXELS_H
#define SL_INSPECT_EXTRACT_PNG_PIXELS_H

#include <stdbool.h>
#include <stdint.h>
#define ZLIB_CONST
#include <zlib.h>

struct png_pixels { /* all zero at first */
	z_stream z;
	uint64_t left; /* bytes that the picture still has room for */
	bool started, ended;
};

/* The content of IHDR.  false: no picture has such a head, or there was one. */
bool extract_png_head(struct png_pixels *px, const uint8_t *head, size_t len);
/* The content of the next IDAT.  false: damaged, or more than the picture's pixels. */
bool extract_png_data(struct png_pixels *px, const uint8_t *bytes, size_t len);
void extract_png_end(struct png_pixels *px);

#endif
