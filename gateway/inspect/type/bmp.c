/* bmp.c - read the head of a BMP file and check that all it names is there. */
#include "inspect/type/bmp.h"

#include <string.h>

#include "inspect/type/identify.h"

enum {
	FILE_HEAD = 14,
	HEAD_CORE = 12, /* OS/2 1 and Windows 2 */
	HEAD_INFO = 40,
	HEAD_MASKS = 52, /* and one with alpha: 56 */
	HEAD_OS2 = 64,
	HEAD_V4 = 108,
	HEAD_V5 = 124,
	CODED_NOT = 0,
	CODED_RLE8 = 1,
	CODED_RLE4 = 2,
	CODED_MASKS = 3,
	CODED_ALPHA_MASKS = 6,
	COLOURS_MAX = 256
};
#define PROFILE_LINKED	 UINT32_C(0x4c494e4b) /* "LINK" */
#define PROFILE_EMBEDDED UINT32_C(0x4d424544) /* "MBED" */

static bool head_is_known(uint32_t size)
{
	return size == HEAD_CORE || size == HEAD_INFO || size == HEAD_MASKS ||
	       size == HEAD_MASKS + 4 || size == HEAD_OS2 || size == HEAD_V4 || size == HEAD_V5;
}

static bool bits_are_known(unsigned bits)
{
	return bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
}

/* Which coding goes with which depth; false: it is one that we do not read. */
static bool set_coding(struct bmp *b, uint32_t size, uint32_t coding)
{
	bool masks = coding == CODED_MASKS || coding == CODED_ALPHA_MASKS;

	b->coding = coding == CODED_RLE8   ? BMP_RLE8
		    : coding == CODED_RLE4 ? BMP_RLE4
					   : BMP_PLAIN;
	if (masks) /* of OS/2 these numbers are Huffman and 24 bit runs */
		return (b->bits == 16 || b->bits == 32) && size != HEAD_OS2;
	if (b->coding == BMP_PLAIN)
		return coding == CODED_NOT;
	return b->bits == (b->coding == BMP_RLE8 ? 8 : 4) && !b->top_down;
}

/* One row of ones, none of them in two masks. */
static bool masks_are_sane(const uint32_t m[4])
{
	uint32_t all = 0;

	for (unsigned i = 0; i < 4; i++) {
		uint32_t low = m[i] & (0 - m[i]), next = m[i] + low;

		if ((m[i] & next) != 0 || (all & m[i]) != 0)
			return false;
		all |= m[i];
	}
	return m[0] != 0 && m[1] != 0 && m[2] != 0;
}

static const char *set_masks(struct bmp *b, const uint8_t *p, size_t len, uint32_t size,
			     uint32_t coding)
{
	static const uint32_t of_16[4] = {0x7c00, 0x03e0, 0x001f, 0};
	static const uint32_t of_32[4] = {0xff0000, 0x00ff00, 0x0000ff, 0};
	unsigned n = coding == CODED_ALPHA_MASKS ? 4 : 3;

	if (coding != CODED_MASKS && coding != CODED_ALPHA_MASKS) {
		memcpy(b->masks, b->bits == 16 ? of_16 : of_32, sizeof(b->masks));
		return NULL;
	}
	if (size == HEAD_INFO) /* they follow the head */
		b->head += (size_t)n * 4;
	else if (size > HEAD_MASKS)
		n = 4;
	if (b->head > len)
		return "truncated";
	for (unsigned i = 0; i < n; i++)
		b->masks[i] = identify_le32(p + FILE_HEAD + HEAD_INFO + 4 * (size_t)i);
	return masks_are_sane(b->masks) ? NULL : "unsupported";
}

static const char *set_colours(struct bmp *b, uint32_t used)
{
	size_t room = (b->pixels - b->head) / b->colour_len;

	b->colours = b->head;
	if (used == 0 && b->bits <= 8)
		used = 1U << b->bits;
	/* Of deep pictures a table is a hint, and at times a number without one. */
	if (b->bits > 8 && used > room)
		used = 0;
	if (used > COLOURS_MAX || used > room)
		return "corrupt";
	b->n_colours = used;
	return NULL;
}

static const char *set_pixels(struct bmp *b, size_t len, uint32_t said)
{
	uint64_t row = (((uint64_t)b->width * b->bits + 31) / 32) * 4;
	size_t left = len - b->pixels;

	if (b->coding != BMP_PLAIN) {
		b->pixels_len = said == 0 ? left : said;
		return b->pixels_len <= left ? NULL : "truncated";
	}
	if (row > left || b->height > left / row)
		return "truncated";
	b->stride = (size_t)row;
	b->pixels_len = b->stride * b->height;
	return NULL;
}

static const char *set_profile(struct bmp *b, const uint8_t *p, size_t len, uint32_t size)
{
	uint32_t kind = size == HEAD_V5 ? identify_le32(p + FILE_HEAD + 56) : 0;
	uint64_t at;

	if (kind != PROFILE_LINKED && kind != PROFILE_EMBEDDED)
		return NULL;
	at = FILE_HEAD + (uint64_t)identify_le32(p + FILE_HEAD + 112);
	b->profile_len = identify_le32(p + FILE_HEAD + 116);
	if (at > len || b->profile_len > len - at)
		return "truncated";
	/* Behind the pixels, or before the table: nothing is two things at once. */
	if (at < b->pixels + b->pixels_len)
		return "corrupt";
	b->profile = (size_t)at;
	b->linked = kind == PROFILE_LINKED;
	return NULL;
}

static void set_size(struct bmp *b, const uint8_t *p, bool core)
{
	uint32_t height = core ? identify_le16(p + 20) : identify_le32(p + 22);

	b->width = core ? identify_le16(p + 18) : identify_le32(p + 18);
	b->bits = identify_le16(p + (core ? 24 : 28));
	b->top_down = height > INT32_MAX;
	b->height = b->top_down ? 0 - height : height;
}

const char *bmp_open(const uint8_t *p, size_t len, struct bmp *ret_b)
{
	struct bmp b = {.colour_len = 4};
	uint32_t size, coding = CODED_NOT, used = 0, said = 0;
	const char *why;

	if (len < FILE_HEAD + HEAD_CORE)
		return "truncated";
	size = identify_le32(p + FILE_HEAD);
	if (!head_is_known(size))
		return "unsupported";
	if (len < FILE_HEAD + size)
		return "truncated";
	set_size(&b, p, size == HEAD_CORE);
	b.head = FILE_HEAD + size;
	b.pixels = identify_le32(p + 10);
	if (size == HEAD_CORE) {
		b.colour_len = 3;
	} else {
		coding = identify_le32(p + 30);
		said = identify_le32(p + 34);
		used = identify_le32(p + 46);
	}
	if (b.width == 0 || b.width > INT32_MAX || b.height == 0 || b.height > INT32_MAX)
		return "corrupt";
	if (!bits_are_known(b.bits) || !set_coding(&b, size, coding))
		return "unsupported";
	why = set_masks(&b, p, len, size, coding);
	if (why == NULL && (b.pixels < b.head || b.pixels > len))
		why = "corrupt";
	if (why == NULL)
		why = set_colours(&b, used);
	if (why == NULL)
		why = set_pixels(&b, len, said);
	if (why == NULL)
		why = set_profile(&b, p, len, size);
	if (why == NULL)
		*ret_b = b;
	return why;
}
