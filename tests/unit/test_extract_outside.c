/* test_extract_outside.c - addresses that lead out of a document, however they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "inspect/extract/extract_outside.h"

static void addresses(void **state)
{
	static const struct {
		const char *address;
		bool outside;
	} rows[] = {
		{"http://a/b", true},
		{"HTTPS://a", true},
		{"//host/x", true},
		{"\\\\host\\x", true},
		{"/\\host/x", true},
		{"\\/host/x", true},
		{" \t\nhttp://a", true},
		{"ht\ntp://a", true},
		{"/\n/host", true},
		{"file:///home/x", true},
		{"C:\\x.png", true},
		{"ftp:x", true},
		{"vnd.sun.star.webdav:x", true},
		{"a.png", false},
		{"/a.png", false},
		{"../a.png", false},
		{"#a", false},
		{"?a=http://b", false},
		{"a/b:c", false},
		{"data:image/png;base64,", false},
		{"cid:1@a", false},
		{"mailto:a@b", false},
		{"tel:110", false},
		{"javascript:f()", false},
		{"", false},
		{":", false},
		{"1http://a", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (extract_is_outside(rows[i].address, strlen(rows[i].address)) !=
		    rows[i].outside)
			fail_msg("\"%s\"", rows[i].address);
	assert_true(extract_is_outside_list("a.png 1x, //b/c.png 2x", 22));
	assert_false(extract_is_outside_list("a.png 1x, c.png 2x", 18));
}

static void style_sheets(void **state)
{
	static const struct {
		const char *css, *want;
	} rows[] = {
		{"p{color:red}", NULL},
		{"p{background:url(a.png)}", NULL},
		{"p{background:url(data:image/png;base64,AA==)}", NULL},
		{"p{background:url(http://a/b.png)}", "http://a/b.png"},
		{"p{background:url( \"//a/b.png\" )}", "//a/b.png"},
		{"@import 'https://a/b.css' screen;", "https://a/b.css"},
		{"@IMPORT/**/url(/**/'https://a/b.css')", "https://a/b.css"},
		{"p{background:\\75rl(htt\\70 ://a/b)}", "http://a/b"},
		{"p{background:url(\\\\\\\\host\\\\x)}", "\\\\host\\x"},
		{"@font-face{src:url(file:///c/x.ttf)}", "file:///c/x.ttf"},
		{"@namespace svg url(http://www.w3.org/2000/svg);", NULL},
		{"/* url(http://a/b) */ p{}", NULL},
		{"@media(max-width:600px){p{color:red}}", NULL},
		{"p:not(a:hover){color:red}", NULL},
		{"p{background:URL(http://a/b)}", "http://a/b"},
		{"a:hover{width:calc(1px - 2px)}", NULL},
		{"p{background:image-set('https://a/b' 1x)}", "https://a/b"},
		{"\\", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b;
		bool found;

		buf_init(&b, 4096);
		found = extract_css_outside(rows[i].css, strlen(rows[i].css), &b);
		if (found != (rows[i].want != NULL) ||
		    (found && strcmp(buf_str(&b), rows[i].want) != 0))
			fail_msg("%s: %s", rows[i].css, found ? buf_str(&b) : "nothing");
		buf_release(&b);
	}
}

static void what_a_browser_fetches(void **state)
{
	(void)state;
	assert_true(extract_html_fetches("img", "src", NULL));
	assert_true(extract_html_fetches("body", "background", NULL));
	assert_true(extract_html_fetches("link", "href", "shortcut icon"));
	assert_true(extract_html_fetches("link", "href", "STYLESHEET"));
	assert_true(extract_html_fetches("base", "href", NULL));
	assert_true(extract_html_fetches("object", "data", NULL));
	assert_false(extract_html_fetches("a", "href", NULL));
	assert_false(extract_html_fetches("link", "href", "canonical"));
	assert_false(extract_html_fetches("link", "href", NULL));
	assert_false(extract_html_fetches("blockquote", "cite", NULL));
}

/* Going over the same blanks or brackets from each of them would take an hour. */
static void long_style_sheets(void **state)
{
	enum { LONG = 4 << 20 };
	static const char address[] = "http://h/x)";
	static const char fill[] = {' ', '(', '/', 'a'};
	char *css = malloc(LONG + sizeof(address));

	(void)state;
	assert_non_null(css);
	for (size_t i = 0; i < sizeof(fill); i++) {
		struct buf found;

		memset(css, fill[i], LONG);
		memcpy(css + LONG - 4, "url(", 4);
		memcpy(css + LONG, address, sizeof(address));
		buf_init(&found, 400);
		assert_true(extract_css_outside(css, LONG + strlen(address), &found));
		assert_string_equal(buf_str(&found), "http://h/x");
		buf_release(&found);
	}
	free(css);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(style_sheets),
		cmocka_unit_test(what_a_browser_fetches),
		cmocka_unit_test(long_style_sheets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
