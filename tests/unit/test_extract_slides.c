/* test_extract_slides.c - presentations: one of a real program, and shapes one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/extract_collect.h"
#include "tests/support/make_zip.h"

#define PPTX "application/vnd.openxmlformats-officedocument.presentationml.presentation"
#define PART "application/vnd.openxmlformats-officedocument.presentationml."
#define REL  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static const char types[] =
	"<Types xmlns='t'><Default Extension='rels' "
	"ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
	"<Override PartName='/ppt/p.xml' ContentType='" PART "presentation.main+xml'/>"
	"<Override PartName='/ppt/s1.xml' ContentType='" PART "slide+xml'/>"
	"<Override PartName='/ppt/s2.xml' ContentType='" PART "slide+xml'/>"
	"<Override PartName='/ppt/n1.xml' ContentType='" PART "notesSlide+xml'/>"
	"<Override PartName='/ppt/l1.xml' ContentType='" PART "slideLayout+xml'/>"
	"<Override PartName='/ppt/c1.xml' ContentType='" PART "comments+xml'/></Types>";
static const char deck[] = "<p:presentation xmlns:p='p' xmlns:r='" REL
			   "'><p:sldIdLst><p:sldId id='256' r:id='r1'/>"
			   "</p:sldIdLst><p:sldSz cx='9144000' cy='6858000'/></p:presentation>";
static const char rels[] = "<Relationships xmlns='p'><Relationship Id='r1' Type='" REL
			   "/slide' Target='s1.xml'/></Relationships>";

#define BOX(x, y, w, h, fill, text)                                                            \
	"<p:sp><p:spPr><a:xfrm><a:off x='" #x "' y='" #y "'/><a:ext cx='" #w "' cy='" #h       \
	"'/></a:xfrm>" fill "</p:spPr>" text "</p:sp>"
#define TEXT(t) "<p:txBody><a:p><a:r><a:t>" t "</a:t></a:r></a:p></p:txBody>"
#define BLACK	"<a:solidFill><a:srgbClr val='000000'/></a:solidFill>"
#define GLASS                                                                                  \
	"<a:solidFill><a:srgbClr val='000000'><a:alpha "                                       \
	"val='20000'/></a:srgbClr></a:solidFill>"
#define ORANGE "<a:solidFill><a:srgbClr val='FF8800'/></a:solidFill>"
#define HIDDEN(t)                                                                              \
	"<p:sp><p:nvSpPr><p:cNvPr id='1' name='n' hidden='1'/></p:nvSpPr>" TEXT(t) "</p:sp>"

static struct collected *slides(const char *attributes, const char *shapes,
				const struct zip_entry *extra)
{
	struct zip_entry e[12] = {{.name = "[Content_Types].xml", .data = types},
				  {.name = "ppt/p.xml", .data = deck},
				  {.name = "ppt/_rels/p.xml.rels", .data = rels}};
	struct buf text, zip;
	struct collected *c;
	size_t n = 4;

	buf_init(&text, 1 << 20);
	buf_init(&zip, 1 << 22);
	buf_putf(&text, "<p:sld xmlns:p='p' xmlns:a='a' %s>%s</p:sld>", attributes, shapes);
	e[3] = (struct zip_entry){.name = "ppt/s1.xml", .data = buf_str(&text)};
	for (; extra != NULL && extra->name != NULL; extra++)
		e[n++] = *extra;
	make_zip(e, &zip);
	c = collect_bytes("a.pptx", PPTX, zip.data, zip.len);
	buf_release(&text);
	buf_release(&zip);
	return c;
}

static bool found(const struct collected *c, const char *evidence)
{
	for (size_t i = 0; i < c->n_findings; i++)
		if (strcmp(c->findings[i].evidence, evidence) == 0)
			return true;
	return false;
}

static void shapes_as_people_see_them(void **state)
{
	static const struct {
		const char *what, *attributes, *shapes;
		enum segment_where where;
		const char *words, *evidence; /* NULL: no finding of any kind */
	} rows[] = {
		{"text", "", BOX(1, 1, 900, 900, "", TEXT("正文")), WHERE_BODY, "正文\n", NULL},
		{"runs of a paragraph", "",
		 "<p:sp><p:txBody><a:p><a:r><a:t>机</a:t></a:r><a:r><a:t>密</a:t></a:r></a:p>"
		 "</p:txBody></p:sp>",
		 WHERE_BODY, "机密\n", NULL},
		{"table", "",
		 "<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>姓名</a:t></a:r>"
		 "</a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>电话</a:t></a:r></a:p>"
		 "</a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>",
		 WHERE_BODY, "姓名\t电话\t\n", NULL},
		{"hidden shape", "", HIDDEN("藏"), WHERE_HIDDEN, "藏\n", "hidden-shape"},
		{"in a hidden group", "",
		 "<p:grpSp><p:nvGrpSpPr><p:cNvPr id='1' hidden='true'/></p:nvGrpSpPr>"
		 "<p:sp>" TEXT("藏") "</p:sp></p:grpSp>",
		 WHERE_HIDDEN, "藏\n", "hidden-shape"},
		{"beside the page", "", BOX(9200000, 1, 900, 900, "", TEXT("外")), WHERE_HIDDEN,
		 "外\n", "beside-the-page"},
		{"half on the page", "", BOX(9143000, 1, 9000, 900, "", TEXT("半")), WHERE_BODY,
		 "半\n", NULL},
		{"tiny", "",
		 "<p:sp><p:txBody><a:p><a:r><a:rPr "
		 "sz='100'/><a:t>微</a:t></a:r></a:p></p:txBody>"
		 "</p:sp>",
		 WHERE_HIDDEN, "微", "tiny-text"},
		{"under a box", "",
		 BOX(100, 100, 500, 100, "", TEXT("号码")) BOX(50, 50, 900, 900, ORANGE, ""),
		 WHERE_COVERED, "号码\n", "covered-text"},
		{"above a box", "",
		 BOX(50, 50, 900, 900, ORANGE, "") BOX(100, 100, 500, 100, "", TEXT("号码")),
		 WHERE_BODY, "号码\n", NULL},
		{"under glass", "",
		 BOX(100, 100, 500, 100, "", TEXT("号码")) BOX(50, 50, 900, 900, GLASS, ""),
		 WHERE_BODY, "号码\n", NULL},
		{"a bar over a part", "",
		 BOX(100, 100, 5000, 1000, "", TEXT("号码")) BOX(200, 200, 900, 100, BLACK, ""),
		 WHERE_COVERED, "号码\n", "bar-over-text"},
		{"description", "",
		 "<p:pic><p:nvPicPr><p:cNvPr id='1' descr='现场照片'/></p:nvPicPr></p:pic>",
		 WHERE_ALT, "现场照片\n", NULL},
		{"hidden slide", "show='0'", BOX(1, 1, 900, 900, "", TEXT("藏")), WHERE_HIDDEN,
		 "藏\n", "hidden-slide"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c = slides(rows[i].attributes, rows[i].shapes, NULL);

		print_message("%s\n", rows[i].what);
		assert_int_equal(collect_failed(c), 0);
		assert_non_null(collect_segment(c, rows[i].where, rows[i].words));
		if (rows[i].evidence != NULL)
			assert_true(found(c, rows[i].evidence));
		else
			assert_int_equal(c->n_findings, 0);
		collect_free(c);
	}
}

static void what_lies_beside_the_slides(void **state)
{
	static const struct zip_entry extra[] = {
		{.name = "ppt/s2.xml",
		 .data = "<p:sld xmlns:p='p' xmlns:a='a'><p:sp>" TEXT(
			 "没人列出") "</p:sp></p:sld>"},
		{.name = "ppt/n1.xml",
		 .data = "<p:notes xmlns:p='p' xmlns:a='a'><p:sp>" TEXT(
			 "备注") "</p:sp></p:notes>"},
		{.name = "ppt/l1.xml",
		 .data = "<p:l xmlns:p='p' xmlns:a='a'><p:sp><p:nvSpPr><p:nvPr><p:ph "
			 "type='title'/></p:nvPr></p:nvSpPr>" TEXT(
				 "单击此处") "</p:sp><p:sp>" TEXT("内部资料") "</p:sp></p:l>"},
		{.name = "ppt/c1.xml",
		 .data = "<p:cmLst "
			 "xmlns:p='p'><p:cm><p:text>先别公开</p:text></p:cm></p:cmLst>"},
		{0},
	};
	struct collected *c = slides("", "", extra);

	(void)state;
	assert_int_equal(collect_failed(c), 0);
	assert_non_null(collect_segment(c, WHERE_HIDDEN, "没人列出"));
	assert_true(found(c, "unlisted-slide"));
	assert_non_null(collect_segment(c, WHERE_NOTE, "备注"));
	assert_true(found(c, "speaker-notes"));
	assert_non_null(collect_segment(c, WHERE_METADATA, "单击此处"));
	assert_non_null(collect_segment(c, WHERE_HEADER, "内部资料"));
	assert_non_null(collect_segment(c, WHERE_COMMENT, "先别公开"));
	assert_true(found(c, "comment"));
	collect_free(c);
}

static void a_real_presentation(void **state)
{
	static const struct {
		enum segment_where where;
		const char *words, *evidence;
	} rows[] = {
		{WHERE_BODY, "警务工作汇报\n", "speaker-notes"},
		{WHERE_COVERED, "被遮住的号码15400001234\n", "covered-text"},
		{WHERE_HIDDEN, "页面外的字\n", "beside-the-page"},
		{WHERE_HIDDEN, "隐藏的幻灯片\n", "hidden-slide"},
		{WHERE_NOTE, "备注：这段先别公开\n", "speaker-notes"},
	};
	struct collected *c = collect_file("hidden.pptx", PPTX);

	(void)state;
	assert_non_null(c);
	assert_int_equal(collect_failed(c), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("%s", rows[i].words);
		assert_non_null(collect_segment(c, rows[i].where, rows[i].words));
		assert_true(found(c, rows[i].evidence));
	}
	assert_int_equal(collect_segment(c, WHERE_HIDDEN, "隐藏的幻灯片")->page, 2);
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
		cmocka_unit_test(shapes_as_people_see_them),
		cmocka_unit_test(what_lies_beside_the_slides),
		cmocka_unit_test(a_real_presentation),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
