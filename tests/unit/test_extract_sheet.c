/* test_extract_sheet.c - workbooks: one of a real program, and parts that real programs
 * make only in the hands of people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/extract_collect.h"
#include "tests/support/make_zip.h"

#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define PART "application/vnd.openxmlformats-officedocument.spreadsheetml."
#define REL  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static const char types[] =
	"<Types xmlns='t'><Default Extension='rels' "
	"ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
	"<Override PartName='/xl/workbook.xml' ContentType='" PART "sheet.main+xml'/>"
	"<Override PartName='/xl/sheet1.xml' ContentType='" PART "worksheet+xml'/>"
	"<Override PartName='/xl/sheet9.xml' ContentType='" PART "worksheet+xml'/>"
	"<Override PartName='/xl/strings.xml' ContentType='" PART "sharedStrings+xml'/>"
	"<Override PartName='/xl/styles.xml' ContentType='" PART "styles+xml'/>"
	"<Override PartName='/xl/comments.xml' ContentType='" PART "comments+xml'/>"
	"<Override PartName='/xl/external.xml' ContentType='" PART "externalLink+xml'/>"
	"<Override PartName='/xl/connections.xml' ContentType='" PART "connections+xml'/>"
	"<Override PartName='/xl/pivot.xml' ContentType='" PART "pivotCacheRecords+xml'/>"
	"<Override PartName='/xl/revision.xml' ContentType='" PART "revisionLog+xml'/></Types>";
static const char workbook[] =
	"<workbook xmlns='m' xmlns:r='" REL
	"'><sheets><sheet name='名单' sheetId='1' r:id='r1'/>"
	"</sheets><definedNames><definedName name='_xlnm._FilterDatabase' hidden='1'>A1"
	"</definedName><definedName name='底价' hidden='1'>82.6</definedName></definedNames>"
	"</workbook>";
static const char rels[] =
	"<Relationships xmlns='p'><Relationship Id='r1' Type='" REL
	"/worksheet' Target='sheet1.xml'/><Relationship Id='r2' Type='" REL
	"/sharedStrings' Target='/xl/strings.xml'/><Relationship Id='r3' Type='" REL
	"/styles' Target='./styles.xml'/></Relationships>";
static const char strings[] =
	"<sst xmlns='m'><si><r><t>周</t></r><r><t>若宁</t></r><rPh><t>zhou</t></rPh></si>"
	"<si><t>删掉的话</t></si></sst>";
static const char styles[] =
	"<styleSheet xmlns='m'><numFmts><numFmt numFmtId='170' formatCode=';;;'/>"
	"<numFmt numFmtId='171' formatCode='yyyy\"年\"m\"月\"d\"日\"'/></numFmts>"
	"<fonts><font><color theme='1'/></font><font><color rgb='FFFFFFFF'/></font></fonts>"
	"<fills><fill><patternFill patternType='none'/></fill><fill><patternFill "
	"patternType='solid'><fgColor rgb='FF000080'/></patternFill></fill></fills><cellXfs>"
	"<xf numFmtId='0' fontId='0' fillId='0'/><xf numFmtId='170' fontId='0' fillId='0'/>"
	"<xf numFmtId='171' fontId='0' fillId='0'/><xf numFmtId='0' fontId='1' fillId='0'/>"
	"<xf numFmtId='0' fontId='1' fillId='1'/><xf numFmtId='14'/></cellXfs></styleSheet>";

/* A workbook with one sheet of these elements; extra members until name NULL. */
static struct collected *book(const char *sheet, const struct zip_entry *extra)
{
	struct zip_entry e[16] = {{.name = "[Content_Types].xml", .data = types},
				  {.name = "xl/workbook.xml", .data = workbook},
				  {.name = "xl/_rels/workbook.xml.rels", .data = rels},
				  {.name = "xl/strings.xml", .data = strings},
				  {.name = "xl/styles.xml", .data = styles}};
	struct buf text, zip;
	struct collected *c;
	size_t n = 6;

	buf_init(&text, 1 << 20);
	buf_init(&zip, 1 << 22);
	buf_putf(&text, "<worksheet xmlns='m'>%s</worksheet>", sheet);
	e[5] = (struct zip_entry){.name = "xl/sheet1.xml", .data = buf_str(&text)};
	for (; extra != NULL && extra->name != NULL; extra++)
		e[n++] = *extra;
	make_zip(e, &zip);
	c = collect_bytes("a.xlsx", XLSX, zip.data, zip.len);
	buf_release(&text);
	buf_release(&zip);
	return c;
}

#define ROW(cells) "<sheetData><row r='1'>" cells "</row></sheetData>"

static void cells_as_people_see_them(void **state)
{
	static const struct {
		const char *what, *sheet;
		enum segment_where where;
		const char *words, *evidence;
	} rows[] = {
		{"shared string of runs", ROW("<c r='A1' t='s'><v>0</v></c>"), WHERE_BODY,
		 "周若宁\n", NULL},
		{"reading aid", ROW("<c r='A1' t='s'><v>0</v></c>"), WHERE_ALT, "", NULL},
		{"inline string", ROW("<c t='inlineStr'><is><t>直接写</t></is></c>"),
		 WHERE_BODY, "直接写\n", NULL},
		{"columns", ROW("<c r='B1'><v>1</v></c><c r='D1'><v>2</v></c>"), WHERE_BODY,
		 "\t1\t\t2\n", NULL},
		{"phone in exponents", ROW("<c><v>1.5400001234E10</v></c>"), WHERE_BODY,
		 "15400001234\n", NULL},
		{"in small exponents", ROW("<c><v>1.5400001234e10</v></c>"), WHERE_BODY,
		 "15400001234\n", NULL},
		{"date", ROW("<c s='2'><v>33819</v></c>"), WHERE_BODY, "1992-08-03\n", NULL},
		{"date by number", ROW("<c s='5'><v>59</v></c>"), WHERE_BODY, "1900-02-28\n",
		 NULL},
		{"result of a formula", ROW("<c t='str'><f>A1</f><v>算出来</v></c>"),
		 WHERE_BODY, "算出来\n", NULL},
		{"words in a formula", ROW("<c><f>IF(A1,\"内部\",1)</f><v>1</v></c>"),
		 WHERE_FIELD, "formula: IF(A1,\"内部\",1)\n", NULL},
		{"a number in pieces", ROW("<c><f>\"154\"&amp;\"0000\"&amp;1234</f></c>"),
		 WHERE_FIELD, "15400001234\n", NULL},
		{"pieces of a function",
		 ROW("<c t='str'><f>CONCATENATE(\"机\",CHAR(49),\"密\")</f><v>甲</v></c>"),
		 WHERE_FIELD, "机1密\n", NULL},
		{"a number as a formula", ROW("<c><f>15400001234</f></c>"), WHERE_FIELD,
		 "formula: 15400001234\n", NULL},
		{"white on blue", ROW("<c s='4'><v>7</v></c>"), WHERE_BODY, "7\n", NULL},
		{"white on white", ROW("<c s='3'><v>7</v></c>"), WHERE_HIDDEN, "7\n",
		 "white-text"},
		{"format of nothing", ROW("<c s='1'><v>7</v></c>"), WHERE_HIDDEN, "7\n",
		 "hidden-format"},
		{"hidden column",
		 "<cols><col min='1' max='2' hidden='1'/></cols>" ROW(
			 "<c r='B1'><v>7</v></c><c r='C1'><v>8</v></c>"),
		 WHERE_HIDDEN, "\t7\n", "hidden-column"},
		{"column of no width",
		 "<cols><col min='1' max='1' width='0'/></cols>" ROW("<c r='A1'><v>7</v></c>"),
		 WHERE_HIDDEN, "7\n", "hidden-column"},
		{"hidden row", "<sheetData><row hidden='1'><c><v>7</v></c></row></sheetData>",
		 WHERE_HIDDEN, "7\n", "hidden-row"},
		{"rows hidden by default",
		 "<sheetFormatPr zeroHeight='1'/>" ROW("<c><v>7</v></c>"), WHERE_HIDDEN, "7\n",
		 "hidden-row"},
		{"page header",
		 "<headerFooter><oddHeader>&amp;L&amp;\"宋体\"&amp;10机密&amp;C&amp;P"
		 "</oddHeader></headerFooter>",
		 WHERE_HEADER, "机密\n", NULL},
		{"page footer",
		 "<headerFooter><firstFooter>内部&amp;&amp;资料</firstFooter></headerFooter>",
		 WHERE_FOOTER, "内部&资料\n", NULL},
		{"prompt of a cell",
		 "<dataValidations><dataValidation prompt='填警号'><formula1>\"甲,乙\""
		 "</formula1></dataValidation></dataValidations>",
		 WHERE_ALT, "填警号\n", NULL},
		{"list of a cell",
		 "<dataValidations><dataValidation><formula1>\"甲,乙\"</formula1>"
		 "</dataValidation></dataValidations>",
		 WHERE_FIELD, "formula: \"甲,乙\"\n", NULL},
		{"tooltip of a link", "<hyperlinks><hyperlink tooltip='看内网'/></hyperlinks>",
		 WHERE_ALT, "看内网\n", NULL},
		{"another program asked", ROW("<c><f>cmd|'/C calc'!A0</f><v>0</v></c>"),
		 WHERE_FIELD, "formula: cmd|'/C calc'!A0\n", "dde"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c = book(rows[i].sheet, NULL);
		bool marked = rows[i].evidence == NULL;

		print_message("%s\n", rows[i].what);
		assert_int_equal(collect_failed(c), 0);
		if (rows[i].words[0] != '\0')
			assert_non_null(collect_segment(c, rows[i].where, rows[i].words));
		for (size_t k = 0; k < c->n_findings; k++)
			marked = marked ||
				 strcmp(c->findings[k].evidence, rows[i].evidence) == 0;
		assert_true(marked);
		collect_free(c);
	}
}

static void what_lies_beside_the_sheets(void **state)
{
	static const struct zip_entry extra[] = {
		{.name = "xl/sheet9.xml",
		 .data = "<worksheet xmlns='m'>" ROW("<c><v>99</v></c>") "</worksheet>"},
		{.name = "xl/comments.xml",
		 .data = "<comments xmlns='m'><t>先别公开</t></comments>"},
		{.name = "xl/external.xml", .data = "<e xmlns='m'><v>外部缓存</v></e>"},
		{.name = "xl/connections.xml",
		 .data = "<c xmlns='m' connection='Server=10.34.126.5;库'/>"},
		{.name = "xl/pivot.xml", .data = "<r xmlns='m'><s v='李四'/><n v='7'/></r>"},
		{.name = "xl/revision.xml", .data = "<r xmlns='m'><t>改之前</t></r>"},
		{0},
	};
	struct collected *c = book(ROW("<c t='s'><v>0</v></c>"), extra);

	(void)state;
	assert_int_equal(collect_failed(c), 0);
	assert_non_null(collect_segment(c, WHERE_HIDDEN, "底价: 82.6"));
	assert_non_null(collect_segment(c, WHERE_HIDDEN, "删掉的话")); /* no cell has it */
	assert_non_null(collect_segment(c, WHERE_ALT, "zhou"));
	assert_non_null(collect_segment(c, WHERE_HIDDEN, "99"));
	assert_non_null(collect_segment(c, WHERE_COMMENT, "先别公开"));
	assert_non_null(collect_segment(c, WHERE_HIDDEN, "外部缓存"));
	assert_non_null(collect_segment(c, WHERE_METADATA, "10.34.126.5"));
	assert_non_null(collect_segment(c, WHERE_HIDDEN, "李四\n7"));
	assert_non_null(collect_segment(c, WHERE_DELETED, "改之前"));
	assert_non_null(collect_finding(c, "DH-001", WHERE_DELETED));
	assert_non_null(collect_finding(c, "DH-002", WHERE_COMMENT));
	assert_non_null(collect_finding(c, "DH-003", WHERE_HIDDEN));
	assert_non_null(collect_finding(c, "DH-005", WHERE_FIELD));
	collect_free(c);
}

static void a_string_that_is_not_there_fails_the_file(void **state)
{
	struct collected *c = book(ROW("<c t='s'><v>7</v></c>"), NULL);

	(void)state;
	assert_string_equal(c->objects[0].reason, "corrupt");
	collect_free(c);
}

static void a_real_workbook(void **state)
{
	static const struct {
		enum segment_where where;
		const char *words, *evidence;
	} rows[] = {
		{WHERE_BODY, "公示名单\n姓名\t\t出生日期\n周若宁\t\t1992-08-03\n", NULL},
		{WHERE_BODY, "15400001234", NULL},
		{WHERE_HIDDEN, "\t349901198705143123\n", "hidden-column"},
		{WHERE_HIDDEN, "隐藏的行\n", "hidden-row"},
		{WHERE_HIDDEN, "白字\n", "white-text"},
		{WHERE_HIDDEN, "底稿\n内部名额3名已定\n", "hidden-sheet"},
		{WHERE_COMMENT, "先别公开\n", "comment"},
	};
	struct collected *c = collect_file("hidden.xlsx", XLSX);

	(void)state;
	assert_non_null(c);
	assert_int_equal(collect_failed(c), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool marked = rows[i].evidence == NULL;

		print_message("%s", rows[i].words);
		assert_non_null(collect_segment(c, rows[i].where, rows[i].words));
		for (size_t k = 0; k < c->n_findings; k++)
			marked = marked ||
				 strcmp(c->findings[k].evidence, rows[i].evidence) == 0;
		assert_true(marked);
	}
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
		cmocka_unit_test(cells_as_people_see_them),
		cmocka_unit_test(what_lies_beside_the_sheets),
		cmocka_unit_test(a_string_that_is_not_there_fails_the_file),
		cmocka_unit_test(a_real_workbook),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
