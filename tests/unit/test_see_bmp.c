/* test_see_bmp.c - BMP of real programs and of every kind, pixel by pixel, and broken ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "inspect/see/see_bmp.h"
#include "inspect/type/bmp.h"

#define PICTURES SL_SOURCE_DIR "/tests/corpus/documents/media/bmp"

enum { FILE_MAX = 1 << 20, HEAD = 54 };

static void load(const char *name, struct buf *out)
{
	char path[512];

	(void)snprintf(path, sizeof(path), PICTURES "/%s", name);
	buf_init(out, FILE_MAX);
	assert_int_equal(file_read(AT_FDCWD, path, FILE_MAX, out), SL_OK);
}

static unsigned distance(l_uint32 a, l_uint32 b)
{
	unsigned most = 0;

	for (unsigned shift = 8; shift < 32; shift += 8) {
		int d = (int)(a >> shift & 255) - (int)(b >> shift & 255);

		most = (unsigned)abs(d) > most ? (unsigned)abs(d) : most;
	}
	return most;
}

/* Written by ImageMagick and ffmpeg from one picture; LibreOffice's is too large for here
 * and of the kind im-24. */
static void files_of_real_programs(void **state)
{
	static const struct {
		const char *name;
		unsigned differs; /* at most: depth that the kind does not have */
	} rows[] = {
		{"im-default.bmp", 0},	  {"im-os2.bmp", 0},	    {"im-24.bmp", 0},
		{"im-4.bmp", 0},	  {"im-rle8.bmp", 0},	    {"im-v5-24.bmp", 0},
		{"im-v5-32.bmp", 0},	  {"im-555.bmp", 0},	    {"ff-bgra.bmp", 0},
		{"ff-rgb565le.bmp", 255}, {"ff-rgb555le.bmp", 255}, {"ff-rgb444le.bmp", 255},
		{"ff-pal8.bmp", 40},	  {"im-1.bmp", 255},	    {"ff-monob.bmp", 255},
		{"ff-gray.bmp", 255},
	};
	struct buf bytes;
	PIX *want, *rgb;

	(void)state;
	load("reference.png", &bytes);
	want = pixReadMemPng(bytes.data, bytes.len);
	buf_release(&bytes);
	assert_non_null(want);
	rgb = pixConvertTo32(want);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned white = 0;
		PIX *got;

		load(rows[i].name, &bytes);
		got = see_bmp(bytes.data, bytes.len);
		if (got == NULL || pixGetWidth(got) != pixGetWidth(rgb) ||
		    pixGetHeight(got) != pixGetHeight(rgb))
			fail_msg("%s cannot be read", rows[i].name);
		for (l_int32 y = 0; y < pixGetHeight(rgb); y++) {
			for (l_int32 x = 0; x < pixGetWidth(rgb); x++) {
				l_uint32 a = 0, b = 0;

				(void)pixGetPixel(rgb, x, y, &a);
				(void)pixGetPixel(got, x, y, &b);
				if (distance(a, b) > rows[i].differs)
					fail_msg("%s at %d,%d: %08x, not %08x", rows[i].name, x,
						 y, b, a);
				white += distance(b, 0xffffff00) < 8;
			}
		}
		/* Also of those without colours: paper is white and letters are not. */
		assert_true(white > 100 && white < 37 * 11 - 20);
		pixDestroy(&got);
		buf_release(&bytes);
	}
	pixDestroy(&rgb);
	pixDestroy(&want);
}

/* A head of 40 bytes for 2 x 2 pixels, then what follows it. */
static void make(unsigned bits, unsigned coding, int height, const void *rest, size_t len,
		 size_t before_pixels, struct buf *out)
{
	uint8_t head[HEAD] = {'B', 'M', [14] = 40, [18] = 2, [26] = 1};

	head[10] = (uint8_t)(HEAD + before_pixels);
	head[22] = (uint8_t)height;
	memset(head + 23, height < 0 ? 0xff : 0, 3);
	head[28] = (uint8_t)bits;
	head[30] = (uint8_t)coding;
	buf_init(out, FILE_MAX);
	buf_put(out, head, sizeof(head));
	buf_put(out, rest, len);
}

#define TABLE "\0\0\0\0\xff\xff\xff\0" /* black, white */
#define FOUR  TABLE TABLE TABLE TABLE TABLE TABLE TABLE TABLE

static void kinds_and_damage(void **state)
{
	static const struct {
		const char *name;
		unsigned bits, coding;
		int height;
		const char *rest;
		size_t len, before;
		const char *want; /* first channel of 4 pixels, row by row; NULL: none */
	} rows[] = {
#define R(s, before) (s), sizeof(s) - 1, (before)
		{"1 bit", 1, 0, 2, R(TABLE "\x40\0\0\0\x80\0\0\0", 8), "\xff\0\0\xff"},
		{"from the top down", 1, 0, -2, R(TABLE "\x40\0\0\0\x80\0\0\0", 8),
		 "\0\xff\xff\0"},
		{"colour beyond the table", 4, 0, 2, R(TABLE "\x17\0\0\0\x10\0\0\0", 8), NULL},
		{"4 bits", 4, 0, 2, R(FOUR "\x10\0\0\0\x01\0\0\0", 64), "\0\xff\xff\0"},
		{"runs of 4 bits", 4, 2, 2, R(FOUR "\2\x10\0\0\2\x01\0\1", 64), "\0\xff\xff\0"},
		{"32 bits, upper byte unused", 32, 0, 1, R("\1\2\xff\0\1\2\x05\0", 0),
		 "\xff\x05"},
		{"masks of 32 bits", 32, 3, 1,
		 R("\xff\0\0\0\0\xff\0\0\0\0\xff\0\x07\0\0\0\x09\0\0\0", 12), "\x07\x09"},
		{"masks of 16 bits, 5-6-5", 16, 3, 1,
		 R("\0\xf8\0\0\xe0\7\0\0\x1f\0\0\0\0\xf8\xff\7", 12), "\xff\0"},
		{"16 bits, 5-5-5", 16, 0, 1, R("\0\x7c\xff\3", 0), "\xff\0"},
		{"masks that overlap", 32, 3, 1,
		 R("\xff\0\0\0\xff\xff\0\0\0\0\xff\0\x07\0\0\0\x09\0\0\0", 12), NULL},
		{"masks with holes", 32, 3, 1,
		 R("\x55\0\0\0\0\xff\0\0\0\0\xff\0\x07\0\0\0\x09\0\0\0", 12), NULL},
		{"a JPEG inside", 24, 4, 2, R("\xff\xd8\xff\xe0\0\4ab\0\0\0\0\0\0\0\0", 0),
		 NULL},
		{"runs of 8 bits in 24", 24, 1, 2, R("\2\1\0\1\0\0\0\0\0\0\0\0\0\0\0\0", 0),
		 NULL},
		{"runs from the top down", 4, 2, -2, R(FOUR "\2\x10\0\0\2\x01\0\1", 64), NULL},
		{"a run past the row", 4, 2, 2, R(FOUR "\x09\x10\0\0\2\x01\0\1", 64), NULL},
		{"a row too many", 4, 2, 2, R(FOUR "\2\x10\0\0\2\x01\0\0\2\x10\0\1", 64), NULL},
		{"bytes after the runs", 4, 2, 2,
		 R(FOUR "\2\x10\0\0\2\x01\0\1secret words", 64), NULL},
		{"runs that do not end", 4, 2, 2, R(FOUR "\2\x10", 64), NULL},
		{"a move past the end", 4, 2, 2, R(FOUR "\0\2\x09\x09\0\1", 64), NULL},
		{"no pixels", 24, 0, 2, R("\1\2\3\1\2\3\0\0", 0), NULL},
		{"no height", 24, 0, 0, R("\1\2\3\1\2\3\0\0", 0), NULL},
		{"odd depth", 7, 0, 2, R("\1\2\3\1\2\3\0\0", 0), NULL},
#undef R
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b;
		PIX *got;

		make(rows[i].bits, rows[i].coding, rows[i].height, rows[i].rest, rows[i].len,
		     rows[i].before, &b);
		got = see_bmp(b.data, b.len);
		if ((got != NULL) != (rows[i].want != NULL))
			fail_msg("%s: %s", rows[i].name, got != NULL ? "read" : "not read");
		for (l_int32 k = 0; got != NULL && k < 2 * pixGetHeight(got); k++) {
			l_uint32 v = 0;

			(void)pixGetPixel(got, k % 2, k / 2, &v);
			if (v >> L_RED_SHIFT != (uint8_t)rows[i].want[k])
				fail_msg("%s: pixel %d is %08x", rows[i].name, k, v);
		}
		pixDestroy(&got);
		/* No shorter one is read past its end, nor is it the same picture. */
		for (size_t n = 0; n < b.len; n++) {
			uint8_t *copy = malloc(n + 1);
			PIX *cut;

			assert_non_null(copy);
			memcpy(copy, b.data, n);
			cut = see_bmp(copy, n);
			pixDestroy(&cut);
			free(copy);
		}
		buf_release(&b);
	}
}

static void heads_that_lie(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		uint8_t byte;
		const char *want;
	} rows[] = {
		{"as it is", 0, 'B', NULL},
		{"head of 41 bytes", 14, 41, "unsupported"},
		{"more colours than there is room", 47, 9, "corrupt"},
		{"pixels in the head", 10, 30, "corrupt"},
		{"pixels past the end", 12, 200, "corrupt"},
		{"more rows than there are", 23, 1, "truncated"},
		{"wider than it is long", 20, 127, "truncated"},
	};
	struct bmp layout;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *got;

		load("im-4.bmp", &b);
		b.data[rows[i].at] = rows[i].byte;
		got = bmp_open(b.data, b.len, &layout);
		if ((got == NULL) != (rows[i].want == NULL) ||
		    (got != NULL && strcmp(got, rows[i].want) != 0))
			fail_msg("%s: %s", rows[i].name, got != NULL ? got : "fine");
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_real_programs),
		cmocka_unit_test(kinds_and_damage),
		cmocka_unit_test(heads_that_lie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
