/* test_extract_nested.c - documents inside documents: found, named, bounded, held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/extract_collect.h"
#include "tests/support/make_zip.h"

#define DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define TYPES                                                                                  \
	"<Types xmlns='t'><Default Extension='docx' ContentType='" DOCX "'/>"                  \
	"<Default Extension='bin' ContentType='application/octet-stream'/>"                    \
	"<Override PartName='/word/document.xml' ContentType='" DOCX ".main+xml'/></Types>"
#define BODY(text)                                                                             \
	"<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>" text                                 \
	"</w:t></w:r></w:p></w:body></w:document>"

/* A word processing file with these words, and one file embedded in it unless NULL. */
static void word(const char *body, const char *name, const struct buf *inner, struct buf *out)
{
	struct zip_entry e[4] = {{.name = "[Content_Types].xml", .data = TYPES},
				 {.name = "word/document.xml", .data = body}};

	if (name != NULL)
		e[2] = (struct zip_entry){
			.name = name, .data = buf_str(inner), .len = inner->len};
	buf_init(out, 1 << 20);
	make_zip(e, out);
}

static struct collected *embedded(const char *name, const void *bytes, size_t len)
{
	struct buf inner, outer;
	struct collected *c;

	buf_init(&inner, 1 << 20);
	buf_put(&inner, bytes, len);
	word(BODY("outside"), name, &inner, &outer);
	c = collect_bytes("a.docx", DOCX, outer.data, outer.len);
	buf_release(&inner);
	buf_release(&outer);
	return c;
}

static void words_and_members_of_an_inner_document(void **state)
{
	struct collected *c;
	struct buf inner;
	const struct filter_object *o;

	(void)state;
	word(BODY("inside"), NULL, NULL, &inner);
	c = embedded("word/embeddings/b.docx", inner.data, inner.len);
	o = collect_object(c, "a.docx/word/embeddings/b.docx");
	assert_non_null(o);
	assert_string_equal(o->type, DOCX);
	assert_int_equal(o->state, OBJECT_INSPECTED);
	assert_string_equal(o->id, "0.3");
	assert_non_null(collect_segment(c, WHERE_BODY, "inside"));
	assert_string_equal(collect_object(c, "b.docx/word/document.xml")->id, "0.3.2");
	assert_int_equal(collect_failed(c), 0);
	assert_non_null(collect_finding(c, "DH-005", WHERE_ATTACHMENT));
	/* The counts that other filters make are of the file itself. */
	assert_non_null(strstr(c->facts, "members-opened=3;"));
	assert_null(strstr(c->facts, "members-opened=2;"));
	collect_free(c);
	buf_release(&inner);
}

static void what_is_not_read_is_held(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t len;
		const char *reason, *evidence;
	} rows[] = {
		{"word/embeddings/a.bin", "\1\2\3\4", 4, "unknown-type", NULL},
		{"word/embeddings/a.bin", "", 0, "empty", NULL},
		{"word/embeddings/a.docx", "only words\n", 11, NULL, "name"},
		{"word/embeddings/a.bin",
		 "\x7f"
		 "ELF\2\1\1",
		 7, "unsupported", "executable"},
		{"word/embeddings/a.docx", "PK\3\4", 4, "truncated", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c = embedded(rows[i].name, rows[i].bytes, rows[i].len);
		const struct filter_object *o = collect_object(c, rows[i].name);
		bool marked = false;

		assert_non_null(o);
		if (rows[i].reason != NULL)
			assert_string_equal(o->reason, rows[i].reason);
		for (size_t k = 0; k < c->n_findings; k++)
			marked = marked ||
				 (strcmp(c->findings[k].rule, "DH-008") == 0 &&
				  rows[i].evidence != NULL &&
				  strcmp(c->findings[k].evidence, rows[i].evidence) == 0);
		assert_int_equal(marked, rows[i].evidence != NULL);
		collect_free(c);
	}
}

static void depth_has_an_end(void **state)
{
	struct buf inner, outer;
	struct collected *c;
	size_t deep = 0;

	(void)state;
	word(BODY("deepest"), NULL, NULL, &inner);
	for (int i = 0; i < EXTRACT_NESTING_MAX + 1; i++) {
		word(BODY("between"), "word/embeddings/n.docx", &inner, &outer);
		buf_release(&inner);
		inner = outer;
	}
	c = collect_bytes("a.docx", DOCX, inner.data, inner.len);
	for (size_t i = 0; i < c->n_objects; i++)
		deep += strcmp(c->objects[i].reason, "nested-too-deep") == 0;
	assert_int_equal(deep, 1);
	assert_null(collect_segment(c, WHERE_BODY, "deepest"));
	assert_int_equal(collect_failed(c), 1);
	collect_free(c);
	buf_release(&inner);
}

/* One pixel. */
static const uint8_t png[] = {
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
	0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00,
	0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78,
	0x9c, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01, 0x48, 0xaf, 0xa4, 0x71, 0x00,
	0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};
#define PNG (const char *)png
enum { PNG_LEN = sizeof(png), ZIP_MAX = 1 << 20 };

static struct collected *zipped(const struct zip_entry *members, const char *name,
				const char *type)
{
	struct collected *c;
	struct buf zip;

	buf_init(&zip, ZIP_MAX);
	make_zip(members, &zip);
	assert_int_equal(buf_error(&zip), SL_OK);
	c = collect_bytes(name, type, zip.data, zip.len);
	buf_release(&zip);
	return c;
}

/* `see` opens a document itself and finds its pictures, but no picture in anything else. */
static void what_others_look_at_is_handed_on(void **state)
{
	const struct zip_entry picture[] = {{.name = "p.png", .data = PNG, .len = PNG_LEN},
					    {.name = NULL}};
	const struct zip_entry shown[] = {
		{.name = "[Content_Types].xml",
		 .data = "<Types xmlns='t'><Default Extension='png' ContentType='image/png'/>"
			 "<Override PartName='/word/document.xml' ContentType='" DOCX
			 ".main+xml'/></Types>"},
		{.name = "word/document.xml", .data = BODY("words")},
		{.name = "word/media/p.png", .data = PNG, .len = PNG_LEN},
		{.name = NULL}};
	struct collected *c;
	struct buf inner;

	(void)state;
	c = zipped(picture, "a.zip", "application/zip");
	assert_string_equal(c->handed, "a.zip/p.png;");
	assert_string_equal(collect_object(c, "p.png")->reason, "picture-not-read");
	collect_free(c);
	c = zipped(shown, "a.docx", DOCX);
	assert_null(c->handed);
	assert_string_equal(collect_object(c, "p.png")->reason, "picture-not-read");
	collect_free(c);
	buf_init(&inner, ZIP_MAX);
	make_zip(shown, &inner);
	c = embedded("word/embeddings/b.docx", inner.data, inner.len);
	assert_string_equal(c->handed, "a.docx/word/embeddings/b.docx/word/media/p.png;");
	collect_free(c);
	buf_release(&inner);
}

/* More than a file may hand on: nobody looks at the rest, and that is said. */
static void handing_on_has_an_end(void **state)
{
	struct zip_entry many[FILTER_PARTS_MAX + 3] = {{.name = NULL}};
	char names[FILTER_PARTS_MAX + 2][16];
	const struct filter_object *last;
	struct collected *c;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < FILTER_PARTS_MAX + 2; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "%zu.png", i);
		many[i] = (struct zip_entry){.name = names[i], .data = PNG, .len = PNG_LEN};
	}
	c = zipped(many, "a.zip", "application/zip");
	for (const char *p = c->handed; *p != '\0'; p++)
		n += *p == ';';
	assert_int_equal(n, FILTER_PARTS_MAX);
	last = &c->objects[c->n_objects - 1];
	assert_string_equal(last->reason, "over-limit");
	assert_int_equal(last->state, OBJECT_FAILED);
	collect_free(c);
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
		cmocka_unit_test(words_and_members_of_an_inner_document),
		cmocka_unit_test(what_is_not_read_is_held),
		cmocka_unit_test(depth_has_an_end),
		cmocka_unit_test(what_others_look_at_is_handed_on),
		cmocka_unit_test(handing_on_has_an_end),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
