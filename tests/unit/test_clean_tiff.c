/* test_clean_tiff.c - a TIFF keeps its pixels and nothing else, however they are laid out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <allheaders.h>
#include <cmocka.h>
#include <fcntl.h>

#include "base/file.h"
#include "inspect/clean/clean.h"
#include "inspect/type/identify.h"

static int clean(const void *bytes, size_t len, struct clean_result *res)
{
	struct sl_why why = {""};
	struct clean_job job = {
		.name = "a.tif", .type = "image/tiff", .bytes = bytes, .len = len};

	clean_result_init(res);
	return clean_document(&job, res, &why);
}

static void load(const char *name, struct buf *out)
{
	char path[512];

	buf_init(out, 1 << 20);
	(void)snprintf(path, sizeof(path), SL_SOURCE_DIR "/tests/corpus/documents/media/%s",
		       name);
	assert_int_equal(file_read(AT_FDCWD, path, out->max, out), SL_OK);
}

static bool said(const struct clean_result *r, const char *which)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->changes[i].what, "removed") == 0 &&
		    strcmp(r->changes[i].which, which) == 0)
			return true;
	return false;
}

static void same_pixels(const struct buf *a, const struct buf *b, size_t pages)
{
	for (size_t i = 0; i < pages; i++) {
		PIX *before = pixReadMemTiff(a->data, a->len, (l_int32)i);
		PIX *after = pixReadMemTiff(b->data, b->len, (l_int32)i);
		l_int32 same = 0;

		assert_non_null(before);
		assert_non_null(after);
		assert_int_equal(pixEqual(before, after, &same), 0);
		assert_int_equal(same, 1);
		pixDestroy(&before);
		pixDestroy(&after);
	}
}

struct layout {
	const char *name;
	size_t pages; /* that leptonica reads, 0: it does not */
	const char *gone, *bytes;
};

static void layouts(void **state)
{
	static const char words[] = "words of the author";
	static const struct layout table[] = {
		{"tiff/rgb-none-le.tif", 1, "ImageDescription", words},
		{"tiff/rgb16-be.tif", 1, "ImageDescription", words},
		{"tiff/lzw-predictor.tif", 1, "ImageDescription", words},
		{"tiff/zip-strips.tif", 1, "ImageDescription", words},
		{"tiff/jpeg.tif", 1, "ImageDescription", words},
		{"tiff/packbits-palette.tif", 1, "ImageDescription", words},
		{"tiff/group4.tif", 1, "ImageDescription", words},
		{"tiff/fax.tif", 1, "ImageDescription", words},
		{"tiff/tiles.tif", 0, "ImageDescription", words},
		{"tiff/planes.tif", 0, "ImageDescription", words},
		{"tiff/alpha.tif", 1, "ImageDescription", words},
		{"tiff/cmyk.tif", 0, "ImageDescription", words},
		{"tiff/gray.tif", 0, "ImageDescription", words},
		{"tiff/exif.tif", 1, "XMP", "x:xmpmeta"},
		{"tiff/exif.tif", 1, "IPTC", NULL},
		{"tiff/exif.tif", 1, "Photoshop", "8BIM"},
		{"tagged.tif", 1, "Artist", NULL},
		{"tiff/pages.tif", 3, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct layout *l = &table[i];
		struct clean_result once, twice;
		struct identify_in in;
		struct identity id;
		struct buf file;

		print_message("%s\n", l->name);
		load(l->name, &file);
		assert_int_equal(clean(file.data, file.len, &once), SL_OK);
		if (l->gone != NULL)
			assert_true(said(&once, l->gone));
		if (l->bytes != NULL) {
			assert_non_null(
				memmem(file.data, file.len, l->bytes, strlen(l->bytes)));
			assert_null(memmem(once.bytes.data, once.bytes.len, l->bytes,
					   strlen(l->bytes)));
		}
		same_pixels(&file, &once.bytes, l->pages);
		/* The pixels come first in what ImageMagick writes, and in the copy. */
		if (l->pages == 0)
			assert_memory_equal(file.data + 8, once.bytes.data + 8, 512);
		in = (struct identify_in){
			.p = once.bytes.data, .len = once.bytes.len, .name = "a.tif"};
		identify(&in, &id);
		assert_string_equal(id.type, "image/tiff");
		assert_int_equal(clean(once.bytes.data, once.bytes.len, &twice), SL_OK);
		assert_int_equal(twice.n, 0);
		assert_int_equal(twice.bytes.len, once.bytes.len);
		clean_result_release(&twice);
		clean_result_release(&once);
		buf_release(&file);
	}
}

/* --- by hand: two pages of one byte --- */

enum { PAGE = 2 + 10 * 12 + 4, FIRST = 8, SECOND = 8 + PAGE, PIXELS = 8 + 2 * PAGE };

static void entry(struct buf *b, unsigned tag, unsigned type, uint32_t count, uint32_t v)
{
	uint32_t fields[] = {tag | type << 16, count, v};

	for (size_t i = 0; i < 3; i++)
		for (unsigned k = 0; k < 4; k++)
			buf_put_u8(b, (uint8_t)(fields[i] >> (8 * k)));
}

static void put_le(struct buf *b, uint32_t v, unsigned bytes)
{
	for (unsigned k = 0; k < bytes; k++)
		buf_put_u8(b, (uint8_t)(v >> (8 * k)));
}

/* Both pages have ten tags: the last one is what a test is about. */
static void make(struct buf *b, uint32_t kind, const uint32_t extra[4], uint32_t pixels,
		 uint32_t next)
{
	buf_init(b, 1 << 16);
	buf_put(b, "II*\0", 4);
	put_le(b, FIRST, 4);
	for (int page = 0; page < 2; page++) {
		put_le(b, 10, 2);
		entry(b, 254, 4, 1, page == 1 ? kind : 0);
		entry(b, 256, 3, 1, 1);
		entry(b, 257, 3, 1, 1);
		entry(b, 258, 3, 1, 8);
		entry(b, 259, 3, 1, 1);
		entry(b, 262, 3, 1, 1);
		entry(b, 273, 4, 1, PIXELS + (uint32_t)page);
		entry(b, 278, 3, 1, 1);
		entry(b, 279, 4, 1, page == 0 ? pixels : 1);
		entry(b, extra[0], extra[1], extra[2], extra[3]);
		put_le(b, page == 0 ? SECOND : next, 4);
	}
	buf_puts(b, "AB words");
}

struct hand {
	const char *name;
	uint32_t kind, extra[4], pixels, next;
	int want;
	const char *gone;
};

static void by_hand(void **state)
{
	static const struct hand table[] = {
		{"words after the pixels",
		 0,
		 {296, 3, 1, 2},
		 1,
		 0,
		 SL_OK,
		 "bytes between the parts"},
		{"thumbnail", 1, {296, 3, 1, 2}, 1, 0, SL_OK, "thumbnail"},
		{"private tag", 0, {50000, 4, 1, 7}, 1, 0, SL_OK, "private tag"},
		{"position", 0, {34853, 4, 1, 7}, 1, 0, SL_OK, "GPS"},
		{"pictures below",
		 0,
		 {330, 4, 1, SECOND},
		 1,
		 0,
		 SL_OK,
		 "pictures in the picture"},
		{"two bytes behind a short",
		 0,
		 {296, 3, 1, 0x41420002},
		 1,
		 0,
		 SL_OK,
		 "bytes between the parts"},
		{"more bytes than pixels",
		 0,
		 {296, 3, 1, 2},
		 8,
		 0,
		 SL_OK,
		 "bytes between the parts"},
		{"a loop", 0, {296, 3, 1, 2}, 1, FIRST, SL_E_FORMAT, NULL},
		{"directory outside", 0, {296, 3, 1, 2}, 1, 70000, SL_E_FORMAT, NULL},
		{"pixels outside", 0, {296, 3, 1, 2}, 7000, 0, SL_E_FORMAT, NULL},
		{"value outside", 0, {282, 5, 1, 70000}, 1, 0, SL_E_FORMAT, NULL},
		{"tag twice", 0, {256, 3, 1, 1}, 1, 0, SL_E_FORMAT, NULL},
		{"too many numbers", 0, {296, 3, 4, 8}, 1, 0, SL_E_FORMAT, NULL},
		{"no such type", 0, {296, 99, 1, 8}, 1, 0, SL_E_FORMAT, NULL},
		{"strips and tiles", 0, {324, 4, 1, 8}, 1, 0, SL_E_FORMAT, NULL},
		{"tables that are none",
		 0,
		 {347, 7, 4, 0x41424344},
		 1,
		 0,
		 SL_E_UNSUPPORTED,
		 NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct hand *h = &table[i];
		struct clean_result res;
		struct buf b;
		int r;

		make(&b, h->kind, h->extra, h->pixels, h->next);
		r = clean(b.data, b.len, &res);
		if (r != h->want || (h->gone != NULL && !said(&res, h->gone)))
			fail_msg("%s: %d", h->name, r);
		if (r == SL_OK) {
			assert_null(memmem(res.bytes.data, res.bytes.len, "words", 5));
			same_pixels(&b, &res.bytes, h->kind == 1 ? 1 : 2);
		}
		clean_result_release(&res);
		buf_release(&b);
	}
}

/* Cut anywhere, it is damaged or the same pages; never read beyond. */
static void cut(void **state)
{
	struct clean_result res;
	struct buf file;

	(void)state;
	load("tiff/pages.tif", &file);
	for (size_t n = 0; n + 1 < file.len; n += 7) {
		int r = clean(file.data, n, &res);

		if (r != SL_E_FORMAT && r != SL_OK)
			fail_msg("%zu: %d", n, r);
		clean_result_release(&res);
	}
	assert_int_equal(clean("MM\0+\0\x08\0\0", 8, &res), SL_E_FORMAT); /* BigTIFF */
	clean_result_release(&res);
	buf_release(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layouts),
		cmocka_unit_test(by_hand),
		cmocka_unit_test(cut),
	};

	setMsgSeverity(L_SEVERITY_NONE);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
