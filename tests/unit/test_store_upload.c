/* Objects and uploads: resumed, oversized, wrong, somebody else's, swept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "desk_fixture.h"

static struct fixture fx;

static int setup(void **state)
{
	(void)state;
	fixture_open(&fx);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_close(&fx);
	return 0;
}

static void bodies(void **state)
{
	char sha256[65], path[160];
	struct sl_why why = {0};
	uint64_t len = 0;
	struct buf b;
	struct stat st;
	int fd;

	(void)state;
	buf_init(&b, 100);
	hash_hex("bytes", 5, sha256);
	assert_int_equal(store_body_put(fx.store, sha256, "bytez", 5, &why), SL_E_SIGNATURE);
	assert_int_equal(store_body_put(fx.store, sha256, "bytes", 5, &why), SL_OK);
	assert_int_equal(store_body_put(fx.store, sha256, "bytes", 5, &why), SL_OK);
	fd = store_object_open(fx.store, sha256, &len);
	assert_true(fd >= 0);
	assert_int_equal(len, 5);
	(void)close(fd);
	assert_int_equal(store_object_get(fx.store, sha256, 100, &b), SL_OK);
	assert_string_equal(buf_str(&b), "bytes");
	assert_int_equal(store_object_get(fx.store, sha256, 4, &b), SL_E_LIMIT);
	(void)snprintf(path, sizeof(path), "%s/objects/%.2s/%s", fx.dir, sha256, sha256);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0400);
	/* A byte changed on the disk is noticed. */
	buf_clear(&b);
	assert_int_equal(file_write_durable(AT_FDCWD, path, "bytez", 5, 0400), SL_OK);
	assert_int_equal(store_object_get(fx.store, sha256, 100, &b), SL_E_CORRUPT);
	assert_int_equal(store_object_remove(fx.store, sha256), SL_OK);
	assert_int_equal(store_object_remove(fx.store, sha256), SL_OK);
	assert_int_equal(store_object_open(fx.store, sha256, &len), SL_E_NOTFOUND);
	assert_int_equal(store_object_open(fx.store, "../../etc/passwd", &len), SL_E_NOTFOUND);
	buf_release(&b);
}

/* The same answers from a row and from a file: the size decides where it is kept. */
static void objects_of_both_kinds(void **state)
{
	static char large[STORE_SMALL_OBJECT + 1];
	const size_t sizes[] = {0, 5, STORE_SMALL_OBJECT, sizeof(large)};
	char sha256[65];
	struct buf b;

	(void)state;
	memset(large, 'x', sizeof(large));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint64_t total = 9;

		buf_init(&b, sizeof(large));
		assert_int_equal(store_object_put(fx.store, large, sizes[i], sha256), SL_OK);
		assert_int_equal(store_object_put(fx.store, large, sizes[i], sha256), SL_OK);
		assert_int_equal(store_object_get(fx.store, sha256, sizeof(large), &b), SL_OK);
		assert_int_equal(b.len, sizes[i]);
		buf_clear(&b);
		if (sizes[i] > 0)
			assert_int_equal(store_object_get(fx.store, sha256, sizes[i] - 1, &b),
					 SL_E_LIMIT);
		buf_clear(&b);
		buf_puts(&b, "before ");
		if (sizes[i] >= 5) {
			assert_int_equal(store_object_read(fx.store, sha256, sizes[i] - 3, 100,
							   &b, &total),
					 SL_OK);
			assert_string_equal(buf_str(&b), "before xxx");
			assert_int_equal(total, sizes[i]);
		}
		assert_int_equal(
			store_object_read(fx.store, sha256, sizes[i] + 1, 1, &b, &total),
			SL_E_LIMIT);
		assert_int_equal(store_object_remove(fx.store, sha256), SL_OK);
		buf_release(&b);
		buf_init(&b, sizeof(large));
		assert_int_equal(store_object_get(fx.store, sha256, 100, &b), SL_E_NOTFOUND);
		buf_release(&b);
	}
}

static void one_change(void **state)
{
	char first[65], second[65];
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	assert_int_equal(store_begin(fx.store), SL_OK);
	assert_int_equal(store_object_put(fx.store, "kept with", 9, first), SL_OK);
	assert_int_equal(store_begin(fx.store), SL_OK);
	assert_int_equal(store_object_put(fx.store, "the other", 9, second), SL_OK);
	assert_int_equal(store_end(fx.store, SL_E_STATE), SL_E_STATE);
	/* What failed inside fails the whole, though the outer one sees no error. */
	assert_int_equal(store_end(fx.store, SL_OK), SL_E_STATE);
	assert_int_equal(store_object_get(fx.store, first, 100, &b), SL_E_NOTFOUND);
	assert_int_equal(store_object_get(fx.store, second, 100, &b), SL_E_NOTFOUND);
	assert_int_equal(store_begin(fx.store), SL_OK);
	assert_int_equal(store_object_put(fx.store, "kept with", 9, first), SL_OK);
	assert_int_equal(store_end(fx.store, SL_OK), SL_OK);
	assert_int_equal(store_object_get(fx.store, first, 100, &b), SL_OK);
	/* What need not be durable at once is taken back or kept like the rest. */
	buf_clear(&b);
	assert_int_equal(store_begin_soft(fx.store), SL_OK);
	assert_int_equal(store_object_put(fx.store, "softly", 6, second), SL_OK);
	assert_int_equal(store_end(fx.store, SL_E_STATE), SL_E_STATE);
	assert_int_equal(store_object_get(fx.store, second, 100, &b), SL_E_NOTFOUND);
	assert_int_equal(store_begin_soft(fx.store), SL_OK);
	assert_int_equal(store_object_put(fx.store, "softly", 6, second), SL_OK);
	assert_int_equal(store_end(fx.store, SL_OK), SL_OK);
	fixture_reopen(&fx);
	assert_int_equal(store_object_get(fx.store, second, 100, &b), SL_OK);
	buf_release(&b);
}

static void resumed(void **state)
{
	static const char body[] = "half of this arrives, then the line breaks";
	char sha256[65];
	struct sl_why why = {0};
	uint64_t offset = 99;

	(void)state;
	hash_hex(body, sizeof(body), sha256);
	assert_int_equal(
		store_upload_begin(fx.store, "p-01", sha256, sizeof(body), &offset, &why),
		SL_OK);
	assert_int_equal(offset, 0);
	assert_int_equal(
		store_upload_chunk(fx.store, "p-01", sha256, 0, body, 10, &offset, &why),
		SL_OK);
	fixture_reopen(&fx); /* the desk was killed in between */
	assert_int_equal(
		store_upload_begin(fx.store, "p-01", sha256, sizeof(body), &offset, &why),
		SL_OK);
	assert_int_equal(offset, 10);
	assert_int_equal(store_upload_finish(fx.store, "p-01", sha256, &why), SL_E_STATE);
	assert_int_equal(
		store_upload_chunk(fx.store, "p-01", sha256, 11, body + 11, 5, &offset, &why),
		SL_E_CONFLICT);
	/* The same piece again is harmless. */
	assert_int_equal(
		store_upload_chunk(fx.store, "p-01", sha256, 0, body, 10, &offset, &why),
		SL_OK);
	assert_int_equal(store_upload_chunk(fx.store, "p-01", sha256, 10, body + 10,
					    sizeof(body) - 10, &offset, &why),
			 SL_OK);
	assert_int_equal(offset, sizeof(body));
	assert_int_equal(store_upload_finish(fx.store, "p-01", sha256, &why), SL_OK);
	assert_int_equal(store_upload_finish(fx.store, "p-01", sha256, &why), SL_OK);
	assert_int_equal(
		store_upload_begin(fx.store, "p-01", sha256, sizeof(body), &offset, &why),
		SL_OK);
	assert_int_equal(offset, sizeof(body));
	assert_int_equal(store_upload_chunk(fx.store, "p-01", sha256, 0, "x", 1, &offset, &why),
			 SL_E_STATE);
}

static void refused(void **state)
{
	char sha256[65];
	struct sl_why why = {0};
	uint64_t offset = 0;

	(void)state;
	hash_hex("right", 5, sha256);
	assert_int_equal(store_upload_chunk(fx.store, "p-01", sha256, 0, "x", 1, &offset, &why),
			 SL_E_STATE);
	assert_int_equal(store_upload_finish(fx.store, "p-01", sha256, &why), SL_E_STATE);
	assert_int_equal(store_upload_begin(fx.store, "p-01", "abc", 5, &offset, &why),
			 SL_E_FORMAT);
	assert_int_equal(store_upload_begin(fx.store, "../p", sha256, 5, &offset, &why),
			 SL_E_FORMAT);
	assert_int_equal(store_upload_begin(fx.store, "p-01", sha256, 5, &offset, &why), SL_OK);
	assert_int_equal(
		store_upload_chunk(fx.store, "p-01", sha256, 0, "too long", 8, &offset, &why),
		SL_E_LIMIT);
	assert_int_equal(
		store_upload_chunk(fx.store, "p-01", sha256, 0, "wrong", 5, &offset, &why),
		SL_OK);
	assert_int_equal(store_upload_finish(fx.store, "p-01", sha256, &why), SL_E_SIGNATURE);
	/* The wrong bytes are gone, the right ones are welcome. */
	assert_int_equal(store_upload_begin(fx.store, "p-01", sha256, 5, &offset, &why), SL_OK);
	assert_int_equal(offset, 0);
	fixture_upload(&fx, "p-01", "right", sha256);
}

static void possession_must_be_proved(void **state)
{
	char sha256[65];
	struct sl_why why = {0};
	uint64_t offset = 9;

	(void)state;
	fixture_upload(&fx, "p-01", "confidential to p-01", sha256);
	assert_int_equal(store_upload_owned(fx.store, "p-01", sha256, 20), SL_OK);
	assert_int_equal(store_upload_owned(fx.store, "p-02", sha256, 20), SL_E_NOTFOUND);
	assert_int_equal(store_upload_begin(fx.store, "p-02", sha256, 20, &offset, &why),
			 SL_OK);
	assert_int_equal(offset, 0); /* says nothing about what p-01 has */
	fixture_upload(&fx, "p-02", "confidential to p-01", sha256);
	assert_int_equal(store_upload_owned(fx.store, "p-02", sha256, 20), SL_OK);
	/* After a spill the object is gone, whoever had it. */
	assert_int_equal(store_object_remove(fx.store, sha256), SL_OK);
	assert_int_equal(store_upload_owned(fx.store, "p-01", sha256, 20), SL_E_NOTFOUND);
}

static void too_many_and_swept(void **state)
{
	char sha256[65], text[16];
	struct sl_why why = {0};
	uint64_t offset = 0;
	int r = SL_OK, n = 0;

	(void)state;
	for (; r == SL_OK && n < 100; n++) {
		(void)snprintf(text, sizeof(text), "n%d", n);
		hash_hex(text, strlen(text), sha256);
		r = store_upload_begin(fx.store, "p-03", sha256, 1000, &offset, &why);
		if (r == SL_OK)
			r = store_upload_chunk(fx.store, "p-03", sha256, 0, "x", 1, &offset,
					       &why);
	}
	assert_int_equal(r, SL_E_LIMIT);
	assert_int_equal(n, 65);
	assert_int_equal(store_upload_sweep(fx.store, clock_now() + 10), SL_OK);
	assert_int_equal(store_upload_begin(fx.store, "p-03", sha256, 1000, &offset, &why),
			 SL_OK);
	assert_int_equal(offset, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies),
		cmocka_unit_test(objects_of_both_kinds),
		cmocka_unit_test(one_change),
		cmocka_unit_test(resumed),
		cmocka_unit_test(refused),
		cmocka_unit_test(possession_must_be_proved),
		cmocka_unit_test(too_many_and_swept),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
