/* test_policy_scan.c - boundaries, places, exceptions, and what a report may show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy_kit.h"

static int stop(void **state)
{
	(void)state;
	kit_end();
	return 0;
}

static void boundaries(void **state)
{
	static const struct {
		const char *text, *rule;
		bool found;
	} rows[] = {
		{"身份证号349902199208031041。", "PI-001", true},
		{"349902199208031041", "PI-001", true},
		{"号码为349902199208031041的居民", "PI-001", true},
		{"1349902199208031041", "PI-001", false},
		{"3499021992080310411", "PI-001", false},
		{"A349902199208031041", "PI-001", false},
		{"349902199208031041b", "PI-001", false},
		{"①15400001234", "PI-004", true},
		{"115400001234", "PI-004", false},
		{"拨打15400001234或", "PI-004", true},
		{"0.15400001234", "PI-004", false},
		{"3.1415926535897932384", "PI-005", false},
		{"皖Z7K2M1号车", "PI-007", true},
		{"X皖Z7K2M1", "PI-007", true},
		{"皖Z7K2M1A2", "PI-007", false},
		{"010.34.126.18.5", "WS-006", false},
		{"V10.34.126.18", "WS-006", false},
		{"http://10.34.126.18/", "WS-006", true},
		{"商业秘密★级服务", "SM-001", true}, /* the star form is never excused */
		{"五星★★★机密码箱", "SM-001", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kit_scan s;

		kit_text(rows[i].text, &s);
		if ((kit_find(&s, rows[i].rule) != NULL) != rows[i].found) {
			kit_print(rows[i].text, &s);
			fail_msg("%s: %s", rows[i].rule, rows[i].text);
		}
	}
}

/* Places count code points of the original, whatever stood before. */
static void places(void **state)
{
	const struct finding *f;
	struct kit_scan s;

	(void)state;
	kit_text("第一行\n（全角）Ａ，３４９９０２１９９２０８０３１０４１。\n机\xe2\x80\x8b密★"
		 "1年",
		 &s);
	f = kit_find(&s, "PI-001");
	assert_non_null(f);
	assert_int_equal(f->line, 2);
	assert_int_equal(f->column, 7);
	assert_int_equal(f->offset, 10);
	assert_int_equal(f->length, 18);
	assert_string_equal(f->evasion, "fullwidth");
	f = kit_find(&s, "SM-006");
	assert_non_null(f);
	assert_int_equal(f->line, 3);
	assert_int_equal(f->column, 1);
	assert_int_equal(f->length, 6);
	f = kit_find(&s, "DH-009");
	assert_non_null(f);
	assert_int_equal(f->severity, SEV_S2);
	assert_int_equal(f->line, 3);
	assert_int_equal(f->column, 2);
}

/* Tags and variation selectors spell words that only machines read; flags use a few. */
static void carriers(void **state)
{
	static const struct {
		const char *text;
		unsigned severity; /* SEV_COUNT: no finding */
	} rows[] = {
		{"通知\U000e0053\U000e0045\U000e0043\U000e0052。", SEV_S2},
		{"通知\ufe01\ufe02\ufe03\ufe04。", SEV_S2},
		{"通知\U000e0100\U000e0101\ufe03\U000e01ef。", SEV_S2},
		{"葛\U000e0100城", SEV_S4},
		{"队\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f胜",
		 SEV_COUNT},
		{"队\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
		 "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
		 SEV_COUNT},
		{"好\u2764\ufe0f。", SEV_COUNT},
		/* Behind a flag, but no flag of a country. */
		{"\U0001f3f4\U000e0036\U000e0036\U000e0037\U000e0035\U000e007f", SEV_S2},
		{"&#x1f3f4;&#xE0067;&#xE0062;&#xE0065;&#xE006e;&#xE0067;&#xE007f;胜",
		 SEV_COUNT},
		{"通知&#xE0053;&#917573;\\udb40\\udc43%F3%A0%81%92。", SEV_S2},
		/* One by one all over the text. */
		{"通\U000e0053知\U000e0045今\U000e0043天\U000e0052。", SEV_S2},
		{"葛\U000e0100城葛\U000e0100城葛\U000e0100城葛\U000e0100城葛\U000e0100城",
		 SEV_S4},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kit_scan s;
		const struct finding *f;

		kit_text(rows[i].text, &s);
		f = kit_find(&s, "DH-009");
		assert_int_equal(f != NULL ? f->severity : SEV_COUNT, rows[i].severity);
	}
}

/* What they spell is read like any text, and stands where the carriers stand. */
static void carried_words(void **state)
{
	static const struct {
		const char *text, *rule;
		uint32_t offset, length; /* length 0: not found */
	} rows[] = {
		{"通知\U000e0031\U000e0035\U000e0034\U000e0030\U000e0030\U000e0030\U000e0030"
		 "\U000e0031\U000e0032\U000e0033\U000e0034。",
		 "PI-004", 2, 11},
		{"&#xE0031;&#xE0035;&#xE0034;&#917552;&#xE0030;&#xE0030;\\udb40\\udc30"
		 "\\udb40\\udc31&#xE0032;&#xE0033;&#xE0034;",
		 "PI-004", 0, 105},
		/* One by one, and on lines of their own. */
		{"a\U000e0031b\U000e0035c\U000e0034d\U000e0030e\U000e0030f\U000e0030g"
		 "\U000e0030h\U000e0031i\U000e0032j\U000e0033k\U000e0034l",
		 "PI-004", 1, 21},
		{"\U000e0031\U000e0035\U000e0034\U000e0030\U000e0030今天的会议改在明天上午九点"
		 "举"
		 "行，请各单位准时参加。\U000e0030\U000e0030\U000e0031\U000e0032\U000e0033"
		 "\U000e0034",
		 "PI-004", 0, 36},
		/* 机密★ in the bytes of variation selectors: E6 9C BA E5 AF 86 E2 98 85. */
		{"好\U000e01d6\U000e018c\U000e01aa\U000e01d5\U000e019f\U000e0176\U000e01d2"
		 "\U000e0188\U000e0175",
		 "SM-006", 1, 9},
		{"队\U0001f3f4\U000e0031\U000e0035\U000e0034\U000e0030\U000e0030\U000e0030"
		 "\U000e0030\U000e0031\U000e0032\U000e0033\U000e0034\U000e007f",
		 "PI-004", 2, 11},
		{"\U000e0031\U000e0035\U000e0034\U000e0030\U000e0030\U000e0030", "PI-004", 0,
		 0},
		{"葛\U000e0100城15400\ufe0f。", "PI-004", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kit_scan s;
		const struct finding *f;

		kit_text(rows[i].text, &s);
		f = kit_find(&s, rows[i].rule);
		if (f == NULL)
			kit_print(rows[i].text, &s);
		assert_int_equal(f != NULL ? f->length : 0, rows[i].length);
		assert_int_equal(f != NULL ? f->offset : 0, rows[i].offset);
	}
}

/* Runs and lines that the extractor gave apart are read together. */
static void across_segments(void **state)
{
	const struct scan_context ctx = {.offline = true, .today = 20000};
	const struct segment s[] = {
		{.object = 2,
		 .where = WHERE_BODY,
		 .page = 1,
		 .line = 1,
		 .column = 1,
		 .offset = 0,
		 .text = "身份证3499021992",
		 .len = 19},
		{.object = 2,
		 .where = WHERE_BODY,
		 .page = 1,
		 .line = 1,
		 .column = 14,
		 .offset = 13,
		 .text = "08031041",
		 .len = 8},
		{.object = 2,
		 .where = WHERE_BODY,
		 .page = 2,
		 .line = 2,
		 .column = 1,
		 .offset = 22,
		 .text = "电话15400001234",
		 .len = 17},
		{.object = 2,
		 .where = WHERE_HEADER,
		 .page = 2,
		 .line = 1,
		 .column = 1,
		 .offset = 0,
		 .text = "机密",
		 .len = 6},
	};
	const struct finding *f;
	struct kit_scan out;

	(void)state;
	kit_segments(s, 4, &ctx, &out);
	f = kit_find(&out, "PI-001");
	assert_non_null(f);
	assert_int_equal(f->object, 2);
	assert_int_equal(f->page, 1);
	assert_int_equal(f->offset, 3);
	assert_int_equal(f->length, 18);
	f = kit_find(&out, "PI-004");
	assert_non_null(f);
	assert_int_equal(f->page, 2);
	assert_int_equal(f->line, 2);
	assert_int_equal(f->column, 3);
	assert_int_equal(f->offset, 24);
	f = kit_find(&out, "SM-002");
	assert_non_null(f);
	assert_int_equal(f->where, WHERE_HEADER);
	assert_int_equal(f->severity, SEV_S0);
}

static void never_whole(void **state)
{
	static const char *const secrets[] = {"349902199208031041",
					      "15400001234",
					      "6200000000000001289",
					      "Z7K2M1",
					      "10.34.126.18",
					      "Yt2023abc",
					      "zhangmou",
					      "周若宁"};
	struct kit_scan s;

	(void)state;
	kit_text("被害人周若宁（女，349902199208031041，15400001234，卡号6200000000000001289）"
		 "乘皖Z7K2M1，"
		 "将于近日对皖Z7K2M1开展抓捕，登录10.34.126.18，密码Yt2023abc，邮箱zhangmou@qq."
		 "com。"
		 "定于11月10日22时到15400001234处开展集中清查行动",
		 &s);
	assert_true(s.n >= 8);
	for (unsigned i = 0; i < s.n; i++) {
		for (size_t k = 0; k < sizeof(secrets) / sizeof(secrets[0]); k++) {
			assert_null(strstr(s.f[i].excerpt, secrets[k]));
			assert_null(strstr(s.f[i].fix_text, secrets[k]));
			assert_null(strstr(s.f[i].evidence, secrets[k]));
		}
	}
	assert_string_equal(kit_find(&s, "PI-001")->fix_text, "34*************041");
	assert_string_equal(kit_find(&s, "PI-004")->fix_text, "154****1234");
	assert_string_equal(kit_find(&s, "PI-009")->fix_text, "周某某");
}

/* Every finding passes the check that the other side of the socket makes. */
static void survives_the_wire(void **state)
{
	struct kit_scan s;

	(void)state;
	kit_text("被害人周若宁，3499 0219 9208 0310 "
		 "41\x1b[31m机\xe2\x80\x8b密★1年\n内\t部\t资\t料\n"
		 "http://t.example/\xe2\x80\xae",
		 &s);
	assert_true(s.n >= 4);
	for (unsigned i = 0; i < s.n; i++) {
		struct finding back;
		struct buf b;
		struct cur c;

		buf_init(&b, 4096);
		finding_put(&b, &s.f[i]);
		cur_init(&c, b.data, b.len);
		assert_int_equal(finding_get(&c, &back), SL_OK);
		assert_int_equal(cur_end(&c), SL_OK);
		assert_memory_equal(&back, &s.f[i], sizeof(back));
		buf_release(&b);
	}
}

static void exceptions(void **state)
{
	static const struct {
		const char *type, *text, *rule;
		enum severity want;
	} rows[] = {
		{"CT06", "嫌疑人赵一鸣，身份证349902199208031041", "PI-001", SEV_S1},
		{"CT08", "嫌疑人赵一鸣，身份证349902199208031041", "PI-001", SEV_S3},
		{"CT08", "被害人周若宁，身份证349902199208031041", "PI-001", SEV_S1},
		{"CT08", "机密★1年", "SM-001", SEV_S0},
		{"CT16", "请致电15400001234", "PI-004", SEV_S1},
		{"CT04", "请致电15400001234", "PI-004", SEV_S2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct scan_context ctx = {.offline = true, .content_type = rows[i].type};
		const struct segment seg = {.line = 1,
					    .column = 1,
					    .text = rows[i].text,
					    .len = (uint32_t)strlen(rows[i].text)};
		struct kit_scan s;

		kit_segments(&seg, 1, &ctx, &s);
		assert_non_null(kit_find(&s, rows[i].rule));
		assert_int_equal(kit_find(&s, rows[i].rule)->severity, rows[i].want);
	}
}

static void in_service_a_spill_says_no_more(void **state)
{
	const char *text = "机密★1年\n被害人周若宁（女）\n";
	const struct segment seg = {
		.line = 1, .column = 1, .text = text, .len = (uint32_t)strlen(text)};
	struct scan_context ctx = {.offline = false};
	struct kit_scan s;

	(void)state;
	kit_segments(&seg, 1, &ctx, &s);
	assert_int_equal(s.n, 1);
	assert_string_equal(s.f[0].rule, "SM-001");
	ctx.offline = true;
	kit_segments(&seg, 1, &ctx, &s);
	assert_int_equal(s.n, 2);
}

static void declared_attribute(void **state)
{
	const char *const channels[] = {"official-site", NULL};
	const struct segment seg = {.line = 1, .column = 1, .text = "正文", .len = 6};
	struct scan_context ctx = {.disclosure = "依申请公开", .channels = channels};
	struct kit_scan s;

	(void)state;
	kit_segments(&seg, 1, &ctx, &s);
	assert_non_null(kit_find(&s, "WS-003"));
	ctx.disclosure = "主动公开";
	kit_segments(&seg, 1, &ctx, &s);
	assert_int_equal(s.n, 0);
	ctx.disclosure = "依申请公开";
	ctx.channels = NULL;
	kit_segments(&seg, 1, &ctx, &s);
	assert_int_equal(s.n, 0);
}

static void too_many(void **state)
{
	static const char line[] = "电话15400001234\n";
	const size_t lines = 30000, n = sizeof(line) - 1;
	char *text = malloc(lines * n);
	const struct scan_context ctx = {.offline = true};
	struct segment seg = {
		.line = 1, .column = 1, .text = text, .len = (uint32_t)(lines * n)};
	struct kit_scan s;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < lines; i++)
		memcpy(text + i * n, line, n);
	kit_segments(&seg, 1, &ctx, &s);
	assert_true(s.overflow);
	free(text);
}

static void same_again(void **state)
{
	const char *text =
		"被害人周若宁（女，1992年8月3日出生，349902199208031041，15400001234）";
	struct kit_scan a, b;

	(void)state;
	kit_text(text, &a);
	kit_text(text, &b);
	assert_int_equal(a.n, b.n);
	assert_memory_equal(a.f, b.f, a.n * sizeof(a.f[0]));
	/* The keyed hash is of the thing, not of how it is written. */
	kit_text("３４９９０２１９９２０８０３１０４１", &b);
	assert_memory_equal(kit_find(&a, "PI-001")->text_hmac,
			    kit_find(&b, "PI-001")->text_hmac, 32);
}

static void other_filters(void **state)
{
	const struct scan_context ctx = {.content_type = "CT05"};
	enum severity s;

	(void)state;
	assert_int_equal(policy_severity(kit_policy(), "DH-008", &ctx, &s), SL_OK);
	assert_int_equal(s, SEV_S1);
	assert_int_equal(policy_severity(kit_policy(), "DH-003", &ctx, &s), SL_OK);
	assert_int_equal(s, SEV_S1);
	assert_int_equal(policy_severity(kit_policy(), "DH-004", &ctx, &s), SL_OK);
	assert_int_equal(s, SEV_S4);
	assert_int_equal(policy_severity(kit_policy(), "XX-001", &ctx, &s), SL_E_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boundaries),
		cmocka_unit_test(places),
		cmocka_unit_test(carriers),
		cmocka_unit_test(carried_words),
		cmocka_unit_test(across_segments),
		cmocka_unit_test(never_whole),
		cmocka_unit_test(survives_the_wire),
		cmocka_unit_test(exceptions),
		cmocka_unit_test(in_service_a_spill_says_no_more),
		cmocka_unit_test(declared_attribute),
		cmocka_unit_test(too_many),
		cmocka_unit_test(same_again),
		cmocka_unit_test(other_filters),
	};

	return cmocka_run_group_tests(tests, NULL, stop);
}
