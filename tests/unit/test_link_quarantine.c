/* test_link_quarantine.c - which units are here, wanted, missing; and for how many is room. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "link/progress.h"
#include "link_kit.h"

static void arrive(struct link_kit_room *m, int64_t serial, uint8_t priority)
{
	struct spool_entry e = {.serial = serial, .priority = priority};
	int fd = openat(m->quarantine, "x.part", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(quarantine_commit(m->q, "x.part", fd, &e), SL_OK);
	file_close(fd);
}

static void install(struct link_kit_room *m, const int64_t *serials, unsigned n)
{
	struct progress p;

	assert_int_equal(progress_read(m->state, &p), SL_OK);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(progress_add(&p, serials[i]), SL_OK);
	assert_int_equal(progress_write(m->state, &p), SL_OK);
}

static void test_wants(void **state)
{
	static const int64_t done[] = {1, 4};
	struct link_kit_room m;

	(void)state;
	link_kit_room_open(&m);
	assert_int_equal(quarantine_wants(m.q, 1), SL_OK);
	arrive(&m, 1, 5);
	arrive(&m, 4, 0);
	assert_int_equal(quarantine_wants(m.q, 1), SL_E_EXISTS);
	assert_int_equal(quarantine_wants(m.q, 4), SL_E_EXISTS);
	assert_int_equal(quarantine_wants(m.q, 2), SL_OK);
	assert_int_equal(quarantine_wants(m.q, QUARANTINE_WINDOW), SL_OK);
	assert_int_equal(quarantine_wants(m.q, QUARANTINE_WINDOW + 1), SL_E_REPLAY);
	/* The installer takes both; what it has done is known before they are gone. */
	install(&m, done, 2);
	assert_int_equal(unlinkat(m.quarantine, "00000000000000000001.5.unit", 0), 0);
	assert_int_equal(unlinkat(m.quarantine, "00000000000000000004.0.unit", 0), 0);
	assert_int_equal(quarantine_wants(m.q, 1), SL_E_EXISTS);
	assert_int_equal(quarantine_wants(m.q, 4), SL_E_EXISTS);
	quarantine_look(m.q);
	assert_int_equal(quarantine_wants(m.q, 1), SL_E_EXISTS);
	assert_true(quarantine_finished(m.q, 4));
	assert_false(quarantine_finished(m.q, 2));
	assert_int_equal(quarantine_wants(m.q, QUARANTINE_WINDOW + 1), SL_OK);
	/* The same place of the table, another serial. */
	arrive(&m, QUARANTINE_WINDOW + 1, 5);
	assert_int_equal(quarantine_wants(m.q, QUARANTINE_WINDOW + 1), SL_E_EXISTS);
	assert_int_equal(quarantine_wants(m.q, 1), SL_E_EXISTS);
	link_kit_room_close(&m);
}

/* What the installer refused may come again. */
static void test_refused(void **state)
{
	struct link_kit_room m;

	(void)state;
	link_kit_room_open(&m);
	arrive(&m, 1, 5);
	assert_int_equal(unlinkat(m.quarantine, "00000000000000000001.5.unit", 0), 0);
	quarantine_look(m.q);
	assert_int_equal(quarantine_wants(m.q, 1), SL_OK);
	arrive(&m, 1, 5);
	assert_int_equal(quarantine_wants(m.q, 1), SL_E_EXISTS);
	link_kit_room_close(&m);
}

/* Without a look a change is seen a moment later, by itself. */
static void test_by_itself(void **state)
{
	struct link_kit_room m;
	int tries = 0;

	(void)state;
	link_kit_room_open(&m);
	arrive(&m, 1, 5);
	assert_int_equal(unlinkat(m.quarantine, "00000000000000000001.5.unit", 0), 0);
	while (quarantine_wants(m.q, 1) != SL_OK && tries++ < 2000)
		(void)usleep(1000);
	assert_int_equal(quarantine_wants(m.q, 1), SL_OK);
	link_kit_room_close(&m);
}

static void test_report(void **state)
{
	static const int64_t done[] = {1, 3};
	struct link_kit_room m;
	int64_t v = 0;
	bool full = true;
	json_t *j;

	(void)state;
	link_kit_room_open(&m);
	arrive(&m, 5, 5);
	install(&m, done, 2);
	quarantine_heard_of(m.q, 7);
	quarantine_heard_of(m.q, 6);
	quarantine_dropped(m.q);
	j = quarantine_report(m.q);
	assert_true(json_i64(j, "highest", &v) && v == 7);
	assert_true(json_i64(j, "arrived", &v) && v == 1);
	assert_true(json_i64(j, "dropped", &v) && v == 1);
	assert_true(json_i64(j, "next", &v) && v == 2);
	assert_true(json_i64(j, "missing_count", &v) && v == 4);
	assert_true(json_bool(j, "full", &full) && !full);
	for (size_t i = 0; i < 4; i++) {
		static const int64_t missing[] = {2, 4, 6, 7};
		const json_t *one = json_array_get(json_arr(j, "missing"), i);

		assert_int_equal(json_integer_value(one), missing[i]);
	}
	json_decref(j);
	/* The highest serial that was heard of outlives a restart. */
	quarantine_close(m.q);
	assert_int_equal(quarantine_open(m.quarantine, m.state, &m.q), SL_OK);
	j = quarantine_report(m.q);
	assert_true(json_i64(j, "highest", &v) && v == 7);
	assert_true(json_i64(j, "missing_count", &v) && v == 4);
	json_decref(j);
	link_kit_room_close(&m);
}

static void test_room(void **state)
{
	struct link_kit_room m;
	bool full = false;
	json_t *j;

	(void)state;
	link_kit_room_open(&m);
	assert_true(quarantine_room(m.q));
	assert_int_equal(quarantine_room_for(m.q, 1 << 20), SL_OK);
	assert_int_equal(quarantine_room_for(m.q, QUARANTINE_BYTES_MAX + 1), SL_E_FULL);
	j = quarantine_report(m.q);
	assert_true(json_bool(j, "full", &full) && full);
	json_decref(j);
	assert_true(quarantine_room(m.q));
	link_kit_room_close(&m);
}

static void test_io(void **state)
{
	struct spool_entry e = {.serial = 1, .priority = 5};
	struct quarantine *q = NULL;
	struct link_kit_room m;
	int fd;

	(void)state;
	link_kit_room_open(&m);
	fd = openat(m.quarantine, "x.part", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(quarantine_commit(m.q, "y.part", fd, &e), SL_E_NOTFOUND);
	file_close(fd);
	assert_int_equal(quarantine_wants(m.q, 1), SL_OK);
	/* A part of an earlier run goes at the start; a damaged count is told. */
	assert_int_equal(quarantine_open(m.quarantine, m.state, &q), SL_OK);
	assert_int_equal(link_kit_files(&m, ".part"), 0);
	quarantine_close(q);
	assert_int_equal(file_write_durable(m.state, PROGRESS_FILE, "{", 1, 0600), SL_OK);
	assert_int_equal(quarantine_open(m.quarantine, m.state, &q), SL_E_CORRUPT);
	link_kit_room_close(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wants),	  cmocka_unit_test(test_refused),
		cmocka_unit_test(test_by_itself), cmocka_unit_test(test_report),
		cmocka_unit_test(test_room),	  cmocka_unit_test(test_io),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
