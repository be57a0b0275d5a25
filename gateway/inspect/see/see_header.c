/* see_header.c - sizes out of the heads of six picture formats.
 *
 * Hostile: every length and offset.  A decoder allocates what the head promises, so
 * the head is read first by code that allocates nothing.  Each walk is bounded by
 * the bytes there are: every step goes forward, or is counted. */
#include "inspect/see/see_header.h"

#include <stdbool.h>
#include <string.h>

#include "inspect/see/see.h"
#include "inspect/type/bmp.h"

struct bytes {
	const uint8_t *p;
	size_t len;
};

static bool has(struct bytes b, size_t at, size_t n)
{
	return at <= b.len && n <= b.len - at;
}

static bool starts(struct bytes b, size_t at, const char *with, size_t n)
{
	return has(b, at, n) && memcmp(b.p + at, with, n) == 0;
}

/* Numbers of n bytes; 0 past the end, which no size is. */
static uint32_t big(struct bytes b, size_t at, unsigned n)
{
	uint32_t v = 0;

	for (unsigned i = 0; has(b, at, n) && i < n; i++)
		v = v << 8 | b.p[at + i];
	return v;
}

static uint32_t little(struct bytes b, size_t at, unsigned n)
{
	uint32_t v = 0;

	for (unsigned i = n; has(b, at, n) && i-- > 0;)
		v = v << 8 | b.p[at + i];
	return v;
}

static void frame(struct see_header *h, uint32_t width, uint32_t height)
{
	h->frames++;
	if (width > h->width)
		h->width = width;
	if (height > h->height)
		h->height = height;
}

static int png(struct bytes b, struct see_header *h)
{
	size_t at = 8;

	if (!starts(b, 12, "IHDR", 4))
		return SL_E_FORMAT;
	frame(h, big(b, 16, 4), big(b, 20, 4));
	while (has(b, at, 12) && !starts(b, at + 4, "IDAT", 4)) {
		size_t n = big(b, at, 4);

		if (starts(b, at + 4, "acTL", 4)) /* moving, which no decoder here shows */
			h->frames = 2;
		if (!has(b, at + 12, n))
			return SL_E_FORMAT;
		at += 12 + n;
	}
	return SL_OK;
}

static bool is_frame_head(uint8_t marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
	       marker != 0xcc;
}

static int jpeg(struct bytes b, struct see_header *h)
{
	size_t at = 2;

	while (has(b, at, 4)) {
		uint8_t marker = b.p[at + 1];

		if (b.p[at] != 0xff)
			return SL_E_FORMAT;
		if (marker == 0xff || marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
			at += marker == 0xff ? 1 : 2;
			continue;
		}
		if (is_frame_head(marker)) {
			frame(h, big(b, at + 7, 2), big(b, at + 5, 2));
			return SL_OK;
		}
		at += 2 + (size_t)big(b, at + 2, 2);
	}
	return SL_E_FORMAT;
}

/* Past a chain of blocks with a length byte each; false when it does not end. */
static bool skip_blocks(struct bytes b, size_t *at)
{
	while (has(b, *at, 1) && b.p[*at] != 0)
		*at += 1 + (size_t)b.p[*at];
	(*at)++;
	return *at <= b.len;
}

static size_t color_table(uint8_t flags)
{
	return (flags & 0x80) != 0 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

static int gif(struct bytes b, struct see_header *h)
{
	size_t at = 13;

	if (!has(b, 0, 13))
		return SL_E_FORMAT;
	h->width = little(b, 6, 2);
	h->height = little(b, 8, 2);
	at += color_table(b.p[10]);
	while (has(b, at, 1) && b.p[at] != ';') {
		if (b.p[at] == '!' && has(b, at, 2)) {
			at += 2;
		} else if (b.p[at] == ',' && has(b, at, 11)) {
			if (h->frames >= SEE_FRAMES_MAX)
				return SL_E_LIMIT;
			frame(h, little(b, at + 5, 2), little(b, at + 7, 2));
			at += 11 + color_table(b.p[at + 9]);
		} else {
			return SL_E_FORMAT;
		}
		if (!skip_blocks(b, &at))
			return SL_E_FORMAT;
	}
	return SL_OK;
}

static int bmp(struct bytes b, struct see_header *h)
{
	struct bmp layout;
	const char *why = bmp_open(b.p, b.len, &layout);

	if (why != NULL)
		return strcmp(why, "unsupported") == 0 ? SL_E_UNSUPPORTED : SL_E_FORMAT;
	frame(h, layout.width, layout.height);
	return SL_OK;
}

static int webp(struct bytes b, struct see_header *h)
{
	uint32_t bits;

	if (starts(b, 12, "VP8X", 4)) {
		if (!has(b, 24, 6))
			return SL_E_FORMAT;
		frame(h, 1 + little(b, 24, 3), 1 + little(b, 27, 3));
		if ((b.p[20] & 0x02) != 0)
			h->frames = 2;
		return SL_OK;
	}
	if (starts(b, 12, "VP8 ", 4) && starts(b, 23, "\x9d\x01\x2a", 3)) {
		frame(h, little(b, 26, 2) & 0x3fff, little(b, 28, 2) & 0x3fff);
		return SL_OK;
	}
	if (!starts(b, 12, "VP8L", 4) || !starts(b, 20, "\x2f", 1) || !has(b, 21, 4))
		return SL_E_FORMAT;
	bits = little(b, 21, 4);
	frame(h, 1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff));
	return SL_OK;
}

/* --- TIFF: a list of directories, each a page --- */

enum {
	TIFF_ENTRY = 12,
	TIFF_SHORT = 3,
	TIFF_LONG = 4,
	TIFF_WIDTH = 256,
	TIFF_HEIGHT = 257,
	TIFF_TILES = 322
};

struct tiff {
	struct bytes b;
	uint32_t (*number)(struct bytes b, size_t at, unsigned n);
};

static uint32_t tiff_value(const struct tiff *t, size_t entry)
{
	uint32_t type = t->number(t->b, entry + 2, 2);

	return type == TIFF_SHORT  ? t->number(t->b, entry + 8, 2)
	       : type == TIFF_LONG ? t->number(t->b, entry + 8, 4)
				   : 0;
}

/* Offset of the next directory in *at, 0 at the end. */
static int tiff_page(const struct tiff *t, size_t *at, struct see_header *h)
{
	uint32_t n = t->number(t->b, *at, 2), width = 0, height = 0;

	if (n == 0 || !has(t->b, *at + 2, (size_t)n * TIFF_ENTRY + 4))
		return SL_E_FORMAT;
	for (uint32_t i = 0; i < n; i++) {
		size_t entry = *at + 2 + (size_t)i * TIFF_ENTRY;
		uint32_t tag = t->number(t->b, entry, 2);

		if (tag == TIFF_TILES)
			return SL_E_UNSUPPORTED; /* by the decoder */
		if (tag == TIFF_WIDTH)
			width = tiff_value(t, entry);
		if (tag == TIFF_HEIGHT)
			height = tiff_value(t, entry);
	}
	if (width == 0 || height == 0)
		return SL_E_FORMAT;
	frame(h, width, height);
	*at = t->number(t->b, *at + 2 + (size_t)n * TIFF_ENTRY, 4);
	return SL_OK;
}

static int tiff(struct bytes b, struct see_header *h)
{
	struct tiff t = {.b = b, .number = b.p[0] == 'I' ? little : big};
	size_t at = t.number(b, 4, 4);
	int r = at != 0 ? SL_OK : SL_E_FORMAT;

	/* A directory may name itself as the next one: the ceiling ends that. */
	while (r == SL_OK && at != 0)
		r = h->frames < SEE_FRAMES_MAX ? tiff_page(&t, &at, h) : SL_E_LIMIT;
	return r;
}

enum see_kind see_kind(const uint8_t *p, size_t len)
{
	struct bytes b = {.p = p, .len = len};

	if (starts(b, 0, "\x89PNG\r\n\x1a\n", 8))
		return SEE_PNG;
	if (starts(b, 0, "\xff\xd8\xff", 3))
		return SEE_JPEG;
	if (starts(b, 0, "GIF87a", 6) || starts(b, 0, "GIF89a", 6))
		return SEE_GIF;
	if (starts(b, 0, "II\x2a\0", 4) || starts(b, 0, "MM\0\x2a", 4))
		return SEE_TIFF;
	if (starts(b, 0, "RIFF", 4) && starts(b, 8, "WEBP", 4))
		return SEE_WEBP;
	/* Two letters are little: the reserved fields are zero in every BMP there is. */
	if (starts(b, 0, "BM", 2) && starts(b, 6, "\0\0\0\0", 4))
		return SEE_BMP;
	return SEE_NONE;
}

const char *see_kind_type(enum see_kind kind)
{
	static const char *const types[] = {
		[SEE_NONE] = "image/unknown", [SEE_PNG] = "image/png",
		[SEE_JPEG] = "image/jpeg",    [SEE_GIF] = "image/gif",
		[SEE_BMP] = "image/bmp",      [SEE_TIFF] = "image/tiff",
		[SEE_WEBP] = "image/webp",
	};

	return types[kind];
}

int see_header(const uint8_t *p, size_t len, struct see_header *ret_h)
{
	static int (*const readers[])(struct bytes b, struct see_header * h) = {
		[SEE_PNG] = png, [SEE_JPEG] = jpeg, [SEE_GIF] = gif,
		[SEE_BMP] = bmp, [SEE_TIFF] = tiff, [SEE_WEBP] = webp,
	};
	struct see_header h = {.kind = see_kind(p, len)};
	int r;

	if (h.kind == SEE_NONE)
		return SL_E_UNSUPPORTED;
	r = readers[h.kind]((struct bytes){.p = p, .len = len}, &h);
	if (r == SL_OK && (h.frames == 0 || h.width == 0 || h.height == 0))
		r = SL_E_FORMAT;
	if (r == SL_OK)
		*ret_h = h;
	return r;
}
