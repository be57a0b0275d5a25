/* clean_tiff_tags.c - which tags of a TIFF its pixels need (TIFF 6.0, its supplements).
 *
 * Hostile: the values.  A tag of numbers with too many of them is a place for something else,
 * so each has a ceiling. */
#include "inspect/clean/clean_tiff_tags.h"

#include <string.h>

#include "inspect/type/identify.h"

enum {
	COLOURS_MAX = 3 * (1 << 16),
	PROFILE_MAX = 16 << 20,
	TABLES_MAX = 1 << 16,
	COMPRESSION_OLD_JPEG = 6
};

static const struct {
	uint16_t tag;
	uint32_t most;
} kept[] = {
	{TIFF_KIND, 1},
	{255, 1}, /* SubfileType */
	{TIFF_WIDTH, 1},
	{TIFF_HEIGHT, 1},
	{TIFF_BITS, TIFF_SAMPLES_MAX},
	{TIFF_COMPRESSION, 1},
	{TIFF_PHOTOMETRIC, 1},
	{263, 1}, /* Threshholding */
	{264, 1}, /* CellWidth */
	{265, 1}, /* CellLength */
	{266, 1}, /* FillOrder */
	{274, 1}, /* Orientation */
	{TIFF_SAMPLES, 1},
	{TIFF_ROWS, 1},
	{280, TIFF_SAMPLES_MAX}, /* MinSampleValue */
	{281, TIFF_SAMPLES_MAX}, /* MaxSampleValue */
	{282, 1},		 /* XResolution */
	{283, 1},		 /* YResolution */
	{TIFF_PLANAR, 1},
	{290, 1}, /* GrayResponseUnit */
	{292, 1}, /* T4Options */
	{293, 1}, /* T6Options */
	{296, 1}, /* ResolutionUnit */
	{297, 2}, /* PageNumber */
	{317, 1}, /* Predictor */
	{318, 2}, /* WhitePoint */
	{319, 6}, /* PrimaryChromaticities */
	{320, COLOURS_MAX},
	{TIFF_TILE_WIDTH, 1},
	{TIFF_TILE_HEIGHT, 1},
	{326, 1},		     /* BadFaxLines */
	{327, 1},		     /* CleanFaxData */
	{328, 1},		     /* ConsecutiveBadFaxLines */
	{332, 1},		     /* InkSet */
	{334, 1},		     /* NumberOfInks */
	{336, 2 * TIFF_SAMPLES_MAX}, /* DotRange */
	{338, TIFF_SAMPLES_MAX},     /* ExtraSamples */
	{339, TIFF_SAMPLES_MAX},     /* SampleFormat */
	{340, TIFF_SAMPLES_MAX},     /* SMinSampleValue */
	{341, TIFF_SAMPLES_MAX},     /* SMaxSampleValue */
	{TIFF_JPEG_TABLES, TABLES_MAX},
	{529, 3},		     /* YCbCrCoefficients */
	{530, 2},		     /* YCbCrSubSampling */
	{531, 1},		     /* YCbCrPositioning */
	{532, 2 * TIFF_SAMPLES_MAX}, /* ReferenceBlackWhite */
	{TIFF_PROFILE, PROFILE_MAX},
};

size_t clean_tiff_size(uint32_t type)
{
	static const uint8_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

	return type < sizeof(sizes) ? sizes[type] : 0;
}

uint32_t clean_tiff_most(uint32_t tag)
{
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (kept[i].tag == tag)
			return kept[i].most;
	return 0;
}

bool clean_tiff_keeps(const struct tiff_entry *e)
{
	/* A colour profile (ICC.1, 7.2), and not a field that only calls itself one. */
	if (e->tag == TIFF_PROFILE)
		return e->len >= 128 && memcmp(e->p + 36, "acsp", 4) == 0 &&
		       identify_be32(e->p) == e->len;
	return clean_tiff_most(e->tag) > 0;
}

const char *clean_tiff_name(uint32_t tag)
{
	static const struct {
		uint32_t tag;
		const char *name;
	} names[] = {{0x010d, "DocumentName"}, {0x010e, "ImageDescription"},
		     {0x010f, "Make"},	       {0x0110, "Model"},
		     {0x011d, "PageName"},     {0x0131, "Software"},
		     {0x0132, "DateTime"},     {0x013b, "Artist"},
		     {0x013c, "HostComputer"}, {0x014a, "pictures in the picture"},
		     {0x02bc, "XMP"},	       {0x8298, "Copyright"},
		     {0x83bb, "IPTC"},	       {0x8649, "Photoshop"},
		     {0x8769, "EXIF"},	       {0x8773, "colour profile"},
		     {0x8825, "GPS"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].tag == tag)
			return names[i].name;
	return "private tag";
}

/* Segments of tables alone (TIFF Technical Note 2). */
static bool is_tables(const uint8_t *p, size_t len)
{
	size_t at = 2;

	if (len < 4 || p[0] != 0xff || p[1] != 0xd8)
		return false;
	while (len - at >= 4) {
		size_t n = identify_be16(p + at + 2);

		if (p[at] != 0xff || (p[at + 1] != 0xdb && p[at + 1] != 0xc4 &&
				      p[at + 1] != 0xdd && p[at + 1] != 0xcc))
			return false;
		if (n < 2 || n > len - at - 2)
			return false;
		at += n + 2;
	}
	return len - at == 2 && p[at] == 0xff && p[at + 1] == 0xd9;
}

bool clean_tiff_is_whole(uint32_t compression, const struct tiff_entry *tables)
{
	if (compression == COMPRESSION_OLD_JPEG)
		return false;
	return tables->p == NULL || is_tables(tables->p, tables->len);
}
