/* bmp.h - the layout of a BMP file: which bytes are head, colours, pixels and profile.
 *
 * Windows 2.0 to 5 and OS/2 (heads of 12, 40, 52, 56, 64, 108 and 124 bytes), 1, 4, 8, 16,
 * 24 and 32 bits, plain, run-length coded, with masks, rows from either end (Microsoft,
 * "Bitmap Storage", wingdi.h).  Hostile: every number. */
#ifndef SL_INSPECT_TYPE_BMP_H
#define SL_INSPECT_TYPE_BMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bmp_coding { BMP_PLAIN, BMP_RLE8, BMP_RLE4 };

struct bmp {
	uint32_t width, height; /* 1 or more */
	bool top_down;
	unsigned bits; /* of a pixel */
	enum bmp_coding coding;
	uint32_t masks[4];   /* 16 and 32 bits: red, green, blue, alpha (0: none) */
	size_t stride;	     /* bytes of a plain row */
	size_t head;	     /* head and masks: bytes from the start of the file */
	size_t colours;	     /* where the table begins; it ends at or before `pixels` */
	unsigned n_colours;  /* entries in it */
	unsigned colour_len; /* bytes of an entry, 3 or 4: blue, green, red */
	size_t pixels, pixels_len;
	size_t profile, profile_len; /* of a colour profile, or 0 */
	bool linked;		     /* it is the name of a file */
};

/* NULL, and everything in *ret_b lies inside the file; else the reason: truncated, corrupt,
 * unsupported. */
const char *bmp_open(const uint8_t *p, size_t len, struct bmp *ret_b);

#endif
