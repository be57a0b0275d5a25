/* test_extract_pdf.c - pages, revisions and everything that rides on a PDF. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/support/extract_collect.h"

#include <fcntl.h>

#define PDF "application/pdf"

enum { OBJECTS_MAX = 16 };

/* A PDF with a right cross-reference table; body objects are numbered from 1. */
static void make_pdf(const char *const *objects, const char *trailer, struct buf *out)
{
	size_t at[OBJECTS_MAX], n = 0, xref;

	buf_puts(out, "%PDF-1.7\n");
	for (; objects[n] != NULL; n++) {
		at[n] = out->len;
		buf_putf(out, "%zu 0 obj\n%s\nendobj\n", n + 1, objects[n]);
	}
	xref = out->len;
	buf_putf(out, "xref\n0 %zu\n0000000000 65535 f \n", n + 1);
	for (size_t i = 0; i < n; i++)
		buf_putf(out, "%010zu 00000 n \n", at[i]);
	buf_putf(out, "trailer\n<</Size %zu/Root 1 0 R%s>>\nstartxref\n%zu\n%%%%EOF\n", n + 1,
		 trailer, xref);
}

#define PAGES "<</Type/Pages/Kids[3 0 R]/Count 1>>"
#define PAGE(extra)                                                                            \
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"                       \
	"/Resources<</Font<</F1 5 0 R>>" extra ">>"
#define FONT "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"

static struct collected *pdf_of(const char *const *objects)
{
	struct buf b;
	struct collected *c;

	buf_init(&b, 1 << 20);
	make_pdf(objects, "", &b);
	c = collect_bytes("a.pdf", PDF, b.data, b.len);
	buf_release(&b);
	return c;
}

static const char *stream_of(char out[256], const char *content)
{
	(void)snprintf(out, 256, "<</Length %zu>>\nstream\n%s\nendstream", strlen(content),
		       content);
	return out;
}

struct row {
	const char *name;
	const char *catalog, *page, *content, *sixth, *seventh;
	enum segment_where where;
	const char *text; /* in that stream, NULL: nothing asked */
	const char *rule;
	const char *object, *reason; /* failed object, NULL: none failed */
};

#define CATALOG "<</Type/Catalog/Pages 2 0 R>>"
#define BIG_PICTURE(size)                                                                      \
	"<</Type/XObject/Subtype/Image" size "/ColorSpace/DeviceGray/BitsPerComponent 8"       \
	"/Length 1>>\nstream\nx\nendstream"
#define HELLO "BT /F1 12 Tf 20 100 Td (Hello) Tj ET"

static const struct row rows[] = {
	{"text", CATALOG, PAGE("") ">>", HELLO, "null", "null", WHERE_BODY, "Hello\n", NULL,
	 NULL, NULL},
	{"blank page", CATALOG, PAGE("") ">>", " ", "null", "null", WHERE_BODY, NULL, NULL,
	 NULL, NULL},
	{"drawing without text", CATALOG, PAGE("") ">>", "20 20 100 100 re f", "null", "null",
	 WHERE_BODY, NULL, NULL, "/page-1/drawing", "picture-not-read"},
	{"scan", CATALOG, PAGE("/XObject<</I 6 0 R>>") ">>", "q 200 0 0 200 0 0 cm /I Do Q",
	 "<</Type/XObject/Subtype/Image/Width 1/Height "
	 "1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\nx\nendstream",
	 "null", WHERE_BODY, NULL, NULL, "/page-1/pictures", "picture-not-read"},
	{"picture of 30,000 pixels a side", CATALOG, PAGE("/XObject<</I 6 0 R>>") ">>", HELLO,
	 BIG_PICTURE("/Width 30000/Height 30000"), "null", WHERE_BODY, "Hello\n", NULL,
	 "/picture", "over-limit"},
	{"picture too wide", CATALOG, PAGE("/XObject<</I 6 0 R>>") ">>", HELLO,
	 BIG_PICTURE("/Width 20001.0/Height 1"), "null", WHERE_BODY, "Hello\n", NULL,
	 "/picture", "over-limit"},
	{"picture with too many pixels, by the short names", CATALOG,
	 PAGE("/XObject<</I 6 0 R>>") ">>", HELLO, BIG_PICTURE("/W 10000/H 5001"), "null",
	 WHERE_BODY, "Hello\n", NULL, "/picture", "over-limit"},
	{"picture of the ceiling's size", CATALOG, PAGE("/XObject<</I 6 0 R>>") ">>", HELLO,
	 BIG_PICTURE("/Width 10000/Height 5000"), "null", WHERE_BODY, "Hello\n", NULL, NULL,
	 NULL},
	{"logo beside text", CATALOG, PAGE("/XObject<</I 6 0 R>>") ">>",
	 HELLO " q 50 0 0 50 0 0 cm /I Do Q",
	 "<</Type/XObject/Subtype/Image/Width 1/Height "
	 "1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\nx\nendstream",
	 "null", WHERE_BODY, "Hello\n", NULL, "/page-1/pictures", "picture-not-read"},
	{"note", CATALOG, PAGE("") "/Annots[6 0 R]>>", HELLO,
	 "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(not yet public)/T(Li)>>", "null",
	 WHERE_ANNOTATION, "not yet public\n", "DH-002", NULL, NULL},
	{"link", CATALOG, PAGE("") "/Annots[6 0 R]>>", HELLO,
	 "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(http://10.34.1.2/x)>>>>",
	 "null", WHERE_FIELD, "http://10.34.1.2/x\n", NULL, NULL, NULL},
	{"launch", CATALOG, PAGE("") "/Annots[6 0 R]>>", HELLO,
	 "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(cmd.exe)>>>>", "null",
	 WHERE_FIELD, "cmd.exe\n", "DH-005", NULL, NULL},
	{"form value", "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>",
	 PAGE("") "/Annots[6 0 R]>>", HELLO,
	 "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Zhou)/Rect[0 0 9 9]>>", "null",
	 WHERE_FIELD, "name\nZhou\n", NULL, NULL, NULL},
	{"script",
	 "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
	 PAGE("") ">>", HELLO, "null", "null", WHERE_FIELD, "app.alert(1)\n", "DH-005", NULL,
	 NULL},
	{"script in a stream",
	 "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS 6 0 R>>>>", PAGE("") ">>",
	 HELLO, "<</Length 12>>\nstream\napp.alert(2)\nendstream", "null", WHERE_FIELD,
	 "app.alert(2)\n", "DH-005", NULL, NULL},
	{"XFA form", "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]/XFA 6 0 R>>>>",
	 PAGE("") ">>", HELLO, "<</Length 1>>\nstream\nx\nendstream", "null", WHERE_ATTACHMENT,
	 NULL, "DH-005", "/xfa", "unsupported"},
	{"embedded file outside the name tree", "<</Type/Catalog/Pages 2 0 R/AF[6 0 R]>>",
	 PAGE("") ">>", HELLO, "<</Type/Filespec/F(a.txt)/EF<</F 7 0 R>>>>",
	 "<</Type/EmbeddedFile/Length 1>>\nstream\nx\nendstream", WHERE_ATTACHMENT, NULL,
	 "DH-005", "/embedded-file", "unsupported"},
	{"alternative text", "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R>>",
	 PAGE("") ">>", HELLO, "<</Type/StructTreeRoot/K<</S/Figure/Alt(inner view)>>>>",
	 "null", WHERE_ALT, "inner view\n", NULL, NULL, NULL},
	{"text beside the page", CATALOG, PAGE("") ">>",
	 HELLO " BT /F1 12 Tf 20 -500 Td (Below) Tj ET", "null", "null", WHERE_HIDDEN,
	 "Below\n", "DH-003", NULL, NULL},
	{"text outside the crop box", CATALOG, PAGE("") "/CropBox[0 0 300 150]/Rotate 90>>",
	 HELLO " BT /F1 12 Tf 20 200 Td (Above) Tj ET", "null", "null", WHERE_HIDDEN, "Above\n",
	 "DH-003", NULL, NULL},
	{"redaction not applied", CATALOG, PAGE("") ">>", HELLO,
	 "<</Type/Annot/Subtype/Redact/Rect[0 0 9 9]>>", "null", WHERE_BODY, NULL, "DH-007",
	 NULL, NULL},
	{"layer that no list names", "<</Type/Catalog/Pages 2 0 R>>",
	 PAGE("/Properties<</L 6 0 R>>") ">>", HELLO, "<</Type/OCG/Name(Layer)>>", "null",
	 WHERE_ATTACHMENT, NULL, "DH-003", "/layer", "unsupported"},
	{"outline", "<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>", PAGE("") ">>", HELLO,
	 "<</First 7 0 R/Last 7 0 R/Count 1>>",
	 "<</Title(Chapter)/Parent 6 0 R/Dest[3 0 R/Fit]>>", WHERE_METADATA, "Chapter\n", NULL,
	 NULL, NULL},
	{"hidden layer",
	 "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]/Order[6 0 "
	 "R]>>>>>>",
	 PAGE("/Properties<</L 6 0 R>>") ">>",
	 HELLO " /OC /L BDC BT /F1 12 Tf 20 50 Td (Secret) Tj ET EMC",
	 "<</Type/OCG/Name(Layer)>>", "null", WHERE_HIDDEN, "Secret\n", "DH-003", NULL, NULL},
	{"page taken out", CATALOG, PAGE("") ">>", HELLO,
	 "<</Length 22>>\nstream\nBT (15400001234) Tj ET\nendstream", "null",
	 WHERE_OLD_REVISION, "BT (15400001234) Tj ET", "DH-007", NULL, NULL},
	{"object without use that nobody reads", CATALOG, PAGE("") ">>", HELLO,
	 "<</Filter/DCTDecode/Length 1>>\nstream\nx\nendstream", "null", WHERE_OLD_REVISION,
	 NULL, "DH-007", "/unused-6", "unused-object"},
	{"comment of the drawing", CATALOG, PAGE("") ">>", HELLO "\n% 15400001234\n", "null",
	 "null", WHERE_METADATA, " 15400001234\n", NULL, NULL, NULL},
	{"property of marked content", CATALOG, PAGE("") ">>",
	 "/P <</X (1540000\\0611234)>> DP " HELLO, "null", "null", WHERE_METADATA,
	 "154000011234\n", NULL, NULL, NULL},
	{"metadata of a page", CATALOG, PAGE("") "/Metadata 6 0 R>>", HELLO,
	 "<</Type/Metadata/Subtype/XML/Length 15>>\nstream\n<x><y>z</y></x>\nendstream", "null",
	 WHERE_PROPERTY, "y: z\n", NULL, NULL, NULL},
	{"field on no page, name of a destination",
	 "<</Type/Catalog/Pages 2 0 R/Dests<</D15400001234[3 0 R/Fit]>>"
	 "/AcroForm<</Fields[<</FT/Tx/DV(15400004321)/V(15400005555)>>]>>>>",
	 PAGE("") ">>", HELLO, "null", "null", WHERE_METADATA,
	 "DV: 15400004321\n15400005555\nD15400001234\n", NULL, NULL, NULL},
	{"font without a map", CATALOG, PAGE("") ">>", "BT /F9 12 Tf 20 100 Td (Hello) Tj ET",
	 "null", "null", WHERE_BODY, NULL, NULL, "a.pdf", "font-not-read"},
};

static void test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		char content[256];
		const char *objects[] = {
			r->catalog, PAGES,    r->page,	  stream_of(content, r->content),
			FONT,	    r->sixth, r->seventh, NULL};
		struct collected *c = pdf_of(objects);
		const struct segment *s = collect_segment(c, r->where, "");

		print_message("%s\n", r->name);
		if (r->text != NULL) {
			assert_non_null(s);
			assert_string_equal(s->text, r->text);
		}
		if (r->rule != NULL)
			assert_non_null(collect_finding(c, r->rule, r->where));
		assert_int_equal(collect_failed(c), r->object != NULL);
		if (r->object != NULL)
			assert_string_equal(collect_object(c, r->object)->reason, r->reason);
		collect_free(c);
	}
}

static void test_files(void **state)
{
	static const struct {
		const char *file;
		enum segment_where where;
		const char *words, *rule, *fact;
	} table[] = {
		{"report.pdf", WHERE_BODY,
		 "云汀市公安局2024年政府信息公开工作年度报告\n全年主动公开信息1200条。\n", NULL,
		 "pages=1;revisions=1;"},
		{"report.pdf", WHERE_PROPERTY, "author: 王起草\n", "DH-004", ""},
		{"linearized.pdf", WHERE_BODY, "全年主动公开信息1200条。\n", NULL,
		 "revisions=1;"},
		{"incremental.pdf", WHERE_OLD_REVISION, "全年主动公开信息1200条。\n", "DH-007",
		 "revisions=2;"},
		{"attachment.pdf", WHERE_BODY, "自4月1日起，户籍窗口延长服务时间。", NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct collected *c = collect_file(table[i].file, PDF);

		print_message("%s\n", table[i].file);
		assert_non_null(c);
		assert_int_equal(collect_failed(c), 0);
		assert_non_null(collect_segment(c, table[i].where, table[i].words));
		assert_non_null(strstr(c->facts, table[i].fact));
		if (table[i].rule != NULL)
			assert_non_null(collect_finding(c, table[i].rule, table[i].where));
		collect_free(c);
	}
}

static void test_page_numbers(void **state)
{
	char content[256];
	const char *objects[] = {CATALOG,	"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>",
				 PAGE("") ">>", stream_of(content, HELLO),
				 FONT,		PAGE("") ">>",
				 NULL};
	struct collected *c = pdf_of(objects);

	(void)state;
	assert_int_equal(c->n_segments, 2);
	assert_int_equal(c->segments[0].page, 1);
	assert_int_equal(c->segments[1].page, 2);
	assert_int_equal(c->segments[1].line, 2);
	assert_int_equal(c->segments[1].offset, 6);
	collect_free(c);
}

static void test_unreadable(void **state)
{
	struct collected *c = collect_file("encrypted.pdf", PDF);
	struct buf b;
	char path[512];

	(void)state;
	assert_non_null(c);
	assert_string_equal(c->objects[0].reason, "encrypted");
	collect_free(c);

	c = collect_bytes("a.pdf", PDF, "%PDF-1.4\nnothing", 16);
	assert_string_equal(c->objects[0].reason, "corrupt");
	collect_free(c);

	buf_init(&b, 1 << 20);
	(void)snprintf(path, sizeof(path), "%s/tests/corpus/documents/report.pdf",
		       SL_SOURCE_DIR);
	assert_int_equal(file_read(AT_FDCWD, path, 1 << 20, &b), SL_OK);
	for (size_t cut = 0; cut < b.len - 2000; cut += 1000) {
		c = collect_bytes("a.pdf", PDF, b.data, cut);
		assert_int_equal(c->objects[0].state, OBJECT_FAILED);
		collect_free(c);
	}
	buf_release(&b);
}

/* What an attachment says is its own; that there is one is a finding beside it. */
static void test_attachment(void **state)
{
	struct collected *c = collect_file("attachment.pdf", PDF);

	(void)state;
	assert_non_null(c);
	assert_non_null(collect_finding(c, "DH-005", WHERE_ATTACHMENT));
	assert_string_equal(collect_object(c, ".txt")->type, "text/plain");
	collect_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),	   cmocka_unit_test(test_files),
		cmocka_unit_test(test_attachment), cmocka_unit_test(test_page_numbers),
		cmocka_unit_test(test_unreadable),
	};

	collect_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
