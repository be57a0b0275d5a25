/* test_policy_vectors.c - published vectors and near-misses of every detector, as drafts show
 * them: check digits, dates, regions, boundaries beside Chinese, masks, classes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/gb.h"
#include "policy_kit.h"

static int stop(void **state)
{
	(void)state;
	kit_end();
	return 0;
}

struct row {
	const char *text, *rule;
	const char *evidence; /* found with this word in the evidence; NULL: not found */
};

static void check(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct finding *f;
		struct kit_scan s;

		kit_text(rows[i].text, &s);
		f = kit_find(&s, rows[i].rule);
		if ((f != NULL) == (rows[i].evidence != NULL) &&
		    (f == NULL || strstr(f->evidence, rows[i].evidence) != NULL))
			continue;
		kit_print(rows[i].text, &s);
		fail_msg("%s: %s", rows[i].rule, rows[i].text);
	}
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof((rows)[0]))

static void identity(void **state)
{
	static const struct row rows[] = {
		{"身份证号11010519491231002X。", "PI-001", "score:strong"},
		{"见11010519491231002X一栏", "PI-001", "score:medium"},
		{"号码为440524188001010014的人", "PI-001", "check-digit"},
		{"34052419800101001X", "PI-001", "check-digit"},
		{"34052419800101001x", "PI-001", "check-digit"},
		{"34052419800101001Ｘ", "PI-001", "check-digit"},
		{"34052419800101001Ⅹ", "PI-001", "check-digit"},
		{"34052419800101001Х", "PI-001", "check-digit"},
		{"34052419800101001×", "PI-001", "check-digit"},
		{"居民居住证810000199901010014", "PI-001", "check-digit"},
		{"永久居留证911124198108030024", "PI-001", "foreigner"},
		{"110105194912310021", "PI-001", NULL}, /* check character */
		{"119105194913310022", "PI-001", NULL}, /* no such month */
		{"200105194912310021", "PI-001", NULL}, /* no such province */
		{"911124198108030025", "PI-001", NULL},
		{"身份证349901870514312号", "PI-002", "date"},
		{"编号349901870514312", "PI-002", NULL},
		{"身份证349901871314312", "PI-002", NULL}, /* thirteenth month */
	};

	(void)state;
	CHECK(rows);
}

/* A mask counts by what it leaves. */
static void masks(void **state)
{
	static const struct row rows[] = {
		{"110105********002X", "PI-003", NULL},
		{"3499011994****5424", "PI-003", "birth-date"},
		{"34990119940308****", "PI-003", "birth-date"},
		{"349901********5424", "PI-003", NULL},
		{"35*************123", "PI-003", NULL},
		{"138****1234", "PI-004", NULL},
		{"尾号1289", "PI-005", NULL},
	};

	(void)state;
	CHECK(rows);
}

static void permits(void **state)
{
	static const struct row rows[] = {
		{"护照E12345678", "PI-006", "pattern"},
		{"护照号EA1234567", "PI-006", "pattern"},
		{"护照G12345678", "PI-006", "pattern"},
		{"护照号码：147654321", "PI-006", "pattern"},
		{"护照MA1234567", "PI-006", "pattern"},
		{"公文编号E12345678", "PI-006", NULL},
		{"来往内地通行证H0123456789", "PI-006", "pattern"},
		{"往来港澳通行证C12345678", "PI-006", "pattern"},
		{"往来港澳通行证CA1234567", "PI-006", "pattern"},
		{"台胞证12345678", "PI-006", "pattern"},
		{"L898902C36UTO7408122F1204159ZE184226B<<<<<10", "PI-006", "check-digits"},
		{"L898902C35UTO7408122F1204159ZE184226B<<<<<10", "PI-006", NULL},
		{"警号034990", "PI-006", "pattern"},
		{"执法证号340000123456", "PI-006", "pattern"},
		{"编号034990", "PI-006", NULL},
	};

	(void)state;
	CHECK(rows);
}

/* Codes of organisations are public; they only look like something else. */
static void organisations(void **state)
{
	static const struct row rows[] = {
		{"统一社会信用代码91350100M000100Y43", "PI-001", NULL},
		{"统一社会信用代码91350100M000100Y43", "PI-019", NULL},
		{"组织机构代码D2143569-X", "PI-006", NULL},
	};

	(void)state;
	assert_true(gb_credit_code("91350100M000100Y43"));
	assert_false(gb_credit_code("91350100M000100Y4Z"));
	assert_true(gb_organisation("D2143569X"));
	assert_false(gb_organisation("D21435691"));
	CHECK(rows);
}

static void devices(void **state)
{
	static const struct row rows[] = {
		{"车架号1M8GDM9AXKP042788", "PI-019", "score:strong"},
		{"1M8GDM9AXKP042788", "PI-019", "score:medium"},
		{"1M8GDM9A1KP042788", "PI-019", NULL},
		{"11111111111111111", "PI-019", NULL}, /* passes the sum, but is no vehicle */
		{"手机串号490154203237518", "PI-019", "luhn"},
		{"手机串号490154203237519", "PI-019", NULL},
		{"编号490154203237518", "PI-019", NULL},
		{"IMSI 460001234567890", "PI-019", "imsi"},
		{"SIM卡89860012345678901238", "PI-019", "iccid"},
		{"SIM卡89860012345678901237", "PI-019", NULL},
		{"摄像机34990100001321000001", "PO-004", "device-type"},
		{"编号34990100001321000001", "PO-004", "device-type"}, /* type 132: a camera */
		{"编号34990100005001000001", "PO-004", NULL},
		{"看守所330181111200001040201", "WS-011", "score:strong"},
		{"看守所330181111200013040201", "WS-011", NULL}, /* thirteenth month */
		{"案件A3499010100002023110042", "WS-011", "month"},
		{"案件A3499010100002023130042", "WS-011", NULL},
		{"皖Z·D12345", "PI-007", "new-energy"},
		{"皖Z12345D", "PI-007", "new-energy"},
		{"皖Z123456", "PI-007", NULL},
		{"粤Z1234港车牌", "PI-007", "shape"},
		{"使224001号轿车", "PI-007", "context"},
	};

	(void)state;
	CHECK(rows);
}

static void places_and_networks(void **state)
{
	static const struct row rows[] = {
		{"监控点位31.812345,117.223456", "PO-015", "decimal-pair"},
		{"坐标117.223456，31.812345", "PO-015", "decimal-pair"},
		{"31.812345,117.223456", "PO-015", NULL}, /* nothing says what it is */
		{"坐标61.812345,17.223456", "PO-015", NULL},
		{"31°48′44.4″N 117°13′24.5″E", "PO-015", "degrees"},
		{"北纬31度48分44秒、东经117度13分24秒", "PO-015", "degrees"},
		{"北纬31°48′、东经117°13′", "PO-015", NULL}, /* two kilometres */
		{"X=3521456.12, Y=521478.3", "PO-015", "projected"},
		{"100.64.1.1", "WS-006", "private-range"},
		{"100.128.1.1", "WS-006", NULL},
		{"169.254.10.1", "WS-006", "private-range"},
		{"fd12:3456:789a::1", "WS-006", "local-address"},
		{"fe80::1a2b:3c4d", "WS-006", "local-address"},
		{"网卡00-1A-2B-3C-4D-5E", "WS-006", "context"},
		{"D:\\Users\\zhang\\a.doc", "WS-006", "path"},
		{"'\\\\x9a\\\\x99'", "WS-006", NULL},
	};

	(void)state;
	CHECK(rows);
}

static void secrets(void **state)
{
	static const struct row rows[] = {
		{"-----BEGIN EC PRIVATE KEY-----", "PO-011", "pattern"},
		{"-----BEGIN PGP PRIVATE KEY BLOCK-----", "PO-011", "pattern"},
		{"-----BEGIN CERTIFICATE-----", "PO-011", NULL},
		{"-----BEGIN PUBLIC KEY-----", "PO-011", NULL},
		{"密码：Yt2023!!abc", "PO-011", "value"},
		{"密码：abcdefgh", "PO-011", NULL},
		{"password=changeme123", "PO-011", NULL},
		{"api_key: 9f8E2c7B1d6A4k3Lq0Zt", "PO-011", "random"},
		{"api_key: aaaaaaaaaaaaaaaaaaaa", "PO-011", NULL},
	};

	(void)state;
	CHECK(rows);
}

static void marks(void **state)
{
	static const struct row rows[] = {
		{"机密★1年", "SM-001", "score:strong,grade,star,period"},
		{"秘密★15年", "SM-001", "period-too-long"},
		{"绝密★30年", "SM-001", "period"},
		{"秘密★2027年6月30日", "SM-001", "period"},
		{"机密★启用前", "SM-001", "period"},
		{"机密★长期", "SM-001", "period"},
		{"机密⭐1年", "SM-006", "disguised"},
		{"机密✪1年", "SM-006", "disguised"},
		{"**秘密**是指", "SM-001", NULL},
		{"商业秘密", "SM-001", NULL},
	};

	(void)state;
	CHECK(rows);
}

/* The whole draft is counted: the same number again adds nothing. */
static void gathered(void **state)
{
	static const char *const parts[] = {"电话15400001231",	 "电话15400001232",
					    "电话15400001233",	 "电话15400001234",
					    "电话154-0000-1234", "电话15400001235"};
	const struct scan_context ctx = {.offline = true, .today = 20000};
	struct segment s[6];
	struct kit_scan out;

	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		s[i] = (struct segment){.object = i,
					.line = 1,
					.column = 1,
					.text = parts[i],
					.len = (uint32_t)strlen(parts[i])};
	kit_segments(s, 5, &ctx, &out);
	assert_null(kit_find(&out, "PI-013")); /* four numbers, one of them twice */
	kit_segments(s, 6, &ctx, &out);
	assert_non_null(kit_find(&out, "PI-013"));
	assert_non_null(strstr(kit_find(&out, "PI-013")->evidence, "distinct:5"));
}

/* Fifteen digits become the eighteen of the same person. */
static void same_person(void **state)
{
	char id[GB_ID + 1] = "349901870514312", other[GB_ID + 1] = "34990187051431X";

	(void)state;
	assert_int_equal(gb_id_expand(id), GB_ID);
	assert_memory_equal(id, "34990119870514312", 17);
	assert_true(gb_id_check(id));
	assert_int_equal(gb_id_expand(other), GB_OLD_ID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity), cmocka_unit_test(masks),
		cmocka_unit_test(permits),  cmocka_unit_test(organisations),
		cmocka_unit_test(devices),  cmocka_unit_test(places_and_networks),
		cmocka_unit_test(secrets),  cmocka_unit_test(marks),
		cmocka_unit_test(gathered), cmocka_unit_test(same_person),
	};

	return cmocka_run_group_tests(tests, NULL, stop);
}
