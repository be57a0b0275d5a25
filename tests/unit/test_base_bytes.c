/* buf and cur: ceilings hold, errors stick, reads never pass the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"

static void buf_holds_its_ceiling(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	assert_string_equal(buf_str(&b), "");
	buf_puts(&b, "abcd");
	assert_int_equal(buf_error(&b), SL_OK);
	buf_put_u8(&b, 'e');
	assert_int_equal(buf_error(&b), SL_E_LIMIT);
	assert_string_equal(buf_str(&b), "abcd");
	assert_null(buf_extend(&b, 0)); /* the error sticks */
	buf_clear(&b);
	buf_putf(&b, "%d", 12345);
	assert_int_equal(buf_error(&b), SL_E_LIMIT);
	buf_clear(&b);
	buf_putf(&b, "%s", "wxyz");
	assert_string_equal(buf_str(&b), "wxyz");
	buf_wipe(&b);
	assert_int_equal(b.len, 0);
	buf_init(&b, 0);
	buf_put(&b, "", 0);
	assert_int_equal(buf_error(&b), SL_OK);
	buf_puts(&b, "x");
	assert_int_equal(buf_error(&b), SL_E_LIMIT);
	buf_release(&b);
}

static void buf_take_moves(void **state)
{
	struct buf b;
	uint8_t *bytes;
	size_t len;

	(void)state;
	buf_init(&b, 1000);
	assert_null(buf_take(&b, &len));
	for (unsigned i = 0; i < 1000; i++)
		buf_put_u8(&b, (uint8_t)i);
	bytes = buf_take(&b, &len);
	assert_int_equal(len, 1000);
	assert_int_equal(bytes[999], 999 % 256);
	assert_int_equal(bytes[1000], 0);
	assert_int_equal(b.len, 0);
	free(bytes);
	buf_release(&b);
}

static void buf_cut_takes_back(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 8);
	buf_cut(&b, 0); /* nothing to take back */
	assert_non_null(buf_extend(&b, 8));
	buf_cut(&b, 0);
	buf_puts(&b, "abcdef");
	buf_cut(&b, 2);
	assert_string_equal(buf_str(&b), "ab");
	buf_puts(&b, "ghijkl"); /* the ceiling counts what is left */
	assert_string_equal(buf_str(&b), "abghijkl");
	assert_int_equal(buf_error(&b), SL_OK);
	buf_release(&b);
}

static void written_fields_come_back(void **state)
{
	struct buf b;
	struct cur c;
	size_t len;
	char s[8];

	(void)state;
	buf_init(&b, 100);
	buf_put_u8(&b, 1);
	buf_put_u16(&b, 0x0203);
	buf_put_u32(&b, 0x04050607);
	buf_put_u64(&b, UINT64_C(0x08090a0b0c0d0e0f));
	buf_put_blob(&b, "blob", 4);
	buf_put_str(&b, "文");
	assert_int_equal(b.data[1], 2); /* big-endian */
	cur_init(&c, b.data, b.len);
	assert_int_equal(cur_u8(&c), 1);
	assert_int_equal(cur_u16(&c), 0x0203);
	assert_int_equal(cur_u32(&c), 0x04050607);
	assert_true(cur_u64(&c) == UINT64_C(0x08090a0b0c0d0e0f));
	assert_memory_equal(cur_blob(&c, 4, &len), "blob", 4);
	assert_int_equal(len, 4);
	assert_int_equal(cur_end(&c), SL_E_FORMAT); /* bytes are left */
	cur_str(&c, s, sizeof(s));
	assert_string_equal(s, "文");
	assert_int_equal(cur_end(&c), SL_OK);
	assert_non_null(cur_bytes(&c, 0));
	assert_int_equal(cur_u8(&c), 0); /* past the end: zero, and the error sticks */
	assert_int_equal(cur_end(&c), SL_E_FORMAT);
	assert_null(cur_bytes(&c, 0));
	buf_release(&b);
}

static void hostile_lengths_are_refused(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t len;
		int want;
	} rows[] = {
		{"empty", "", 0, SL_E_FORMAT},
		{"length cut", "\0\0\0", 3, SL_E_FORMAT},
		{"longer than what follows", "\0\0\0\5abcd", 8, SL_E_FORMAT},
		{"longer than allowed", "\0\0\0\11abcdefghi", 13, SL_E_LIMIT},
		{"four gigabytes", "\377\377\377\377x", 5, SL_E_LIMIT},
		{"NUL inside", "\0\0\0\3a\0b", 7, SL_E_FORMAT},
		{"not UTF-8", "\0\0\0\2\300\200", 6, SL_E_FORMAT},
		{"good", "\0\0\0\7abcdefg", 11, SL_OK},
	};
	struct cur c;
	char s[8];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cur_init(&c, rows[i].bytes, rows[i].len);
		cur_str(&c, s, sizeof(s));
		if (cur_end(&c) != rows[i].want)
			fail_msg("%s: %d", rows[i].name, cur_end(&c));
		if (rows[i].want != SL_OK)
			assert_string_equal(s, "");
	}
	cur_init(&c, NULL, 0);
	assert_int_equal(cur_left(&c), 0);
	assert_int_equal(cur_end(&c), SL_OK);
	assert_null(cur_bytes(&c, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buf_holds_its_ceiling),
		cmocka_unit_test(buf_take_moves),
		cmocka_unit_test(buf_cut_takes_back),
		cmocka_unit_test(written_fields_come_back),
		cmocka_unit_test(hostile_lengths_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
