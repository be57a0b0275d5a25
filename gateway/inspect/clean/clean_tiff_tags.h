/* clean_tiff_tags.h - which tags of a TIFF its pixels need. */
#ifndef SL_INSPECT_CLEAN_CLEAN_TIFF_TAGS_H
#define SL_INSPECT_CLEAN_CLEAN_TIFF_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TIFF_BYTE = 1, TIFF_SHORT = 3, TIFF_LONG = 4 };
enum {
	TIFF_KIND = 254,
	TIFF_WIDTH = 256,
	TIFF_HEIGHT = 257,
	TIFF_BITS = 258,
	TIFF_COMPRESSION = 259,
	TIFF_PHOTOMETRIC = 262,
	TIFF_STRIPS = 273,
	TIFF_SAMPLES = 277,
	TIFF_ROWS = 278,
	TIFF_STRIP_LENGTHS = 279,
	TIFF_PLANAR = 284,
	TIFF_TILE_WIDTH = 322,
	TIFF_TILE_HEIGHT = 323,
	TIFF_TILES = 324,
	TIFF_TILE_LENGTHS = 325,
	TIFF_JPEG_TABLES = 347,
	TIFF_PROFILE = 34675,
	TIFF_YCBCR = 6, /* photometric */
	TIFF_SAMPLES_MAX = 32,
	TIFF_KEPT_MAX = 48
};

struct tiff_entry {
	uint32_t tag, type, count;
	const uint8_t *p; /* its values, as long as len; NULL: there is none */
	size_t len;
};

size_t clean_tiff_size(uint32_t type); /* of one value, 0: no such type */
/* Do decoders need it?  A profile is kept that is one. */
bool clean_tiff_keeps(const struct tiff_entry *e);
uint32_t clean_tiff_most(uint32_t tag);	   /* values that a kept tag may have */
const char *clean_tiff_name(uint32_t tag); /* of what is left out */
/* Are the pixels in strips and tiles alone, and are the tables of a JPEG (p may be NULL)
 * nothing else? */
bool clean_tiff_is_whole(uint32_t compression, const struct tiff_entry *tables);

#endif
