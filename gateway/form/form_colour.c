/* form_colour.c - a profile of a few hundred bytes, written field by field.
 *
 * PDF/A wants to know what "black" means: without a profile the numbers of a page mean whatever
 * the device takes them for (ISO 19005-2, 6.2.4.3).  Those that come with machines carry a
 * date, a maker and a licence of their own, and differ from machine to machine. */
#include "form/form_colour.h"

#include <string.h>

enum { HEAD = 128, ROW = 12, XYZ_LEN = 20, CURVE_LEN = 16, DESC_LEN = 116, TEXT_LEN = 44 };

static const char name[] = "sRGB primaries, gamma 2.2", rights[] = "No copyright, use freely";

struct tag {
	const char *sign;
	uint32_t offset, len;
};
static const struct tag tags[] = {
	{"desc", 0, DESC_LEN},
	{"cprt", DESC_LEN, TEXT_LEN},
	{"wtpt", DESC_LEN + TEXT_LEN, XYZ_LEN},
	{"rXYZ", DESC_LEN + TEXT_LEN + XYZ_LEN, XYZ_LEN},
	{"gXYZ", DESC_LEN + TEXT_LEN + 2 * XYZ_LEN, XYZ_LEN},
	{"bXYZ", DESC_LEN + TEXT_LEN + 3 * XYZ_LEN, XYZ_LEN},
	/* One curve for all three. */
	{"rTRC", DESC_LEN + TEXT_LEN + 4 * XYZ_LEN, CURVE_LEN},
	{"gTRC", DESC_LEN + TEXT_LEN + 4 * XYZ_LEN, CURVE_LEN},
	{"bTRC", DESC_LEN + TEXT_LEN + 4 * XYZ_LEN, CURVE_LEN},
};
enum {
	TAGS = sizeof(tags) / sizeof(tags[0]),
	DATA = HEAD + 4 + TAGS * ROW,
	ALL = DATA + DESC_LEN + TEXT_LEN + 4 * XYZ_LEN + CURVE_LEN
};

static void put_u32(struct buf *out, uint32_t n)
{
	const uint8_t bytes[4] = {(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
				  (uint8_t)n};

	buf_put(out, bytes, sizeof(bytes));
}

static void put_zero(struct buf *out, size_t n)
{
	static const uint8_t zero[DESC_LEN] = {0};

	buf_put(out, zero, n);
}

/* s15Fixed16 numbers */
static void put_xyz(struct buf *out, uint32_t x, uint32_t y, uint32_t z)
{
	buf_puts(out, "XYZ ");
	put_u32(out, 0);
	put_u32(out, x);
	put_u32(out, y);
	put_u32(out, z);
}

/* ICC.1:2001-04, 6.1 */
static void put_head(struct buf *out)
{
	static const uint8_t made[12] = {0x07, 0xd0, 0, 1, 0, 1}; /* 1 January 2000 */

	put_u32(out, ALL);
	put_zero(out, 4);
	put_u32(out, 0x02100000);
	buf_puts(out, "mntrRGB XYZ ");
	buf_put(out, made, sizeof(made));
	buf_puts(out, "acsp");
	put_zero(out, 28); /* platform, flags, device, attributes, intent */
	put_u32(out, 0xf6d6);
	put_u32(out, 0x10000);
	put_u32(out, 0xd32d);
	put_zero(out, HEAD - 80);
}

/* 6.5.17: in ASCII; then neither Unicode nor a Macintosh's script. */
static void put_description(struct buf *out)
{
	buf_puts(out, "desc");
	put_u32(out, 0);
	put_u32(out, sizeof(name));
	buf_put(out, name, sizeof(name));
	put_zero(out, DESC_LEN - 12 - sizeof(name));
}

static void put_text(struct buf *out)
{
	buf_puts(out, "text");
	put_u32(out, 0);
	buf_put(out, rights, sizeof(rights));
	put_zero(out, TEXT_LEN - 8 - sizeof(rights));
}

int form_colour_profile(struct buf *out)
{
	put_head(out);
	put_u32(out, TAGS);
	for (size_t i = 0; i < TAGS; i++) {
		buf_puts(out, tags[i].sign);
		put_u32(out, DATA + tags[i].offset);
		put_u32(out, tags[i].len);
	}
	put_description(out);
	put_text(out);
	put_xyz(out, 0xf6d6, 0x10000, 0xd32d); /* D50, to which the primaries are adapted */
	put_xyz(out, 0x6fa2, 0x38f5, 0x0390);
	put_xyz(out, 0x6299, 0xb785, 0x18da);
	put_xyz(out, 0x24a0, 0x0f84, 0xb6cf);
	buf_puts(out, "curv");
	put_u32(out, 0);
	put_u32(out, 1);
	put_u32(out, 0x02330000); /* u8Fixed8, padded */
	return buf_error(out);
}
