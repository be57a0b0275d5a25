/* test_extract_markup.c - texts that are shown otherwise than they are written: JSON, CSV,
 * Markdown, XML, SVG, calendars and cards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/extract_collect.h"

#define SVG(s) "<svg xmlns='http://www.w3.org/2000/svg'>" s "</svg>"

struct row {
	const char *what, *name, *type, *text;
	enum segment_where where;
	const char *words, *evidence, *reason;
};

static void check(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct row *row = &rows[i];
		struct collected *c =
			collect_bytes(row->name, row->type, row->text, strlen(row->text));
		bool marked = row->evidence == NULL;

		print_message("%s\n", row->what);
		assert_string_equal(c->objects[0].reason, row->reason);
		if (row->words != NULL)
			assert_non_null(collect_segment(c, row->where, row->words));
		for (size_t k = 0; k < c->n_findings; k++)
			marked = marked || strcmp(c->findings[k].evidence, row->evidence) == 0;
		assert_true(marked);
		collect_free(c);
	}
}

static void plain_formats(void **state)
{
	static const struct row rows[] = {
		{"escapes", "a.json", "application/json",
		 "{\"a\": \"\\u673a\\u5bc6\\ud83d\\ude00\\\"\\n\"}", WHERE_BODY,
		 "{\"a\": \"机密😀\" \"}", NULL, ""},
		{"an escaped escape", "a.json", "application/json", "\"\\\\u673a\"", WHERE_BODY,
		 "\"\\u673a\"", NULL, ""},
		{"half a pair", "a.json", "application/json", "\"\\ud83d\\u673a\\u12\"",
		 WHERE_BODY, "\"\\ud83d机u12\"", NULL, ""},
		{"nothing to replace", "a.json", "application/json", "{\"a\": \"机密\"}",
		 WHERE_BODY, "{\"a\": \"机密\"}", NULL, ""},
		{"quotes", "a.csv", "text/csv", "a,\"机\"\"密\"\n", WHERE_BODY, "机\"密", NULL,
		 ""},
		{"a cell of two lines", "a.csv", "text/csv", "a,\"1540\r\n0001234\"\nb,c\n",
		 WHERE_BODY, "a,15400001234\nb,c\n", NULL, ""},
		{"words of two lines", "a.csv", "text/csv", "\"one\ntwo\";\"机\n密\"\n",
		 WHERE_BODY, "one two;机密\n", NULL, ""},
		{"a quote that does not end", "a.csv", "text/csv", "a,\"b\nc,d\n", WHERE_BODY,
		 "a,\"b\nc,d\n", NULL, ""},
		{"a quote in a cell", "a.csv", "text/csv", "5\" disk,b\n\"x\"y,z\n", WHERE_BODY,
		 "5\" disk,b\nxy,z\n", NULL, ""},
		{"a link over two lines", "a.csv", "text/csv",
		 "\"=HYPER\nLINK(\"\"x\"\")\"\n=HYPERLINK(y)\n", WHERE_FIELD, "=HYPERLINK(y",
		 "formula", ""},
		{"a style sheet of a drawing", "a.svg", "image/svg+xml",
		 "<svg xmlns='s'><style>@import url( 'https://a/b.css' );</style></svg>",
		 WHERE_FIELD, "style: https://a/b.css\n", "external-link", "picture-not-read"},
		{"a fill from elsewhere", "a.svg", "image/svg+xml",
		 "<svg xmlns='s'><rect fill='url(//a/b#c)' style='fill:url(#d)'/></svg>",
		 WHERE_FIELD, "style: //a/b#c\n", "external-link", "picture-not-read"},
		{"a style sheet beside it", "a.svg", "image/svg+xml",
		 "<?xml-stylesheet type='text/css' href='http://a/b.css'?><svg xmlns='s'/>",
		 WHERE_FIELD, "style: http://a/b.css\n", "external-link", "picture-not-read"},
		{"a picture on a share", "a.svg", "image/svg+xml",
		 "<svg xmlns='s'><image href='\\\\host\\x.png'/></svg>", WHERE_FIELD,
		 "href: \\\\host\\x.png\n", "external-link", "picture-not-read"},
		{"a number in exponents", "a.csv", "text/csv",
		 "a,1.38001E+10\nb,1.5400001234e10\n", WHERE_BODY,
		 "a,13800100000\nb,15400001234\n", NULL, ""},
		{"exponents of other kinds", "a.csv", "text/csv",
		 "1.5E+10,1.38001E+3,2E5x,A1E5,1.380012E+5,1.38001E-10,0.138001E+11\n",
		 WHERE_BODY,
		 "1.5E+10,1.38001E+3,2E5x,A1E5,1.380012E+5,1.38001E-10,0.138001E+11\n", NULL,
		 ""},
		{"pieces of a formula", "a.csv", "text/csv",
		 "a,\"=\"\"138\"\"&\"\"0013\"\"&\"\"8000\"\"\"\n", WHERE_FIELD, "13800138000\n",
		 NULL, ""},
		{"pieces of numbers", "a.csv", "text/csv", "=138&0013&8000\n=1+2\n",
		 WHERE_FIELD, "13800138000\n", NULL, ""},
		{"a program in a cell", "a.csv", "text/csv", "a,=cmd|' /C calc'!A0\n",
		 WHERE_FIELD, "=cmd|", "formula", ""},
		{"a link in a cell", "a.csv", "text/csv", "\"=HYPERLINK(\"\"x\"\")\"\n",
		 WHERE_FIELD, "=HYPERLINK(", "formula", ""},
		{"character references", "a.md", "text/plain", "&#x673a;&#23494; &amp &#zz; &#",
		 WHERE_BODY, "机密 &amp &#zz; &#", NULL, ""},
		{"signs that nobody sees", "a.md", "text/plain", "1&zwnj;3&shy;8 &zwnjx;",
		 WHERE_BODY, "1\u200c3\u00ad8 &zwnjx;", NULL, ""},
		{"emphasis in a number", "a.md", "text/plain",
		 "138**1234**5678, *154*00001234, 机~~密~~级别, 15`4000`01234", WHERE_BODY,
		 "13812345678, 15400001234, 机密级别, 15400001234", NULL, ""},
		{"masks and products", "a.md", "text/plain",
		 "138****5678 和 139****5678, 2 * 3 * 4, 2*3, **a** b, *机*", WHERE_BODY,
		 "138****5678 和 139****5678, 2 * 3 * 4, 2*3, **a** b, *机*", NULL, ""},
		{"tags in a number", "a.md", "text/plain",
		 "138<b>1234</b>5678, 15<!-- x --><i></i>400001234, 1<br>2, <b>甲</b> 乙, 1 < "
		 "2",
		 WHERE_BODY, "13812345678, 15400001234, 1<br>2, <b>甲</b> 乙, 1 < 2",
		 "html-comment", ""},
		{"backslashes in a number", "a.md", "text/plain", "1\\3\\8 C:\\1 \\u673a",
		 WHERE_BODY, "138 C:\\1 \\u673a", NULL, ""},
		{"a comment", "a.md", "text/plain", "a\n<!-- 别公开 -->\n", WHERE_COMMENT,
		 "别公开", "html-comment", ""},
		{"a comment without end", "a.md", "text/plain", "a\n<!-- 别公开", WHERE_COMMENT,
		 "别公开", "html-comment", ""},
		{"a definition as a comment", "a.md", "text/plain", "[//]: # (先不说)\nb",
		 WHERE_COMMENT, "先不说", "markdown-comment", ""},
		{"a script", "a.md", "text/markdown", "<script src='x'></script>", WHERE_FIELD,
		 "<script", "script", ""},
		{"a hidden element", "a.md", "text/markdown", "<p style='display:none'>b</p>",
		 WHERE_FIELD, "<p", "hidden-element", ""},
	};

	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

static void markup(void **state)
{
	static const struct row rows[] = {
		{"words across elements", "a.xml", "application/xml",
		 "<a>&#x673a;<b>&#x5bc6;</b></a>", WHERE_BODY, "机密", NULL, ""},
		{"numbers in neighbours", "a.xml", "application/xml",
		 "<a><b>138</b><b>12</b></a>", WHERE_BODY, "138\n12", NULL, ""},
		{"CDATA", "a.xml", "application/xml", "<a><![CDATA[机<b>]]></a>", WHERE_BODY,
		 "机<b>", NULL, ""},
		{"attributes", "a.xml", "application/xml", "<a tel='15412345678'/>",
		 WHERE_METADATA, "tel: 15412345678", NULL, ""},
		{"a comment", "a.xml", "application/xml", "<a><!-- 别公开 --></a>",
		 WHERE_COMMENT, "别公开", "xml-comment", ""},
		{"an instruction", "a.xml", "application/xml", "<?note 别公开?><a/>",
		 WHERE_COMMENT, "别公开", "xml-comment", ""},
		{"GB18030", "a.xml", "application/xml",
		 "<?xml version='1.0' encoding='gbk'?><a>\xbb\xfa</a>", WHERE_BODY, "机", NULL,
		 ""},
		{"another encoding than it says", "a.xml", "application/xml",
		 "<?xml version='1.0' encoding='utf-8'?><a>\xbb\xfa</a>", WHERE_BODY, NULL,
		 NULL, "corrupt"},
		{"an encoding nobody reads", "a.xml", "application/xml",
		 "<?xml version='1.0' encoding='big5'?><a/>", WHERE_BODY, NULL, NULL,
		 "unsupported"},
		{"a declaration of words", "a.xml", "application/xml",
		 "<!DOCTYPE a [<!ENTITY x '机密'>]><a>&x;</a>", WHERE_BODY, "机密", NULL,
		 "unsupported"},
		{"broken", "a.xml", "application/xml", "<a>机<b></a>", WHERE_BODY, "机<b>",
		 NULL, "corrupt"},
		{"drawn text", "a.svg", "image/svg+xml",
		 SVG("<text>春<tspan>和</tspan>路</text>"), WHERE_BODY, "春和路", NULL,
		 "picture-not-read"},
		{"hidden text", "a.svg", "image/svg+xml",
		 SVG("<g display='none'><text>内部</text></g><text>b</text>"), WHERE_HIDDEN,
		 "内部", "hidden-text", "picture-not-read"},
		{"a script", "a.svg", "image/svg+xml", SVG("<script>go()</script>"),
		 WHERE_HIDDEN, "go()", "script", "picture-not-read"},
		{"an event", "a.svg", "image/svg+xml", SVG("<rect onclick='go()'/>"),
		 WHERE_FIELD, "onclick: go()", "script", "picture-not-read"},
		{"a picture from outside", "a.svg", "image/svg+xml",
		 SVG("<image href='http://e.example/a'/>"), WHERE_FIELD, "http://e.example/a",
		 "external-link", "picture-not-read"},
		{"a description", "a.svg", "image/svg+xml", SVG("<title>示意</title>"),
		 WHERE_ALT, "示意", NULL, "picture-not-read"},
		{"a file in it", "a.svg", "image/svg+xml",
		 SVG("<image href='data:text/plain;base64,5py65a+G'/>"), WHERE_BODY, "机密",
		 NULL, "picture-not-read"},
	};

	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

static void calendars_and_cards(void **state)
{
	static const struct row rows[] = {
		{"a folded line", "a.ics", "text/calendar",
		 "BEGIN:VCALENDAR\r\nSUMMARY:关于春\r\n 和路\\, 内部\r\n", WHERE_BODY,
		 "关于春和路, 内部", NULL, ""},
		{"a comment", "a.ics", "text/calendar", "BEGIN:VCALENDAR\nCOMMENT:先别说\n",
		 WHERE_COMMENT, "先别说", "comment", ""},
		{"a place", "a.ics", "text/calendar", "BEGIN:VCALENDAR\nGEO:31.2;121.4\n",
		 WHERE_PROPERTY, "31.2;121.4", "position", ""},
		{"a file in it", "a.ics", "text/calendar",
		 "BEGIN:VCALENDAR\nATTACH;ENCODING=BASE64;VALUE=BINARY:5py65a+G\n", WHERE_BODY,
		 "机密", NULL, ""},
		{"a parameter in quotes", "a.ics", "text/calendar",
		 "BEGIN:VCALENDAR\nATTENDEE;CN=\"李:审核\":mailto:l@b.example\n",
		 WHERE_METADATA, "ATTENDEE: mailto:l@b.example", NULL, ""},
		{"quoted-printable over two lines", "a.vcf", "text/vcard",
		 "BEGIN:VCARD\r\nN;ENCODING=QUOTED-PRINTABLE:=E6=9C=BA=E5=AF=\r\n=86\r\n",
		 WHERE_BODY, "N: 机密", NULL, ""},
		{"a group", "a.vcf", "text/vcard",
		 "BEGIN:VCARD\nitem1.TEL;TYPE=CELL:15412345678\n", WHERE_BODY,
		 "TEL: 15412345678", NULL, ""},
		{"a line without a value", "a.vcf", "text/vcard", "BEGIN:VCARD\n机密\n",
		 WHERE_METADATA, "机密", NULL, ""},
		{"a name longer than is shown", "a.vcf", "text/vcard",
		 "BEGIN:VCARD\n机密机密机密机密机密机密机密机密机密机密:x\n", WHERE_METADATA,
		 "机密机密机密机密机密机密机", NULL, ""},
		{"broken bytes", "a.vcf", "text/vcard",
		 "BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:=FF=FF\n", WHERE_BODY, NULL, NULL,
		 "corrupt"},
	};

	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]));
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
		cmocka_unit_test(plain_formats),
		cmocka_unit_test(markup),
		cmocka_unit_test(calendars_and_cards),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
