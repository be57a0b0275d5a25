/* test_extract_mail.c - mails of a real program, and heads and boundaries made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "inspect/type/identify.h"
#include "tests/support/extract_collect.h"

#define MAIL	"message/rfc822"
#define HEAD	"From: a@b.example\r\nMIME-Version: 1.0\r\n"
#define TYPE(s) "Content-Type: " s "\r\n"
#define TEN(s)	s s s s s s s s s s

static bool found(const struct collected *c, const char *rule, const char *evidence)
{
	for (size_t i = 0; i < c->n_findings; i++)
		if (strcmp(c->findings[i].rule, rule) == 0 &&
		    strcmp(c->findings[i].evidence, evidence) == 0)
			return true;
	return false;
}

static void parts_of_a_mail(void **state)
{
	static const struct {
		const char *object, *type;
		enum segment_where where;
		const char *words;
	} rows[] = {
		{"parts.eml", MAIL, WHERE_BODY, "等领导审定以后再说，联系电话15412345678"},
		{"parts.eml", MAIL, WHERE_BODY, "To: 李审核 <li@yunting.example>"},
		{"parts.eml", MAIL, WHERE_METADATA, "10.34.126.5"},
		{"parts.eml/part-1.txt", "text/plain", WHERE_BODY,
		 "身份证号349901198705143123"},
		{"parts.eml/part-2.html", "text/html", WHERE_BODY, "请看附件。"},
		{"parts.eml/part-2.html", "text/html", WHERE_HIDDEN, "内部名额3名"},
		{"parts.eml/通知第一号.txt", "text/plain", WHERE_FILENAME, "通知第一号.txt"},
		{"正文.docx",
		 "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		 WHERE_BODY, "春和路（湖滨街至榆湾街段）"},
		{"part-5.eml", MAIL, WHERE_BODY, "Subject: 转来的信"},
		{"part-5.eml/part-1.txt", "text/plain", WHERE_BODY, "名单见第3页"},
	};
	struct collected *c = collect_file("mail/parts.eml", MAIL);

	(void)state;
	assert_non_null(c);
	assert_int_equal(collect_failed(c), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct filter_object *o = collect_object(c, rows[i].object);

		print_message("%s\n", rows[i].words);
		assert_non_null(o);
		assert_string_equal(o->type, rows[i].type);
		assert_non_null(collect_segment(c, rows[i].where, rows[i].words));
	}
	collect_free(c);
	c = collect_file("mail/plain.eml", MAIL);
	assert_non_null(c);
	assert_non_null(collect_segment(c, WHERE_BODY, "下午三点开会。"));
	assert_true(found(c, "DH-003", "hidden-recipient"));
	collect_free(c);
}

static void by_hand(void **state)
{
	static const struct {
		const char *what, *mail;
		enum segment_where where;
		const char *words, *evidence, *reason;
	} rows[] = {
		{"a character cut between two words",
		 HEAD
		 "Subject: =?gb2312?B?u/o=?= =?gb2312?Q?=C3?=\r\n =?gb2312?Q?=DC?=\r\n\r\nx",
		 WHERE_BODY, "Subject: 机密", NULL, ""},
		{"two character sets",
		 HEAD "Subject: a =?utf-8?q?=E6=9C=BA?= =?gbk?q?=C3=DC?= b\r\n\r\nx",
		 WHERE_BODY, "Subject: a 机密 b", NULL, ""},
		{"a character set nobody reads", HEAD "Subject: =?big5?B?vveEug==?=\r\n\r\nx",
		 WHERE_BODY, NULL, NULL, "unsupported"},
		{"raw GB18030", HEAD "Subject: \xbb\xfa\xc3\xdc\r\n\r\nx", WHERE_BODY,
		 "Subject: 机密", NULL, ""},
		{"a name in pieces",
		 HEAD TYPE("text/plain") "Content-Disposition: attachment;\r\n "
					 "filename*0*=gb18030''%BB%FA;\r\n "
					 "filename*1*=%C3%DC.txt\r\n\r\nx",
		 WHERE_FILENAME, "机密.txt", NULL, ""},
		{"two kinds", HEAD TYPE("text/plain") TYPE("text/html") "\r\nx", WHERE_BODY,
		 NULL, NULL, "polyglot"},
		{"two boundaries",
		 HEAD TYPE(
			 "multipart/mixed; boundary=a; boundary=b") "\r\n--a\r\n\r\nx\r\n--a--",
		 WHERE_BODY, NULL, NULL, "polyglot"},
		{"words before and after the parts",
		 HEAD TYPE("multipart/mixed; boundary=a") "\r\n先说\r\n--a\r\n\r\nx\r\n--a--"
							  "\r\n后说",
		 WHERE_HIDDEN, "先说\n后说", "beside-the-parts", ""},
		{"no end", HEAD TYPE("multipart/mixed; boundary=a") "\r\n--a\r\n\r\n机密",
		 WHERE_BODY, "机密", NULL, "truncated"},
		{"no boundary", HEAD TYPE("multipart/mixed") "\r\nx", WHERE_BODY, NULL, NULL,
		 "corrupt"},
		{"an attachment that is another kind",
		 HEAD TYPE("application/pdf; name=\"a.pdf\"") "\r\njust words\n", WHERE_BODY,
		 "just words", "name", ""},
		{"a program", HEAD TYPE("application/octet-stream; name=a.bat") "\r\ndel x\n",
		 WHERE_BODY, "del x", "executable", ""},
		{"a line that is no field", "From: a@b.example\r\nwhat is this\r\n\r\nx",
		 WHERE_BODY, NULL, NULL, "corrupt"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c =
			collect_bytes("a.eml", MAIL, rows[i].mail, strlen(rows[i].mail));
		bool marked = rows[i].evidence == NULL;

		print_message("%s\n", rows[i].what);
		assert_string_equal(c->objects[0].reason, rows[i].reason);
		if (rows[i].words != NULL)
			assert_non_null(collect_segment(c, rows[i].where, rows[i].words));
		for (size_t k = 0; k < c->n_findings; k++)
			marked = marked ||
				 strcmp(c->findings[k].evidence, rows[i].evidence) == 0;
		assert_true(marked);
		collect_free(c);
	}
}

static void parts_that_cannot_be_read(void **state)
{
	static const struct {
		const char *what, *mail, *reason;
	} rows[] = {
		{"damaged base64", HEAD "Content-Transfer-Encoding: base64\r\n\r\nYWJj=ZGVm",
		 "corrupt"},
		{"another encoding", HEAD "Content-Transfer-Encoding: x-uuencode\r\n\r\nabc",
		 "unsupported"},
		{"another character set",
		 HEAD TYPE("text/plain; charset=big5") "\r\nabc\xbe\xf7", "unsupported"},
		{"western letters", HEAD TYPE("text/plain; charset=iso-8859-1") "\r\ncaf\xe9",
		 ""},
		{"encrypted", HEAD TYPE("application/pkcs7-mime") "\r\nabc", "encrypted"},
		{"elsewhere", HEAD TYPE("message/external-body") "\r\nabc", "unsupported"},
		{"a page that names another character set",
		 HEAD TYPE("text/html; charset=utf-8") "\r\n<meta charset=gb18030>\xe6\x9c\xba",
		 "unsupported"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected *c =
			collect_bytes("a.eml", MAIL, rows[i].mail, strlen(rows[i].mail));

		print_message("%s\n", rows[i].what);
		assert_int_equal(c->n_objects, 2);
		assert_string_equal(c->objects[1].reason, rows[i].reason);
		collect_free(c);
	}
}

static void parts_in_parts_end(void **state)
{
	static const char deep[] = HEAD TYPE("multipart/mixed; boundary=a") "\r\n" TEN(
		"--a\r\n" TYPE("multipart/mixed; boundary=a") "\r\n")
		TEN("--a\r\n" TYPE("multipart/mixed; boundary=a") "\r\n");
	struct collected *c = collect_bytes("a.eml", MAIL, deep, sizeof(deep) - 1);

	(void)state;
	assert_string_equal(c->objects[0].state == OBJECT_FAILED ? "failed" : "read", "failed");
	collect_free(c);
}

static void what_is_a_mail(void **state)
{
	static const struct {
		const char *text, *name, *type;
	} rows[] = {
		{"From: a\nSubject: b\n\nx", "a.eml", MAIL},
		{"From: a\nSubject: b\n\nx", "a.txt", "text/plain"},
		{"From: a\nMessage-ID: <1>\n\nx", "a", MAIL},
		{"From: a\nthese are words\n\nx", "a.eml", "text/plain"},
		{"{\\rtf1 x}", "a.rtf", "application/rtf"},
		{"BEGIN:VCARD\nFN:x\nEND:VCARD\n", "a.vcf", "text/vcard"},
		{"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "a.ics", "text/calendar"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct identify_in in = {.p = (const uint8_t *)rows[i].text,
					 .len = strlen(rows[i].text),
					 .name = rows[i].name};
		struct identity id;

		identify(&in, &id);
		print_message("%s\n", rows[i].text);
		assert_string_equal(id.type, rows[i].type);
		assert_true(identify_name_agrees(rows[i].name, id.type));
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
		cmocka_unit_test(parts_of_a_mail),
		cmocka_unit_test(by_hand),
		cmocka_unit_test(parts_that_cannot_be_read),
		cmocka_unit_test(parts_in_parts_end),
		cmocka_unit_test(what_is_a_mail),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
