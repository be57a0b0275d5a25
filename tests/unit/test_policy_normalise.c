/* test_policy_normalise.c - views, and the way back to the author's bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/text.h"
#include "policy/normalise.h"

static struct fold *fold;

static int start(void **state)
{
	struct sl_why why;

	(void)state;
	return fold_new(&fold, &why);
}

static int stop(void **state)
{
	(void)state;
	fold_free(fold);
	return 0;
}

static void views(void **state)
{
	static const struct {
		const char *in, *main_view, *dense;
	} rows[] = {
		{"", "", ""},
		{"plain ASCII text", "plain ASCII text", "plainASCIItext"},
		{"机　密 ★ １ 年", "机 密 ★ 1 年", "机密★1年"},
		{"絕密機密祕密", "绝密机密秘密", "绝密机密秘密"},
		{"机\xe2\x80\x8b密", "机密", "机密"},
		{"⼈⺠", "人民", "人民"},
		{"３４９９０１", "349901", "349901"},
		{"Ⅹ", "X", "X"},
		{"身份证Х", "身份证X", "身份证X"},
		{"٣٤", "34", "34"},
		{"（此件，公开）：", "(此件,公开):", "(此件,公开):"},
		{"〔2023〕", "〔2023〕", "〔2023〕"},
		{"机x密", "机x密", "机密"},
		{"机ab密★", "机ab密★", "机密★"},
		{"机abc密", "机abc密", "机abc密"},
		{"机·密-文_件", "机·密-文_件", "机密文件"},
		{"内部\n资料", "内部\n资料", "内部资料"},
		{"内部\n\n资料", "内部\n\n资料", "内部\n资料"},
		{"3499 0219\n9208", "3499 0219\n9208", "349902199208"},
		{"一五四〇〇〇〇一二三四", "一五四〇〇〇〇一二三四", "15400001234"},
		{"二〇二三年", "二〇二三年", "二〇二三年"},
		{"q=%E6%9C%BA%e5%af%86%E2%98%85", "q=机密★", "q机密★"},
		{"q=%BB%FA%c3%dc%20%C3%AC", "q=机密%20矛", "q机密%20矛"},
		{"%D2%BB%95%32%82%36 %C3%AC", "一\xf0\xa0\x80\x80 \xc3\xac",
		 "一\xf0\xa0\x80\x80\xc3\xac"},
		/* 岮 is 8D 41, 公 is B9 AB; alone it may be anything. */
		{"%8DA%B9%AB %8DA %B9%ABabc", "岮公 %8DA 公abc", "岮公%8DA公abc"},
		{"=E6=9C=BA=E5=AF=86 =BB=FA=C3=DC", "机密 机密", "机密机密"},
		{"a=C2, x=20 y=E6=9C z==41", "a=C2, x=20 y=E6=9C z==41", "aC2,x20yE69Cz41"},
		{"a%20b%2Fc %BB %FC%DF", "a%20b%2Fc %BB %FC%DF", "a%20b%2Fc%BB%FC%DF"},
		{"增长5%, 100%的", "增长5%, 100%的", "增长5%,100%的"},
		{"机密&starf;&bigstar;&star;&stars;", "机密★★☆&stars;", "机密★★☆&stars;"},
		{"%33%34%39", "349", "349"},
		{"100%25, 5%30 %zz %E6%9C", "100%25, 5%30 %zz %E6%9C", "100%25,5%30%zz%E6%9C"},
		{"\\u673a\\u5BC6 \\u0033\\ud840\\udc00", "机密 3\xf0\xa0\x80\x80",
		 "机密3\xf0\xa0\x80\x80"},
		{"C:\\users \\u12 \\ud840x", "C:\\users \\u12 \\ud840x", "C:usersu12ud840x"},
		{"&#26426;&#x5bc6;&#X33;", "机密3", "机密3"},
		{"&#10; &#26426 &#; &amp;", "&#10; &#26426 &#; &amp;", "&#10;&#26426&#;&amp;"},
		{"%EF%BC%93&#8203;%EF%BC%94", "34", "34"},
		{"a\xff"
		 "b",
		 "a\xef\xbf\xbd"
		 "b",
		 "a\xef\xbf\xbd"
		 "b"},
		{"\xe4\xb8", "\xef\xbf\xbd\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct norm n, d;

		assert_int_equal(normalise_text(fold, rows[i].in, strlen(rows[i].in), &n),
				 SL_OK);
		assert_int_equal(normalise_dense(&n, &d), SL_OK);
		assert_string_equal(n.text, rows[i].main_view);
		assert_string_equal(d.text, rows[i].dense);
		assert_true(text_is_utf8(n.text, n.len));
		normalise_release(&d);
		normalise_release(&n);
	}
}

/* The bytes of the original behind the first occurrence of `part` in a view. */
static void check_origin(const char *text, const char *part, const char *want, bool dense)
{
	struct norm n, d;
	const struct norm *view = &n;
	const char *at;
	size_t from, to;

	assert_int_equal(normalise_text(fold, text, strlen(text), &n), SL_OK);
	assert_int_equal(normalise_dense(&n, &d), SL_OK);
	if (dense)
		view = &d;
	at = strstr(view->text, part);
	assert_non_null(at);
	from = (size_t)(at - view->text);
	normalise_original(view, from, from + strlen(part), &from, &to);
	assert_int_equal(to - from, strlen(want));
	assert_memory_equal(text + from, want, to - from);
	normalise_release(&d);
	normalise_release(&n);
}

static void origins(void **state)
{
	(void)state;
	check_origin("前文，机　密 ★ １ 年后", "机 密 ★ 1 年", "机　密 ★ １ 年", false);
	check_origin("前文，机　密 ★ １ 年后", "机密★1年", "机　密 ★ １ 年", true);
	check_origin("号码３４９９０１，", "349901", "３４９９０１", false);
	check_origin("x %D2%BB%95%32%82%36%BB%FA y", "机", "%BB%FA", false);
	check_origin("x %D2%BB%95%32%82%36%BB%FA y", "\xf0\xa0\x80\x80", "%95%32%82%36", false);
	check_origin("x %8DA%B9%AB y", "公", "%B9%AB", false);
	check_origin("号码３４９９０１，", "99", "９９", false);
	check_origin("号码３４９９０１，", ",", "，", false);
	check_origin("机\xe2\x80\x8b密★", "机密", "机\xe2\x80\x8b密", false);
	check_origin("㈠甲", "(一)", "㈠", false);
	check_origin("㈠甲", "一", "㈠", false); /* a piece stands for the whole */
	check_origin("a一五四〇〇〇〇一二三四b", "15400001234", "一五四〇〇〇〇一二三四", true);
	check_origin("x机.a.密★y", "机密★", "机.a.密★", true);
}

static void kinds(void **state)
{
	static const struct {
		const char *in;
		unsigned want;
	} rows[] = {
		{"机密", 0},
		{"機密", 1u << FOLD_TRADITIONAL},
		{"机\xe2\x80\x8b密", 1u << FOLD_ZERO_WIDTH},
		{"\xe2\x80\x8b机密", 0}, /* before the match: outside */
		{"３４", 1u << FOLD_FULLWIDTH},
		{"（）", 0},
		{"⼈民", 1u << FOLD_RADICAL},
		{"Х", 1u << FOLD_HOMOGLYPH},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct norm n;

		assert_int_equal(normalise_text(fold, rows[i].in, strlen(rows[i].in), &n),
				 SL_OK);
		assert_int_equal(normalise_kinds(&n, 0, n.len) & ~(1u << FOLD_PLAIN),
				 rows[i].want);
		normalise_release(&n);
	}
}

static void open_views(void **state)
{
	static const struct {
		enum norm_open what;
		const char *in, *out; /* NULL: nothing is left out */
	} rows[] = {
		{OPEN_LINES, "内部\n资料", "内部资料"},
		{OPEN_LINES, "349902199208\r\n  031041", "349902199208031041"},
		{OPEN_LINES, "10.34.\n126.18", "10.34.126.18"},
		{OPEN_LINES, "一句话。\n下一句", NULL},
		{OPEN_LINES, "第一段\n\n第二段", NULL},
		{OPEN_LINES, "内容如下\n一、目的", NULL},
		{OPEN_LINES, "内容如下\n(二)范围", NULL},
		{OPEN_LINES, "内容如下\n3.要求", NULL},
		{OPEN_LINES, "总则\n第三条 本法", NULL},
		{OPEN_LINES, "系\n第三中学", "系第三中学"},
		{OPEN_LINES, "内部", NULL},
		{OPEN_NOISE, "内*部*资*料", "内部资料"},
		{OPEN_NOISE, "内的部的资的料的", "内部资料的"},
		{OPEN_NOISE, "内ab部cd资ef料gh外", "内部资料外"},
		{OPEN_NOISE, "请.#勿~外=-传^*看", "请勿外传看"},
		{OPEN_NOISE, "内内部部资资料料", "内部资料"},
		{OPEN_NOISE, "1x5x4x0x0x0x0", "1540000"},
		{OPEN_NOISE, "1.2.3", NULL},
		{OPEN_NOISE, "版本V2.6.1和K12+300", NULL},
		{OPEN_NOISE, "公安局关于交通管制的通告", NULL},
		{OPEN_NOISE, "A、B两类，C、D两组", NULL},
		{OPEN_NOISE, "干干净净", NULL},
		{OPEN_NOISE, "1111111111", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *want = rows[i].out != NULL ? rows[i].out : "";
		struct norm n, o;

		assert_int_equal(normalise_text(fold, rows[i].in, strlen(rows[i].in), &n),
				 SL_OK);
		assert_int_equal(normalise_open(&n, rows[i].what, &o), SL_OK);
		if (o.len != strlen(want) ||
		    memcmp(o.text != NULL ? o.text : "", want, o.len) != 0)
			fail_msg("%s: %s", rows[i].in, o.text != NULL ? o.text : "");
		normalise_release(&o);
		normalise_release(&n);
	}
}

static size_t occurrences(const char *text, size_t len, const char *part)
{
	const char *end = text + len;
	size_t n = 0;

	for (; (text = memmem(text, (size_t)(end - text), part, strlen(part))) != NULL; n++)
		text += strlen(part);
	return n;
}

/* What is longer than one look reaches, and what hides behind a long repetition. */
static void long_patterns(void **state)
{
	static const struct {
		const char *before, *unit;
		size_t n_before, n_units, least;
	} rows[] = {
		{"", "机a密bc通d知ef", 0, 300, 280},  {"", "机-密--通-知--", 0, 300, 280},
		{"-", "机-密-通-知-", 2000, 1, 1},    {"a,", "机,密,通,知,", 1000, 1, 1},
		{"机密", "机x密x通x知x", 1000, 1, 1}, {"\"\"", "机机密密通通知知", 1000, 1, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct norm n, o;
		struct buf b;

		buf_init(&b, 1 << 16);
		for (size_t k = 0; k < rows[i].n_before; k++)
			buf_puts(&b, rows[i].before);
		for (size_t k = 0; k < rows[i].n_units; k++)
			buf_puts(&b, rows[i].unit);
		assert_int_equal(normalise_text(fold, buf_str(&b), b.len, &n), SL_OK);
		assert_int_equal(normalise_open(&n, OPEN_NOISE, &o), SL_OK);
		print_message("row %zu: %zu\n", i, occurrences(o.text, o.len, "机密通知"));
		assert_true(occurrences(o.text, o.len, "机密通知") >= rows[i].least);
		normalise_release(&o);
		normalise_release(&n);
		buf_release(&b);
	}
}

/* Every byte of every view leads back inside the text, in ascending order. */
static void any_bytes(void **state)
{
	unsigned seed = 12345;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		static const char *const pieces[] = {
			"机", "密", "1",    "１", " ",	"\n", "\xe2\x80\x8b",	 "★", "a",
			"〇", "三", "\xff", "機", "㈠", "，", "\xf0\x9d\x9f\x8e"};
		char text[200];
		size_t len = 0, last = 0;
		struct norm n, d;

		while (len < 180) {
			const char *p = pieces[(seed = seed * 1103515245 + 12345) >> 16 & 15];

			memcpy(text + len, p, strlen(p));
			len += strlen(p);
		}
		assert_int_equal(normalise_text(fold, text, len, &n), SL_OK);
		assert_int_equal(normalise_dense(&n, &d), SL_OK);
		for (size_t i = 0; i < d.len; i++) {
			size_t from, to;

			normalise_original(&d, i, i + 1, &from, &to);
			assert_true(from < to && to <= len && from >= last);
			last = from;
		}
		normalise_release(&d);
		normalise_release(&n);
	}
}

static void words(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(normalise_word(fold, "機密", out, sizeof(out)), SL_OK);
	assert_string_equal(out, "机密");
	assert_int_equal(normalise_word(fold, "机密级", out, sizeof(out)), SL_E_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views),	 cmocka_unit_test(origins),
		cmocka_unit_test(kinds),	 cmocka_unit_test(any_bytes),
		cmocka_unit_test(words),	 cmocka_unit_test(open_views),
		cmocka_unit_test(long_patterns),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
