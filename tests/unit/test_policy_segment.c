/* test_policy_segment.c - what a filter says is believed only after every check. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/segment.h"

static const struct finding good = {
	.rule = "PI-001",
	.severity = SEV_S1,
	.object = 3,
	.where = WHERE_COMMENT,
	.page = 2,
	.line = 5,
	.column = 84,
	.offset = 155,
	.length = 18,
	.excerpt = "3499**********1041",
	.evidence = "shape,context:身份证",
	.evasion = "fullwidth",
	.text_hmac = {1, 2, 3},
	.fix_action = "mask",
	.fix_text = "34*************041",
};

static int through(const struct finding *f, struct finding *ret_f)
{
	struct buf b;
	struct cur c;
	int r;

	buf_init(&b, 4096);
	finding_put(&b, f);
	assert_int_equal(buf_error(&b), SL_OK);
	cur_init(&c, b.data, b.len);
	r = finding_get(&c, ret_f);
	if (r == SL_OK)
		r = cur_end(&c);
	buf_release(&b);
	return r;
}

static void finding_round_trip(void **state)
{
	struct finding f;

	(void)state;
	assert_int_equal(through(&good, &f), SL_OK);
	assert_memory_equal(&f, &good, sizeof(f));
}

static void finding_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++) {
		struct finding f = good, out;

		switch (i) {
		case 0:
			f.severity = SEV_COUNT;
			break;
		case 1:
			f.where = WHERE_COUNT;
			break;
		case 2:
			f.line = 0;
			break;
		case 3:
			f.column = 0;
			break;
		case 4:
			f.rule[0] = '\0';
			break;
		case 5:
			memcpy(f.rule, "../x", 5);
			break;
		case 6:
			memcpy(f.excerpt, "a\033[2J", 6);
			break;
		case 7:
			memcpy(f.evidence, "a\xff", 3);
			break;
		case 8:
			memcpy(f.fix_action, "erase", 6);
			break;
		default:
			memcpy(f.fix_text, "a\xe2\x80\xae", 5);
			break;
		}
		assert_int_equal(through(&f, &out), SL_E_FORMAT);
	}
}

static void finding_cut(void **state)
{
	struct finding f;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	finding_put(&b, &good);
	for (size_t n = 0; n < b.len; n++) {
		struct cur c;

		cur_init(&c, b.data, n);
		assert_int_not_equal(finding_get(&c, &f), SL_OK);
	}
	buf_release(&b);
}

static int segment_through(const struct segment *s, struct segment *ret_s, struct buf *b)
{
	struct cur c;

	buf_init(b, 4096);
	segment_put(b, s);
	cur_init(&c, b->data, b->len);
	return segment_get(&c, ret_s);
}

static void segments(void **state)
{
	const struct segment base = {.object = 1,
				     .where = WHERE_NOTE,
				     .page = 1,
				     .line = 2,
				     .column = 3,
				     .offset = 4,
				     .text = "正文\n",
				     .len = 7};
	struct segment s, out = {0};
	struct buf b;

	(void)state;
	assert_int_equal(segment_through(&base, &out, &b), SL_OK);
	assert_int_equal(out.len, 7);
	assert_memory_equal(out.text, "正文\n", 7);
	assert_int_equal(out.where, WHERE_NOTE);
	assert_int_equal(out.offset, 4);
	buf_release(&b);
	for (int i = 0; i < 6; i++) {
		s = base;
		switch (i) {
		case 0:
			s.where = WHERE_COUNT;
			break;
		case 1:
			s.line = 0;
			break;
		case 2:
			s.column = 0;
			break;
		case 3:
			s.text = "a\xc0\x80";
			s.len = 3;
			break;
		case 4:
			s.offset = UINT32_MAX - 3;
			break;
		default:
			s.line = UINT32_MAX - 3;
			break;
		}
		assert_int_equal(segment_through(&s, &out, &b), SL_E_FORMAT);
		buf_release(&b);
	}
}

static void names(void **state)
{
	enum segment_where w;

	(void)state;
	for (unsigned i = 0; i < WHERE_COUNT; i++) {
		assert_int_equal(where_from_name(where_name((enum segment_where)i), &w), SL_OK);
		assert_int_equal(w, i);
	}
	assert_int_equal(where_from_name("nowhere", &w), SL_E_NOTFOUND);
	assert_string_equal(where_name(WHERE_OLD_REVISION), "old-revision");
	assert_string_equal(severity_name(SEV_S0), "S0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finding_round_trip),
		cmocka_unit_test(finding_refused),
		cmocka_unit_test(finding_cut),
		cmocka_unit_test(segments),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
