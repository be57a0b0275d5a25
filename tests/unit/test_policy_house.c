/* Reasons, units and accounts: what loads, and what is refused and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "policy/house.h"

static char dir[] = "/tmp/sl-house-XXXXXX";

static int setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/sl-house-XXXXXX");
	return mkdtemp(dir) == NULL;
}

static int teardown(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static void put(const char *name, const char *text)
{
	char path[80];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(file_write_durable(AT_FDCWD, path, text, strlen(text), 0600), SL_OK);
}

static void without_files(void **state)
{
	struct house *h = NULL;
	struct sl_why why = {.text = ""};

	(void)state;
	assert_int_equal(house_load(dir, &h, &why), SL_OK);
	assert_null(h->codes);
	assert_string_equal(why.text, "");
	/* As before there were lists. */
	assert_int_equal(codes_check(h->codes, CODE_RETURN, "anything", &why), SL_OK);
	house_free(h);
}

static void codes_refused(void **state)
{
	static const struct {
		const char *name, *text, *says;
	} rows[] = {
		{"no list", "other: 1\n", "codes.yaml:1"},
		{"an outcome that is none",
		 "codes:\n  - {id: a, outcome: burn, zh: x, en: x, basis: x}\n",
		 "codes.yaml:2"},
		{"no basis", "codes:\n  - {id: a, outcome: return, zh: x, en: x}\n", "basis"},
		{"twice",
		 "codes:\n  - {id: a, outcome: return, zh: x, en: x, basis: x}\n"
		 "  - {id: a, outcome: refuse, zh: x, en: x, basis: x}\n",
		 "twice"},
		{"an id with a space",
		 "codes:\n  - {id: a b, outcome: return, zh: x, en: x, basis: x}\n", "a to z"},
		{"nothing to refuse with",
		 "codes:\n  - {id: a, outcome: return, zh: x, en: x, basis: x}\n",
		 "no code to refuse"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h = NULL;
		struct sl_why why = {.text = ""};

		put("codes.yaml", rows[i].text);
		if (house_load(dir, &h, &why) != SL_E_CONFIG ||
		    strstr(why.text, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].name, why.text);
		assert_null(h);
	}
}

static void shipped_codes(void **state)
{
	static const struct {
		const char *id;
		enum code_outcome outcome;
		int want;
	} rows[] = {
		{"personal-data", CODE_RETURN, SL_OK},
		{"wording", CODE_RETURN, SL_OK},
		{"attachment", CODE_RETURN, SL_OK},
		{"source", CODE_RETURN, SL_OK},
		{"column", CODE_RETURN, SL_OK},
		{"format", CODE_RETURN, SL_OK},
		{"timeliness", CODE_RETURN, SL_OK},
		{"other", CODE_RETURN, SL_OK},
		{"state-secret", CODE_REFUSE, SL_OK},
		{"forbidden-by-law", CODE_REFUSE, SL_OK},
		{"security", CODE_REFUSE, SL_OK},
		{"third-party", CODE_REFUSE, SL_OK},
		{"internal-affairs", CODE_REFUSE, SL_OK},
		{"process", CODE_REFUSE, SL_OK},
		{"enforcement-file", CODE_REFUSE, SL_OK},
		{"inquiry", CODE_REFUSE, SL_OK},
		{"state-secret", CODE_RETURN, SL_E_DENIED},
		{"wording", CODE_REFUSE, SL_E_DENIED},
		{"", CODE_RETURN, SL_E_DENIED},
		{"WORDING", CODE_RETURN, SL_E_DENIED},
	};
	struct house *h = NULL;
	struct sl_why why = {.text = ""};

	(void)state;
	assert_int_equal(house_load(SL_SOURCE_DIR "/policies", &h, &why), SL_OK);
	assert_int_equal(h->codes->codes_count, 16);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (codes_check(h->codes, rows[i].outcome, rows[i].id, &why) != rows[i].want)
			fail_msg("%s: %s", rows[i].id, why.text);
	}
	assert_non_null(strstr(why.text, "personal-data, wording"));
	house_free(h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_files, setup, teardown),
		cmocka_unit_test_setup_teardown(codes_refused, setup, teardown),
		cmocka_unit_test(shipped_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
