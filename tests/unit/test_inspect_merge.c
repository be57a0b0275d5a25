/* test_inspect_merge.c - files' reports in a draft's: inside the profile, the worst verdict. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "crypto/hash.h"
#include "inspect/inspect.h"

static const char digest[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/* A report with that many inspected objects beside the file, and a failed one at the end. */
static void make(struct inspect_report *r, unsigned objects, enum verdict v, int64_t s2)
{
	inspect_report_init(r);
	r->verdict = v;
	r->counts[SEV_S2] = s2;
	(void)snprintf(r->content_sha256, sizeof(r->content_sha256), "%s", digest);
	buf_putf(&r->bytes, "{\"content_sha256\":\"%s\",\"objects\":[", digest);
	buf_puts(&r->bytes, "{\"id\":\"0\",\"state\":\"inspected\"}");
	for (unsigned i = 1; i <= objects; i++)
		buf_putf(&r->bytes,
			 ",{\"id\":\"0.%u\",\"path\":\"%s\",\"state\":\"inspected\"}", i,
			 digest);
	buf_putf(&r->bytes, ",{\"id\":\"0.%u\",\"state\":\"failed\"}]}", objects + 1);
	assert_int_equal(buf_error(&r->bytes), SL_OK);
}

static void adds_up(void **state)
{
	struct inspect_merged m = {.shortened = true};
	struct inspect_report r[3];
	json_t *j = NULL;
	int64_t n = 0;
	char contents[3 * 64 + 1], hex[HASH_HEX + 1];

	(void)state;
	make(&r[0], 1, VERDICT_CLEAN, 0);
	make(&r[1], 0, VERDICT_BLOCK, 2);
	make(&r[2], 2, VERDICT_REVIEW, 5);
	assert_int_equal(inspect_merge(r, 3, &m), SL_OK);
	assert_int_equal(m.verdict, VERDICT_BLOCK);
	assert_int_equal(m.counts[SEV_S2], 7);
	assert_false(m.shortened);
	assert_int_equal(json_parse_signed(m.bytes.data, m.bytes.len, &j), SL_OK);
	assert_string_equal(json_str(j, "verdict"), "block");
	assert_true(json_i64(json_obj(j, "counts"), "S2", &n));
	assert_int_equal(n, 7);
	(void)snprintf(contents, sizeof(contents), "%s%s%s", digest, digest, digest);
	hash_hex(contents, strlen(contents), hex);
	assert_string_equal(json_str(j, "content_sha256"), hex);
	assert_int_equal(json_array_size(json_arr(j, "files")), 3);
	json_decref(j);
	buf_wipe(&m.bytes);
	for (unsigned i = 0; i < 3; i++)
		inspect_report_release(&r[i]);
}

/* More than a signed object may hold: what was inspected is left out, never what failed. */
static void shortens(void **state)
{
	struct inspect_merged m = {.shortened = false};
	struct inspect_report r[2];
	const json_t *file;
	json_t *j = NULL;
	char hex[HASH_HEX + 1];

	(void)state;
	make(&r[0], 5000, VERDICT_HOLD, 0);
	make(&r[1], 5000, VERDICT_HOLD, 1);
	assert_true(r[0].bytes.len + r[1].bytes.len > JSON_SIGNED_MAX);
	assert_int_equal(inspect_merge(r, 2, &m), SL_OK);
	assert_true(m.shortened);
	assert_int_equal(json_parse_signed(m.bytes.data, m.bytes.len, &j), SL_OK);
	for (unsigned i = 0; i < 2; i++) {
		file = json_array_get(json_arr(j, "files"), i);
		hash_hex(r[i].bytes.data, r[i].bytes.len, hex);
		assert_string_equal(json_str(file, "report_sha256"), hex);
		assert_int_equal(json_array_size(json_arr(file, "objects")), 2);
	}
	json_decref(j);
	buf_wipe(&m.bytes);
	inspect_report_release(&r[0]);
	inspect_report_release(&r[1]);
}

static void refuses(void **state)
{
	struct inspect_merged m = {.shortened = false};
	struct inspect_report r[2];

	(void)state;
	make(&r[0], 0, VERDICT_CLEAN, 0);
	inspect_report_init(&r[1]);
	assert_int_equal(inspect_merge(r, 0, &m), SL_E_FORMAT);
	assert_int_equal(inspect_merge(r, 2, &m), SL_E_FORMAT); /* one was never made */
	assert_null(m.bytes.data);
	inspect_report_release(&r[0]);
}

static int set_up(void **state)
{
	(void)state;
	return crypto_start();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_up),
		cmocka_unit_test(shortens),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
