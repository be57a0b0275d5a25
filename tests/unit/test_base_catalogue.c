/* A catalogue is looked up without any locale; a damaged one is refused as a whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/catalogue.h"
#include "base/i18n.h"

enum { HEAD = 20, ROW = 8, LEN = HEAD + 4 * ROW + 4 + 5 + 4 + 7 };

/* "one" and "open", with what they are in Chinese. */
static void make(uint8_t b[LEN])
{
	static const char *const texts[] = {"one", "open", "一", "打开"};
	uint32_t head[5] = {UINT32_C(0x950412de), 0, 2, HEAD, HEAD + 2 * ROW};
	uint32_t at = HEAD + 4 * ROW;

	memcpy(b, head, sizeof(head));
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t row[2] = {(uint32_t)strlen(texts[i]), at};

		memcpy(b + HEAD + i * ROW, row, sizeof(row));
		memcpy(b + at, texts[i], row[0] + 1);
		at += row[0] + 1;
	}
	assert_int_equal(at, LEN);
}

static void finds_what_is_there(void **state)
{
	struct catalogue *c = NULL;
	uint8_t b[LEN];

	(void)state;
	make(b);
	assert_int_equal(catalogue_read(b, LEN, &c), SL_OK);
	assert_string_equal(catalogue_find(c, "one"), "一");
	assert_string_equal(catalogue_find(c, "open"), "打开");
	assert_null(catalogue_find(c, ""));
	assert_null(catalogue_find(c, "ones"));
	assert_null(catalogue_find(c, "zebra"));
	catalogue_free(c);
}

static void put(uint8_t *b, size_t at, uint32_t v)
{
	memcpy(b + at, &v, sizeof(v));
}

static void damage_is_refused(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		uint32_t value;
	} rows[] = {
		{"another magic", 0, UINT32_C(0xde120495)},
		{"another version", 4, 1},
		{"more rows than there are bytes", 8, UINT32_MAX},
		{"the texts begin behind the end", 12, LEN + 1},
		{"the translations begin behind the end", 16, UINT32_MAX},
		{"a text behind the end", HEAD + 4, LEN},
		{"a text longer than the rest", HEAD, LEN},
		{"a text without its end", HEAD, 2},
		{"not sorted", HEAD + 4, HEAD + 4 * ROW + 4 + 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct catalogue *c = NULL;
		uint8_t b[LEN];

		make(b);
		put(b, rows[i].at, rows[i].value);
		if (catalogue_read(b, LEN, &c) != SL_E_FORMAT)
			fail_msg("%s is read", rows[i].name);
	}
	for (size_t n = 0; n < LEN; n++) {
		struct catalogue *c = NULL;
		uint8_t b[LEN];

		make(b);
		assert_int_equal(catalogue_read(b, n, &c), SL_E_FORMAT);
	}
	assert_int_equal(catalogue_open("/nonexistent/sluice.mo", &(struct catalogue *){NULL}),
			 SL_E_NOTFOUND);
}

/* In a process of the C locale, as a gateway's host may have no other. */
static void each_person_is_answered_in_their_language(void **state)
{
	(void)state;
	(void)setenv("LC_ALL", "C", 1);
	i18n_init();
	assert_string_equal(_("out of memory"), "out of memory");
	i18n_speak(I18N_ZH);
	assert_true(i18n_is_zh());
	assert_string_equal(_("out of memory"), "out of memory"); /* nothing is learnt yet */
	assert_true(i18n_learn());
	assert_string_equal(_("out of memory"), "内存不足");
	assert_string_equal(_("no message of ours"), "no message of ours");
	assert_string_equal(i18n_text(""), "");
	i18n_speak(I18N_EN);
	assert_false(i18n_is_zh());
	assert_string_equal(_("out of memory"), "out of memory");
	i18n_speak(I18N_OWN);
	assert_false(i18n_is_zh());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_there),
		cmocka_unit_test(damage_is_refused),
		cmocka_unit_test(each_person_is_answered_in_their_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
