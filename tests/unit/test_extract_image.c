/* test_extract_image.c - what pictures of real programs say beside their pixels, and chunks
 * made by hand that no program writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "tests/support/extract_collect.h"
#include "tests/support/make_zip.h"

static bool found(const struct collected *c, const char *rule, const char *evidence)
{
	for (size_t i = 0; i < c->n_findings; i++)
		if (strcmp(c->findings[i].rule, rule) == 0 &&
		    strcmp(c->findings[i].evidence, evidence) == 0)
			return true;
	return false;
}

static void metadata_of_real_pictures(void **state)
{
	static const struct {
		const char *file, *type;
		const char *words[6];
		const char *evidence[5];
	} rows[] = {
		{"media/photo.jpg",
		 "image/jpeg",
		 {"ImageDescription: 手机15412345678", "UserComment: 内部照片",
		  "XPComment: 只给领导看", "By-line: 赵记者", "Comment: 还没批准",
		  "GPSPosition: 31.230400, 121.473700"},
		 {"position", "Artist", "CameraOwnerName", "BodySerialNumber", "creator"}},
		{"media/text.png",
		 "image/png",
		 {"Comment: 工资表15412345678", "creator: 周美编", "Artist: 吴绘图"},
		 {"Author", "creator", "Artist"}},
		{"media/comment.gif", "image/gif", {"Comment: 标注：内部使用"}, {NULL}},
		{"media/tagged.tif",
		 "image/tiff",
		 {"DocumentName: 底稿.docx", "Artist: 郑扫描", "creator: 王扫描"},
		 {"Artist", "creator"}},
		{"media/tagged.webp",
		 "image/webp",
		 {"Artist: 冯设计", "GPSPosition: -30.000000, -120.500000", "creator: 陈设计"},
		 {"Artist", "position", "creator"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c = collect_file(rows[i].file, rows[i].type);

		print_message("%s\n", rows[i].file);
		assert_non_null(c);
		assert_string_equal(c->objects[0].reason, "picture-not-read");
		for (size_t k = 0; k < 6 && rows[i].words[k] != NULL; k++)
			assert_non_null(collect_segment(c, WHERE_PROPERTY, rows[i].words[k]));
		for (size_t k = 0; k < 5 && rows[i].evidence[k] != NULL; k++)
			assert_true(found(c, "DH-004", rows[i].evidence[k]));
		collect_free(c);
	}
}

static void pictures_in_the_picture_are_held(void **state)
{
	/* A directory below the directory: tag 0x014a. */
	static const char below[] = "II*\0\x08\0\0\0\1\0\x4a\1\4\0\1\0\0\0\x1a\0\0\0\0\0\0\0"
				    "\0\0\0\0\0";
	struct collected *c = collect_file("media/photo.jpg", "image/jpeg");
	const struct filter_object *o;

	(void)state;
	assert_non_null(c);
	o = collect_object(c, "photo.jpg/thumbnail");
	assert_non_null(o);
	assert_string_equal(o->reason, "picture-not-read");
	collect_free(c);
	c = collect_bytes("a.tif", "image/tiff", below, sizeof(below));
	o = collect_object(c, "a.tif/inner-picture");
	assert_non_null(o);
	assert_string_equal(o->reason, "picture-not-read");
	collect_free(c);
	c = collect_file("media/moving.gif", "image/gif");
	assert_non_null(c);
	assert_non_null(collect_segment(c, WHERE_METADATA, "frames: 2"));
	collect_free(c);
	c = collect_file("media/tail.jpg", "image/jpeg");
	assert_non_null(c);
	assert_string_equal(c->objects[0].reason, "trailing-data");
	collect_free(c);
}

/* --- made by hand --- */

static void png_chunk(struct buf *b, const char *kind, const void *bytes, size_t len)
{
	size_t from;

	buf_put_u32(b, (uint32_t)len);
	from = b->len;
	buf_put(b, kind, 4);
	buf_put(b, bytes, len);
	buf_put_u32(b, (uint32_t)crc32_z(0, b->data + from, len + 4));
}

static void png(const char *kind, const void *bytes, size_t len, struct buf *b)
{
	static const uint8_t head[13] = {0, 0, 0, 1, 0, 0, 0, 1, 8};

	buf_init(b, 1 << 20);
	buf_put(b, "\x89PNG\r\n\x1a\n", 8);
	png_chunk(b, "IHDR", head, sizeof(head));
	png_chunk(b, kind, bytes, len);
	png_chunk(b, "IEND", NULL, 0);
}

static void packed(const char *keyword, const char *text, struct buf *b)
{
	uint8_t z[512];
	uLongf n = sizeof(z);

	assert_int_equal(compress(z, &n, (const Bytef *)text, strlen(text)), Z_OK);
	buf_init(b, 4096);
	buf_put(b, keyword, strlen(keyword) + 1);
	buf_put_u8(b, 0);
	buf_put(b, z, n);
}

static void chunks_of_png(void **state)
{
	struct buf z, raw, bad;
	const struct {
		const char *what, *kind;
		const void *bytes;
		size_t len;
		const char *words, *reason, *unread;
	} rows[] = {
		{"packed text", "zTXt", NULL, 0, "Title: 未公开", "picture-not-read", NULL},
		{"ImageMagick's profile", "zTXt", NULL, 1, "Writer: abc", "picture-not-read",
		 NULL},
		{"text in Latin-1", "tEXt", "Author\0caf\xe9", 11, "Author: café",
		 "picture-not-read", NULL},
		{"international text", "iTXt", "Title\0\0\0zh\0标题\0未公开", 27,
		 "Title: 未公开", "picture-not-read", NULL},
		{"a chunk nobody knows", "prVt", "以后再说，先这样", 24, "prVt: 以后再说",
		 "picture-not-read", NULL},
		{"bytes that are filled up", "prVt", "\1\2\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
		 20, NULL, "picture-not-read", NULL},
		{"bytes nobody reads", "prVt",
		 "\1\2\3\4\5\6\7\x80\x81\x82\x83\1\2\3\4\5\6\7\x80\x81", 20, NULL,
		 "picture-not-read", "field:prVt,bytes:20"},
		{"packed text that is none", "zTXt", "Title\0\0xx", 9, NULL, "picture-not-read",
		 "field:zTXt,corrupt"},
		{"text without a keyword", "tEXt", "xx", 2, NULL, "picture-not-read",
		 "field:tEXt,corrupt"},
		{"a keyword without end", "iTXt", "Title\0\0\0zh", 10, NULL, "picture-not-read",
		 "field:iTXt,corrupt"},
		{"a profile that is none", "iCCP", "x\0\0xx", 5, NULL, "corrupt", NULL},
	};

	(void)state;
	packed("Title", "未公开", &z);
	packed("Raw profile type iptc",
	       "\niptc\n      20\n3842494d04040000000000081c027a0003616263\n", &raw);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct buf *own = rows[i].len == 0 ? &z : &raw;
		bool made = rows[i].bytes == NULL;
		struct collected *c;

		print_message("%s\n", rows[i].what);
		png(rows[i].kind, made ? own->data : rows[i].bytes,
		    made ? own->len : rows[i].len, &bad);
		c = collect_bytes("a.png", "image/png", bad.data, bad.len);
		assert_string_equal(c->objects[0].reason, rows[i].reason);
		if (rows[i].words != NULL)
			assert_non_null(collect_segment(c, WHERE_PROPERTY, rows[i].words));
		/* A person decides on what nobody reads, and cleaning takes it away. */
		assert_int_equal(collect_finding(c, "UF-001", WHERE_METADATA) != NULL,
				 rows[i].unread != NULL);
		assert_true(rows[i].unread == NULL || found(c, "UF-001", rows[i].unread));
		collect_free(c);
		buf_release(&bad);
	}
	buf_release(&z);
	buf_release(&raw);
}

/* Texts that would fill the memory are no fields for a person to wave through. */
static void texts_without_end(void **state)
{
	static const struct {
		const char *kind;
		size_t each, times;
	} rows[] = {{"zTXt", 5 << 20, 1}, {"iCCP", 5 << 20, 1}, {"zTXt", 3 << 20, 90}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static const uint8_t head[13] = {0, 0, 0, 1, 0, 0, 0, 1, 8};
		uint8_t *zeros = calloc(1, rows[i].each), z[1 << 14] = "Title\0";
		uLongf n = sizeof(z) - 7;
		struct collected *c;
		struct buf b;

		assert_non_null(zeros);
		assert_int_equal(compress2(z + 7, &n, zeros, rows[i].each, 9), Z_OK);
		buf_init(&b, 4 << 20);
		buf_put(&b, "\x89PNG\r\n\x1a\n", 8);
		png_chunk(&b, "IHDR", head, sizeof(head));
		for (size_t k = 0; k < rows[i].times; k++)
			png_chunk(&b, rows[i].kind, z, n + 7);
		png_chunk(&b, "IEND", NULL, 0);
		c = collect_bytes("a.png", "image/png", b.data, b.len);
		assert_int_equal(c->objects[0].state, OBJECT_FAILED);
		assert_string_equal(c->objects[0].reason, "over-limit");
		collect_free(c);
		buf_release(&b);
		free(zeros);
	}
}

static void damaged_exif_ends(void **state)
{
	static const struct {
		const char *what, *bytes;
		size_t len;
		const char *reason;
	} rows[] = {
		{"a loop", "II*\0\x08\0\0\0\1\0\x0e\1\2\0\2\0\0\0a\0\0\0\x08\0\0\0", 26,
		 "corrupt"},
		{"a value outside", "II*\0\x08\0\0\0\1\0\x0e\1\2\0\x40\0\0\0\xff\0\0\0\0\0\0\0",
		 26, "corrupt"},
		{"a directory outside", "II*\0\xff\xff\0\0", 8, "corrupt"},
		{"words between directories",
		 "II*\0\x24\0\0\0these words are in no tag...\0\0\0\0\0\0", 42,
		 "picture-not-read"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c =
			collect_bytes("a.tif", "image/tiff", rows[i].bytes, rows[i].len);

		print_message("%s\n", rows[i].what);
		assert_string_equal(c->objects[0].reason, rows[i].reason);
		if (strcmp(rows[i].reason, "picture-not-read") == 0)
			assert_non_null(collect_segment(c, WHERE_PROPERTY, "in no tag"));
		collect_free(c);
	}
}

/* The same directories in a picture that is cleaned, and a field of its maker's. */
static void exif_in_a_jpeg_is_for_a_person(void **state)
{
	static const struct {
		const char *what, *bytes;
		size_t len;
		const char *evidence;
	} rows[] = {
		{"a loop", "II*\0\x08\0\0\0\1\0\x0e\1\2\0\2\0\0\0a\0\0\0\x08\0\0\0", 26,
		 "field:Exif,corrupt"},
		{"a directory outside", "II*\0\xff\xff\0\0", 8, "field:Exif,corrupt"},
		{"a maker's field",
		 "II*\0\x08\0\0\0\1\0\x7c\x92\7\0\x12\0\0\0\x1a\0\0\0\0\0\0\0"
		 "\1\2\3\4\5\6\7\x80\x81\x82\x83\1\2\3\4\5\6\7",
		 44, "field:MakerNote,bytes:18"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c;
		struct buf b;

		print_message("%s\n", rows[i].what);
		buf_init(&b, 4096);
		buf_put(&b, "\xff\xd8\xff\xe1\0", 5);
		buf_put_u8(&b, (uint8_t)(rows[i].len + 8));
		buf_put(&b, "Exif\0\0", 6);
		buf_put(&b, rows[i].bytes, rows[i].len);
		buf_put(&b, "\xff\xda\0\3\1data\xff\xd9", 11);
		c = collect_bytes("a.jpg", "image/jpeg", b.data, b.len);
		assert_string_equal(c->objects[0].reason, "picture-not-read");
		assert_true(found(c, "UF-001", rows[i].evidence));
		collect_free(c);
		buf_release(&b);
	}
}

static void pictures_in_packages(void **state)
{
	static const char types[] =
		"<Types xmlns='t'><Default Extension='png' ContentType='image/png'/>"
		"<Default Extension='mp3' ContentType='audio/mpeg'/><Override "
		"PartName='/word/document.xml' ContentType='application/vnd.openxmlformats-"
		"officedocument.wordprocessingml.document.main+xml'/></Types>";
	static const char body[] =
		"<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>x</w:t></w:r></w:p>"
		"</w:body></w:document>";
	/* A tag and the beginning of a frame. */
	static const char id3[] = "ID3\3\0\0\0\0\0\x0e"
				  "TIT2\0\0\0\4\0\0\0abc"
				  "\xff\xfb\x10\x00";
	struct buf picture, zip;
	struct collected *c;
	const struct filter_object *o;

	(void)state;
	png("tEXt", "Author\0abc", 10, &picture);
	buf_init(&zip, 1 << 20);
	{
		const struct zip_entry e[] = {
			{.name = "[Content_Types].xml", .data = types},
			{.name = "word/document.xml", .data = body},
			{.name = "word/media/image1.png",
			 .data = buf_str(&picture),
			 .len = picture.len},
			{.name = "word/media/image2.emf", .data = "\1\0\0\0", .len = 4},
			{.name = "word/media/media1.mp3", .data = id3, .len = sizeof(id3) - 1},
			{.name = "word/media/media2.mp3", .data = "\1\0\0\0", .len = 4},
			{0}};

		make_zip(e, &zip);
	}
	c = collect_bytes("a.docx",
			  "application/vnd.openxmlformats-officedocument."
			  "wordprocessingml.document",
			  zip.data, zip.len);
	o = collect_object(c, "word/media/image1.png");
	assert_non_null(o);
	assert_string_equal(o->type, "image/png");
	assert_string_equal(o->reason, "picture-not-read");
	assert_string_equal(collect_object(c, "image2.emf")->reason, "picture-not-read");
	assert_non_null(collect_segment(c, WHERE_PROPERTY, "Author: abc"));
	assert_true(found(c, "DH-004", "Author"));
	assert_string_equal(collect_object(c, "media1.mp3")->reason, "truncated");
	assert_string_equal(collect_object(c, "media2.mp3")->reason, "media-not-read");
	collect_free(c);
	buf_release(&zip);
	buf_release(&picture);
}

static int start(void **state)
{
	(void)state;
	collect_start();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metadata_of_real_pictures),
		cmocka_unit_test(pictures_in_the_picture_are_held),
		cmocka_unit_test(chunks_of_png),
		cmocka_unit_test(texts_without_end),
		cmocka_unit_test(damaged_exif_ends),
		cmocka_unit_test(exif_in_a_jpeg_is_for_a_person),
		cmocka_unit_test(pictures_in_packages),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
