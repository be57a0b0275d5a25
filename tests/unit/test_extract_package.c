/* test_extract_package.c - packages that are not what they say: each is held, none passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <stdlib.h>

#include "tests/support/extract_collect.h"
#include "tests/support/make_zip.h"

#define DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

static const char types[] =
	"<Types><Default Extension=\"rels\" "
	"ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
	"<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
	"<Override PartName=\"/word/document.xml\" "
	"ContentType=\"application/vnd.openxmlformats-officedocument."
	"wordprocessingml.document.main+xml\"/></Types>";
static const char document[] = "<d><p><r><t>正文</t></r></p></d>";

#define TYPES                                                                                  \
	{                                                                                      \
		.name = "[Content_Types].xml", .data = types                                   \
	}
#define DOCUMENT                                                                               \
	{                                                                                      \
		.name = "word/document.xml", .data = document                                  \
	}

struct row {
	const char *name;
	struct zip_entry members[6];
	size_t cut;	    /* bytes taken from the end */
	const char *object; /* tail of the path that must be failed */
	const char *reason;
};

static const struct row rows[] = {
	{"no content types", {DOCUMENT}, 0, "a.docx", "corrupt"},
	{"no document", {TYPES}, 0, "a.docx", "corrupt"},
	{"truncated", {TYPES, DOCUMENT}, 30, "a.docx", "truncated"},
	{"two members of one name",
	 {TYPES, DOCUMENT, {.name = "WORD/document.xml", .data = document}},
	 0,
	 "a.docx",
	 "corrupt"},
	{"encrypted member",
	 {TYPES, DOCUMENT, {.name = "x.xml", .data = "<a/>", .encrypted = 1}},
	 0,
	 "x.xml",
	 "encrypted"},
	{"unknown method",
	 {TYPES, DOCUMENT, {.name = "x.xml", .data = "<a/>", .method = 99}},
	 0,
	 "x.xml",
	 "corrupt"},
	{"damaged deflate",
	 {TYPES, DOCUMENT, {.name = "x.xml", .data = "\xff\xff\xff\xff", .method = 8}},
	 0,
	 "x.xml",
	 "corrupt"},
	{"not well-formed",
	 {TYPES, DOCUMENT, {.name = "x.xml", .data = "<a><b></a>"}},
	 0,
	 "x.xml",
	 "corrupt"},
	{"empty member",
	 {TYPES, DOCUMENT, {.name = "x.xml", .data = " "}},
	 0,
	 "x.xml",
	 "corrupt"},
	{"entity bomb",
	 {TYPES,
	  DOCUMENT,
	  {.name = "x.xml",
	   .data = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>"}},
	 0,
	 "x.xml",
	 "unsupported"},
	{"external entity",
	 {TYPES,
	  DOCUMENT,
	  {.name = "x.xml", .data = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"}},
	 0,
	 "x.xml",
	 "unsupported"},
	{"undeclared entity",
	 {TYPES, DOCUMENT, {.name = "x.xml", .data = "<a>&x;</a>"}},
	 0,
	 "x.xml",
	 "corrupt"},
	{"other encoding",
	 {TYPES,
	  DOCUMENT,
	  {.name = "x.xml", .data = "<?xml version=\"1.0\" encoding=\"GBK\"?><a/>"}},
	 0,
	 "x.xml",
	 "unsupported"},
	{"main part is not XML",
	 {TYPES, {.name = "word/document.xml", .data = "<d>"}},
	 0,
	 "a.docx",
	 "corrupt"},
};

static void test_bad_packages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf zip;
		struct collected *c;
		const struct filter_object *o;

		buf_init(&zip, 1 << 20);
		make_zip(rows[i].members, &zip);
		c = collect_bytes("a.docx", DOCX, zip.data, zip.len - rows[i].cut);
		o = collect_object(c, rows[i].object);
		print_message("%s\n", rows[i].name);
		assert_int_equal(c->error, SL_OK);
		assert_non_null(o);
		assert_int_equal(o->state, OBJECT_FAILED);
		assert_string_equal(o->reason, rows[i].reason);
		collect_free(c);
		buf_release(&zip);
	}
}

static void test_not_a_package(void **state)
{
	static const struct {
		const char *bytes, *reason;
	} table[] = {
		{"", "truncated"},
		{"PK\3\4 nothing more", "truncated"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 EncryptedPackage", "encrypted"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct collected *c =
			collect_bytes("a.docx", DOCX, table[i].bytes, strlen(table[i].bytes));

		assert_int_equal(c->n_objects, 1);
		assert_string_equal(c->objects[0].reason, table[i].reason);
		collect_free(c);
	}
}

static void check_over_limit(const struct buf *xml)
{
	struct zip_entry members[] = {
		TYPES, DOCUMENT, {.name = "x.xml", .data = buf_str(xml)}, {0}};
	struct collected *c;
	struct buf zip;

	buf_init(&zip, 8 << 20);
	make_zip(members, &zip);
	c = collect_bytes("a.docx", DOCX, zip.data, zip.len);
	assert_string_equal(collect_object(c, "x.xml")->reason, "over-limit");
	collect_free(c);
	buf_release(&zip);
}

static void test_depth(void **state)
{
	struct buf xml;

	(void)state;
	buf_init(&xml, 1 << 20);
	for (int i = 0; i < EXTRACT_DEPTH_MAX + 1; i++)
		buf_puts(&xml, "<a>");
	check_over_limit(&xml);
	buf_release(&xml);
}

/* The parser's time grows with the square of the attributes of one element. */
static void test_attributes(void **state)
{
	struct buf xml;

	(void)state;
	buf_init(&xml, 4 << 20);
	buf_puts(&xml, "<a ");
	for (int i = 0; i < 100000; i++)
		buf_putf(&xml, "a%d=\"1\" ", i);
	buf_puts(&xml, "/>");
	check_over_limit(&xml);
	buf_release(&xml);
}

/* More bytes than the file promises to hold: the whole package is refused. */
static void test_bomb(void **state)
{
	struct collected *c = collect_file("bomb.docx", DOCX);

	(void)state;
	assert_non_null(c);
	assert_string_equal(c->objects[0].reason, "over-limit");
	for (size_t i = 0; i < c->n_objects; i++)
		assert_int_equal(c->objects[i].state, OBJECT_FAILED);
	collect_free(c);
}

/* A film larger than what is kept in memory is held; the words beside it are read. */
static void test_large_film(void **state)
{
	char *film = calloc(1, EXTRACT_XML_MAX + 1);
	struct collected *c;
	struct buf zip;

	(void)state;
	assert_non_null(film);
	buf_init(&zip, 2 * EXTRACT_XML_MAX);
	{
		const struct zip_entry e[] = {TYPES,
					      DOCUMENT,
					      {.name = "word/media/film.mp4",
					       .data = film,
					       .len = EXTRACT_XML_MAX + 1},
					      {0}};

		make_zip(e, &zip);
	}
	c = collect_bytes("a.docx", DOCX, zip.data, zip.len);
	assert_string_equal(c->objects[0].reason, "");
	assert_non_null(collect_segment(c, WHERE_BODY, "正文"));
	assert_int_equal(collect_object(c, "film.mp4")->state, OBJECT_FAILED);
	collect_free(c);
	buf_release(&zip);
	free(film);
}

/* What no reader of elements listens to, and what stands beside the members. */
static void test_unheard(void **state)
{
	static const char xml[] =
		"<?xml version=\"1.0\"?><!-- 批注甲 --><?乙指令 x?><?mso 丙?>"
		"<a xmlns:q=\"urn:丁空间\" b='>' 戊=\"1\"><己/><![CDATA[<!-- 庚 -->]]>"
		"<n15400001234/></a><!-- 辛 -->";
	static const char tail[] = "内部资料";
	static const struct {
		enum segment_where where;
		const char *words;
	} want[] = {
		{WHERE_COMMENT, "批注甲"},  {WHERE_COMMENT, "乙指令"},
		{WHERE_COMMENT, "mso 丙"},  {WHERE_COMMENT, "辛"},
		{WHERE_METADATA, "丁空间"}, {WHERE_METADATA, "戊"},
		{WHERE_METADATA, "己"},	    {WHERE_METADATA, "n15400001234"},
		{WHERE_FILENAME, "壬"},	    {WHERE_METADATA, "comment: 内部资料"},
	};
	struct zip_entry members[] = {
		TYPES, DOCUMENT, {.name = "customXml/壬.xml", .data = xml}, {0}};
	struct buf zip;
	struct collected *c;

	(void)state;
	buf_init(&zip, 1 << 20);
	make_zip(members, &zip);
	zip.data[zip.len - 2] = sizeof(tail) - 1; /* length of the archive's comment */
	buf_put(&zip, tail, sizeof(tail) - 1);
	c = collect_bytes("a.docx", DOCX, zip.data, zip.len);
	assert_int_equal(collect_failed(c), 0);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		print_message("%s\n", want[i].words);
		assert_non_null(collect_segment(c, want[i].where, want[i].words));
	}
	assert_null(collect_segment(c, WHERE_COMMENT, "庚"));
	collect_free(c);
	buf_release(&zip);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_packages), cmocka_unit_test(test_not_a_package),
		cmocka_unit_test(test_depth),	     cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_large_film),   cmocka_unit_test(test_unheard),
		cmocka_unit_test(test_attributes),
	};

	collect_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
