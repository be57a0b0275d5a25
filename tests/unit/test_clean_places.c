/* test_clean_places.c - masks in names, formulas and numbers: the document stays whole, and
 * what can still be read is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "inspect/clean/clean.h"
#include "inspect/clean/clean_xml.h"
#include "tests/support/extract_collect.h"
#include "tests/support/make_zip.h"

#define PHONE "15400001234"
#define MASK  "154****1234"
#define XLSX  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define DOCX  "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define ODS   "application/vnd.oasis.opendocument.spreadsheet"
#define ODT   "application/vnd.oasis.opendocument.text"

static const struct clean_mask masks[] = {{PHONE, MASK}, {"周若宁", "周某某"}};

static void init(struct clean_job *job, const char *type, const char *bytes, size_t len)
{
	*job = (struct clean_job){.name = "a",
				  .type = type,
				  .bytes = (const uint8_t *)bytes,
				  .len = len,
				  .masks = masks,
				  .n_masks = 2};
}

/* One member in, one out; without the line that declares it. */
static void elements(void **state)
{
	static const struct {
		const char *type, *in, *out;
	} rows[] = {
		/* A number becomes a word; what is no number of the cell stays. */
		{XLSX, "<c r=\"A1\"><v>" PHONE "</v></c>",
		 "<c r=\"A1\" t=\"str\"><v>" MASK "</v></c>"},
		{XLSX, "<c t=\"n\"><v>" PHONE "</v></c>", "<c t=\"str\"><v>" MASK "</v></c>"},
		{XLSX, "<c t=\"str\"><v>周若宁</v></c>", "<c t=\"str\"><v>周某某</v></c>"},
		{XLSX, "<c t=\"s\"><v>" PHONE "</v></c>", NULL},
		{XLSX, "<c t=\"e\"><v>" PHONE "</v></c>", NULL},
		{XLSX, "<pt><v>" PHONE "</v></pt>", "<pt><v>" MASK "</v></pt>"},
		{XLSX, "<numCache><pt><v>" PHONE "</v></pt></numCache>", NULL},
		/* Formulas: words, not names and numbers. */
		{XLSX, "<f>'周若宁'!A1&amp;\"周若宁\"&amp;周若宁</f>",
		 "<f>'周若宁'!A1&amp;\"周某某\"&amp;周若宁</f>"},
		{XLSX, "<f>\"\"&amp;" PHONE "&amp;\"" PHONE "</f>",
		 "<f>\"\"&amp;" PHONE "&amp;\"" MASK "</f>"},
		{XLSX, "<f>'a\"周若宁'!A1&amp;\"it's 周若宁\"</f>",
		 "<f>'a\"周若宁'!A1&amp;\"it's 周某某\"</f>"},
		{XLSX, "<definedName name=\"周若宁\">'周若宁'!$A$1</definedName>", NULL},
		{XLSX, "<definedName name=\"a\">\"" PHONE "\"</definedName>",
		 "<definedName name=\"a\">\"" MASK "\"</definedName>"},
		/* Names that formulas say. */
		{XLSX, "<sheet name=\"周若宁\"/>", NULL},
		{XLSX, "<table name=\"周若宁\" displayName=\"周若宁\"/>", NULL},
		{XLSX, "<worksheetSource sheet=\"周若宁\" name=\"周若宁\"/>", NULL},
		{XLSX, "<n v=\"" PHONE "\"/>", NULL},
		{XLSX, "<hyperlink location=\"'周若宁'!A1\" tooltip=\"周若宁\"/>",
		 "<hyperlink location=\"'周若宁'!A1\" tooltip=\"周某某\"/>"},
		{DOCX, "<bookmarkStart name=\"周若宁\"/>", "<bookmarkStart name=\"周某某\"/>"},
		{DOCX, "<hyperlink anchor=\"周若宁\" tooltip=\"周若宁\"/>",
		 "<hyperlink anchor=\"周某某\" tooltip=\"周某某\"/>"},
		{DOCX, "<docPr name=\"周若宁\" title=\"周若宁\" descr=\"" PHONE "\"/>",
		 "<docPr name=\"周某某\" title=\"周某某\" descr=\"" MASK "\"/>"},
		{ODS, "<table name=\"周若宁\"/>", NULL},
		{ODS, "<named-range name=\"周若宁\" cell-range-address=\"周若宁.A1\"/>", NULL},
		{ODS, "<a href=\"#周若宁.A1\"/>", NULL},
		{ODS, "<table-cell formula=\"of:=[周若宁.A1]&amp;&quot;周若宁&quot;\"/>",
		 "<table-cell formula=\"of:=[周若宁.A1]&amp;&quot;周某某&quot;\"/>"},
		{ODS,
		 "<table-cell value-type=\"float\" value=\"" PHONE "\"><p>" PHONE
		 "</p></table-cell>",
		 "<table-cell value-type=\"string\"><p>" MASK "</p></table-cell>"},
		{ODT, "<a href=\"#周若宁\" title=\"周若宁\"/>",
		 "<a href=\"#周某某\" title=\"周某某\"/>"},
		{ODT, "<p style-name=\"周若宁\">周若宁</p>",
		 "<p style-name=\"周若宁\">周某某</p>"},
		{ODT,
		 "<style name=\"周若宁\" display-name=\"周若宁\" "
		 "parent-style-name=\"周若宁\"/>",
		 "<style name=\"周若宁\" display-name=\"周某某\" "
		 "parent-style-name=\"周若宁\"/>"},
		{ODT, "<frame name=\"周若宁\"><desc>" PHONE "</desc></frame>",
		 "<frame name=\"周某某\"><desc>" MASK "</desc></frame>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *want = rows[i].out != NULL ? rows[i].out : rows[i].in;
		uint32_t masked[2] = {0}, removed = 0;
		struct clean_job job;
		xmlDoc *d = NULL;
		struct buf out;

		init(&job, rows[i].type, NULL, 0);
		buf_init(&out, 1 << 20);
		assert_int_equal(clean_xml_parse(rows[i].in, strlen(rows[i].in), &d), SL_OK);
		assert_int_equal(clean_xml_mask(d, &job, masked, &removed), SL_OK);
		assert_int_equal(clean_xml_write(d, &out), SL_OK);
		if (strstr(buf_str(&out), want) == NULL)
			fail_msg("row %zu: %s", i, buf_str(&out));
		assert_int_equal(masked[0] + masked[1] == 0, rows[i].out == NULL);
		xmlFreeDoc(d);
		buf_release(&out);
	}
}

static bool says(const struct clean_result *r, const char *what, const char *where,
		 const char *which)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->changes[i].what, what) == 0 &&
		    strcmp(r->changes[i].which, which) == 0 &&
		    (where == NULL || strcmp(r->changes[i].where, where) == 0))
			return true;
	return false;
}

/* Text of kinds that spell a number in their own way: masked where it is plain, said where
 * it is not. */
static void spellings(void **state)
{
	static const struct {
		const char *type, *in;
		const char *left; /* place, or NULL */
	} rows[] = {
		{"text/html", "<p>" PHONE "</p><p title='" PHONE "'>x</p>", NULL},
		{"text/html", "<p>" PHONE "</p><p>1540000&#49;234</p>", "body"},
		{"text/html", "<p>" PHONE "</p><p>154<b>0000</b>1234</p>", "body"},
		{"text/html", "<p>" PHONE "</p><img alt='1540000&#x31;234'>", "alt"},
		{"application/json", "{\"a\":\"" PHONE "\",\"b\":\"x\"}", NULL},
		{"text/plain", PHONE "\n", NULL},
		{"text/csv", "a," PHONE "\n", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {""};
		struct clean_result r;
		struct clean_job job;

		init(&job, rows[i].type, rows[i].in, strlen(rows[i].in));
		clean_result_init(&r);
		assert_int_equal(clean_document(&job, &r, &why), SL_OK);
		assert_true(says(&r, "masked", NULL, MASK));
		if (says(&r, "left", rows[i].left, MASK) != (rows[i].left != NULL))
			fail_msg("row %zu", i);
		clean_result_release(&r);
	}
}

/* A workbook whose sheet and a defined name are called by a person's name. */
static void names_of_a_workbook_are_left_and_said(void **state)
{
	static const char types[] =
		"<Types><Override PartName='/xl/workbook.xml' ContentType='application/"
		"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/><Override "
		"PartName='/xl/worksheets/sheet1.xml' ContentType='application/"
		"vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml'/></Types>";
	static const char book[] =
		"<workbook xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/"
		"relationships'><sheets><sheet name='周若宁' sheetId='1' r:id='a'/></sheets>"
		"<definedNames><definedName name='x'>'周若宁'!$A$1</definedName></definedNames>"
		"</workbook>";
	static const char rels[] =
		"<Relationships><Relationship Id='a' Type='http://schemas.openxmlformats.org/"
		"officeDocument/2006/relationships/worksheet' "
		"Target='worksheets/sheet1.xml'/></Relationships>";
	static const char sheet[] =
		"<worksheet><sheetData><row><c r='A1' t='inlineStr'><is><t>周若宁</t></is></c>"
		"<c r='B1'><v>" PHONE "</v></c></row></sheetData></worksheet>";
	static const struct zip_entry e[] = {
		{.name = "[Content_Types].xml", .data = types},
		{.name = "xl/workbook.xml", .data = book},
		{.name = "xl/_rels/workbook.xml.rels", .data = rels},
		{.name = "xl/worksheets/sheet1.xml", .data = sheet},
		{0}};
	struct sl_why why = {""};
	struct clean_result r;
	struct collected *c;
	struct clean_job job;
	struct buf zip;

	(void)state;
	buf_init(&zip, 1 << 20);
	make_zip(e, &zip);
	init(&job, XLSX, (const char *)zip.data, zip.len);
	clean_result_init(&r);
	assert_int_equal(clean_document(&job, &r, &why), SL_OK);
	assert_true(says(&r, "masked", "xl/worksheets/sheet1.xml", "周某某"));
	assert_true(says(&r, "masked", "xl/worksheets/sheet1.xml", MASK));
	assert_false(says(&r, "masked", "xl/workbook.xml", "周某某"));
	assert_true(says(&r, "left", NULL, "周某某"));
	assert_false(says(&r, "left", NULL, MASK));
	c = collect_bytes("a.xlsx", XLSX, r.bytes.data, r.bytes.len);
	assert_non_null(collect_segment(c, WHERE_BODY, "周某某\t" MASK));
	assert_null(collect_segment(c, WHERE_BODY, "周若宁\t"));
	collect_free(c);
	clean_result_release(&r);
	buf_release(&zip);
}

static void more_than_can_be_named(void **state)
{
	struct clean_result r;

	(void)state;
	clean_result_init(&r);
	for (unsigned i = 0; i < CLEAN_CHANGES_MAX + 5; i++)
		clean_say(&r, "masked", "a", "b", 1);
	for (unsigned i = 0; i < CLEAN_LEFT_MAX + 5; i++)
		clean_say_left(&r, "body", "b");
	assert_int_equal(r.n, CLEAN_CHANGES_MAX + CLEAN_LEFT_MAX + 1);
	assert_int_equal(r.left_out, 5);
	assert_true(says(&r, "left", "", ""));
	clean_result_release(&r);
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
		cmocka_unit_test(elements),
		cmocka_unit_test(spellings),
		cmocka_unit_test(names_of_a_workbook_are_left_and_said),
		cmocka_unit_test(more_than_can_be_named),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
