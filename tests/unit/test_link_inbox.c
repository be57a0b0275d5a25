/* test_link_inbox.c - frames, spools, progress and the receiver's assembly. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "link/inbox.h"
#include "link/progress.h"
#include "outlet_kit.h"

struct room {
	char dir[64];
	int quarantine, state;
	struct quarantine *q;
	struct inbox *inbox;
};

static int sub(const struct room *m, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", m->dir, name);
	assert_int_equal(file_mkdirs(path, 0700), SL_OK);
	return file_open_dir(AT_FDCWD, path);
}

static void room_new(struct room *m)
{
	assert_int_equal(crypto_start(), SL_OK);
	(void)snprintf(m->dir, sizeof(m->dir), "/tmp/sluice-inbox-XXXXXX");
	assert_non_null(mkdtemp(m->dir));
	m->quarantine = sub(m, "quarantine");
	m->state = sub(m, "state");
	assert_int_equal(quarantine_open(m->quarantine, m->state, &m->q), SL_OK);
	assert_int_equal(inbox_open(m->q, &m->inbox), SL_OK);
}

static void room_free(struct room *m)
{
	inbox_close(m->inbox);
	quarantine_close(m->q);
	file_close(m->quarantine);
	file_close(m->state);
	assert_int_equal(file_remove_tree(AT_FDCWD, m->dir), SL_OK);
}

/* Frames of a unit of `len` bytes 'a', `piece` bytes each. */
static struct frame frame_of(const char *body, size_t len, int64_t serial, size_t offset,
			     size_t piece)
{
	struct frame f = {.priority = 5, .serial = serial, .offset = offset, .total = len};

	hash_bytes(body, len, f.sha256);
	f.data = (const uint8_t *)body + offset;
	f.len = piece < len - offset ? piece : len - offset;
	return f;
}

static void test_frames(void **state)
{
	struct frame f = frame_of("hello world", 11, 7, 3, 4), back;
	struct buf b;

	(void)state;
	assert_int_equal(crypto_start(), SL_OK);
	buf_init(&b, FRAME_MAX);
	assert_int_equal(frame_write(&f, &b), SL_OK);
	assert_int_equal(frame_parse(b.data, b.len, &back), SL_OK);
	assert_int_equal(back.serial, 7);
	assert_int_equal(back.offset, 3);
	assert_memory_equal(back.data, "lo w", 4);
	for (size_t i = 0; i < b.len; i++)
		assert_int_not_equal(frame_parse(b.data, i, &back), SL_OK);
	buf_put_u8(&b, 0);
	assert_int_equal(frame_parse(b.data, b.len, &back), SL_E_FORMAT);
	buf_clear(&b);
	f.offset = 9; /* 9 + 4 > 11 */
	assert_int_equal(frame_write(&f, &b), SL_E_FORMAT);
	f = frame_of("hello world", 11, 0, 0, 4);
	assert_int_equal(frame_write(&f, &b), SL_E_FORMAT);
	f = frame_of("hello world", 11, 1, 0, 4);
	f.total = FRAME_UNIT_MAX + 1;
	assert_int_equal(frame_write(&f, &b), SL_E_LIMIT);
	buf_release(&b);
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		bool want;
	} rows[] = {
		{"00000000000000000042.5.unit", true},	{"00000000000000000042.0.unit", true},
		{"00000000000000000000.5.unit", false}, {"0000000000000000042.5.unit", false},
		{"99999999999999999999.5.unit", false}, {"00000000000000000042.x.unit", false},
		{"00000000000000000042.5.part", false}, {"00000000000000000042.5.unit~", false},
		{"-0000000000000000042.5.unit", false}, {"", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char back[SPOOL_NAME + 1];
		struct spool_entry e;

		if (spool_parse(rows[i].name, &e) != rows[i].want)
			fail_msg("%s", rows[i].name);
		if (!rows[i].want)
			continue;
		spool_name(&e, back);
		assert_string_equal(back, rows[i].name);
	}
}

static void test_order_and_prune(void **state)
{
	static const char *const names[] = {"00000000000000000007.5.unit",
					    "00000000000000000009.0.unit",
					    "00000000000000000008.5.unit", "notes.txt"};
	struct spool_entry *list = NULL;
	struct room m;
	size_t n = 0;

	(void)state;
	room_new(&m);
	for (size_t i = 0; i < 4; i++)
		okit_write(m.quarantine, names[i], "x", 1);
	assert_int_equal(spool_list(m.quarantine, 10, &list, &n), SL_OK);
	assert_int_equal(n, 3);
	assert_int_equal(list[0].serial, 9);
	assert_int_equal(list[1].serial, 7);
	assert_int_equal(list[2].serial, 8);
	free(list);
	assert_int_equal(spool_prune(m.quarantine, 1), SL_OK);
	assert_true(file_exists(m.quarantine, names[1]));
	assert_false(file_exists(m.quarantine, names[2]));
	assert_true(file_exists(m.quarantine, names[3]));
	room_free(&m);
}

static void test_progress(void **state)
{
	struct progress p, back;
	struct room m;

	(void)state;
	room_new(&m);
	progress_init(&p);
	assert_int_equal(progress_add(&p, 1), SL_OK);
	assert_int_equal(progress_add(&p, 4), SL_OK);
	assert_int_equal(progress_add(&p, 3), SL_OK);
	assert_int_equal(progress_add(&p, 3), SL_OK);
	assert_int_equal(p.next, 2);
	assert_int_equal(p.n_ahead, 2);
	assert_true(progress_done(&p, 1) && progress_done(&p, 4) && !progress_done(&p, 2));
	assert_int_equal(progress_write(m.state, &p), SL_OK);
	assert_int_equal(progress_read(m.state, &back), SL_OK);
	assert_int_equal(back.next, 2);
	assert_int_equal(back.n_ahead, 2);
	assert_int_equal(progress_add(&back, 2), SL_OK);
	assert_int_equal(back.next, 5);
	assert_int_equal(back.n_ahead, 0);
	okit_write(m.state, PROGRESS_FILE, "{\"ahead\":[1],\"next\":5}", 22);
	assert_int_equal(progress_read(m.state, &back), SL_E_CORRUPT);
	okit_write(m.state, PROGRESS_FILE, "{", 1);
	assert_int_equal(progress_read(m.state, &back), SL_E_CORRUPT);
	room_free(&m);
}

static void test_assembly(void **state)
{
	static const char a[] = "the first unit of three pieces",
			  b[] = "a recall that overtakes it!!!!";
	struct frame f;
	struct room m;

	(void)state;
	room_new(&m);
	f = frame_of(a, 30, 1, 0, 10);
	assert_int_equal(inbox_frame(m.inbox, &f), 0);
	f = frame_of(b, 30, 2, 0, 20); /* interleaved */
	f.priority = 0;
	assert_int_equal(inbox_frame(m.inbox, &f), 0);
	f = frame_of(b, 30, 2, 20, 20);
	f.priority = 0;
	assert_int_equal(inbox_frame(m.inbox, &f), 1);
	f = frame_of(a, 30, 1, 10, 10);
	assert_int_equal(inbox_frame(m.inbox, &f), 0);
	f = frame_of(a, 30, 1, 20, 10);
	assert_int_equal(inbox_frame(m.inbox, &f), 1);
	assert_true(file_exists(m.quarantine, "00000000000000000001.5.unit"));
	assert_true(file_exists(m.quarantine, "00000000000000000002.0.unit"));
	f = frame_of(a, 30, 1, 0, 10); /* the carousel */
	assert_int_equal(inbox_frame(m.inbox, &f), SL_E_EXISTS);
	f = frame_of(a, 30, 3, 10, 10); /* began before we did */
	assert_int_equal(inbox_frame(m.inbox, &f), SL_E_STATE);
	f = frame_of(a, 30, QUARANTINE_WINDOW + 1, 0, 10);
	assert_int_equal(inbox_frame(m.inbox, &f), SL_E_REPLAY);
	room_free(&m);
}

static void test_damage(void **state)
{
	static const char a[] = "one piece is not what was said";
	struct frame f;
	struct room m;

	(void)state;
	room_new(&m);
	f = frame_of(a, 30, 1, 0, 30);
	f.data = (const uint8_t *)"one piece is not what was sent";
	assert_int_equal(inbox_frame(m.inbox, &f), SL_E_SIGNATURE);
	f = frame_of(a, 30, 1, 0, 10);
	assert_int_equal(inbox_frame(m.inbox, &f), 0);
	f = frame_of(a, 30, 1, 20, 10); /* a piece is missing */
	assert_int_equal(inbox_frame(m.inbox, &f), SL_E_STATE);
	f = frame_of(a, 30, 1, 10, 10); /* and then the unit starts from its beginning only */
	assert_int_equal(inbox_frame(m.inbox, &f), SL_E_STATE);
	f = frame_of(a, 30, 1, 0, 30);
	assert_int_equal(inbox_frame(m.inbox, &f), 1);
	room_free(&m);
}

/* More beginnings than slots: memory and disk stay bounded, the oldest goes. */
static void test_bounded(void **state)
{
	static const char a[] = "never finished";
	struct room m;

	(void)state;
	room_new(&m);
	for (int64_t s = 1; s <= 100; s++) {
		struct frame f = frame_of(a, 14, s, 0, 5);

		assert_int_equal(inbox_frame(m.inbox, &f), 0);
	}
	{
		struct spool_entry *list = NULL;
		size_t n = 0;
		json_t *j = quarantine_report(m.q);
		int64_t missing = 0;

		assert_int_equal(spool_list(m.quarantine, 1000, &list, &n), SL_OK);
		assert_int_equal(n, 0);
		free(list);
		assert_true(json_i64(j, "missing_count", &missing));
		assert_int_equal(missing, 100);
		json_decref(j);
	}
	room_free(&m);
}

static void test_gaps(void **state)
{
	static const char a[] = "x";
	struct progress p;
	struct room m;
	struct frame f;
	json_t *j;

	(void)state;
	room_new(&m);
	f = frame_of(a, 1, 5, 0, 1);
	assert_int_equal(inbox_frame(m.inbox, &f), 1);
	progress_init(&p);
	assert_int_equal(progress_add(&p, 1), SL_OK);
	assert_int_equal(progress_add(&p, 3), SL_OK);
	assert_int_equal(progress_write(m.state, &p), SL_OK);
	j = quarantine_report(m.q);
	assert_int_equal(json_array_size(json_arr(j, "missing")), 2);
	assert_int_equal(json_integer_value(json_array_get(json_arr(j, "missing"), 0)), 2);
	assert_int_equal(json_integer_value(json_array_get(json_arr(j, "missing"), 1)), 4);
	json_decref(j);
	/* What the installer refused as garbage may come again. */
	assert_int_equal(unlinkat(m.quarantine, "00000000000000000005.5.unit", 0), 0);
	quarantine_look(m.q);
	assert_int_equal(quarantine_wants(m.q, 5), SL_OK);
	assert_int_equal(quarantine_wants(m.q, 3), SL_E_EXISTS);
	assert_true(quarantine_finished(m.q, 3));
	assert_false(quarantine_finished(m.q, 5));
	room_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),		cmocka_unit_test(test_names),
		cmocka_unit_test(test_order_and_prune), cmocka_unit_test(test_progress),
		cmocka_unit_test(test_assembly),	cmocka_unit_test(test_damage),
		cmocka_unit_test(test_bounded),		cmocka_unit_test(test_gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
