/* test_extract_html.c - what a reader sees, what he does not, and every place between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/extract_collect.h"

struct row {
	const char *html;
	enum segment_where where;
	const char *text; /* whole stream */
	const char *rule; /* finding in that stream, NULL none */
};

static const struct row rows[] = {
	{"<p>机<b>密</b>文件</p>", WHERE_BODY, "机密文件\n", NULL},
	{"<p>a\n  b</p><p>c<br>d</p>", WHERE_BODY, "a b\nc\nd\n", NULL},
	{"<table><tr><td>姓名</td><td>电话</td></tr><tr><td>周</td><td>1</td></tr></table>",
	 WHERE_BODY, "姓名\t电话\n周\t1\n", NULL},
	{"<pre>a\n  b</pre>", WHERE_BODY, "a\n  b\n", NULL},
	{"<p>a<!-- 先别公开 -->b</p>", WHERE_COMMENT, " 先别公开 \n", "DH-002"},
	{"<p>a<!-- 先别公开 -->b</p>", WHERE_BODY, "ab\n", NULL},
	{"<title>标题</title><p>x", WHERE_ALT, "标题\n", NULL},
	{"<img alt='替代' title=提示 src=a.png>", WHERE_ALT, "替代\n提示\n", NULL},
	{"<a href='http://a.example/x'>y</a>", WHERE_FIELD, "href: http://a.example/x\n", NULL},
	{"<img src='http://a.example/x.png'>", WHERE_FIELD, "src: http://a.example/x.png\n",
	 "DH-005"},
	{"<img src='//a.example/x.png'>", WHERE_FIELD, "src: //a.example/x.png\n", "DH-005"},
	{"<img src='/x.png' srcset='y.png 1x'>", WHERE_FIELD, "src: /x.png\nsrcset: y.png 1x\n",
	 NULL},
	{"<img srcset='y.png 1x, https://a/z.png 2x'>", WHERE_FIELD,
	 "srcset: y.png 1x, https://a/z.png 2x\n", "DH-005"},
	{"<link rel=stylesheet href=https://a/x.css>", WHERE_FIELD, "href: https://a/x.css\n",
	 "DH-005"},
	{"<link rel=canonical href=https://a/x>", WHERE_FIELD, "href: https://a/x\n", NULL},
	{"<p style='background:url(http://a/b.png)'>x</p>", WHERE_FIELD,
	 "style: http://a/b.png\n", "DH-005"},
	{"<style>@import \"//a/b.css\";</style>", WHERE_FIELD, "style: //a/b.css\n", "DH-005"},
	{"<style>p{background:u\\72l(\\68ttp://a/b)}</style>", WHERE_FIELD,
	 "style: http://a/b\n", "DH-005"},
	{"<a href='file:///C:/Users/zhang/a.doc'>y</a>", WHERE_FIELD,
	 "href: file:///C:/Users/zhang/a.doc\n", "DH-004"},
	{"<a href='javascript:f()'>y</a>", WHERE_FIELD, "href: javascript:f()\n", "DH-005"},
	{"<input value='值'><textarea>填写</textarea>", WHERE_FIELD, "值\n填写\n", NULL},
	{"<meta name=author content='张三'>", WHERE_PROPERTY, "author: 张三\n", "DH-004"},
	{"<meta name=generator content='Writer'>", WHERE_PROPERTY, "generator: Writer\n", NULL},
	{"<script>var a='内部'</script>", WHERE_HIDDEN, "var a='内部'\n", "DH-005"},
	{"<style>p{color:red}</style>", WHERE_HIDDEN, "p{color:red}\n", NULL},
	{"<style>.x { display : none }</style>", WHERE_HIDDEN, ".x { display : none }\n",
	 "DH-003"},
	{"<p style='display:none'>藏</p>", WHERE_HIDDEN, "藏\n", "DH-003"},
	{"<p style='x:y; VISIBILITY : Hidden'>藏</p>", WHERE_HIDDEN, "藏\n", "DH-003"},
	{"<div hidden><p>藏<b>好</b></p></div>", WHERE_HIDDEN, "藏好\n", "DH-003"},
	{"<span style='font-size:0'>藏</span>", WHERE_HIDDEN, "藏\n", "DH-003"},
	{"<span style='font-size:.5px'>藏</span>", WHERE_HIDDEN, "藏\n", "DH-003"},
	{"<span style='color:#FFF'>藏</span>", WHERE_HIDDEN, "藏\n", "DH-003"},
	{"<font color=white>藏</font>", WHERE_HIDDEN, "藏\n", "DH-003"},
	{"<span style='color:rgb(254, 254, 254)'>藏</span>", WHERE_HIDDEN, "藏\n", "DH-003"},
	{"<span style='opacity:0'>藏</span>", WHERE_HIDDEN, "藏\n", "DH-003"},
	{"<div style='text-indent:-9999px'>藏</div>", WHERE_HIDDEN, "藏\n", "DH-003"},
	{"<td bgcolor=navy><font color=white>见</font></td>", WHERE_BODY, "见\n", NULL},
	{"<p class=btn style='color:#fff'>见</p>", WHERE_BODY, "见\n", NULL},
	{"<span style='background:black'>藏</span>", WHERE_HIDDEN, "藏\n", "DH-003"},
	{"<p>a<span hidden>机</span><span hidden>密</span></p>", WHERE_HIDDEN, "机密\n",
	 "DH-003"},
	{"<p><span hidden>机</span>会<span hidden>密</span></p>", WHERE_HIDDEN, "机 密\n",
	 "DH-003"},
	{"<noscript>备</noscript>", WHERE_HIDDEN, "备\n", NULL},
	{"<p onclick='去()'>x</p>", WHERE_FIELD, "onclick: 去()\n", "DH-005"},
	{"<p data-x='15400001234'>x</p>", WHERE_METADATA, "data-x: 15400001234\n", NULL},
	{"<p data-x='12'>x</p>", WHERE_METADATA, NULL, NULL},
	{"<p data-15400001234>x</p>", WHERE_METADATA, "data-15400001234\n", NULL},
	{"<!DOCTYPE html SYSTEM '15400001234'><p>x", WHERE_METADATA, "doctype: 15400001234\n",
	 NULL},
	{"<p>&#26426;&#x5bc6;</p>", WHERE_BODY, "机密\n", NULL},
	{"<?php 口令 ?><p>x", WHERE_COMMENT, "口令 ?\n", "DH-002"},
	{"<iframe src='http://a.example/'></iframe>", WHERE_FIELD, "src: http://a.example/\n",
	 "DH-005"},
};

static void test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct collected *c =
			collect_bytes("a.html", "text/html", r->html, strlen(r->html));
		const struct segment *s = collect_segment(c, r->where, "");
		const struct finding *f =
			r->rule != NULL ? collect_finding(c, r->rule, r->where) : NULL;

		print_message("%s\n", r->html);
		assert_int_equal(c->objects[0].state, OBJECT_INSPECTED);
		if (r->text == NULL)
			assert_null(s);
		else
			assert_string_equal(s != NULL ? s->text : "", r->text);
		if (r->rule != NULL)
			assert_non_null(f);
		else
			for (size_t k = 0; k < c->n_findings; k++)
				assert_int_not_equal(c->findings[k].where, r->where);
		collect_free(c);
	}
}

struct failure {
	const char *name, *html;
	const char *reason; /* NULL: any */
};

static void test_failures(void **state)
{
	static const struct failure table[] = {
		{"not the declared encoding", "<meta charset=utf-8><p>\xb9\xab\xb0\xb2",
		 "corrupt"},
		{"unknown encoding", "<meta charset='big5'><p>\xa4\xbd", "unsupported"},
		{"late other encoding",
		 "<p>\xe5\x85\xac</p><!--0123456789--><div></div><META http-equiv=Content-Type "
		 "content='text/html; charset=gbk'>",
		 NULL},
		{"latin-1 that is none", "<meta charset=iso-8859-1><p>\xe9", "unsupported"},
		{"control character", "<p>a\x01", "corrupt"},
		{"comment without an end", "<p>a<!-- 349901198705143123", "corrupt"},
		{"words in the end of an element", "<p>a</p 349901198705143123>", "corrupt"},
		{"second attribute of a name", "<p id=a id='349901198705143123'>", "corrupt"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct collected *c = collect_bytes("a.html", "text/html", table[i].html,
						    strlen(table[i].html));

		print_message("%s\n", table[i].name);
		assert_int_equal(c->objects[0].state, OBJECT_FAILED);
		if (table[i].reason != NULL)
			assert_string_equal(c->objects[0].reason, table[i].reason);
		collect_free(c);
	}
}

/* A declaration beyond what browsers look through first must not change the reading. */
static void test_late_charset(void **state)
{
	struct buf b;
	struct collected *c;

	(void)state;
	buf_init(&b, 1 << 16);
	buf_puts(&b, "<p>公安</p>");
	for (int i = 0; i < 200; i++)
		buf_puts(&b, "<div>0123456789</div>");
	buf_puts(&b, "<meta charset=gbk>");
	c = collect_bytes("a.html", "text/html", b.data, b.len);
	assert_int_equal(c->objects[0].state, OBJECT_FAILED);
	assert_string_equal(c->objects[0].reason, "unsupported");
	collect_free(c);
	buf_release(&b);
}

static void test_depth(void **state)
{
	struct buf b;
	struct collected *c;

	(void)state;
	buf_init(&b, 1 << 16);
	for (int i = 0; i < 1000; i++)
		buf_puts(&b, "<div>");
	c = collect_bytes("a.html", "text/html", b.data, b.len);
	assert_string_equal(c->objects[0].reason, "over-limit");
	collect_free(c);
	buf_release(&b);
}

/* libxml2 would compare each with all before it. */
static void test_many_attributes(void **state)
{
	static const struct {
		const char *before;
		int attributes;
		enum object_state state;
		const char *reason;
	} table[] = {
		{"<p", 256, OBJECT_INSPECTED, ""},
		{"<p", 257, OBJECT_FAILED, "over-limit"},
		{"<p title='>'", 257, OBJECT_FAILED, "over-limit"},
		{"<script>1 <p", 2000, OBJECT_INSPECTED, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct collected *c;
		struct buf b;

		buf_init(&b, 1 << 16);
		buf_puts(&b, table[i].before);
		for (int k = 0; k < table[i].attributes; k++)
			buf_putf(&b, " a%d=1", k);
		buf_puts(&b, "></script>");
		c = collect_bytes("a.html", "text/html", b.data, b.len);
		assert_int_equal(c->objects[0].state, table[i].state);
		assert_string_equal(c->objects[0].reason, table[i].reason);
		collect_free(c);
		buf_release(&b);
	}
}

/* Pictures inside the page are objects that nobody read. */
static void test_data_uri(void **state)
{
	static const char html[] =
		"<img src='data:image/png;base64,AAAA'><a href='data:text/html,x'>y</a>";
	struct collected *c = collect_bytes("a.html", "text/html", html, sizeof(html) - 1);

	(void)state;
	assert_int_equal(c->n_objects, 3);
	assert_string_equal(c->objects[1].path, "a.html/data:image/png");
	assert_string_equal(c->objects[1].reason, "picture-not-read");
	assert_string_equal(c->objects[2].reason, "unsupported");
	collect_free(c);
}

/* Saved by LibreOffice. */
static void test_page(void **state)
{
	struct collected *c = collect_file("page.html", "text/html");
	const struct segment *s;

	(void)state;
	assert_non_null(c);
	assert_int_equal(collect_failed(c), 0);
	s = collect_segment(c, WHERE_BODY, "机动车停放在大院东侧。");
	assert_non_null(s);
	assert_null(strstr(s->text, "面试题目"));
	assert_non_null(collect_segment(c, WHERE_HIDDEN, "内部名额3名已定"));
	assert_non_null(collect_segment(c, WHERE_HIDDEN, "面试题目见附件"));
	assert_non_null(collect_segment(c, WHERE_FIELD, "http://10.34.126.5/zp/index.html"));
	assert_non_null(collect_finding(c, "DH-003", WHERE_HIDDEN));
	collect_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_late_charset),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_many_attributes),
		cmocka_unit_test(test_data_uri),
		cmocka_unit_test(test_page),
	};

	collect_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
