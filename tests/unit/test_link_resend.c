/* test_link_resend.c - lists of serials as people bring them, and requests as files. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "link/resend.h"
#include "trust_kit.h"

static void check(const struct serials *s, const char *want, const char *name)
{
	json_t *j = serials_json(s);
	struct buf b;

	buf_init(&b, 1 << 20);
	assert_non_null(j);
	assert_int_equal(json_compact(j, &b), SL_OK);
	if (strcmp(buf_str(&b), want) != 0)
		fail_msg("%s: %s", name, buf_str(&b));
	json_decref(j);
	buf_release(&b);
}

static void test_lists(void **state)
{
	static const struct {
		const char *text;
		int want;
		const char *ranges;
	} rows[] = {
		{"7", SL_OK, "[[7,7]]"},
		{"7, 9-12\n 13;15\r\n", SL_OK, "[[7,7],[9,13],[15,15]]"},
		{" [7, 9] ", SL_OK, "[[7,7],[9,9]]"},
		{"[\"7-8\",[10,12]]", SL_OK, "[[7,8],[10,12]]"},
		{"{\"link\":{\"missing\":[3,4],\"next\":3}}", SL_OK, "[[3,4]]"},
		{"{\"a\":[{\"missing\":[\"5-6\"]},{\"missing\":[9]}],\"missing\":7}", SL_OK,
		 "[[5,6],[9,9]]"},
		{"9223372036854775807", SL_OK, "[[9223372036854775807,9223372036854775807]]"},
		{"", SL_E_NOTFOUND, NULL},
		{" \n", SL_E_NOTFOUND, NULL},
		{"{}", SL_E_NOTFOUND, NULL},
		{"{\"missing\":[]}", SL_E_NOTFOUND, NULL},
		{"0", SL_E_FORMAT, NULL},
		{"-4", SL_E_FORMAT, NULL},
		{"4-", SL_E_FORMAT, NULL},
		{"9-4", SL_E_FORMAT, NULL},
		{"4--5", SL_E_FORMAT, NULL},
		{"seven", SL_E_FORMAT, NULL},
		{"9223372036854775808", SL_E_FORMAT, NULL},
		{"{\"missing\":[{}]}", SL_E_FORMAT, NULL},
		{"{\"missing\":[1.5]}", SL_E_FORMAT, NULL},
		{"[[1,2,3]]", SL_E_FORMAT, NULL},
		{"[7", SL_E_FORMAT, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct serials s = {.n = 0};
		struct sl_why why = {.text = ""};
		int r = serials_read(&s, rows[i].text, strlen(rows[i].text), &why);

		if (r != rows[i].want)
			fail_msg("%s: %s", rows[i].text, sl_errname(r));
		if (r == SL_OK)
			check(&s, rows[i].ranges, rows[i].text);
		else
			assert_string_not_equal(why.text, "");
		serials_release(&s);
	}
}

static void test_limits(void **state)
{
	struct serials s = {.n = 0};
	char deep[64];

	(void)state;
	for (int64_t i = 0; i < SERIALS_RANGES_MAX; i++)
		assert_int_equal(serials_add(&s, 2 * i + 1, 2 * i + 1), SL_OK);
	assert_int_equal(serials_add(&s, INT64_MAX, INT64_MAX), SL_E_LIMIT);
	assert_true(serials_has(&s, 1));
	assert_false(serials_has(&s, 2));
	serials_release(&s);
	memset(deep, '[', sizeof(deep));
	deep[0] = '{'; /* {"":[[[[… */
	memcpy(deep, "{\"a\":", 5);
	for (unsigned i = 0; i < 20; i++) {
		deep[5 + i] = '[';
		deep[25 + i] = ']';
	}
	memcpy(deep + 45, "}", 2);
	assert_int_equal(serials_read(&s, deep, strlen(deep), NULL), SL_E_LIMIT);
	serials_release(&s);
}

struct taken {
	unsigned n;
	bool all[4];
	int64_t has[4]; /* the first serial */
	int result;
};

static int apply(void *arg, bool all, const struct serials *s)
{
	struct taken *t = arg;

	if (t->result != SL_OK)
		return t->result;
	assert_true(t->n < 4);
	t->all[t->n] = all;
	t->has[t->n++] = s->n > 0 ? s->range[0].from : 0;
	return SL_OK;
}

static int count(const char *name, void *arg)
{
	(void)name;
	++*(unsigned *)arg;
	return SL_OK;
}

static unsigned files(int dir)
{
	unsigned n = 0;

	assert_int_equal(file_each(dir, 100, count, &n), SL_OK);
	return n;
}

static void test_requests(void **state)
{
	char path[] = "/tmp/sluice-resend-XXXXXX";
	struct serials s = {.n = 0};
	struct taken t = {.result = SL_E_IO};
	unsigned bad = 0;
	int dir;

	(void)state;
	assert_non_null(mkdtemp(path));
	dir = file_open_dir(AT_FDCWD, path);
	assert_true(dir >= 0);
	assert_int_equal(serials_add(&s, 4, 9), SL_OK);
	assert_int_equal(resend_ask(dir, false, &s), SL_OK);
	assert_int_equal(resend_ask(dir, true, &s), SL_OK);
	assert_int_equal(files(dir), 2);
	/* What could not be applied stays. */
	assert_int_equal(resend_take(dir, apply, &t, &bad), SL_E_IO);
	assert_int_equal(files(dir), 2);
	t.result = SL_OK;
	assert_int_equal(file_write_durable(dir, "0-broken.json", "{\"all\":", 7, 0600), SL_OK);
	assert_int_equal(
		file_write_durable(dir, "0-other.json", "{\"all\":true,\"x\":1}", 18, 0600),
		SL_OK);
	assert_int_equal(resend_take(dir, apply, &t, &bad), SL_OK);
	assert_int_equal(bad, 2);
	assert_int_equal(t.n, 2);
	assert_false(t.all[0]);
	assert_int_equal(t.has[0], 4);
	assert_true(t.all[1]);
	assert_int_equal(files(dir), 0);
	assert_int_equal(resend_take(dir, apply, &t, &bad), SL_OK);
	assert_int_equal(t.n, 2);
	assert_int_equal(bad, 0);
	serials_release(&s);
	file_close(dir);
	assert_int_equal(file_remove_tree(AT_FDCWD, path), SL_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
