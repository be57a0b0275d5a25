/* The two doors for JSON: ordinary and signed (P13). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"

static void p13_signed_profile(void **state)
{
	static const struct {
		const char *name, *text;
		int want;
	} rows[] = {
		{"object", "{\"a\":1,\"b\":[true,false,\"x\"]}", SL_OK},
		{"bytewise order", "{\"B\":1,\"_\":2,\"a\":3}", SL_OK},
		{"largest integer", "[9007199254740991,-9007199254740991]", SL_OK},
		{"Chinese", "{\"t\":\"通告\"}", SL_OK},
		{"escaped quote and backslash", "[\"\\\"\\\\\"]", SL_OK},
		{"empty", "", SL_E_FORMAT},
		{"wrong order", "{\"b\":1,\"a\":2}", SL_E_FORMAT},
		{"space", "{\"a\": 1}", SL_E_FORMAT},
		{"newline at the end", "{\"a\":1}\n", SL_E_FORMAT},
		{"two documents", "{}{}", SL_E_FORMAT},
		{"duplicate name", "{\"a\":1,\"a\":1}", SL_E_FORMAT},
		{"duplicate by escape", "{\"a\":1,\"\\u0061\":1}", SL_E_FORMAT},
		{"float", "[1.0]", SL_E_FORMAT},
		{"exponent", "[1e3]", SL_E_FORMAT},
		{"minus zero", "[-0]", SL_E_FORMAT},
		{"leading zero", "[01]", SL_E_FORMAT},
		{"2^53", "[9007199254740992]", SL_E_FORMAT},
		{"-2^53", "[-9007199254740992]", SL_E_FORMAT},
		{"past 64 bits", "[18446744073709551616]", SL_E_FORMAT},
		{"null", "[null]", SL_E_FORMAT},
		{"escaped solidus", "[\"\\/\"]", SL_E_FORMAT},
		{"needless escape", "[\"\\u0041\"]", SL_E_FORMAT},
		{"escaped tab", "[\"\\t\"]", SL_E_FORMAT},
		{"raw newline", "[\"a\nb\"]", SL_E_FORMAT},
		{"DEL", "[\"\x7f\"]", SL_E_FORMAT},
		{"escaped NUL", "[\"\\u0000\"]", SL_E_FORMAT},
		{"lone surrogate", "[\"\\ud800\"]", SL_E_FORMAT},
		{"encoded surrogate", "[\"\xed\xa0\x80\"]", SL_E_FORMAT},
		{"broken UTF-8", "[\"\xff\"]", SL_E_FORMAT},
		{"overlong", "[\"\xc0\xaf\"]", SL_E_FORMAT},
		{"byte order mark", "\xef\xbb\xbf{}", SL_E_FORMAT},
		{"name not ASCII", "{\"通\":1}", SL_E_FORMAT},
		{"name with quote", "{\"a\\\"b\":1}", SL_E_FORMAT},
		{"bare string", "\"a\"", SL_E_FORMAT},
		{"comment", "{}/**/", SL_E_FORMAT},
		{"depth 16", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", SL_OK},
		{"depth 17", "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", SL_E_LIMIT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *j = NULL;
		int r = json_parse_signed(rows[i].text, strlen(rows[i].text), &j);

		if (r != rows[i].want || (j != NULL) != (r == SL_OK))
			fail_msg("%s: %d", rows[i].name, r);
		json_decref(j);
	}
}

static void sizes_and_depth_are_bounded(void **state)
{
	size_t len = JSON_SIGNED_MAX + 1;
	char *deep = malloc(len);
	json_t *j = NULL;
	struct buf b;

	(void)state;
	memset(deep, '[', len);
	assert_int_equal(json_parse_signed(deep, len, &j), SL_E_LIMIT);
	assert_int_equal(json_parse(deep, 65, 1000, &j), SL_E_LIMIT);
	assert_int_equal(json_parse(deep, 64, 1000, &j), SL_E_FORMAT);
	assert_int_equal(json_parse(deep, 64, 63, &j), SL_E_LIMIT);
	assert_int_equal(json_parse(NULL, 0, 10, &j), SL_E_FORMAT);
	free(deep);
	/* The ordinary door takes reals, null and any order, but no duplicates. */
	assert_int_equal(json_parse("{\"b\":1.5,\"a\":null}", 18, 100, &j), SL_OK);
	buf_init(&b, 100);
	assert_int_equal(json_canonical(j, &b), SL_E_FORMAT);
	assert_int_equal(b.len, 0);
	buf_release(&b);
	json_decref(j);
	j = NULL;
	assert_int_equal(json_parse("{\"a\":1,\"a\":2}", 13, 100, &j), SL_E_FORMAT);
	assert_null(j);
}

static void writing(void **state)
{
	json_t *j = json_pack("{s:s,s:i}", "b", "x", "a", 1), *real = json_pack("[f]", 1.5);
	struct buf b;

	(void)state;
	buf_init(&b, 15);
	assert_int_equal(json_canonical(j, &b), SL_OK);
	assert_string_equal(buf_str(&b), "{\"a\":1,\"b\":\"x\"}");
	assert_int_equal(json_canonical(j, &b), SL_E_LIMIT);
	buf_clear(&b);
	assert_int_equal(json_canonical(real, &b), SL_E_FORMAT);
	assert_int_equal(json_compact(real, &b), SL_OK);
	assert_string_equal(buf_str(&b), "[1.5]");
	json_decref(j);
	json_decref(real);
	buf_release(&b);
}

/* Inside the profile jansson's own sorted writer says the same, so do other tools. */
static void canonical_is_sorted_and_compact(void **state)
{
	struct buf ours, theirs;
	json_t *j = json_object(), *many = json_object(), *deep = json_integer(1);

	(void)state;
	for (int i = 0; i < 100; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "%d-%c", i * 7919 % 1000, 'A' + i % 58);
		if (strpbrk(name, "\"\\") == NULL)
			assert_int_equal(json_object_set_new(many, name, json_integer(-i)), 0);
	}
	for (int i = 1; i < JSON_DEPTH_MAX - 1; i++)
		deep = i % 2 == 0 ? json_pack("{s:o}", "d", deep) : json_pack("[o]", deep);
	assert_non_null(deep);
	assert_int_equal(json_object_set_new(j, "b", many), 0);
	assert_int_equal(json_object_set_new(j, "a", deep), 0);
	assert_int_equal(json_object_set_new(j, "", json_string("\"/\\ 关于 \xf0\x9f\x9a\xa7")),
			 0);
	assert_int_equal(json_object_set_new(j, "t",
					     json_pack("[b,b,{},[],s,I,I]", 1, 0, "",
						       (json_int_t)9007199254740991,
						       (json_int_t)-9007199254740991)),
			 0);
	buf_init(&ours, 1 << 16);
	buf_init(&theirs, 1 << 16);
	assert_int_equal(json_canonical(j, &ours), SL_OK);
	assert_int_equal(json_compact(j, &theirs), SL_OK);
	assert_string_equal(buf_str(&ours), buf_str(&theirs));
	/* One level more, one number more: refused, and nothing is left behind. */
	assert_int_equal(json_object_set_new(j, "a", json_pack("[O]", json_object_get(j, "a"))),
			 0);
	assert_int_equal(json_canonical(j, &ours), SL_E_LIMIT);
	assert_int_equal(ours.len, theirs.len);
	assert_int_equal(
		json_object_set_new(j, "a", json_integer((json_int_t)9007199254740992)), 0);
	assert_int_equal(json_canonical(j, &ours), SL_E_FORMAT);
	assert_int_equal(ours.len, theirs.len);
	buf_release(&ours);
	buf_release(&theirs);
	json_decref(j);
}

static void typed_access(void **state)
{
	static const char *const a[] = {"s", "i", NULL}, *const o[] = {"b", "l", "o", NULL},
				 *const none[] = {NULL};
	json_t *j = json_pack("{s:s,s:i,s:b,s:[],s:{}}", "s", "x", "i", 7, "b", 1, "l", "o");
	int64_t v = 0;
	bool b = false;

	(void)state;
	assert_string_equal(json_str(j, "s"), "x");
	assert_null(json_str(j, "i"));
	assert_null(json_str(NULL, "i"));
	assert_true(json_i64(j, "i", &v) && v == 7);
	assert_false(json_i64(j, "s", &v));
	assert_true(json_bool(j, "b", &b) && b);
	assert_false(json_bool(j, "i", &b));
	assert_non_null(json_arr(j, "l"));
	assert_null(json_arr(j, "o"));
	assert_non_null(json_obj(j, "o"));
	assert_null(json_obj(j, "l"));
	assert_true(json_has_only(j, a, o));
	assert_false(json_has_only(j, a, NULL));
	assert_false(json_has_only(j, none, o));
	json_decref(j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p13_signed_profile),
		cmocka_unit_test(sizes_and_depth_are_bounded),
		cmocka_unit_test(writing),
		cmocka_unit_test(canonical_is_sorted_and_compact),
		cmocka_unit_test(typed_access),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
