/* test_extract_nested.c - documents inside documents: found, named, bounded, held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
