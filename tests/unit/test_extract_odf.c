/* test_extract_odf.c - OpenDocument text, sheets and slides: files of a real program, and
 * elements one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>

#include "base/file.h"
#include "tests/support/extract_collect.h"
#include "tests/support/make_zip.h"

#define ODT "application/vnd.oasis.opendocument.text"
#define ODS "application/vnd.oasis.opendocument.spreadsheet"
#define ODP "application/vnd.oasis.opendocument.presentation"

#define STYLE(family, name, rest)                                                              \
	"<style:style style:family='" family "' style:name='" name "'>" rest "</style:style>"

static const char look[] =
	"<s:styles xmlns:s='s' xmlns:style='style' xmlns:fo='fo' xmlns:draw='draw' "
	"xmlns:svg='svg' xmlns:text='text' xmlns:table='table' xmlns:p='p'>"
	"<style:page-layout style:name='L'><style:page-layout-properties fo:page-width='28cm' "
	"fo:page-height='21cm'/></style:page-layout>" STYLE(
		"text", "gone",
		"<style:text-properties text:display='none'/>") STYLE("text", "white",
								      "<style:text-properties "
								      "fo:color='#FFFFFF'/>")
		STYLE("text", "tiny",
		      "<style:text-properties fo:font-size='1pt'/>") "<style:style "
								     "style:family='text' "
								     "style:name='child' "
								     "style:parent-style-name='"
								     "gone'/>"
								     "<style:style "
								     "style:family='text' "
								     "style:name='loop' "
								     "style:parent-style-name='"
								     "loop'/>" STYLE(
									     "paragraph",
									     "blue",
									     "<style:paragraph-"
									     "properties "
									     "fo:background-"
									     "color='#000080'/"
									     ">") STYLE("table",
											"off",
											"<style"
											":table"
											"-prope"
											"rties "
											"table:"
											"displa"
											"y='"
											"false'"
											"/>")
									     STYLE("drawing-"
										   "page",
										   "off",
										   "<style:"
										   "drawing-"
										   "page-"
										   "propertie"
										   "s "
										   "p:"
										   "visibilit"
										   "y='"
										   "hidden'/"
										   ">") STYLE("graphic",
											      "black",
											      "<style:graphic-properties draw:fill='solid' draw:fill-color='#000000'/>")
										     STYLE("gra"
											   "phi"
											   "c",
											   "gla"
											   "ss",
											   "<st"
											   "yle"
											   ":gr"
											   "aph"
											   "ic-"
											   "pro"
											   "per"
											   "tie"
											   "s "
											   "dra"
											   "w:"
											   "fil"
											   "l='"
											   "sol"
											   "id'"
											   " dr"
											   "aw:"
											   "opa"
											   "cit"
											   "y='"
											   "20%"
											   "'/"
											   ">") "<style:master-page style:name='M' style:page-layout-name='L'><style:header><text:p>"
												"页眉的字</text:p></style:header></style:master-page></s:styles>";

static struct collected *document(const char *type, const char *body)
{
	struct zip_entry e[4] = {{.name = "mimetype", .data = type},
				 {.name = "styles.xml", .data = look}};
	struct buf text, zip;
	struct collected *c;

	buf_init(&text, 1 << 20);
	buf_init(&zip, 1 << 22);
	buf_putf(&text,
		 "<o:c xmlns:o='o' xmlns:t='t' xmlns:b='b' xmlns:d='d' xmlns:svg='svg' "
		 "xmlns:x='x' xmlns:dc='dc' xmlns:p='p'>%s</o:c>",
		 body);
	e[2] = (struct zip_entry){.name = "content.xml", .data = buf_str(&text)};
	make_zip(e, &zip);
	c = collect_bytes("a.odf", type, zip.data, zip.len);
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

#define P(s)	      "<t:p>" s "</t:p>"
#define SPAN(look, s) "<t:span t:style-name='" look "'>" s "</t:span>"
#define CELL(s)	      "<b:table-cell>" P(s) "</b:table-cell>"
#define FRAME(style, x, y, w, h, s)                                                            \
	"<d:frame d:style-name='" style "' svg:x='" x "' svg:y='" y "' svg:width='" w          \
	"' svg:height='" h "'><d:text-box>" s "</d:text-box></d:frame>"
#define PAGE(s) "<d:page d:master-page-name='M'>" s "</d:page>"

struct row {
	const char *what, *type, *body;
	enum segment_where where;
	const char *words, *evidence; /* NULL: no finding of any kind */
};

static const struct row rows[] = {
	{"spans of a paragraph", ODT, P("机" SPAN("x", "密") "<t:s t:c='2'/>文"), WHERE_BODY,
	 "机密  文\n", NULL},
	{"heading, tab and break", ODT, "<t:h>一<t:tab/>二<t:line-break/>三</t:h>", WHERE_BODY,
	 "一\t二\n三\n", NULL},
	{"hidden by style", ODT, P(SPAN("gone", "藏")), WHERE_HIDDEN, "藏", "hidden-text"},
	{"hidden by what the style inherits", ODT, P(SPAN("child", "藏")), WHERE_HIDDEN, "藏",
	 "hidden-text"},
	{"a style of itself", ODT, P(SPAN("loop", "见")), WHERE_BODY, "见\n", NULL},
	{"white", ODT, P(SPAN("white", "白")), WHERE_HIDDEN, "白", "white-text"},
	{"white on blue", ODT, "<t:p t:style-name='blue'>" SPAN("white", "白") "</t:p>",
	 WHERE_BODY, "白\n", NULL},
	{"tiny", ODT, P(SPAN("tiny", "微")), WHERE_HIDDEN, "微", "tiny-text"},
	{"hidden section", ODT, "<t:section t:display='none'>" P("藏") "</t:section>",
	 WHERE_HIDDEN, "藏\n", "hidden-section"},
	{"hidden field", ODT, P("<t:hidden-text t:string-value='藏在域中'/>"), WHERE_HIDDEN,
	 "藏在域中\n", "hidden-text"},
	{"hidden paragraph", ODT, P("<t:hidden-paragraph>藏</t:hidden-paragraph>"),
	 WHERE_HIDDEN, "藏", "hidden-text"},
	{"footnote", ODT,
	 P("甲<t:note><t:note-citation>1</t:note-citation><t:note-body>" P(
		 "脚注的字") "</t:note-body></t:note>乙"),
	 WHERE_NOTE, "1脚注的字\n", NULL},
	{"around a footnote", ODT,
	 P("甲<t:note><t:note-body>" P("脚") "</t:note-body></t:note>乙"), WHERE_BODY, "甲乙\n",
	 NULL},
	{"comment", ODT,
	 P("甲<o:annotation><dc:creator>李审核</dc:creator><dc:date>2026-01-01</dc:date>" P(
		 "先别公开") "</o:annotation>乙"),
	 WHERE_COMMENT, "先别公开\n", "comment"},
	{"author of a comment", ODT,
	 P("<o:annotation><dc:creator>李审核</dc:creator>" P("x") "</o:annotation>"),
	 WHERE_PROPERTY, "author: 李审核\n", "author"},
	{"deletion", ODT,
	 "<t:tracked-changes><t:changed-region><t:deletion>" P(
		 "删去") "</t:deletion></t:changed-region></t:tracked-changes>",
	 WHERE_DELETED, "删去\n", "deletion"},
	{"insertion", ODT, P("甲<t:change-start/>加上<t:change-end/>乙"), WHERE_INSERTED,
	 "加上", "insertion"},
	{"table", ODT,
	 "<b:table><b:table-row>" CELL("姓名") CELL("电话") "</b:table-row><b:table-row>" CELL(
		 "甲") CELL("1") "</b:table-row></b:table>",
	 WHERE_BODY, "姓名\t电话\n甲\t1\n", NULL},
	{"picture from elsewhere", ODT, "<d:image x:href='http://a/b.png'/>", WHERE_FIELD,
	 "http://a/b.png\n", "external-link"},
	{"picture on another host", ODT, "<d:image x:href='//host/x.png'/>", WHERE_FIELD,
	 "//host/x.png\n", "external-link"},
	{"picture with a long address", ODT,
	 "<d:image x:href='https://www.example.org/a/long/way/b.png'/>", WHERE_FIELD,
	 "https://www.example.org/a/long/way/b.png\n", "external-link"},
	{"picture on a disk", ODT, "<d:image x:href='file:///home/x.png'/>", WHERE_FIELD,
	 "file:///home/x.png\n", "external-link"},
	{"picture beside the file", ODT, "<d:image x:href='../x.png'/>", WHERE_FIELD,
	 "../x.png\n", "external-link"},
	{"background from elsewhere", ODT, "<st:background-image x:href='http://a/b.png'/>",
	 WHERE_FIELD, "http://a/b.png\n", "external-link"},
	{"section from elsewhere", ODT, "<t:section-source x:href='/srv/other.odt'/>",
	 WHERE_FIELD, "/srv/other.odt\n", "external-link"},
	{"event", ODT, "<o:event-listener x:href='vnd.sun.star.script:a'/>", WHERE_FIELD,
	 "vnd.sun.star.script:a\n", "macro"},
	{"description", ODT, "<d:frame><svg:desc>现场照片</svg:desc></d:frame>", WHERE_ALT,
	 "现场照片\n", NULL},
	{"field of the title", ODT, P("题：<t:title>通告</t:title>"), WHERE_BODY, "题：通告\n",
	 NULL},
	{"page header", ODT, P("x"), WHERE_HEADER, "页眉的字\n", NULL},

	{"columns", ODS,
	 "<b:table b:name='表'><b:table-row><b:table-cell b:number-columns-repeated='2'/>" CELL(
		 "丙") "</b:table-row></b:table>",
	 WHERE_BODY, "表\n\t\t丙\n", NULL},
	{"hidden column", ODS,
	 "<b:table><b:table-column/><b:table-column "
	 "b:visibility='collapse'/><b:table-row>" CELL("甲") CELL("乙")
		 CELL("丙") "</b:table-row></b:table>",
	 WHERE_HIDDEN, "\t乙\n", "hidden-column"},
	{"beside a hidden column", ODS,
	 "<b:table><b:table-column/><b:table-column "
	 "b:visibility='collapse'/><b:table-row>" CELL("甲") CELL("乙")
		 CELL("丙") "</b:table-row></b:table>",
	 WHERE_BODY, "甲\t\t丙\n", "hidden-column"},
	{"filtered row", ODS,
	 "<b:table><b:table-row b:visibility='filter'>" CELL("甲") "</b:table-row></b:table>",
	 WHERE_HIDDEN, "甲\n", "hidden-row"},
	{"hidden sheet", ODS,
	 "<b:table b:style-name='off'><b:table-row>" CELL("甲") "</b:table-row></b:table>",
	 WHERE_HIDDEN, "甲\n", "hidden-sheet"},
	{"pieces of a formula", ODS,
	 "<b:table><b:table-row><b:table-cell b:formula='of:=\"154\"&amp;\"0000\"&amp;1234'/>"
	 "</b:table-row></b:table>",
	 WHERE_FIELD, "15400001234\n", NULL},
	{"a value in exponents", ODS,
	 "<b:table><b:table-row><b:table-cell o:value='1.5400001234E+10'/>"
	 "</b:table-row></b:table>",
	 WHERE_METADATA, "15400001234\n", NULL},
	{"what a cell was", ODS,
	 "<b:cell-content-change><b:previous>" CELL(
		 "旧") "</b:previous></b:cell-content-change>",
	 WHERE_DELETED, "旧", "deletion"},
	{"another program asked", ODS, "<o:dde-source x:href='cmd'/>", WHERE_FIELD, "cmd\n",
	 "external-link"},

	{"slide", ODP, PAGE(FRAME("x", "1cm", "1cm", "5cm", "1cm", P("正文"))), WHERE_BODY,
	 "正文\n", NULL},
	{"hidden slide", ODP,
	 "<d:page d:style-name='off'>" FRAME("x", "1cm", "1cm", "5cm", "1cm",
					     P("藏")) "</d:page>",
	 WHERE_HIDDEN, "藏\n", "hidden-slide"},
	{"beside the page", ODP, PAGE(FRAME("x", "29cm", "1cm", "5cm", "1cm", P("外"))),
	 WHERE_HIDDEN, "外\n", "beside-the-page"},
	{"under a box", ODP,
	 PAGE(FRAME("x", "2cm", "2cm", "5cm", "1cm", P("号码"))
		      FRAME("black", "1cm", "1cm", "9cm", "9cm", "")),
	 WHERE_COVERED, "号码\n", "covered-text"},
	{"under glass", ODP,
	 PAGE(FRAME("x", "2cm", "2cm", "5cm", "1cm", P("号码"))
		      FRAME("glass", "1cm", "1cm", "9cm", "9cm", "")),
	 WHERE_BODY, "号码\n", NULL},
	{"speaker notes", ODP,
	 PAGE("<p:notes>" FRAME("x", "1cm", "1cm", "5cm", "1cm", P("备注")) "</p:notes>"),
	 WHERE_NOTE, "备注\n", "speaker-notes"},
};

static void elements_as_people_see_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c = document(rows[i].type, rows[i].body);

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

static void real_files(void **state)
{
	static const struct {
		const char *file, *type;
		enum segment_where where;
		const char *words, *evidence;
	} files[] = {
		{"hidden.odt", ODT, WHERE_HIDDEN, "内部名额3名已定", "hidden-text"},
		{"hidden.odt", ODT, WHERE_HIDDEN, "面试题目见附件", "white-text"},
		{"hidden.odt", ODT, WHERE_HIDDEN, "极小字", "tiny-text"},
		{"hidden.odt", ODT, WHERE_HEADER, "页眉：云汀市公安局\n", NULL},
		{"hidden.odt", ODT, WHERE_FOOTER, "15400001234", NULL},
		{"hidden.odt", ODT, WHERE_NOTE, "脚注里的说明", NULL},
		{"hidden.odt", ODT, WHERE_BODY, "文本框里的字\n", NULL},
		{"hidden.odt", ODT, WHERE_FIELD, "10.34.126.5", NULL},
		{"clean.odt", ODT, WHERE_BODY, "路段\t时间\n春和路\t18时至22时\n", NULL},
		{"comments.odt", ODT, WHERE_COMMENT, "这段先别公开", "comment"},
		{"tracked-changes.odt", ODT, WHERE_DELETED, "349902199208031041", "deletion"},
		{"tracked-changes.odt", ODT, WHERE_INSERTED, "一名市民", "insertion"},
		{"hidden.ods", ODS, WHERE_HIDDEN, "\t349901198705143123\n", "hidden-column"},
		{"hidden.ods", ODS, WHERE_HIDDEN, "隐藏的行\n", "hidden-row"},
		{"hidden.ods", ODS, WHERE_HIDDEN, "内部名额3名已定", "hidden-sheet"},
		{"hidden.ods", ODS, WHERE_HIDDEN, "白字", "white-text"},
		{"hidden.ods", ODS, WHERE_BODY, "周若宁\t\t1992-08-03\n", NULL},
		{"hidden.odp", ODP, WHERE_COVERED, "被遮住的号码", "covered-text"},
		{"hidden.odp", ODP, WHERE_HIDDEN, "页面外的字", "beside-the-page"},
		{"hidden.odp", ODP, WHERE_HIDDEN, "隐藏的幻灯片", "hidden-slide"},
		{"hidden.odp", ODP, WHERE_NOTE, "备注：这段先别公开", "speaker-notes"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct collected *c = collect_file(files[i].file, files[i].type);

		print_message("%s %s\n", files[i].file, files[i].words);
		assert_non_null(c);
		/* The small picture of the first page waits for eyes. */
		assert_int_equal(collect_failed(c), 1);
		assert_string_equal(collect_object(c, "thumbnail.png")->reason,
				    "picture-not-read");
		assert_non_null(collect_segment(c, files[i].where, files[i].words));
		if (files[i].evidence != NULL)
			assert_true(found(c, files[i].evidence));
		collect_free(c);
	}
}

static void settings_in_base64(void **state)
{
#define SETTING(name, data)                                                                    \
	"<o:s xmlns:o='o' xmlns:c='c'><c:config-item c:name='" name                            \
	"' c:type='base64Binary'>" data "</c:config-item></o:s>"
	static const struct {
		const char *name, *settings, *text;
		enum segment_where where;
		unsigned failed;
	} cases[] = {
		{"text", SETTING("PrinterSetup", "5rWL6K+V5a+G6ZKl"), "printer: 测试密钥",
		 WHERE_PROPERTY, 0},
		{"text among numbers", SETTING("PrinterSetup", "/wAB5rWL6K+V5a+G6ZKlAP8="),
		 "printer: 测试密钥", WHERE_METADATA, 0},
		{"numbers of a driver",
		 SETTING("PrinterSetup", "/wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxg="), NULL,
		 WHERE_METADATA, 0},
		{"numbers of something else",
		 SETTING("Other", "/wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxg="), NULL, WHERE_METADATA,
		 1},
		{"nothing", SETTING("PrinterSetup", ""), NULL, WHERE_METADATA, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct zip_entry members[] = {
			{.name = "content.xml", .data = "<o:c xmlns:o='o'/>"},
			{.name = "settings.xml", .data = cases[i].settings},
			{0},
		};
		struct collected *c;
		struct buf zip;

		print_message("%s\n", cases[i].name);
		buf_init(&zip, 1 << 20);
		make_zip(members, &zip);
		c = collect_bytes("a.odt", ODT, zip.data, zip.len);
		assert_int_equal(collect_failed(c), cases[i].failed);
		if (cases[i].text != NULL)
			assert_non_null(collect_segment(c, cases[i].where, cases[i].text));
		else
			assert_null(collect_segment(c, cases[i].where, ""));
		collect_free(c);
		buf_release(&zip);
	}
#undef SETTING
}

static void macros_and_foreign_members(void **state)
{
	static const struct zip_entry members[] = {
		{.name = "content.xml", .data = "<o:c xmlns:o='o'/>"},
		{.name = "Basic/Standard/M.xml", .data = "<m>Sub 内部 End Sub</m>"},
		{.name = "Object 1", .data = "\1\2\3"},
		{.name = "META-INF/manifest.xml", .data = "<m><encryption-data/></m>"},
		{0},
	};
	struct buf zip;
	struct collected *c;

	(void)state;
	buf_init(&zip, 1 << 20);
	make_zip(members, &zip);
	c = collect_bytes("a.odt", ODT, zip.data, zip.len);
	assert_true(found(c, "macro"));
	assert_true(found(c, "embedded-object"));
	assert_non_null(strstr(c->facts, "macro=1;"));
	assert_non_null(collect_segment(c, WHERE_PROPERTY, "Sub 内部 End Sub"));
	assert_string_equal(collect_object(c, "Object 1")->reason, "unknown-type");
	assert_string_equal(collect_object(c, "manifest.xml")->reason, "encrypted");
	collect_free(c);
	buf_release(&zip);
}

/* Sounds and files in the package are read, a picture that belongs to it is not outside. */
static void texts_of_media_and_files(void **state)
{
	struct zip_entry members[] = {
		{.name = "content.xml",
		 .data = "<o:c xmlns:o='o' xmlns:x='x'><o:image "
			 "x:href='Pictures/a.png'/></o:c>"},
		{.name = "Media/a.mp3"},
		{.name = "Object 2", .data = "内部名额3名已定\n"},
		{0},
	};
	struct buf zip, sound;
	struct collected *c;

	(void)state;
	buf_init(&zip, 1 << 20);
	buf_init(&sound, 1 << 20);
	assert_int_equal(file_read(AT_FDCWD,
				   SL_SOURCE_DIR "/tests/corpus/documents/media/sound.mp3",
				   1 << 20, &sound),
			 SL_OK);
	members[1].data = buf_str(&sound);
	members[1].len = sound.len;
	make_zip(members, &zip);
	c = collect_bytes("a.odp", ODP, zip.data, zip.len);
	assert_false(found(c, "external-link"));
	assert_non_null(collect_segment(c, WHERE_PROPERTY, "Title: "));
	assert_non_null(collect_segment(c, WHERE_BODY, "内部名额3名已定"));
	assert_true(found(c, "embedded-object"));
	collect_free(c);
	buf_release(&sound);
	buf_release(&zip);
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
		cmocka_unit_test(elements_as_people_see_them),
		cmocka_unit_test(real_files),
		cmocka_unit_test(settings_in_base64),
		cmocka_unit_test(macros_and_foreign_members),
		cmocka_unit_test(texts_of_media_and_files),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
