/* test_link_spray.c - units as datagrams: whole, in order, paced, overtaken, numbered. */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "link/pace.h"
#include "spray_kit.h"
#include "trust_kit.h"

#define GBIT UINT64_C(1000000000)

static void test_whole(void **state)
{
	static const struct {
		size_t len;
		uint32_t mtu, loss, interleave;
	} rows[] = {
		{1, 1500, 30, 512},	  {31, 1500, 30, 512},	 {33, 1500, 0, 512},
		{1023, 1500, 30, 512},	  {1024, 1500, 30, 512}, {1430, 1500, 30, 512},
		{4096, 1500, 30, 512},	  {4096, 9000, 200, 1},	 {100000, 1500, 30, 512},
		{300000, 65535, 30, 512}, {700001, 576, 200, 2}, {3000000, 1500, 100, 4},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct spool_entry e = {.serial = 42, .priority = 5};
		struct spray_counts counts;
		struct spray_kit k;
		uint64_t bytes = 0;
		int fd = spray_kit_unit(rows[i].len, (uint8_t)i);

		spray_kit_new(&k, GBIT, rows[i].mtu, rows[i].loss, rows[i].interleave);
		assert_int_equal(spray_unit(k.spray, &e, fd, NULL, NULL), SL_OK);
		assert_true(spray_kit_whole(&k, 42, fd));
		for (unsigned n = 0; n < k.n; n++) {
			assert_int_equal(k.got[n].d.session, 1000);
			assert_int_equal(k.got[n].d.number, n + 1);
			assert_int_equal(k.got[n].d.priority, 5);
			assert_int_equal(k.got[n].len, k.got[0].len); /* constant size */
			assert_true(k.got[n].len + k.headers <= rows[i].mtu);
			bytes += k.got[n].len + k.headers;
		}
		spray_counts(k.spray, &counts);
		assert_int_equal(counts.datagrams, k.n);
		assert_int_equal(counts.bytes, bytes);
		file_close(fd);
		spray_kit_free(&k);
	}
}

/* Symbol 0 of each block of a group, symbol 1 of each, …; groups are alike. */
static void test_interleaving(void **state)
{
	const struct spool_entry e = {.serial = 1, .priority = 5};
	struct geometry g;
	struct spray_kit k;
	unsigned at = 0;
	uint32_t depth;
	int fd = spray_kit_unit(1500000, 1);

	(void)state;
	spray_kit_new(&k, GBIT, 576, 30, 4);
	assert_int_equal(spray_unit(k.spray, &e, fd, NULL, NULL), SL_OK);
	assert_int_equal(
		geometry_of(k.got[0].d.total, (uint32_t)k.got[0].d.len, k.got[0].d.m, &g),
		SL_OK);
	assert_true(g.blocks > 8);
	depth = (g.blocks + (g.blocks + 3) / 4 - 1) / ((g.blocks + 3) / 4);
	for (uint32_t first = 0; first < g.blocks; first += depth) {
		for (unsigned i = 0; i < geometry_k(&g, first) + g.m; i++) {
			for (uint32_t b = first; b < first + depth && b < g.blocks; b++) {
				if (i >= geometry_k(&g, b) + g.m)
					continue;
				assert_int_equal(k.got[at].d.block, b);
				assert_int_equal(k.got[at].d.symbol, i);
				at++;
			}
		}
	}
	assert_int_equal(at, k.n);
	file_close(fd);
	spray_kit_free(&k);
}

/* 1,000 bytes cost 8 us at 1 Gbit/s. */
static void test_bucket(void **state)
{
	static const struct {
		int64_t now;
		size_t bytes;
		int64_t wait;
	} rows[] = {
		{0, 1000, 0},
		{0, 1000, 8000},
		{0, 500, 16000},
		{10000, 1, 10000},
		{20008, 1000, 0},
		{1000000, 100000, 0},
		{1000000, 100000, 700000}, /* 800 us less 100 us of credit; older is lost */
		{1500000, 1000, 1000000},
	};
	struct pace p;

	(void)state;
	pace_start(&p, GBIT, 100000, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t wait = pace_take(&p, rows[i].bytes, rows[i].now);

		if (wait != rows[i].wait)
			fail_msg("row %zu: %lld", i, (long long)wait);
	}
	pace_start(&p, 8000, 0, 0); /* the slowest: no overflow with a large batch */
	assert_int_equal(pace_take(&p, 4 << 20, 0), 0);
	assert_int_equal(pace_take(&p, 1, 0), INT64_C(4194304) * 1000000);
	pace_start(&p, UINT64_C(400) * GBIT, 0, 0);
	assert_int_equal(pace_take(&p, 1500, 0), 0);
	assert_int_equal(pace_take(&p, 1500, 0), 30);
}

/* By the clock that only waiting moves: never faster than the rate but for a burst and a
 * batch, and not slower. */
static void test_pace(void **state)
{
	static const uint64_t rates[] = {UINT64_C(64000), UINT64_C(10000000), GBIT, 40 * GBIT};

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		const struct spool_entry e = {.serial = 1, .priority = 5};
		double bits = 0, ahead = (double)rates[i] * 0.003 + 2 * 12000;
		struct spray_kit k;
		int fd = spray_kit_unit(200000, 1);

		spray_kit_new(&k, rates[i], 1500, 30, 512);
		assert_int_equal(spray_unit(k.spray, &e, fd, NULL, NULL), SL_OK);
		for (unsigned n = 0; n < k.n; n++) {
			double may = (double)rates[i] * (double)k.got[n].at_ns / 1e9;

			bits += (double)(k.got[n].len + k.headers) * 8;
			if (bits > may + ahead)
				fail_msg("%g bits after %g s at %g", bits,
					 (double)k.got[n].at_ns / 1e9, (double)rates[i]);
		}
		assert_true((double)k.now_ns / 1e9 <= bits / (double)rates[i]);
		file_close(fd);
		spray_kit_free(&k);
	}
}

struct overtaker {
	struct spray_kit *k;
	int fd, calls, result;
};

static int overtake(void *arg)
{
	const struct spool_entry recall = {.serial = 9, .priority = SPOOL_RECALL};
	const struct heartbeat h = {.highest = 9, .waiting = 1};
	struct overtaker *o = arg;

	if (o->calls++ != 2)
		return o->result;
	if (spray_heartbeat(o->k->spray, &h) != SL_OK)
		return SL_E_INTERNAL;
	return spray_unit(o->k->spray, &recall, o->fd, NULL, NULL);
}

static void test_overtaken(void **state)
{
	const struct spool_entry e = {.serial = 1, .priority = 5};
	struct overtaker o = {.calls = 0};
	int fd = spray_kit_unit(2000000, 1);
	unsigned first = 0, last = 0;
	struct spray_kit k;

	(void)state;
	spray_kit_new(&k, GBIT, 1500, 30, 512);
	o.k = &k;
	o.fd = spray_kit_unit(5000, 2);
	assert_int_equal(spray_unit(k.spray, &e, fd, overtake, &o), SL_OK);
	assert_true(spray_kit_whole(&k, 1, fd));
	assert_true(spray_kit_whole(&k, 9, o.fd));
	for (unsigned i = 0; i < k.n; i++) {
		assert_int_equal(k.got[i].d.number, i + 1);
		if (k.got[i].d.serial != 9)
			continue;
		if (first == 0)
			first = i;
		last = i;
	}
	/* In one piece, in the middle, the heartbeat before it, a few milliseconds late. */
	assert_int_equal(k.got[first].d.kind, DATAGRAM_HEARTBEAT);
	for (unsigned i = first + 1; i <= last; i++)
		assert_int_equal(k.got[i].d.serial, 9);
	assert_true(first > 0 && last < k.n / 2);
	assert_true(k.got[first].at_ns < 15000000);
	file_close(fd);
	file_close(o.fd);
	spray_kit_free(&k);
}

static void test_ended(void **state)
{
	const struct spool_entry e = {.serial = 1, .priority = 5};
	struct overtaker o = {.result = SL_E_CANCELED};
	int fd = spray_kit_unit(2000000, 1);
	struct spray_kit k;
	uint32_t last;

	(void)state;
	spray_kit_new(&k, GBIT, 1500, 30, 512);
	o.k = &k;
	assert_int_equal(spray_unit(k.spray, &e, fd, overtake, &o), SL_E_CANCELED);
	assert_int_equal(o.calls, 1);
	k.fail_after = k.batches + 3;
	assert_int_equal(spray_unit(k.spray, &e, fd, NULL, NULL), SL_E_UNREACHABLE);
	/* Numbers that did not leave are not used again. */
	last = k.session.number;
	k.fail_after = 0;
	spray_kit_forget(&k);
	assert_int_equal(spray_unit(k.spray, &e, fd, NULL, NULL), SL_OK);
	assert_int_equal(k.got[0].d.number, last + 1);
	assert_true(spray_kit_whole(&k, 1, fd));
	file_close(fd);
	spray_kit_free(&k);
}

static void test_refused(void **state)
{
	struct spool_entry e = {.serial = 1, .priority = 5};
	struct spray_kit k;
	int fd = spray_kit_unit(0, 0);

	(void)state;
	spray_kit_new(&k, GBIT, 1500, 30, 512);
	assert_int_equal(spray_unit(k.spray, &e, fd, NULL, NULL), SL_E_FORMAT);
	e.serial = (int64_t)UINT32_MAX + 1;
	assert_int_equal(ftruncate(fd, 10), 0);
	assert_int_equal(spray_unit(k.spray, &e, fd, NULL, NULL), SL_E_LIMIT);
	e.serial = UINT32_MAX;
	assert_int_equal(spray_unit(k.spray, &e, fd, NULL, NULL), SL_OK);
	assert_int_equal(ftruncate(fd, (off_t)FRAME_UNIT_MAX + 1), 0);
	assert_int_equal(spray_unit(k.spray, &e, fd, NULL, NULL), SL_E_LIMIT);
	file_close(fd);
	spray_kit_free(&k);
}

static void test_heartbeat(void **state)
{
	static const struct {
		uint64_t rate;
		size_t len;
	} rows[] = {{GBIT, 1472}, {UINT64_C(1000000), 1472}, {UINT64_C(64000), 70}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct heartbeat h = {
			.highest = 77, .lowest_repeat = 70, .waiting = 3, .repeating = 4};
		struct heartbeat back;
		struct spray_kit k;

		spray_kit_new(&k, rows[i].rate, 1500, 30, 512);
		k.now_ns = 2500000000;
		assert_int_equal(spray_heartbeat(k.spray, &h), SL_OK);
		assert_int_equal(k.n, 1);
		assert_int_equal(k.got[0].d.kind, DATAGRAM_HEARTBEAT);
		assert_int_equal(k.got[0].d.serial, 77);
		assert_int_equal(k.got[0].len, rows[i].len);
		assert_int_equal(heartbeat_parse(k.got[0].d.body, k.got[0].d.len, &back),
				 SL_OK);
		assert_int_equal(back.highest, 77);
		assert_int_equal(back.lowest_repeat, 70);
		assert_int_equal(back.waiting, 3);
		assert_int_equal(back.repeating, 4);
		assert_int_equal(back.rate_kbit, rows[i].rate / 1000);
		assert_int_equal(back.loss_permille, 30);
		assert_int_equal(back.size, 1472);
		assert_int_equal(back.time_ms, (DATAGRAM_EPOCH + 1000) * 1000 + 2500);
		spray_kit_free(&k);
	}
}

static void test_session(void **state)
{
	static const char *const wrong[] = {
		"",   "{", "{\"session\":0}", "{\"session\":-4}", "{\"session\":4294967296}",
		"[7]"};
	uint32_t session = 0, number = 0;
	struct session s;
	struct spray_kit k;

	(void)state;
	spray_kit_new(&k, GBIT, 1500, 30, 512); /* began 1000 */
	assert_int_equal(session_begin(&s, k.dir_fd, DATAGRAM_EPOCH + 5000), SL_OK);
	assert_int_equal(s.session, 5000);
	/* The clock was set back, twice within one second: it grows all the same. */
	assert_int_equal(session_begin(&s, k.dir_fd, DATAGRAM_EPOCH + 10), SL_OK);
	assert_int_equal(s.session, 5001);
	assert_int_equal(session_begin(&s, k.dir_fd, 0), SL_OK);
	assert_int_equal(s.session, 5002);
	assert_int_equal(session_next(&s, 0, &session, &number), SL_OK);
	assert_int_equal(session, 5002);
	assert_int_equal(number, 1);
	s.number = UINT32_MAX - 2;
	assert_int_equal(session_next(&s, 0, &session, &number), SL_OK);
	assert_int_equal(session, 5002);
	assert_int_equal(number, UINT32_MAX - 1);
	assert_int_equal(session_next(&s, 0, &session, &number), SL_OK);
	assert_int_equal(session, 5003);
	assert_int_equal(number, 1);
	assert_int_equal(session_begin(&s, k.dir_fd, 0), SL_OK); /* that one was durable */
	assert_int_equal(s.session, 5004);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(file_write_durable(k.dir_fd, SESSION_FILE, wrong[i],
						    strlen(wrong[i]), 0600),
				 SL_OK);
		assert_int_equal(session_begin(&s, k.dir_fd, DATAGRAM_EPOCH + 9000), SL_OK);
		assert_true(s.damaged);
		assert_int_equal(s.session, 9000);
	}
	assert_int_equal(session_begin(&s, k.dir_fd, 0), SL_OK);
	assert_false(s.damaged);
	assert_int_equal(file_write_durable(k.dir_fd, SESSION_FILE, "{\"session\":4294967295}",
					    22, 0600),
			 SL_OK);
	assert_int_equal(session_begin(&s, k.dir_fd, DATAGRAM_EPOCH + 9000), SL_E_LIMIT);
	spray_kit_free(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),	  cmocka_unit_test(test_interleaving),
		cmocka_unit_test(test_bucket),	  cmocka_unit_test(test_pace),
		cmocka_unit_test(test_overtaken), cmocka_unit_test(test_ended),
		cmocka_unit_test(test_refused),	  cmocka_unit_test(test_heartbeat),
		cmocka_unit_test(test_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
