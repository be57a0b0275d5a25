/* see_header.h - what kind of picture, how large, how many: before anything decodes it. */
#ifndef SL_INSPECT_SEE_HEADER_H
#define SL_INSPECT_SEE_HEADER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum see_kind { SEE_NONE, SEE_PNG, SEE_JPEG, SEE_GIF, SEE_BMP, SEE_TIFF, SEE_WEBP };

struct see_header {
	enum see_kind kind;
	uint32_t width, height; /* the largest of its frames */
	uint32_t frames;	/* pictures in it: 1, pages of a TIFF, steps of an animation */
};

/* By the first bytes alone; SEE_NONE for anything else. */
enum see_kind see_kind(const uint8_t *p, size_t len);
/* "image/png" …; "image/unknown" for SEE_NONE. */
const char *see_kind_type(enum see_kind kind);
/* Read the sizes without decoding.  SL_E_UNSUPPORTED: none of these kinds,
 * or one that no decoder here reads (TIFF in tiles, BMP around a JPEG); SL_E_FORMAT: its head
 * is damaged, or says no size at all; SL_E_LIMIT: more than SEE_FRAMES_MAX frames.  What
 * decodes it later must find the same size. */
int see_header(const uint8_t *p, size_t len, struct see_header *ret_h) SL_MUST_USE;

#endif
