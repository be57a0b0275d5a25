/* test_policy_sketch.c - nearly the same text, other text, one template with other figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "policy/sketch.h"

static const char list[] = "关于对部分涉嫌违法停放机动车的公告。经查，下列车辆长期停放在滨湖大"
			   "道两侧人行道，影响行人通行，"
			   "现予公告。车辆一停放于滨湖大道100号门前，登记编号20240511，已停放36"
			   "日；车辆二停放于青棠路口，"
			   "登记编号20240512，已停放41日；车辆三停放于榆湾路北侧，登记编号20240"
			   "513，已停放57日。请上述车辆"
			   "所有人自公告之日起十五日内自行驶离，逾期不驶离的，公安机关交通管理"
			   "部门将依法拖移至指定地点。";
static const char other[] =
	"为进一步方便群众办理出入境证件，市局出入境管理支队自下月起延长办事大厅服务时间，每周六"
	"上午照常"
	"受理普通护照、往来港澳通行证和往来台湾通行证的申请。群众可以通过政务服务平台提前预约，"
	"也可以到"
	"大厅取号办理。办理时请携带本人居民身份证和近期免冠照片，未满十六周岁的由监护人陪同。如"
	"有疑问，"
	"可以拨打咨询电话或者到各派出所户籍窗口了解，窗口工作人员将一次性告知所需材料。";

static void make(const uint8_t key[32], const char *text, enum segment_where where,
		 struct sketch *s, bool *made)
{
	struct segment one = {.where = (uint8_t)where,
			      .line = 1,
			      .column = 1,
			      .text = text,
			      .len = (uint32_t)strlen(text)};
	struct buf b;

	buf_init(&b, 1 << 20);
	segment_put(&b, &one);
	assert_int_equal(sketch_make(key, buf_str(&b), b.len, s, made), SL_OK);
	buf_release(&b);
}

static char *replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	char *out = NULL;

	assert_non_null(at);
	assert_true(asprintf(&out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) >
		    0);
	return out;
}

static bool share_a_band(const struct sketch *a, const struct sketch *b)
{
	int64_t x[SKETCH_BANDS], y[SKETCH_BANDS];

	sketch_bands(a, x);
	sketch_bands(b, y);
	for (unsigned i = 0; i < SKETCH_BANDS; i++) {
		if (x[i] == y[i])
			return true;
	}
	return false;
}

static void pairs(void **state)
{
	uint8_t key[32];
	struct sketch a, b;
	bool made = false;
	char *one = replaced(list, "现予公告", "现公告如下"), *two, *three;

	(void)state;
	memset(key, 7, sizeof(key));
	make(key, list, WHERE_BODY, &a, &made);
	assert_true(made);
	/* A few words changed: still the same text, and it is found where one looks. */
	make(key, one, WHERE_BODY, &b, &made);
	assert_true(sketch_similarity(&a, &b) >= SKETCH_SIMILAR);
	assert_true(share_a_band(&a, &b));
	/* Width, case, spaces and punctuation do not matter. */
	two = replaced(list, "20240511，已停放36日；", " ２０２４０５１１ 已停放 ３６ 日 ");
	make(key, two, WHERE_BODY, &b, &made);
	assert_int_equal(sketch_similarity(&a, &b), 100);
	/* Another text is another text. */
	make(key, other, WHERE_BODY, &b, &made);
	assert_true(made && sketch_similarity(&a, &b) < 20);
	/* The same template with other numbers is no copy. */
	free(one);
	one = replaced(list, "20240511，已停放36日", "20240611，已停放38日");
	free(two);
	two = replaced(one, "20240512，已停放41日", "20240612，已停放43日");
	three = replaced(two, "20240513，已停放57日", "20240613，已停放59日");
	make(key, three, WHERE_BODY, &b, &made);
	assert_int_equal(sketch_similarity(&a, &b), 0);
	free(one);
	free(two);
	free(three);
}

static void what_is_kept(void **state)
{
	uint8_t key[32], again[32], bytes[SKETCH_BYTES];
	struct sketch a, b;
	bool made = true;

	(void)state;
	memset(key, 7, sizeof(key));
	memset(again, 8, sizeof(again));
	make(key, list, WHERE_BODY, &a, &made);
	/* Without the key nobody can tell that it is this text. */
	make(again, list, WHERE_BODY, &b, &made);
	assert_true(sketch_similarity(&a, &b) < 5);
	/* The same for the same, byte for byte. */
	make(key, list, WHERE_BODY, &b, &made);
	assert_memory_equal(&a, &b, sizeof(a));
	sketch_put(&a, bytes);
	memset(&b, 0, sizeof(b));
	sketch_get(bytes, &b);
	assert_memory_equal(&a, &b, sizeof(a));
	/* Titles are not the text, and little text is no text. */
	make(key, list, WHERE_TITLE, &b, &made);
	assert_false(made);
	make(key, "特此通告。", WHERE_BODY, &b, &made);
	assert_false(made);
	assert_int_equal(sketch_make(key, "not a record", 12, &b, &made), SL_E_FORMAT);
}

/* One number more among a few is no other text, whatever the key. */
static void one_number_more(void **state)
{
	static const char text[] =
		"为配合道路养护，定于2026年11月29日起对滨湖大道123号门前进行修补，"
		"车辆请绕行青棠路，行人从辅道通过。施工期间公交站台临时移至路口以"
		"东，请留意现场指示牌，服从工作人员指挥。因此带来的不便，敬请谅解。";
	char *more = replaced(text, "敬请谅解", "敬请谅解，现场有12人值守");
	uint8_t key[32];

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		struct sketch a, b;
		bool made;

		memset(key, 0, sizeof(key));
		memcpy(key, &i, sizeof(i));
		make(key, text, WHERE_BODY, &a, &made);
		make(key, more, WHERE_BODY, &b, &made);
		if (sketch_similarity(&a, &b) == 0)
			fail_msg("key %u: the numbers are taken for others", i);
	}
	free(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs),
		cmocka_unit_test(what_is_kept),
		cmocka_unit_test(one_number_more),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
