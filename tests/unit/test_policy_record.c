/* test_policy_record.c - findings about a draft as a whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/rules.h"
#include "policy_kit.h"

static int stop(void **state)
{
	(void)state;
	kit_end();
	return 0;
}

static int64_t day(const char *text)
{
	int64_t d = 0;

	assert_true(workdays_parse(text, &d));
	return d;
}

static void scan(const char *text, const struct scan_record *r, const char *type,
		 struct kit_scan *ret)
{
	static const char *const channels[] = {"official-site", NULL};
	const struct segment s = {
		.line = 1, .column = 1, .text = text, .len = (uint32_t)strlen(text)};
	const struct scan_context ctx = {.content_type = type,
					 .channels = channels,
					 .record = r,
					 .today = day("2026-11-27")};

	kit_segments(&s, 1, &ctx, ret);
}

/* Said once, of the first file; without a hash, so that nobody can make it quiet for the
 * drafts of others; and never where only a text is known. */
static void once_and_unbound(void **state)
{
	static const uint8_t none[32];
	struct scan_record r = {.given = "publisher", .first = true};
	const struct finding *f;
	struct kit_scan s;

	(void)state;
	scan("关于印发某办法的通知", &r, "CT02", &s);
	f = kit_find(&s, "DH-010");
	assert_non_null(f);
	assert_int_equal(f->severity, SEV_S2);
	assert_int_equal(f->where, WHERE_METADATA);
	assert_memory_equal(f->text_hmac, none, sizeof(none));
	r.first = false;
	scan("关于印发某办法的通知", &r, "CT02", &s);
	assert_null(kit_find(&s, "DH-010"));
	scan("关于印发某办法的通知", NULL, "CT02", &s);
	assert_null(kit_find(&s, "DH-010"));
}

static bool says(const struct kit_scan *s, const char *excerpt)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (strcmp(s->f[i].rule, "DH-010") == 0 &&
		    strcmp(s->f[i].excerpt, excerpt) == 0)
			return true;
	}
	return false;
}

/* A field counts by its whole name. */
static void whole_names(void **state)
{
	struct scan_record r = {.given = "xcreated_on,created_onx,publisher", .first = true};
	struct kit_scan s;

	(void)state;
	scan("部门决算", &r, "CT09", &s);
	assert_true(says(&s, "created_on"));
	r.given = "created_on,publisher";
	scan("部门决算", &r, "CT09", &s);
	assert_true(says(&s, "disclosure"));
	assert_false(says(&s, "created_on"));
}

static void endless_question(void **state)
{
	static char question[40000];
	struct scan_record r = {.question = question, .first = true};
	struct kit_scan s;

	(void)state;
	for (size_t i = 0; i + 6 < sizeof(question); i += 6)
		memcpy(question + i, i % 12 == 0 ? "停车" : "堵塞", 6);
	scan("您好：居民身份证换领请携带本人户口簿和旧证，到任一派出所户籍窗口申请，二十日内可"
	     "以领取"
	     "新证，谢谢您的支持。",
	     &r, "CT16", &s);
	assert_non_null(kit_find(&s, "RP-004"));
	/* Bytes that are no text say nothing. */
	r.question = "\xff\xfe";
	scan("您好", &r, "CT16", &s);
	assert_null(kit_find(&s, "RP-004"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(once_and_unbound),
		cmocka_unit_test(whole_names),
		cmocka_unit_test(endless_question),
	};

	return cmocka_run_group_tests(tests, NULL, stop);
}
