/* test_clean.c - cleaned copies: what goes, what stays, and that they are read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>

#include "base/file.h"
#include "inspect/clean/clean.h"
#include "inspect/filter_types.h"
#include "inspect/type/identify.h"
#include "tests/support/extract_collect.h"
#include "tests/support/make_zip.h"

#define DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define PPTX "application/vnd.openxmlformats-officedocument.presentationml.presentation"
#define ODT  "application/vnd.oasis.opendocument.text"
#define ODS  "application/vnd.oasis.opendocument.spreadsheet"
#define PDF  "application/pdf"

static const struct clean_mask masks[] = {
	{"349901198705143123", "3499**********3123"},
	{"15400001234", "154****1234"},
	{"周若宁", "周某某"},
};

static int clean(const char *type, const void *bytes, size_t len, size_t n_masks,
		 struct clean_result *res)
{
	struct sl_why why = {""};
	struct clean_job job = {.name = "a",
				.type = type,
				.bytes = bytes,
				.len = len,
				.masks = masks,
				.n_masks = n_masks};

	clean_result_init(res);
	return clean_document(&job, res, &why);
}

static void load(const char *name, struct buf *out)
{
	char path[512];

	buf_init(out, 64 << 20);
	(void)snprintf(path, sizeof(path), SL_SOURCE_DIR "/tests/corpus/documents/%s", name);
	assert_int_equal(file_read(AT_FDCWD, path, out->max, out), SL_OK);
}

static bool said(const struct clean_result *r, const char *what, const char *which)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->changes[i].what, what) == 0 &&
		    strstr(r->changes[i].which, which) != NULL)
			return true;
	return false;
}

/* The copy is the same kind of file, whole, and the extractor reads it. */
static struct collected *again(const struct clean_result *res, const char *name,
			       const char *type)
{
	struct identity id;

	identify(&(struct identify_in){.p = res->bytes.data,
				       .len = res->bytes.len,
				       .name = name},
		 &id);

	assert_string_equal(id.reason, "");
	assert_string_equal(id.type, type);
	return collect_bytes(name, type, res->bytes.data, res->bytes.len);
}

static void real_documents_are_cleaned(void **state)
{
	static const struct {
		const char *file, *type;
		const char *words; /* still there */
		const char *gone;  /* of any place */
	} rows[] = {
		{"properties.docx", DOCX, "", "王起草"},
		{"hidden.xlsx", XLSX, "1992-08-03", "349901198705143123"},
		{"hidden.xlsx", XLSX, "154****1234", "15400001234"},
		{"hidden.xlsx", XLSX, "周某某", "王起草"},
		{"hidden.pptx", PPTX, "被遮住的号码154****1234", "15400001234"},
		{"hidden.odt", ODT, "文本框里的字", "15400001234"},
		{"hidden.ods", ODS, "周某某", "王起草"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct clean_result res;
		struct collected *c;
		struct buf file;
		bool there = rows[i].words[0] == '\0';

		print_message("%s\n", rows[i].file);
		load(rows[i].file, &file);
		assert_int_equal(clean(rows[i].type, file.data, file.len, 3, &res), SL_OK);
		c = again(&res, rows[i].file, rows[i].type);
		for (size_t k = 0; k < c->n_segments; k++) {
			there = there || strstr(c->segments[k].text, rows[i].words) != NULL;
			assert_null(strstr(c->segments[k].text, rows[i].gone));
		}
		assert_true(there);
		/* The author of a comment goes with the comment, which a person deletes. */
		if (collect_finding(c, "DH-002", WHERE_COMMENT) == NULL)
			assert_null(collect_finding(c, "DH-004", WHERE_PROPERTY));
		collect_free(c);
		clean_result_release(&res);
		buf_release(&file);
	}
}

/* A docx of these members with all masks put in, as it is read again. */
static struct collected *clean_zipped(const struct zip_entry *members,
				      struct clean_result *ret_res)
{
	struct collected *c;
	struct buf zip;

	buf_init(&zip, 1 << 20);
	make_zip(members, &zip);
	assert_int_equal(clean(DOCX, zip.data, zip.len, 3, ret_res), SL_OK);
	c = again(ret_res, "a.docx", DOCX);
	buf_release(&zip);
	return c;
}

static void a_mask_runs_over_pieces(void **state)
{
	static const char types[] =
		"<Types><Override PartName='/word/document.xml' ContentType='" DOCX
		".main+xml'/></Types>";
	static const char body[] =
		"<w:document xmlns:w='w'><w:p "
		"w:rsidR='1'><w:r><w:t>电话154</w:t></w:r><w:r><w:t>"
		"0000</w:t></w:r><w:r><w:t>1234，周若</w:t></w:r><w:r><w:t>宁\xe2\x80\x8b。"
		"</w:t></w:r></w:p></w:document>";
	static const struct zip_entry e[] = {{.name = "[Content_Types].xml", .data = types},
					     {.name = "word/document.xml", .data = body},
					     {0}};
	struct clean_result res;
	struct collected *c;

	(void)state;
	c = clean_zipped(e, &res);
	assert_non_null(collect_segment(c, WHERE_BODY, "电话154****1234，周某某。\n"));
	assert_true(said(&res, "masked", "154****1234"));
	assert_true(said(&res, "removed", "editing sessions"));
	assert_true(said(&res, "removed", "invisible"));
	collect_free(c);
	clean_result_release(&res);
}

/* Targets of links and texts of pictures are attributes; what holds a package together stays.
 */
static void masks_in_attributes(void **state)
{
	static const char types[] =
		"<Types><Override PartName='/word/document.xml' ContentType='" DOCX
		".main+xml'/></Types>";
	static const char body[] =
		"<w:document xmlns:w='w'><w:p><w:r><wp:docPr xmlns:wp='p' id='15400001234' "
		"descr='照片：周若宁&amp;同事'/><w:t>x</w:t></w:r></w:p></w:document>";
	static const char rels[] =
		"<Relationships><Relationship Id='a' Type='t' TargetMode='External' "
		"Target='tel:15400001234'/><Relationship Id='b' Type='t' TargetMode='External' "
		"Target='mailto:周若宁@example.org'/><Relationship Id='c' Type='t' "
		"Target='media/周若宁.xml'/></Relationships>";
	static const struct zip_entry e[] = {
		{.name = "[Content_Types].xml", .data = types},
		{.name = "word/document.xml", .data = body},
		{.name = "word/_rels/document.xml.rels", .data = rels},
		{0}};
	struct clean_result res;
	struct collected *c;

	(void)state;
	c = clean_zipped(e, &res);
	assert_non_null(collect_segment(c, WHERE_FIELD, "tel:154****1234"));
	assert_non_null(collect_segment(c, WHERE_FIELD, "mailto:周某某@example.org"));
	assert_non_null(collect_segment(c, WHERE_ALT, "照片：周某某&同事"));
	assert_int_equal(collect_failed(c), 0);
	assert_true(said(&res, "masked", "154****1234"));
	collect_free(c);
	clean_result_release(&res);
}

static void text_files(void **state)
{
	static const struct {
		const char *type, *in, *out;
	} rows[] = {
		{"text/plain", "电话15400001234\n", "电话154****1234\n"},
		{"text/plain", "机\xe2\x80\x8b密\n", "机密\n"},
		{"text/plain", "没有什么\n", "没有什么\n"},
		{"text/html", "<meta charset=\"GB2312\"><p>周若宁</p>",
		 "<meta charset=\"utf-8\"><p>周某某</p>"},
		{"text/html", "<a href=\"tel:15400001234\" title='周若宁'>x</a>",
		 "<a href=\"tel:154****1234\" title='周某某'>x</a>"},
		{"text/csv", "a,\"1540\n0001234\"\r\n", "a,\"154****1234\"\r\n"},
		{"text/csv", "\"周若\r\n宁\";\"机\n密\"\n", "\"周某某\";\"机\n密\"\n"},
		{"text/csv", "\"he said \"\"15400001234\"\"\",b\n",
		 "\"he said \"\"154****1234\"\"\",b\n"},
		{"text/csv", "周若宁,\"open 15400001234\nb", "周某某,\"open 154****1234\nb"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct clean_result res;

		assert_int_equal(clean(rows[i].type, rows[i].in, strlen(rows[i].in), 3, &res),
				 SL_OK);
		assert_string_equal(buf_str(&res.bytes), rows[i].out);
		clean_result_release(&res);
	}
}

static void a_pdf_is_written_anew(void **state)
{
	static const struct {
		const char *file, *removed;
	} files[] = {{"report.pdf", "properties"},
		     {"incremental.pdf", "earlier revisions"},
		     {"attachment.pdf", "EmbeddedFiles"}};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct clean_result res, twice;
		struct collected *c;
		struct buf file;

		print_message("%s\n", files[i].file);
		load(files[i].file, &file);
		assert_int_equal(clean(PDF, file.data, file.len, 0, &res), SL_OK);
		c = again(&res, files[i].file, PDF);
		assert_int_equal(c->n_findings, 0);
		assert_int_equal(collect_failed(c), 0);
		assert_true(said(&res, "removed", files[i].removed));
		collect_free(c);
		/* The same input gives the same bytes. */
		assert_int_equal(clean(PDF, file.data, file.len, 0, &twice), SL_OK);
		assert_int_equal(twice.bytes.len, res.bytes.len);
		assert_memory_equal(twice.bytes.data, res.bytes.data, res.bytes.len);
		clean_result_release(&twice);
		clean_result_release(&res);
		/* Masks are not for PDFs, and an encrypted one is not opened. */
		assert_int_equal(clean(PDF, file.data, file.len, 3, &res), SL_E_UNSUPPORTED);
		clean_result_release(&res);
		buf_release(&file);
	}
}

/* A reviewer's words: they alone, in an office file alone. */
static void exact_words_and_nothing_else(void **state)
{
	static const char
		meta[] = "<office:document-meta xmlns:office=\"o\" xmlns:dc=\"d\">"
			 "<office:meta><dc:creator>王起草</dc:creator></office:meta>"
			 "</office:document-meta>",
		content[] =
			"<office:document-content xmlns:office=\"o\" "
			"xmlns:text=\"t\"><text:p>被害人周&#x200b;若宁与<text:span>周</text:"
			"span>若宁</text:p></office:document-content>";
	struct zip_entry members[] = {{.name = "mimetype", .data = ODT},
				      {.name = "meta.xml", .data = meta},
				      {.name = "Thumbnails/thumbnail.png", .data = "not one"},
				      {.name = "Other/unknown.bin", .data = "\1\2"},
				      {.name = "content.xml", .data = content},
				      {0}};
	struct clean_job job = {
		.name = "a", .type = ODT, .masks = &masks[2], .n_masks = 1, .exact = true};
	struct clean_result res;
	struct sl_why why = {""};
	struct buf zip;

	(void)state;
	buf_init(&zip, 1 << 20);
	make_zip(members, &zip);
	job.bytes = zip.data;
	job.len = zip.len;
	clean_result_init(&res);
	assert_int_equal(clean_document(&job, &res, &why), SL_OK);
	/* Put in once, across runs; the one with a character between stands there as it did,
	 * and so does everything that a cleaned copy would lack. */
	assert_int_equal(res.n - res.n_left, 1);
	assert_string_equal(res.changes[0].what, "masked");
	assert_string_equal(res.changes[0].where, "content.xml");
	assert_int_equal(res.changes[0].count, 1);
	assert_non_null(memmem(res.bytes.data, res.bytes.len, "Thumbnails/thumbnail.png", 24));
	assert_non_null(memmem(res.bytes.data, res.bytes.len, "Other/unknown.bin", 17));
	clean_result_release(&res);
	buf_release(&zip);
	/* Others are changed byte by byte, or not at all. */
	for (size_t i = 0; i < 2; i++) {
		job.type = i == 0 ? PDF : "text/plain";
		job.bytes = (const uint8_t *)"周若宁";
		job.len = 9;
		clean_result_init(&res);
		assert_int_equal(clean_document(&job, &res, &why), SL_E_UNSUPPORTED);
		clean_result_release(&res);
	}
}

static void what_cannot_be_cleaned_is_refused(void **state)
{
	static const struct zip_entry unknown[] = {
		{.name = "[Content_Types].xml", .data = "<Types/>"},
		{.name = "word/vbaProject.bin", .data = "x"},
		{0}};
	struct clean_result res;
	struct buf zip, file;

	(void)state;
	buf_init(&zip, 1 << 20);
	make_zip(unknown, &zip);
	assert_int_equal(clean(DOCX, zip.data, zip.len, 3, &res), SL_E_UNSUPPORTED);
	clean_result_release(&res);
	assert_int_equal(clean("video/mp4", "x", 1, 0, &res), SL_E_UNSUPPORTED);
	clean_result_release(&res);
	assert_int_equal(clean("text/plain", "\1\2", 2, 0, &res), SL_E_FORMAT);
	clean_result_release(&res);
	load("encrypted.pdf", &file);
	assert_int_not_equal(clean(PDF, file.data, file.len, 0, &res), SL_OK);
	clean_result_release(&res);
	buf_release(&file);
	buf_release(&zip);
}

/* --- pictures, made here segment by segment --- */

static void segments_of_pictures(void **state)
{
	static const char jpeg[] =
		"\xff\xd8\xff\xe0\x00\x07JFIF\x00\xff\xe1\x00\x22"
		"Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
		"\xff\xfe\x00\x06tell\xff\xda\x00\x03\x01"
		"data\xff\xd9tail";
	/* A progressive one: more segments between its scans, and one with an end in it. */
	static const char scans[] =
		"\xff\xd8\xff\xda\x00\x03\x01one\xff\x00two\xff\xfe\x00\x06tell"
		"\xff\xc4\x00\x04\xff\xd9\xff\xda\x00\x03\x01"
		"four\xff\xd9";
	static const char gif[] =
		"GIF89a\1\0\1\0\0\0\0!\xfe\4note\0,\0\0\0\0\1\0\1\0\0\2\1\0\0;zz";
	struct clean_result res;

	(void)state;
	assert_int_equal(clean("image/jpeg", jpeg, sizeof(jpeg) - 1, 0, &res), SL_OK);
	assert_true(said(&res, "removed", "EXIF"));
	assert_true(said(&res, "removed", "comment"));
	assert_true(said(&res, "removed", "bytes after"));
	/* A picture taken upright stays upright: its orientation is written anew. */
	assert_non_null(
		memmem(res.bytes.data, res.bytes.len, "\x01\x12\0\x03\0\0\0\x01\0\x06", 10));
	assert_null(memmem(res.bytes.data, res.bytes.len, "tell", 4));
	assert_memory_equal(res.bytes.data + res.bytes.len - 6, "data\xff\xd9", 6);
	{
		struct clean_result again;

		/* What was cleaned has nothing to clean any more. */
		assert_int_equal(clean("image/jpeg", res.bytes.data, res.bytes.len, 0, &again),
				 SL_OK);
		assert_int_equal(again.n, 0);
		clean_result_release(&again);
	}
	clean_result_release(&res);
	assert_int_equal(clean("image/jpeg", scans, sizeof(scans) - 1, 0, &res), SL_OK);
	assert_true(said(&res, "removed", "comment"));
	assert_null(memmem(res.bytes.data, res.bytes.len, "tell", 4));
	assert_non_null(memmem(res.bytes.data, res.bytes.len, "one\xff\x00two", 8));
	assert_non_null(memmem(res.bytes.data, res.bytes.len, "four\xff\xd9", 6));
	clean_result_release(&res);
	assert_int_equal(clean("image/gif", gif, sizeof(gif) - 1, 0, &res), SL_OK);
	assert_true(said(&res, "removed", "comment"));
	assert_null(memmem(res.bytes.data, res.bytes.len, "note", 4));
	assert_int_equal(res.bytes.data[res.bytes.len - 1], ';');
	clean_result_release(&res);
	/* Every shorter file is refused, none is read past its end. */
	for (size_t n = 0; n < sizeof(jpeg) - 1 - 4; n++) {
		assert_int_not_equal(clean("image/jpeg", jpeg, n, 0, &res), SL_OK);
		clean_result_release(&res);
	}
	for (size_t n = 0; n < sizeof(gif) - 1 - 2; n++) {
		assert_int_not_equal(clean("image/gif", gif, n, 0, &res), SL_OK);
		clean_result_release(&res);
	}
}

/* A BMP of a real program with a profile and words around its pixels. */
static void a_bmp_is_its_pixels(void **state)
{
	struct clean_result res, again;
	struct buf file;

	(void)state;
	load("media/bmp/im-v5-24.bmp", &file);
	assert_int_equal(clean("image/bmp", file.data, file.len, 0, &res), SL_OK);
	assert_int_equal(res.n, 0);
	clean_result_release(&res);
	buf_puts(&file, "words after the picture");
	memcpy(file.data + 14 + 56, "DEBM", 4); /* embedded, and it is those words */
	memcpy(file.data + 14 + 112, "\x4c\5\0\0\x17\0\0\0", 8);
	assert_int_equal(clean("image/bmp", file.data, file.len, 0, &res), SL_OK);
	assert_true(said(&res, "removed", "profile"));
	assert_null(memmem(res.bytes.data, res.bytes.len, "words", 5));
	assert_int_equal(res.bytes.len, file.len - 23);
	assert_int_equal(clean("image/bmp", res.bytes.data, res.bytes.len, 0, &again), SL_OK);
	assert_int_equal(again.n, 0);
	clean_result_release(&again);
	clean_result_release(&res);
	assert_int_equal(clean("image/bmp", file.data, 100, 0, &res), SL_E_FORMAT);
	clean_result_release(&res);
	buf_release(&file);
}

/* Who asks for a cleaning and who does it mean the same kinds. */
static void types_that_are_cleaned(void **state)
{
	static const char *const types[] = {
		"image/jpeg", "image/png",	 "image/gif",	     "image/webp",
		"image/bmp",  "application/pdf", "application/json", "text/html",
		"text/csv",   "text/plain",	 "image/tiff",	     "message/rfc822",
		"audio/mpeg", "application/zip", "application/ofd",  "image/svg+xml"};
	struct clean_result res;

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		int r = clean(types[i], "x", 1, 0, &res);

		if (filter_type_is_cleaned(types[i]) == (r == SL_E_UNSUPPORTED))
			fail_msg("%s", types[i]);
		clean_result_release(&res);
	}
	assert_true(filter_type_is_cleaned(DOCX));
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
		cmocka_unit_test(real_documents_are_cleaned),
		cmocka_unit_test(a_mask_runs_over_pieces),
		cmocka_unit_test(masks_in_attributes),
		cmocka_unit_test(text_files),
		cmocka_unit_test(a_pdf_is_written_anew),
		cmocka_unit_test(exact_words_and_nothing_else),
		cmocka_unit_test(what_cannot_be_cleaned_is_refused),
		cmocka_unit_test(segments_of_pictures),
		cmocka_unit_test(a_bmp_is_its_pixels),
		cmocka_unit_test(types_that_are_cleaned),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
