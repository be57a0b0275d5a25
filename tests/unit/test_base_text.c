/* Untrusted text, names, numbers, times and error codes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"

static void safe_text(void **state)
{
	static const struct {
		const char *in;
		size_t cap;
		const char *want, *lines;
	} rows[] = {
		{"plain 文字", 64, "plain 文字", "plain 文字"},
		{"a\nb\tc", 64, "a\\u{a}b\\u{9}c", "a\nb\tc"},
		{"\x1b[31mred", 64, "\\u{1b}[31mred", "\\u{1b}[31mred"},
		{"\x7f\xc2\x9b", 64, "\\u{7f}\\u{9b}", "\\u{7f}\\u{9b}"},
		{"\xe2\x80\xae"
		 "fdp.exe",
		 64, "\\u{202e}fdp.exe", "\\u{202e}fdp.exe"},
		{"a\xe2\x80\x8b"
		 "b",
		 64, "a\\u{200b}b", "a\\u{200b}b"},
		{"\xff\xc0\x80", 64, "\\xff\\xc0\\x80", "\\xff\\xc0\\x80"},
		{"0123456789abcdefgh", 16, "0123456789abcde", "0123456789abcde"},
		{"0123456789abcd文", 16, "0123456789abcd",
		 "0123456789abcd"}, /* not cut inside */
		{"", 16, "", ""},
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = text_safe(rows[i].in, strlen(rows[i].in), out, rows[i].cap);

		assert_string_equal(out, rows[i].want);
		assert_int_equal(n, strlen(out));
		(void)text_safe_lines(rows[i].in, strlen(rows[i].in), out, rows[i].cap);
		assert_string_equal(out, rows[i].lines);
	}
}

static void utf8(void **state)
{
	static const struct {
		const char *s;
		size_t len;
		bool ok;
		size_t count;
	} rows[] = {
		{"", 0, true, 0},
		{"a", 1, true, 1},
		{"é文😀", 9, true, 3},
		{"\xc0\x80", 2, false, 2},
		{"\xed\xa0\x80", 3, false, 3},
		{"\xf4\x90\x80\x80", 4, false, 4},
		{"\xe6\x96", 2, false, 2},
		{"\x80", 1, false, 1},
		{"\xf8\x88\x80\x80\x80", 5, false, 5},
		{"\xe0\x80\xaf", 3, false, 3},
		{"eight by eight: sixteen", 23, true, 23},
		{"01234567\xe6\x96\x87"
		 "01234567",
		 19, true, 17},
		{"0123456\xff"
		 "01234567",
		 16, false, 16}, /* at the end of a word */
		{"0123456789abcde\x80", 16, false, 16},
	};
	static const uint32_t points[] = {0x24, 0xa2, 0x6587, 0x1f600, 0x10ffff};
	char out[4];
	size_t used;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(text_is_utf8(rows[i].s, rows[i].len), rows[i].ok);
		assert_int_equal(text_count(rows[i].s, rows[i].len), rows[i].count);
	}
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		size_t n = text_encode(points[i], out);

		assert_int_equal(text_decode(out, n, &used), points[i]);
		assert_int_equal(used, n);
	}
	assert_int_equal(text_encode(0xd800, out), 0);
	assert_int_equal(text_encode(0x110000, out), 0);
}

static void names_and_numbers(void **state)
{
	static const struct {
		const char *name;
		bool ok;
	} names[] = {
		{"body.html", true}, {"通告.pdf", true},
		{"", false},	     {".", false},
		{"..", false},	     {"a/b", false},
		{"a\\b", false},     {"-rf", false},
		{"a.", false},	     {"a ", false},
		{"a\n", false},	     {"\xff", false},
		{".hidden", true},   {"a\xe2\x80\x8f", false},
	};
	static const struct {
		const char *s;
		bool ok;
		uint64_t v;
	} numbers[] = {
		{"0", true, 0},	   {"100", true, 100},
		{"101", false, 0}, {"", false, 0},
		{"-1", false, 0},  {"+1", false, 0},
		{"01", false, 0},  {"1a", false, 0},
		{" 1", false, 0},  {"18446744073709551616", false, 0},
	};
	char hex[65], long_name[202];
	uint8_t bytes[2];
	uint64_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (text_is_safe_name(names[i].name, strlen(names[i].name)) != names[i].ok)
			fail_msg("%s", names[i].name);
	}
	memset(long_name, 'a', sizeof(long_name));
	assert_true(text_is_safe_name(long_name, 200));
	assert_false(text_is_safe_name(long_name, 201));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		bool ok = text_to_u64(numbers[i].s, strlen(numbers[i].s), 100, &v);

		if (ok != numbers[i].ok || (ok && v != numbers[i].v))
			fail_msg("%s", numbers[i].s);
	}
	assert_true(text_to_u64("18446744073709551615", 20, UINT64_MAX, &v) && v == UINT64_MAX);
	assert_true(text_unhex("0aff", 4, bytes, 2) && bytes[0] == 10 && bytes[1] == 255);
	assert_false(text_unhex("0AFF", 4, bytes, 2));
	assert_false(text_unhex("0af", 3, bytes, 2));
	memset(bytes, 0, 2);
	assert_true(text_unhex_any_case("9AfF", 4, bytes, 2));
	assert_true(bytes[0] == 0x9a && bytes[1] == 255);
	for (const char *const *s =
		     (const char *const[]){"9af", "9Ag0", "9AG0", "9A@0", "9A 0", "9A`0", NULL};
	     *s != NULL; s++)
		assert_false(text_unhex_any_case(*s, strlen(*s), bytes, 2));
	assert_true(text_unhex("0aff", 4, bytes, 2));
	text_hex(bytes, 2, hex);
	assert_string_equal(hex, "0aff");
	memset(hex, 'a', 64);
	hex[64] = '\0';
	assert_true(text_is_sha256(hex));
	hex[3] = 'A';
	assert_false(text_is_sha256(hex));
	assert_false(text_is_sha256("aa"));
}

static void times(void **state)
{
	static const struct {
		const char *s;
		bool ok;
		int64_t t;
	} rows[] = {
		{"1970-01-01T00:00:00Z", true, 0},
		{"2000-02-29T12:34:56Z", true, 951827696},
		{"2024-02-29T00:00:00Z", true, 1709164800},
		{"0001-01-01T00:00:00Z", true, INT64_C(-62135596800)},
		{"9999-12-31T23:59:59Z", true, INT64_C(253402300799)},
		{"2023-02-29T00:00:00Z", false, 0},
		{"1900-02-29T00:00:00Z", false, 0},
		{"2024-13-01T00:00:00Z", false, 0},
		{"2024-00-01T00:00:00Z", false, 0},
		{"2024-01-00T00:00:00Z", false, 0},
		{"2024-01-01T24:00:00Z", false, 0},
		{"2024-01-01T00:60:00Z", false, 0},
		{"2016-12-31T23:59:60Z", false, 0},
		{"2024-01-01 00:00:00Z", false, 0},
		{"2024-01-01T00:00:00z", false, 0},
		{"2024-01-01T00:00:00", false, 0},
		{"2024-01-01T00:00:00+00:00", false, 0},
		{"2024-01-01T00:00:0 Z", false, 0},
		{"+024-01-01T00:00:00Z", false, 0},
		{"0000-01-01T00:00:00Z", false, 0},
		{"", false, 0},
	};
	char out[CLOCK_TEXT + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t t = 0;

		if (clock_parse(rows[i].s, strlen(rows[i].s), &t) != rows[i].ok ||
		    t != rows[i].t)
			fail_msg("%s", rows[i].s);
		if (!rows[i].ok)
			continue;
		clock_format(t, out);
		assert_string_equal(out, rows[i].s);
	}
	assert_int_equal(clock_weekday(1970, 1, 1), 4);
	assert_int_equal(clock_weekday(2026, 5, 28), 4);
	assert_int_equal(clock_weekday(1969, 12, 28), 0);
	assert_int_equal(clock_days(2000, 3, 1) - clock_days(2000, 2, 1), 29);
	assert_true(clock_date_exists(2000, 2, 29) && !clock_date_exists(2100, 2, 29));
	assert_true(clock_mono_ms() <= clock_mono_ms());
	assert_true(clock_now() > 0 && clock_now_ms() > 0);
}

static void error_codes(void **state)
{
	static const struct {
		int number, want;
	} rows[] = {
		{0, SL_OK},
		{ENOMEM, SL_E_NOMEM},
		{ENOENT, SL_E_NOTFOUND},
		{EEXIST, SL_E_EXISTS},
		{EACCES, SL_E_DENIED},
		{ELOOP, SL_E_DENIED},
		{ENOSPC, SL_E_FULL},
		{EFBIG, SL_E_LIMIT},
		{ETIMEDOUT, SL_E_TIMEOUT},
		{ECONNREFUSED, SL_E_UNREACHABLE},
		{EIO, SL_E_IO},
	};
	struct sl_why why = {.text = ""};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(sl_err_errno(rows[i].number), rows[i].want);
	for (int code = 0; code >= SL_ERR_LOWEST; code--) {
		assert_int_equal(sl_err_from_name(sl_errname(code)), code);
		assert_true(sl_strerror(code)[0] != '\0');
	}
	assert_string_equal(sl_errname(1), sl_errname(SL_E_INTERNAL));
	assert_string_equal(sl_errname(-1000), "internal");
	assert_int_equal(sl_err_from_name("nonsense"), SL_E_INTERNAL);
	assert_int_equal(why_set(NULL, SL_E_IO, "x"), SL_E_IO);
	assert_string_equal(why_text(&why, SL_E_IO), sl_strerror(SL_E_IO));
	assert_int_equal(why_set(&why, SL_E_DENIED, "name \x1b[2J"), SL_E_DENIED);
	assert_null(strchr(why.text, '\x1b'));
	assert_int_equal(why_set(&why, SL_E_DENIED, "inner"), SL_E_DENIED);
	assert_int_equal(why_prefix(&why, SL_E_IO, "file %s", "x"), SL_E_IO);
	assert_string_equal(why.text, "file x: inner");
	assert_int_equal(why_prefix(NULL, SL_E_IO, "x"), SL_E_IO);
}

static void lines(void **state)
{
	const char text[] = "one\n\nlast\nno end", *s = text, *end = text + sizeof(text) - 1;
	const char *line = NULL;
	size_t n = 9;

	(void)state;
	assert_true(text_next_line(&s, end, &line, &n) && n == 3);
	assert_memory_equal(line, "one", 3);
	assert_true(text_next_line(&s, end, &line, &n) && n == 0);
	assert_true(text_next_line(&s, end, &line, &n) && n == 4);
	assert_false(text_next_line(&s, end, &line, &n));
	assert_ptr_equal(s, strstr(text, "no end"));
	assert_false(text_next_line(&end, end, &line, &n));
}

/* What is dropped for matching and taken out on cleaning deceives as well. */
static void invisible(void **state)
{
	static const uint32_t gone[] = {0xad,	0x34f,	0x61c,	0x1160, 0x180e, 0x200b,
					0x202e, 0x2066, 0x3164, 0xfeff, 0xffa0, 0xe0041};
	static const uint32_t kept[] = {'a',	0xa0,	0x301,	0x2028,
					0x3000, 0xfe0f, 0x4e00, 0x1f600};

	(void)state;
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++) {
		assert_true(text_is_invisible(gone[i]));
		assert_true(text_is_deceptive(gone[i]));
	}
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		assert_false(text_is_invisible(kept[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(invisible),
		cmocka_unit_test(safe_text),
		cmocka_unit_test(utf8),
		cmocka_unit_test(names_and_numbers),
		cmocka_unit_test(times),
		cmocka_unit_test(error_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
