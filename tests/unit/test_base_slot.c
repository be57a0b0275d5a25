/* Slots: a directory comes into force whole or not at all, and nothing odd is copied. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/slot.h"

static char data[64], from[96];

static int setup(void **state)
{
	(void)state;
	(void)snprintf(data, sizeof(data), "/tmp/sl-slot-XXXXXX");
	if (mkdtemp(data) == NULL)
		return -1;
	(void)snprintf(from, sizeof(from), "%s/from", data);
	return mkdir(from, 0700);
}

static int teardown(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, data);
}

static void put(const char *name, const char *text)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", from, name);
	assert_int_equal(file_write_durable(AT_FDCWD, path, text, strlen(text), 0600), SL_OK);
}

static bool any(const char *name, const void *arg)
{
	return strcmp(name, arg) != 0;
}

static int install(const char *name, uint64_t bytes, size_t files, struct sl_why *why)
{
	struct slot_copy c = {.from = from,
			      .folder = "",
			      .wanted = any,
			      .arg = "unwanted",
			      .files = files,
			      .bytes = bytes};
	json_t *facts = json_pack("{s:i}", "version", 3);
	struct slot s;
	int r = slot_begin(&s, data, "kind", why);

	if (r == SL_OK)
		r = slot_copy(&s, &c, why);
	if (r == SL_OK)
		r = slot_commit(&s, name, facts, why);
	slot_end(&s);
	json_decref(facts);
	return r;
}

static bool has(const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/kind/%s", data, name);
	return file_exists(AT_FDCWD, path);
}

static void one_after_the_other(void **state)
{
	static const char *const names[] = {"1-a", "2-b", "3-c"};
	struct sl_why why = {.text = ""};
	char path[SLOT_PATH], want[256];
	json_t *facts = NULL;
	int64_t version = 0;

	(void)state;
	assert_int_equal(slot_current(data, "kind", path, NULL), SL_E_NOTFOUND);
	assert_int_equal(slot_or(data, "kind", "/else", path), SL_OK);
	assert_string_equal(path, "/else");
	assert_int_equal(slot_changed(data, "kind").tv_sec, 0);
	put("a", "one");
	put("unwanted", "x");
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(install(names[i], 10, 10, &why), SL_OK);
	assert_int_equal(slot_current(data, "kind", path, &facts), SL_OK);
	(void)snprintf(want, sizeof(want), "%s/kind/3-c", data);
	assert_string_equal(path, want);
	assert_string_equal(json_str(facts, "name"), "3-c");
	assert_true(json_i64(facts, "version", &version) && version == 3);
	json_decref(facts);
	assert_true(slot_changed(data, "kind").tv_sec > 0);
	assert_true(has("3-c/a") && has("2-b/a"));
	assert_false(has("1-a") || has("3-c/unwanted") || has(".incoming"));
	/* The same name again takes the place of what was spoilt meanwhile. */
	(void)snprintf(want, sizeof(want), "%s/kind/3-c/a", data);
	assert_int_equal(unlink(want), 0);
	assert_int_equal(install("3-c", 10, 10, &why), SL_OK);
	assert_true(has("3-c/a"));
}

static void refused(void **state)
{
	static const struct {
		const char *name;
		uint64_t bytes;
		size_t files;
		int want;
	} rows[] = {
		{"4-d", 2, 10, SL_E_LIMIT},	  {"4-d", 10, 1, SL_E_LIMIT},
		{".hidden", 10, 10, SL_E_FORMAT}, {"a/b", 10, 10, SL_E_FORMAT},
		{"", 10, 10, SL_E_FORMAT},
	};
	char link_path[256], path[SLOT_PATH];
	struct sl_why why;

	(void)state;
	put("b", "two");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		why.text[0] = '\0';
		assert_int_equal(install(rows[i].name, rows[i].bytes, rows[i].files, &why),
				 rows[i].want);
		assert_true(why.text[0] != '\0');
		assert_int_equal(slot_current(data, "kind", path, NULL), SL_OK);
		assert_non_null(strstr(path, "/kind/3-c"));
		assert_false(has(".incoming"));
	}
	(void)snprintf(link_path, sizeof(link_path), "%s/link", from);
	assert_int_equal(symlink("/etc/passwd", link_path), 0);
	assert_int_not_equal(install("4-d", 10, 10, &why), SL_OK);
	assert_int_equal(unlink(link_path), 0);
	assert_int_equal(mkfifo(link_path, 0600), 0);
	assert_int_equal(install("4-d", 10, 10, &why), SL_E_FORMAT);
	assert_int_equal(unlink(link_path), 0);
}

static void complaints_name_the_original(void **state)
{
	struct sl_why why = {.text = "elsewhere"};
	struct slot s;

	(void)state;
	assert_int_equal(slot_begin(&s, data, "kind", &why), SL_OK);
	slot_explain(&s, "/media/x", &why);
	assert_string_equal(why.text, "elsewhere");
	(void)why_set(&why, SL_E_FORMAT, "see %s/a.yaml:3: wrong", s.incoming);
	slot_explain(&s, "/media/x", &why);
	assert_string_equal(why.text, "see /media/x/a.yaml:3: wrong");
	slot_end(&s);
}

static void one_at_a_time(void **state)
{
	struct sl_why why = {.text = ""};
	struct slot s, other;

	(void)state;
	assert_int_equal(slot_begin(&s, data, "kind", &why), SL_OK);
	assert_int_equal(slot_begin(&other, data, "kind", &why), SL_E_UNREACHABLE);
	slot_end(&other);
	assert_true(has(".incoming")); /* is not the other's to remove */
	slot_end(&s);
	assert_false(has(".incoming"));
}

static void current_that_lies(void **state)
{
	static const char *const rows[] = {
		"", "{}", "{\"name\":\"../..\"}", "{\"name\":\"a/b\"}", "{\"name\":5}", "name"};
	char file[256], path[SLOT_PATH];

	(void)state;
	(void)snprintf(file, sizeof(file), "%s/kind/current", data);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
			file_write_durable(AT_FDCWD, file, rows[i], strlen(rows[i]), 0600),
			SL_OK);
		assert_int_not_equal(slot_current(data, "kind", path, NULL), SL_OK);
		assert_int_not_equal(slot_or(data, "kind", "/else", path), SL_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(refused),
		cmocka_unit_test(complaints_name_the_original),
		cmocka_unit_test(one_at_a_time),
		cmocka_unit_test(current_that_lies),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
