/* test_extract_text.c - plain text in every encoding we read, and the ones we refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/extract_collect.h"

struct row {
	const char *name;
	const char *bytes;
	size_t len;	  /* 0: strlen */
	const char *text; /* NULL: failed */
	const char *reason;
};

#define BYTES(s) s, sizeof(s) - 1

static const struct row rows[] = {
	{"utf-8", "公安局\n第二行", 0, "公安局\n第二行", NULL},
	{"utf-8 bom", "\xef\xbb\xbf公安", 0, "公安", NULL},
	{"empty", "", 0, "", NULL},
	{"gb2312", "\xb9\xab\xb0\xb2\xbe\xd6", 0, "公安局", NULL},
	{"gb18030 four bytes", "\xb9\xab\xb0\xb2 \x82\x35\x87\x38 \x95\x32\x82\x36", 0,
	 "公安 \xe4\xb6\xb5 \xf0\xa0\x80\x80", NULL},
	{"utf-16le", BYTES("\xff\xfe\x6c\x51\x89\x5b\x0a\x00"), "公安\n", NULL},
	{"utf-16be", BYTES("\xfe\xff\x51\x6c\x5b\x89"), "公安", NULL},
	{"utf-16 surrogates", BYTES("\xfe\xff\xd8\x40\xdc\x00"), "\xf0\xa0\x80\x80", NULL},
	{"utf-16 lone surrogate", BYTES("\xfe\xff\xd8\x40\x51\x6c"), NULL, "corrupt"},
	{"utf-16 odd length", BYTES("\xfe\xff\x51"), NULL, "corrupt"},
	{"bad bytes", "\xe5\x85\xff\xff", 0, NULL, "corrupt"},
	{"half a character", "\xb9\xab\xb0", 0, NULL, "corrupt"},
	{"nul", BYTES("ab\0cd"), NULL, "corrupt"},
	{"escape", "ab\x1b[31m", 0, NULL, "corrupt"},
	{"c1 control",
	 "ab\xc2\x9b"
	 "31m",
	 0, NULL, "corrupt"},
	{"hz", "~{9+02>V~}", 0, NULL, "unsupported"},
	{"utf-7", "+UWxbiVxA-", 0, NULL, "unsupported"},
	{"plus signs are no utf-7", "C++ a+b+c- 1+1-2", 0, "C++ a+b+c- 1+1-2", NULL},
	{"big5", "\xa4\xbd\xa6\x77\xa7\xbd\xb3\x71\xa7\x69\xa5\xc1\xb2\xb3\xa6\x77\xa5\xfe", 0,
	 NULL, "unsupported"},
};

static void test_encodings(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct collected *c = collect_bytes("a.txt", "text/plain", r->bytes,
						    r->len > 0 ? r->len : strlen(r->bytes));

		print_message("%s\n", r->name);
		assert_int_equal(c->error, SL_OK);
		assert_int_equal(c->n_objects, 1);
		assert_int_equal(c->objects[0].state,
				 r->text != NULL ? OBJECT_INSPECTED : OBJECT_FAILED);
		if (r->text == NULL) {
			assert_string_equal(c->objects[0].reason, r->reason);
			assert_int_equal(c->n_segments, 0);
		} else if (r->text[0] != '\0') {
			assert_int_equal(c->n_segments, 1);
			assert_string_equal(c->segments[0].text, r->text);
			assert_int_equal(c->segments[0].where, WHERE_BODY);
			assert_int_equal(c->segments[0].line, 1);
			assert_int_equal(c->segments[0].column, 1);
			assert_int_equal(c->segments[0].offset, 0);
		}
		collect_free(c);
	}
}

/* Files written by iconv say the same as the UTF-8 they were made from. */
static void test_files(void **state)
{
	static const char *const files[] = {"gb18030.txt", "utf16.txt", "source/notice.txt"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct collected *c = collect_file(files[i], "text/plain");

		assert_non_null(c);
		assert_non_null(collect_segment(c, WHERE_BODY,
						"经办人：镕㐀\xf0\xa0\x80\x80，电话154"));
		collect_free(c);
	}
}

/* A text longer than one step of every converter, with long characters at the seams. */
static void test_long(void **state)
{
	struct buf gb, want;
	struct collected *c;

	(void)state;
	buf_init(&gb, 4 << 20);
	buf_init(&want, 4 << 20);
	buf_puts(&gb, "\xb9\xab\n\xb0\xb2");
	buf_puts(&want, "公\n安");
	for (int i = 0; i < 50000; i++) {
		buf_puts(&gb, "\x95\x32\x82\x36\xb9\xab\xb0\xb2");
		buf_puts(&want, "\xf0\xa0\x80\x80公安");
	}
	c = collect_bytes("a.txt", "text/plain", gb.data, gb.len);
	assert_int_equal(c->n_segments, 1);
	assert_int_equal(c->segments[0].len, want.len);
	assert_memory_equal(c->segments[0].text, want.data, want.len);
	collect_free(c);
	buf_release(&gb);
	buf_release(&want);
}

static void test_routes(void **state)
{
	static const struct {
		const char *type, *reason; /* NULL: inspected */
	} table[] = {
		{"text/csv", NULL},
		{"application/json", NULL},
		{"text/markdown", NULL},
		{"text/xml", NULL},
		{"application/xml", NULL},
		{"", "unknown-type"},
		{"text/rtf", "corrupt"},
		{"application/x-bzip2", "unsupported"},
		{"application/msword", "old-format-not-read"},
		{"image/png", "picture-not-read"},
		{"video/mp4", "media-not-read"},
		{"application/x-nothing", "unsupported"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct collected *c = collect_bytes("a", table[i].type, "<a>1</a>", 8);

		assert_int_equal(c->objects[0].state,
				 table[i].reason == NULL ? OBJECT_INSPECTED : OBJECT_FAILED);
		assert_string_equal(c->objects[0].reason,
				    table[i].reason == NULL ? "" : table[i].reason);
		collect_free(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_routes),
	};

	collect_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
