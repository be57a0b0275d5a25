/* test_see_header.c - sizes of pictures by their heads, and heads that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "inspect/see/see.h"
#include "inspect/see/see_header.h"

#define B(text)	  (text), sizeof(text) - 1
#define PNG	  "\x89PNG\r\n\x1a\n"
#define IHDR	  "\0\0\0\x0dIHDR\0\0\x01\x02\0\0\0\x03\x08\0\0\0\0____"
#define IDAT	  "\0\0\0\1IDATx____"
#define JPEG	  "\xff\xd8\xff\xe0\0\4ab"
#define SOF	  "\xff\xc0\0\x0b\x08\0\x0a\0\x14\1\1\x11\0"
#define GIF	  "GIF89a\x05\0\x06\0\0\0\0"
#define GIF_FRAME ",\0\0\0\0\x07\0\x02\0\0\2\1x\0"
#define ZEROS	  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define ROW	  "pixels.."
#define DIB(size, height)                                                                      \
	"BM____\0\0\0\0\x36\0\0\0" size "\0\0\0\2\0\0\0" height "\1\0\x18\0\0" ZEROS ROW
#define ENTRY(tag, type, value) tag type "\0\1\0\0\0" value
#define IFD(next)                                                                              \
	"\2\0" ENTRY("\0\1", "\3", "\x11\0\0\0") ENTRY("\1\1", "\4", "\x22\0\0\0") next

static const struct {
	const char *name, *bytes;
	size_t len;
	int want;
	enum see_kind kind;
	uint32_t width, height, frames;
} rows[] = {
	{"png", B(PNG IHDR IDAT), SL_OK, SEE_PNG, 258, 3, 1},
	{"png that moves", B(PNG IHDR "\0\0\0\1acTLx____" IDAT), SL_OK, SEE_PNG, 258, 3, 2},
	{"png with a chunk past the end", B(PNG IHDR "\0\0\1\0tEXtx____"), SL_E_FORMAT, 0, 0, 0,
	 0},
	{"png without a head", B(PNG IDAT), SL_E_FORMAT, 0, 0, 0, 0},
	{"png of no width", B(PNG "\0\0\0\x0dIHDR\0\0\0\0\0\0\0\3\x08\0\0\0\0____"),
	 SL_E_FORMAT, 0, 0, 0, 0},
	{"jpeg", B(JPEG SOF), SL_OK, SEE_JPEG, 20, 10, 1},
	{"jpeg with fill bytes and a restart", B("\xff\xd8\xff\xff\xff\xd0" SOF), SL_OK,
	 SEE_JPEG, 20, 10, 1},
	{"jpeg with a table first", B("\xff\xd8\xff\xc4\0\3x" SOF), SL_OK, SEE_JPEG, 20, 10, 1},
	{"jpeg without a frame", B(JPEG), SL_E_FORMAT, 0, 0, 0, 0},
	{"jpeg with junk between", B(JPEG "x" SOF), SL_E_FORMAT, 0, 0, 0, 0},
	{"gif", B(GIF GIF_FRAME ";"), SL_OK, SEE_GIF, 7, 6, 1},
	{"gif of two", B(GIF "!\xf9\1x\0" GIF_FRAME GIF_FRAME ";"), SL_OK, SEE_GIF, 7, 6, 2},
	{"gif without a picture", B(GIF ";"), SL_E_FORMAT, 0, 0, 0, 0},
	{"gif with an open block", B(GIF ",\0\0\0\0\x07\0\x02\0\0\2\x09xx"), SL_E_FORMAT, 0, 0,
	 0, 0},
	{"gif, cut", B("GIF89a\x05"), SL_E_FORMAT, 0, 0, 0, 0},
	{"bmp", B(DIB("\x28", "\1\0\0\0")), SL_OK, SEE_BMP, 2, 1, 1},
	{"bmp from the top down", B(DIB("\x28", "\xff\xff\xff\xff")), SL_OK, SEE_BMP, 2, 1, 1},
	{"bmp with fewer rows than it says", B(DIB("\x28", "\2\0\0\0")), SL_E_FORMAT, 0, 0, 0,
	 0},
	{"bmp, old",
	 B("BM____\0\0\0\0\x20\0\0\0\x0c\0\0\0\5\0\1\0\1\0\1\0___\377\377\377\x80\0\0\0"),
	 SL_OK, SEE_BMP, 5, 1, 1},
	{"bmp of an odd head", B(DIB("\x14", "\1\0\0\0")), SL_E_UNSUPPORTED, 0, 0, 0, 0},
	{"tiff in tiles",
	 B("II\x2a\0\x08\0\0\0\1\0" ENTRY("\x42\1", "\3", "\x10\0\0\0") "\0\0\0\0"),
	 SL_E_UNSUPPORTED, 0, 0, 0, 0},
	{"webp", B("RIFF____WEBPVP8 ____\0\0\0\x9d\x01\x2a\x11\0\x22\0"), SL_OK, SEE_WEBP, 17,
	 34, 1},
	{"webp, lossless", B("RIFF____WEBPVP8L____\x2f\x10\x40\0\0"), SL_OK, SEE_WEBP, 17, 2,
	 1},
	{"webp, extended", B("RIFF____WEBPVP8X____\0\0\0\0\x10\0\0\x21\0\0"), SL_OK, SEE_WEBP,
	 17, 34, 1},
	{"webp that moves", B("RIFF____WEBPVP8X____\2\0\0\0\x10\0\0\x21\0\0"), SL_OK, SEE_WEBP,
	 17, 34, 2},
	{"webp, cut", B("RIFF____WEBPVP8X____\0\0"), SL_E_FORMAT, 0, 0, 0, 0},
	{"tiff", B("II\x2a\0\x08\0\0\0" IFD("\0\0\0\0")), SL_OK, SEE_TIFF, 17, 34, 1},
	{"tiff of two pages", B("II\x2a\0\x08\0\0\0" IFD("\x26\0\0\0") IFD("\0\0\0\0")), SL_OK,
	 SEE_TIFF, 17, 34, 2},
	{"tiff that goes round", B("II\x2a\0\x08\0\0\0" IFD("\x08\0\0\0")), SL_E_LIMIT, 0, 0, 0,
	 0},
	{"tiff past the end", B("II\x2a\0\xff\xff\0\0"), SL_E_FORMAT, 0, 0, 0, 0},
	{"no picture", B("hello"), SL_E_UNSUPPORTED, 0, 0, 0, 0},
	{"nothing", B(""), SL_E_UNSUPPORTED, 0, 0, 0, 0},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct see_header h = {.kind = SEE_NONE};
		int r = see_header((const uint8_t *)rows[i].bytes, rows[i].len, &h);

		if (r != rows[i].want || h.kind != rows[i].kind || h.width != rows[i].width ||
		    h.height != rows[i].height || h.frames != rows[i].frames)
			fail_msg("%s: %d kind %d, %u x %u, %u", rows[i].name, r, h.kind,
				 h.width, h.height, h.frames);
		assert_string_equal(see_kind_type(h.kind),
				    r == SL_OK ? see_kind_type(rows[i].kind) : "image/unknown");
	}
}

/* Every shorter head is damage or no picture, and never read past. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t len = 0; len < rows[i].len; len++) {
			struct see_header h;
			int r = see_header((const uint8_t *)rows[i].bytes, len, &h);

			assert_true(r == SL_OK || r == SL_E_FORMAT || r == SL_E_LIMIT ||
				    r == SL_E_UNSUPPORTED);
			assert_true(r != SL_OK || (h.width > 0 && h.height > 0));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
