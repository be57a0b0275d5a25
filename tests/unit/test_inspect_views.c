/* test_inspect_views.c - what is missing on a page, in spite of what reading gets wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "inspect/views.h"

static const struct {
	const char *name, *shown, *asked;
	unsigned least;
	const char *missing[3]; /* the runs, in order */
} rows[] = {
	{"the same", "关于开展夏季行动的通告", "关于开展夏季行动的通告", 2, {NULL}},
	{"other breaks and blanks",
	 "关于开展\n夏季行动\n的通告，联系 电话 0550-5500110",
	 "关于 开展夏季行动的\n通告 联系电话05505500110",
	 2,
	 {NULL}},
	{"one misread character",
	 "关于幵展夏季行动的通告",
	 "关于开展夏季行动的通告",
	 2,
	 {NULL}},
	{"two misread characters apart",
	 "关手开展夏季行劫的通告",
	 "关于开展夏季行动的通告",
	 4,
	 {NULL}},
	{"full width and case", "ＡＢＣ１２３", "abc123", 2, {NULL}},
	{"letters for digits", "No.OOO123 lO.34.l26.18", "No.000123 10.34.126.18", 2, {NULL}},
	{"all of it is hidden", "", "线人张三住址", 6, {"线人张三住址"}},
	{"a line is hidden",
	 "关于开展夏季行动的通告特此通告",
	 "关于开展夏季行动的通告\n线人张三住滨湖大道\n特此通告",
	 6,
	 {"线人张三住滨湖大道"}},
	{"common characters do not hide a run",
	 "通知各单位的人员名单",
	 "通知各单位的人员名单\n单位的张三名李四单",
	 4,
	 {"张三名李四单"}},
	{"too short to say", "关于开展行动", "关于开展行动\n机密", 6, {NULL}},
	{"two runs",
	 "甲乙丙丁戊己庚辛",
	 "子丑寅卯甲乙丙丁戊己庚辛午未申酉",
	 4,
	 {"子丑寅卯", "午未申酉"}},
	{"a number that is not there",
	 "电话 15492761234 传真 05506417110",
	 "电话 15492761234\n账号6208417359620184",
	 6,
	 {"账号6208417359620184"}},
	{"a star is as good as a letter", "秘密女5年", "秘密★5年", 1, {"★"}},
	{"nothing asked", "关于", "", 1, {NULL}},
	{"nothing that is judged", "", "，。 … — \n※", 1, {NULL}},
	{"broken bytes are skipped", "关于开展", "关于\xff\xfe开展", 1, {NULL}},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *s = rows[i].asked;
		struct views_page *p = NULL;
		struct views_run run;
		size_t at = 0;
		unsigned n = 0;

		assert_int_equal(views_page_new(&p), 0);
		assert_int_equal(views_page_add(p, rows[i].shown, strlen(rows[i].shown)), 0);
		while (views_missing(p, s, strlen(s), rows[i].least, &at, &run)) {
			const char *want = n < 3 ? rows[i].missing[n] : NULL;

			if (want == NULL || strlen(want) != run.len ||
			    memcmp(want, s + run.start, run.len) != 0)
				fail_msg("%s: run %u is \"%.*s\"", rows[i].name, n,
					 (int)run.len, s + run.start);
			n++;
		}
		if (rows[i].missing[n] != NULL)
			fail_msg("%s: \"%s\" is not missed", rows[i].name, rows[i].missing[n]);
		assert_int_equal(at, strlen(s));
		views_page_free(p);
	}
}

/* Many neighbourhoods: the table grows and forgets nothing. */
static void test_growth(void **state)
{
	enum { CHARACTERS = 20000 };
	static char text[CHARACTERS * 3 + 1];
	struct views_page *p = NULL;
	struct views_run run;
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < CHARACTERS; i++) {
		unsigned cp = 0x4e00 + (unsigned)(i * 7919 % 20000);

		text[3 * i] = (char)(0xe0 | cp >> 12);
		text[3 * i + 1] = (char)(0x80 | (cp >> 6 & 63));
		text[3 * i + 2] = (char)(0x80 | (cp & 63));
	}
	assert_int_equal(views_page_new(&p), 0);
	assert_int_equal(views_page_add(p, text, sizeof(text) - 1), 0);
	assert_int_equal(views_page_count(p), CHARACTERS);
	assert_false(views_missing(p, text, sizeof(text) - 1, 1, &at, &run));
	views_page_free(p);
	views_page_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
