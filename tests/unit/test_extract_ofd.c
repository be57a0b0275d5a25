/* test_extract_ofd.c - OFD packages: words put together from runs, and every place beside
 * the pages.  Written by the standard (GB/T 33190-2016): no program here makes OFD. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "inspect/type/identify.h"
#include "tests/support/extract_collect.h"
#include "tests/support/make_zip.h"

#define OFD "application/ofd"
#define NS  "xmlns:ofd='http://www.ofdspec.org/2016'"

static const char root[] =
	"<ofd:OFD " NS
	" Version='1.1' DocType='OFD'><ofd:DocBody><ofd:DocInfo><ofd:Author>王起草"
	"</ofd:Author><ofd:Title>通告</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml"
	"</ofd:DocRoot></ofd:DocBody></ofd:OFD>";
static const char document[] =
	"<ofd:Document " NS "><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
	"</ofd:PhysicalBox></ofd:PageArea><ofd:TemplatePage ID='1' BaseLoc='Tpls/T.xml'/>"
	"</ofd:CommonData><ofd:Pages><ofd:Page ID='2' BaseLoc='Pages/P0.xml'/></ofd:Pages>"
	"<ofd:Annotations>Annots.xml</ofd:Annotations><ofd:Attachments>/Doc_0/Attachs.xml"
	"</ofd:Attachments></ofd:Document>";

#define PAGE(s)                                                                                \
	"<ofd:Page " NS "><ofd:Content><ofd:Layer>" s "</ofd:Layer></ofd:Content></ofd:Page>"
#define TEXT(box, attrs, x, y, s)                                                              \
	"<ofd:TextObject Boundary='" box "' Size='4' " attrs "><ofd:TextCode X='" x "' Y='" y  \
	"'>" s "</ofd:TextCode></ofd:TextObject>"
#define BAR(box, attrs, colour)                                                                \
	"<ofd:PathObject Boundary='" box "' " attrs ">" colour "</ofd:PathObject>"
#define COLOUR(v) "<ofd:FillColor Value='" v "'/>"

static void package(const char *page, struct buf *out)
{
	struct zip_entry e[] = {
		{.name = "Doc_0/Pages/P0.xml", .data = page},
		{.name = "Doc_0/Tpls/T.xml",
		 .data = PAGE(TEXT("1 1 9 9", "", "0", "4", "版头"))},
		{.name = "Doc_0/Annots.xml",
		 .data = "<ofd:Annotations " NS "><ofd:Page PageID='2'><ofd:FileLoc>A0.xml"
			 "</ofd:FileLoc></ofd:Page></ofd:Annotations>"},
		{.name = "Doc_0/A0.xml",
		 .data = "<ofd:PageAnnot " NS "><ofd:Annot Type='Highlight' Creator='李审核'>"
			 "<ofd:Remark>先别公开</ofd:Remark><ofd:Appearance>" TEXT(
				 "1 1 9 9", "", "0", "4",
				 "批注") "</ofd:Appearance></ofd:Annot>"
					 "</ofd:PageAnnot>"},
		{.name = "Doc_0/Attachs.xml",
		 .data = "<ofd:Attachments " NS "><ofd:Attachment Name='底稿.txt'><ofd:FileLoc>"
			 "a/draft.txt</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"},
		{.name = "Doc_0/a/draft.txt", .data = "内部名额3名已定\n"},
		{.name = "Doc_0/Pages/P9.xml",
		 .data = PAGE(TEXT("1 1 9 9", "", "0", "4", "没列出"))},
		{.name = "Doc_0/Tags.xml", .data = "<t><v>标签的话</v></t>"},
		{.name = "Doc_0/Document.xml", .data = document},
		{.name = "OFD.xml", .data = root}, /* often the last one */
		{0},
	};

	buf_init(out, 1 << 20);
	make_zip(e, out);
}

static struct collected *pages(const char *page)
{
	struct buf zip;
	struct collected *c;

	package(page, &zip);
	c = collect_bytes("a.ofd", OFD, zip.data, zip.len);
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

static void runs_become_lines(void **state)
{
	static const struct {
		const char *what, *page;
		enum segment_where where;
		const char *words, *evidence;
	} rows[] = {
		{"single letters",
		 TEXT("10 10 4 5", "", "0", "4", "机") TEXT("14 10 4 5", "", "0", "4", "密"),
		 WHERE_BODY, "机密\n", NULL},
		{"out of order",
		 TEXT("14 10 4 5", "", "0", "4", "密") TEXT("10 20 4 5", "", "0", "4", "二")
			 TEXT("10 10 4 5", "", "0", "4", "机"),
		 WHERE_BODY, "机密\n二\n", NULL},
		{"base lines that differ a little",
		 TEXT("10 10 4 5", "", "0", "4", "机") TEXT("14 10.5 4 5", "", "0", "4", "密"),
		 WHERE_BODY, "机密\n", NULL},
		{"columns",
		 TEXT("10 10 8 5", "", "0", "4", "姓名")
			 TEXT("60 10 8 5", "", "0", "4", "电话"),
		 WHERE_BODY, "姓名 电话\n", NULL},
		{"several runs of one object",
		 "<ofd:TextObject Boundary='10 10 20 5' Size='4'><ofd:TextCode X='0' Y='4'>秘"
		 "</ofd:TextCode><ofd:TextCode X='4'>密</ofd:TextCode></ofd:TextObject>",
		 WHERE_BODY, "秘密\n", NULL},
		{"invisible", TEXT("10 10 8 5", "Visible='false'", "0", "4", "藏"),
		 WHERE_HIDDEN, "藏\n", "invisible-text"},
		{"transparent", TEXT("10 10 8 5", "Alpha='0'", "0", "4", "藏"), WHERE_HIDDEN,
		 "藏\n", "invisible-text"},
		{"white",
		 "<ofd:TextObject Boundary='10 10 8 5' Size='4'>" COLOUR(
			 "255 255 255") "<ofd:TextCode X='0' Y='4'>白</ofd:TextCode>"
					"</ofd:TextObject>",
		 WHERE_HIDDEN, "白\n", "white-text"},
		{"tiny",
		 "<ofd:TextObject Boundary='10 10 8 5' Size='0.5'><ofd:TextCode X='0' Y='4'>微"
		 "</ofd:TextCode></ofd:TextObject>",
		 WHERE_HIDDEN, "微\n", "tiny-text"},
		{"beside the page", TEXT("220 10 8 5", "", "0", "4", "外"), WHERE_HIDDEN,
		 "外\n", "beside-the-page"},
		{"under a box",
		 TEXT("10 10 4 5", "", "0", "4", "号") TEXT("14 10 4 5", "", "0", "4", "码")
			 BAR("5 5 50 20", "Fill='true'", COLOUR("255 128 0")),
		 WHERE_COVERED, "号码\n", "covered-text"},
		{"under a picture",
		 TEXT("10 10 4 5", "", "0", "4",
		      "号") "<ofd:ImageObject Boundary='5 5 50 20'/>",
		 WHERE_COVERED, "号\n", "covered-text"},
		{"under glass",
		 TEXT("10 10 4 5", "", "0", "4", "号")
			 BAR("5 5 50 20", "Fill='true' Alpha='50'", COLOUR("0 0 0")),
		 WHERE_BODY, "号\n", NULL},
		{"under an outline",
		 TEXT("10 10 4 5", "", "0", "4", "号") BAR("5 5 50 20", "", COLOUR("0 0 0")),
		 WHERE_BODY, "号\n", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf page;
		struct collected *c;

		buf_init(&page, 1 << 20);
		buf_putf(&page, PAGE("%s"), rows[i].page);
		c = pages(buf_str(&page));
		print_message("%s\n", rows[i].what);
		assert_int_equal(collect_failed(c), 0);
		assert_non_null(collect_segment(c, rows[i].where, rows[i].words));
		if (rows[i].evidence != NULL)
			assert_true(found(c, rows[i].evidence));
		else
			assert_null(collect_finding(c, "DH-007", WHERE_COVERED));
		collect_free(c);
		buf_release(&page);
	}
}

static void what_lies_beside_the_pages(void **state)
{
	struct collected *c = pages(PAGE(TEXT("10 10 8 5", "", "0", "4", "正文")));

	(void)state;
	assert_int_equal(collect_failed(c), 0);
	assert_int_equal(collect_segment(c, WHERE_BODY, "正文")->page, 1);
	assert_non_null(collect_segment(c, WHERE_PROPERTY, "Author: 王起草"));
	assert_non_null(collect_segment(c, WHERE_HEADER, "版头"));
	assert_non_null(collect_segment(c, WHERE_ANNOTATION, "批注"));
	assert_non_null(collect_segment(c, WHERE_PROPERTY, "先别公开"));
	assert_non_null(collect_finding(c, "DH-002", WHERE_ANNOTATION));
	assert_string_equal(collect_object(c, "draft.txt")->type, "text/plain");
	assert_non_null(collect_segment(c, WHERE_BODY, "内部名额3名已定"));
	assert_non_null(collect_segment(c, WHERE_FILENAME, "底稿.txt"));
	assert_true(found(c, "embedded-file"));
	assert_non_null(collect_segment(c, WHERE_HIDDEN, "没列出"));
	assert_true(found(c, "unlisted-page"));
	assert_non_null(collect_segment(c, WHERE_PROPERTY, "标签的话"));
	assert_non_null(strstr(c->facts, "pages=1;"));
	collect_free(c);
}

static void the_type_is_known_whatever_the_order(void **state)
{
	struct identity id;
	struct buf zip;

	(void)state;
	package(PAGE(""), &zip);
	identify(&(struct identify_in){.p = zip.data, .len = zip.len, .name = "a.ofd"}, &id);
	assert_string_equal(id.type, OFD);
	assert_string_equal(id.reason, "");
	buf_release(&zip);
}

/* A picture or a page that would be fetched from another host. */
static void places_outside_the_package(void **state)
{
	static const struct zip_entry members[] = {
		{.name = "OFD.xml", .data = root},
		{.name = "Doc_0/Document.xml",
		 .data = "<Document><Pages><Page "
			 "BaseLoc='//host/page.xml'/></Pages></Document>"},
		{.name = "Doc_0/DocumentRes.xml",
		 .data = "<Res><MultiMedias><MultiMedia><MediaFile> http://host/x.png"
			 "</MediaFile></MultiMedia><MultiMedia><MediaFile>a.png</MediaFile>"
			 "</MultiMedia></MultiMedias></Res>"},
		{0}};
	struct collected *c;
	struct buf zip;

	(void)state;
	buf_init(&zip, 1 << 20);
	make_zip(members, &zip);
	c = collect_bytes("a.ofd", OFD, zip.data, zip.len);
	assert_non_null(collect_segment(c, WHERE_FIELD, "//host/page.xml"));
	assert_non_null(collect_segment(c, WHERE_FIELD, "http://host/x.png"));
	assert_null(collect_segment(c, WHERE_FIELD, "a.png"));
	assert_true(found(c, "external-link"));
	collect_free(c);
	buf_release(&zip);
}

static void what_is_missing_fails_the_file(void **state)
{
	static const struct {
		struct zip_entry members[4];
		const char *reason;
	} rows[] = {
		{{{.name = "Doc_0/Document.xml", .data = document}}, "corrupt"},
		{{{.name = "OFD.xml", .data = "<OFD/>"}}, "corrupt"},
		{{{.name = "OFD.xml", .data = root}}, "corrupt"}, /* no document */
		{{{.name = "OFD.xml", .data = root},
		  {.name = "Doc_0/Document.xml", .data = document}},
		 "missing-part"},
		{{{.name = "OFD.xml", .data = root},
		  {.name = "Doc_0/Document.xml", .data = "<not closed"}},
		 "corrupt"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf zip;
		struct collected *c;

		buf_init(&zip, 1 << 20);
		make_zip(rows[i].members, &zip);
		c = collect_bytes("a.ofd", OFD, zip.data, zip.len);
		assert_int_equal(c->objects[0].state, OBJECT_FAILED);
		if (i != 2)
			assert_string_equal(c->objects[0].reason, rows[i].reason);
		collect_free(c);
		buf_release(&zip);
	}
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
		cmocka_unit_test(runs_become_lines),
		cmocka_unit_test(what_lies_beside_the_pages),
		cmocka_unit_test(the_type_is_known_whatever_the_order),
		cmocka_unit_test(places_outside_the_package),
		cmocka_unit_test(what_is_missing_fails_the_file),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
