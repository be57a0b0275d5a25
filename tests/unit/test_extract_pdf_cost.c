/* test_extract_pdf_cost.c - pages that cost too much are known before anybody draws them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "inspect/extract/extract_pdf.h"
#include "tests/support/extract_collect.h"

enum { OBJECTS_MAX = 100, BYTES_MAX = 16 << 20 };

/* A document under work: objects are added in the order of their numbers. */
struct doc {
	struct buf out;
	size_t at[OBJECTS_MAX], n;
};

static void object(struct doc *d, const char *body)
{
	assert_true(d->n < OBJECTS_MAX);
	d->at[d->n++] = d->out.len;
	buf_putf(&d->out, "%zu 0 obj\n%s\nendobj\n", d->n, body);
}

static void stream(struct doc *d, const char *entries, const void *data, size_t len)
{
	assert_true(d->n < OBJECTS_MAX);
	d->at[d->n++] = d->out.len;
	buf_putf(&d->out, "%zu 0 obj\n<<%s/Length %zu>>\nstream\n", d->n, entries, len);
	buf_put(&d->out, data, len);
	buf_puts(&d->out, "\nendstream\nendobj\n");
}

#define F1    "/F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
#define HELLO "BT /F1 12 Tf 20 100 Td (Hello) Tj ET\n"

/* So many pages that share their content; the test's own objects follow, from 5 for one page.
 */
static void begin(struct doc *d, unsigned pages, const char *resources, const char *page,
		  const char *content)
{
	char body[1024];
	size_t at = 0;

	d->n = 0;
	buf_init(&d->out, BYTES_MAX);
	buf_puts(&d->out, "%PDF-1.7\n");
	object(d, "<</Type/Catalog/Pages 2 0 R>>");
	at += (size_t)snprintf(body, sizeof(body), "<</Type/Pages/Count %u/Kids[3 0 R", pages);
	for (unsigned i = 1; i < pages; i++)
		at += (size_t)snprintf(body + at, sizeof(body) - at, " %u 0 R", 4 + i);
	(void)snprintf(body + at, sizeof(body) - at, "]>>");
	object(d, body);
	(void)snprintf(body, sizeof(body),
		       "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
		       "/Resources<<%s>>%s>>",
		       resources, page);
	object(d, body);
	stream(d, "", content, strlen(content));
	for (unsigned i = 1; i < pages; i++)
		object(d, body);
}

static void end(struct doc *d)
{
	size_t xref = d->out.len;

	buf_putf(&d->out, "xref\n0 %zu\n0000000000 65535 f \n", d->n + 1);
	for (size_t i = 0; i < d->n; i++)
		buf_putf(&d->out, "%010zu 00000 n \n", d->at[i]);
	buf_putf(&d->out, "trailer\n<</Size %zu/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n",
		 d->n + 1, xref);
	assert_int_equal(buf_error(&d->out), SL_OK);
}

/* Why page i (from 0) of a finished document is not drawn; NULL: it is. */
static const char *dear(struct doc *d, unsigned i)
{
	struct pdf pdf = {.pages = 0};
	const char *why;

	assert_int_equal(extract_pdf_cost(&pdf, d->out.data, d->out.len), SL_OK);
	why = extract_pdf_dear(&pdf, i);
	extract_pdf_close(&pdf);
	return why;
}

static void repeat(struct buf *b, const char *what, unsigned times)
{
	buf_init(b, BYTES_MAX);
	for (unsigned i = 0; i < times; i++)
		buf_puts(b, what);
}

#define FORM "/Type/XObject/Subtype/Form/BBox[0 0 300 300]"

/* Forms 5, 6, ... each paint the next one so many times; the last one has a line. */
static void nest(struct doc *d, unsigned times, unsigned depth)
{
	char entries[256];
	struct buf b;

	repeat(&b, "/X Do ", times);
	for (unsigned i = 0; i < depth; i++) {
		(void)snprintf(entries, sizeof(entries),
			       FORM "/Resources<</XObject<</X %zu 0 R>>>>", d->n + 2);
		stream(d, entries, b.data, b.len);
	}
	stream(d, FORM, "0 0 m 9 9 l S", 13);
	buf_release(&b);
}

static void test_nested_forms(void **state)
{
	static const struct {
		const char *name;
		unsigned times, depth;
		const char *why;
	} rows[] = {
		{"twice, thirty deep", 2, 30, "over-limit"},
		{"ten times, thirty deep", 10, 30, "over-limit"},
		{"ten times, four deep", 10, 4, NULL},
		{"once, sixty deep", 1, 60, NULL},
		{"once, deeper than readers go", 1, 70, "over-limit"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static const char *const where[] = {"/X Do", "n"};
		struct doc d;

		print_message("%s\n", rows[i].name);
		/* Painted by the page, and as the looks of a stamp on it. */
		for (unsigned stamp = 0; stamp < 2; stamp++) {
			begin(&d, 1, "/XObject<</X 5 0 R>>",
			      stamp ? "/Annots[<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]"
				      "/AP<</N 5 0 R>>>>]"
				    : "",
			      where[stamp]);
			nest(&d, rows[i].times, rows[i].depth);
			end(&d);
			if (rows[i].why != NULL)
				assert_string_equal(dear(&d, 0), rows[i].why);
			else
				assert_null(dear(&d, 0));
			buf_release(&d.out);
		}
	}
}

/* A form that costs 1,000 operators each time: 16 for drawing one, the word for it, and its
 * own.  Exactly the ceiling is drawn, one operator more is not; nor is the page that brings
 * all of them beyond theirs. */
static void test_ceiling(void **state)
{
	enum {
		EACH = 1000,
		OVERHEAD = 17,
		PAGES = EXTRACT_OPERATORS_ALL_MAX / EXTRACT_OPERATORS_MAX
	};
	static const char *const more[] = {"", "n "};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct buf content, form;
		struct doc d;

		repeat(&content, "/X Do ", EXTRACT_OPERATORS_MAX / EACH);
		buf_puts(&content, more[i]);
		repeat(&form, "n ", EACH - OVERHEAD);
		begin(&d, PAGES + 1, "/XObject<</X 15 0 R>>", "", buf_str(&content));
		stream(&d, FORM, form.data, form.len);
		end(&d);
		assert_int_equal(d.n, 15);
		for (unsigned page = 0; page <= PAGES; page++)
			assert_true((dear(&d, page) != NULL) == (i == 1 || page == PAGES));
		buf_release(&d.out);
		buf_release(&content);
		buf_release(&form);
	}
}

struct one {
	const char *name, *resources, *content;
	const char *entries, *data; /* of stream 5 */
	const char *why;
};

#define PATTERN(step)                                                                          \
	"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]"                   \
	"/XStep " step "/YStep " step "/Resources<<>>"
#define TILES	"/Pattern cs /P scn 0 0 300 300 re f"
#define MESH	"/ShadingType 6/ColorSpace/DeviceGray/BitsPerCoordinate 1/BitsPerComponent 8"
#define PICTURE "/Type/XObject/Subtype/Image/Width 9/Height 9/BitsPerComponent 8"

static const struct one ones[] = {
	{"form that paints itself", "/XObject<</X 5 0 R>>", "/X Do",
	 FORM "/Resources<</XObject<</X 5 0 R>>>>", "/X Do", "over-limit"},
	{"form that paints itself by its user's name", "/XObject<</X 5 0 R>>", "/X Do", FORM,
	 "/#58 Do", "over-limit"},
	{"form under another name", "/XObject<</Y 5 0 R>>", "/X Do",
	 FORM "/Resources<</XObject<</X 5 0 R>>>>", "/X Do", NULL},
	{"mask that masks itself", "/ExtGState<</G<</SMask<</S/Alpha/G 5 0 R>>>>>>", "/G gs",
	 FORM, "/G gs", "over-limit"},
	{"mask", "/ExtGState<</G<</SMask<</S/Alpha/G 5 0 R>>>>>>", "/G gs", FORM,
	 "0 0 9 9 re f", NULL},
	{"tiles of a thousandth", "/Pattern<</P 5 0 R>>", TILES, PATTERN("0.001"),
	 "0 0 1 1 re f", "over-limit"},
	{"tiles of no step", "/Pattern<</P 5 0 R>>", TILES, PATTERN("0"), "0 0 1 1 re f",
	 "over-limit"},
	{"hatching", "/Pattern<</P 5 0 R>>", TILES, PATTERN("4"), "0 0 1 1 re f", NULL},
	{"tiles that are drawn small", "/Pattern<</P 5 0 R>>", TILES,
	 PATTERN("4") "/Matrix[.001 0 0 .001 0 0]", "0 0 1 1 re f", "over-limit"},
	{"tiles that are drawn once", "/Pattern<</P 5 0 R>>", TILES,
	 PATTERN("9") "/Matrix[.001 0 0 .001 0 0]", "0 0 1 1 re f", NULL},
	{"tiles, not seen", "/Pattern<</P 5 0 R>>", "0 0 .1 .1 re W n " TILES, PATTERN("0.001"),
	 "0 0 1 1 re f", NULL},
	{"mesh", "/Shading<</S 5 0 R>>", "/S sh", MESH, "few points", NULL},
	{"table of a function", "/Shading<</S<</ShadingType 1/Function 5 0 R>>>>", "/S sh",
	 "/FunctionType 0/Size[1000 1000]", "x", NULL},
	{"picture inside", "", "q BI /W 20000 /H 8 /BPC 1 /F/Fl ID x EI Q", "", "", NULL},
	{"picture inside, too wide", "", "q BI /W 20001 /H 8 /BPC 1 /F/Fl ID x EI Q", "", "",
	 "over-limit"},
	{"picture inside, too many pixels", "",
	 "BI /Width 10000/Height 5001/BPC 1/Filter/FlateDecode ID x EI", "", "", "over-limit"},
	{"picture inside that looks like its end", "",
	 "BI /W 8 /H 9 /BPC 8 /CS/G ID 0 EI (................................................"
	 "................)\nEI BI /W 20001 /H 1 /F/Fl ID x EI",
	 "", "", "over-limit"},
	{"JPEG", "/XObject<</X 5 0 R>>", "/X Do", PICTURE "/Filter/DCTDecode",
	 "\xff\xd8\xff\xc0\x01\x0b\x08\x13\x88\x27\x10\x01\x01\x11\x01", NULL},
	{"JPEG that is larger than it says", "/XObject<</X 5 0 R>>", "/X Do",
	 PICTURE "/Filter/DCTDecode",
	 "\xff\xd8\xff\xc0\x01\x0b\x08\x13\x89\x27\x10\x01\x01\x11\x01", "over-limit"},
	{"the same, packed once more", "/XObject<</X 5 0 R>>", "/X Do",
	 PICTURE "/Filter[/ASCIIHexDecode/DCTDecode]", "ffd8ffc0010b08138927100101110>",
	 "over-limit"},
};

static void test_things(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]); i++) {
		const struct one *o = &ones[i];
		struct doc d;

		print_message("%s\n", o->name);
		begin(&d, 1, o->resources, "", o->content);
		stream(&d, o->entries, o->data, strlen(o->data));
		end(&d);
		if (o->why != NULL)
			assert_string_equal(dear(&d, 0), o->why);
		else
			assert_null(dear(&d, 0));
		buf_release(&d.out);
	}
}

/* The head of a code stream says each size in four bytes (ISO 15444-1, A.5.1). */
static void test_jpeg_2000(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		uint8_t head[] = {0xff, 0x4f, 0xff, 0x51, 0, 41, 0, 0, 0, 0, 0x27, 0x10,
				  0,	0,    0x13, 0x88, 0, 0,	 0, 0, 0, 0, 0,	   0};
		struct doc d;

		head[15] = (uint8_t)(head[15] + i);
		begin(&d, 1, "/XObject<</X 5 0 R>>", "", "/X Do");
		stream(&d, PICTURE "/Filter/JPXDecode", head, sizeof(head));
		end(&d);
		assert_true((dear(&d, 0) != NULL) == (i == 1));
		buf_release(&d.out);
	}
}

/* Letters of a drawn font that are words in the same font. */
static void test_drawn_letters(void **state)
{
	static const struct {
		const char *letter, *why;
	} rows[] = {{"9 0 d0 0 0 1 1 re f", NULL},
		    {"9 0 d0 BT /T 9 Tf (aa) Tj ET", "over-limit"}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct doc d;

		begin(&d, 1, "/Font<</T 5 0 R>>", "", "BT /T 9 Tf (aaa) Tj ET");
		object(&d,
		       "<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]"
		       "/CharProcs<</a 6 0 R>>/Encoding<</Differences[97/a]>>/FirstChar 97"
		       "/LastChar 97/Widths[9]/Resources<</Font<</T 5 0 R>>>>>>");
		stream(&d, "", rows[i].letter, strlen(rows[i].letter));
		end(&d);
		if (rows[i].why != NULL)
			assert_string_equal(dear(&d, 0), rows[i].why);
		else
			assert_null(dear(&d, 0));
		buf_release(&d.out);
	}
}

/* Text as long as a library, a page painted over and over. */
static void test_repeated(void **state)
{
	static const struct {
		const char *what;
		unsigned times;
		const char *why;
	} rows[] = {{"(abcdefgh) Tj ", 200000, "over-limit"},
		    {"(abcdefgh) Tj ", 100000, NULL},
		    {"0 0 300 300 re f ", 30000, "over-limit"},
		    {"0 0 300 300 re f ", 20000, NULL},
		    {"0 0 m 300 300 l S ", 60000, "over-limit"},
		    {"0 0 m 300 300 l S ", 40000, NULL},
		    {"0 0 m 3 3 l S ", 500000, NULL},
		    {"/S sh ", 30000, "over-limit"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf content;
		struct doc d;

		repeat(&content, rows[i].what, rows[i].times);
		begin(&d, 1, "", "", buf_str(&content));
		end(&d);
		assert_true((dear(&d, 0) != NULL) == (rows[i].why != NULL));
		buf_release(&d.out);
		buf_release(&content);
	}
}

/* A tree of pages that leads back to itself, or deeper than anybody nests one. */
static void test_page_tree(void **state)
{
	static const struct {
		unsigned depth;
		int want;
	} rows[] = {{0, SL_E_LIMIT}, {40, SL_OK}, {80, SL_E_LIMIT}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdf pdf = {.pages = 0};
		char body[128];
		struct doc d = {.n = 0};

		buf_init(&d.out, BYTES_MAX);
		buf_puts(&d.out, "%PDF-1.7\n");
		object(&d, "<</Type/Catalog/Pages 2 0 R>>");
		for (unsigned n = 0; n < rows[i].depth; n++) {
			(void)snprintf(body, sizeof(body),
				       "<</Type/Pages/Kids[%zu 0 R]/Count 1>>", d.n + 2);
			object(&d, body);
		}
		if (rows[i].depth == 0)
			object(&d, "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1>>");
		object(&d, "<</Type/Page/MediaBox[0 0 9 9]/Resources<<>>>>");
		end(&d);
		assert_int_equal(extract_pdf_cost(&pdf, d.out.data, d.out.len), rows[i].want);
		extract_pdf_close(&pdf);
		buf_release(&d.out);
	}
}

/* A function whose table alone is a hundred million numbers, used or not. */
static void test_tables(void **state)
{
	static const struct {
		const char *size;
		int want;
	} rows[] = {{"[1024 1024]", SL_OK}, {"[10240 10240]", SL_E_LIMIT}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct pdf pdf = {.pages = 0};
		char entries[64];
		struct doc d;

		(void)snprintf(entries, sizeof(entries), "/FunctionType 0/Size%s",
			       rows[i].size);
		begin(&d, 1, "", "", "n");
		stream(&d, entries, "x", 1);
		end(&d);
		assert_int_equal(extract_pdf_cost(&pdf, d.out.data, d.out.len), rows[i].want);
		extract_pdf_close(&pdf);
		buf_release(&d.out);
	}
}

/* What stands in the report, and that the other pages are read. */
static void test_report(void **state)
{
	struct collected *c;
	struct doc d;

	(void)state;
	begin(&d, 1, "/Font<<" F1 ">>/XObject<</X 5 0 R>>", "", HELLO "/X Do");
	nest(&d, 2, 30);
	end(&d);
	c = collect_bytes("a.pdf", "application/pdf", d.out.data, d.out.len);
	assert_int_equal(collect_failed(c), 1);
	assert_string_equal(collect_object(c, "a.pdf/page-1/content")->reason, "over-limit");
	assert_null(collect_segment(c, WHERE_BODY, "Hello"));
	collect_free(c);
	buf_release(&d.out);

	begin(&d, 1, "/Font<<" F1 ">>/XObject<</X 5 0 R>>", "", HELLO "/X Do");
	nest(&d, 10, 3);
	end(&d);
	c = collect_bytes("a.pdf", "application/pdf", d.out.data, d.out.len);
	assert_int_equal(collect_failed(c), 0);
	assert_non_null(collect_segment(c, WHERE_BODY, "Hello"));
	collect_free(c);
	buf_release(&d.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nested_forms),  cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_things),	      cmocka_unit_test(test_jpeg_2000),
		cmocka_unit_test(test_drawn_letters), cmocka_unit_test(test_repeated),
		cmocka_unit_test(test_page_tree),     cmocka_unit_test(test_tables),
		cmocka_unit_test(test_report),
	};

	collect_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
