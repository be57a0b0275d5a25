/* test_link_carousel.c - what comes again and when: order, turns, ends, room, restarts. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "link/kept.h"
#include "trust_kit.h"

static const uint32_t pauses[] = {5, 60};
enum { N_PAUSES = 2 };

static struct spool_entry unit_of(int64_t serial, uint8_t priority)
{
	return (struct spool_entry){.serial = serial, .priority = priority};
}

/* Handed over at `now`; how it stands then. */
static const struct carousel_entry *sent(struct carousel *c, int64_t serial, uint8_t priority,
					 int64_t now)
{
	const struct spool_entry e = unit_of(serial, priority);
	const struct carousel_entry *at = NULL;

	assert_int_equal(carousel_sent(c, &e, 100, now, &at), SL_OK);
	assert_int_equal(at->unit.serial, serial);
	return at;
}

/* The serial of the first due one, 0: none. */
static int64_t due(const struct carousel *c, int64_t now)
{
	struct spool_entry e = {.serial = 0};

	(void)carousel_due(c, false, now, &e);
	return e.serial;
}

static void test_schedule_ends(void **state)
{
	struct carousel_view v;
	struct carousel c;

	(void)state;
	carousel_init(&c, pauses, N_PAUSES);
	assert_int_equal(sent(&c, 7, 5, 1000)->due, 6000);
	assert_int_equal(due(&c, 5999), 0);
	assert_int_equal(due(&c, 6000), 7);
	carousel_view(&c, &v);
	assert_int_equal(v.repeating, 1);
	assert_int_equal(v.due, 6000);
	assert_int_equal(v.next.serial, 7);
	assert_int_equal(sent(&c, 7, 5, 6500)->due, 66500);
	assert_int_equal(sent(&c, 7, 5, 66500)->due, CAROUSEL_NEVER);
	assert_int_equal(due(&c, INT64_MAX - 1), 0);
	carousel_view(&c, &v);
	assert_int_equal(v.repeating, 0);
	assert_int_equal(v.lowest_repeating, 0);
	assert_int_equal(v.lowest, 7); /* but kept */
	/* A person wants it: at once, and the whole schedule again. */
	assert_true(carousel_resend(&c, 7, 100000));
	assert_false(carousel_resend(&c, 8, 100000));
	assert_int_equal(due(&c, 100000), 7);
	assert_int_equal(sent(&c, 7, 5, 100000)->due, 105000);
	assert_int_equal(sent(&c, 7, 5, 105000)->due, 165000);
	assert_int_equal(sent(&c, 7, 5, 165000)->due, CAROUSEL_NEVER);
	carousel_release(&c);
	carousel_init(&c, NULL, 0); /* repeat: [never] */
	assert_int_equal(sent(&c, 1, 5, 0)->due, CAROUSEL_NEVER);
	carousel_release(&c);
}

static void test_order(void **state)
{
	static const int64_t want[] = {9, 4, 12, 11, 3, 1};
	struct spool_entry e;
	struct carousel c;

	(void)state;
	carousel_init(&c, pauses, N_PAUSES);
	(void)sent(&c, 11, 5, 0);
	(void)sent(&c, 4, SPOOL_RECALL, 0);
	(void)sent(&c, 12, 5, 0);
	(void)sent(&c, 1, 5, 0);
	(void)sent(&c, 9, SPOOL_RECALL, 0);
	(void)sent(&c, 3, 5, 0);
	assert_true(carousel_due(&c, true, 5000, &e));
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(due(&c, 5000), want[i]);
		(void)sent(&c, want[i], want[i] == 9 || want[i] == 4 ? 0 : 5, 5000);
	}
	assert_int_equal(due(&c, 5000), 0);
	assert_false(carousel_due(&c, true, 5000, &e));
	carousel_release(&c);
}

/* A pass over all of them takes longer than the pauses: the oldest have their first repetition
 * before the newest have their second. */
static void test_oldest_not_starved(void **state)
{
	struct carousel c;
	int64_t now = 5000;

	(void)state;
	carousel_init(&c, pauses, N_PAUSES);
	for (int64_t i = 1; i <= 20; i++)
		(void)sent(&c, i, 5, 0);
	for (int64_t i = 20; i >= 1; i--) {
		assert_int_equal(due(&c, now), i);
		(void)sent(&c, i, 5, now);
		now += 60000;
	}
	assert_int_equal(due(&c, now), 20);
	/* What a person asks for comes before what is due anyway. */
	assert_true(carousel_resend(&c, 7, now));
	assert_int_equal(due(&c, now), 7);
	carousel_release(&c);
}

/* A backlog of new units and one of repetitions: each gets on, recalls at once. */
static void test_turns(void **state)
{
	const struct spool_entry fresh = unit_of(5000, 5), recall = unit_of(5001, SPOOL_RECALL);
	unsigned repeats = 0, news = 0, since = 0;
	struct spool_entry e = {.serial = 0};
	struct carousel c;

	(void)state;
	carousel_init(&c, pauses, N_PAUSES);
	assert_int_equal(carousel_turn(&c, NULL, 0, &e), CAROUSEL_IDLE);
	for (int64_t i = 1; i <= 1000; i++)
		(void)sent(&c, i, 5, 0);
	for (int i = 0; i < 1000; i++) {
		switch (carousel_turn(&c, &fresh, 10000, &e)) {
		case CAROUSEL_NEW:
			assert_true(++since <= 3);
			news++;
			break;
		case CAROUSEL_REPEAT:
			repeats++;
			since = 0;
			(void)sent(&c, e.serial, 5, 10000);
			break;
		default:
			fail();
		}
	}
	for (int i = 0; i < 10; i++)
		assert_int_equal(carousel_turn(&c, &recall, 10000, &e), CAROUSEL_NEW);
	assert_int_equal(repeats, 250);
	assert_int_equal(news, 750);
	/* Nothing new: repetitions one after the other; nothing due: new ones. */
	assert_int_equal(carousel_turn(&c, NULL, 10000, &e), CAROUSEL_REPEAT);
	assert_int_equal(carousel_turn(&c, NULL, 10000, &e), CAROUSEL_REPEAT);
	for (int i = 0; i < 10; i++)
		assert_int_equal(carousel_turn(&c, &fresh, 0, &e), CAROUSEL_NEW);
	carousel_release(&c);
}

static void test_room(void **state)
{
	struct spool_entry e;
	struct carousel c;
	bool early = false;

	(void)state;
	carousel_init(&c, pauses, N_PAUSES);
	for (int64_t i = 1; i <= 10; i++)
		(void)sent(&c, i, 5, 0);
	for (int64_t i = 4; i <= 6; i++) { /* these end */
		(void)sent(&c, i, 5, 0);
		assert_int_equal(sent(&c, i, 5, 0)->due, CAROUSEL_NEVER);
	}
	assert_int_equal(c.bytes, 1000);
	assert_false(carousel_prune(&c, 1000, 10, &e, &early));
	/* Ended ones first, the oldest of them first, and then the oldest. */
	for (int64_t i = 4; i <= 6; i++) {
		assert_true(carousel_prune(&c, 1000, 6, &e, &early));
		assert_int_equal(e.serial, i);
		assert_false(early);
	}
	for (int64_t i = 1; i <= 3; i++) {
		assert_true(carousel_prune(&c, 10, 100, &e, &early));
		assert_int_equal(e.serial, i);
		assert_true(early);
	}
	while (carousel_prune(&c, 10, 100, &e, &early))
		continue;
	assert_int_equal(c.n, 1); /* what was just sent is never too much */
	assert_non_null(carousel_find(&c, 10));
	assert_int_equal(c.bytes, 100);
	carousel_drop(&c, 10);
	carousel_drop(&c, 10);
	assert_int_equal(c.n, 0);
	assert_int_equal(c.bytes, 0);
	carousel_release(&c);
}

static void test_broken_link(void **state)
{
	struct carousel c;

	(void)state;
	carousel_init(&c, pauses, 1);
	(void)sent(&c, 1, 5, 0);
	(void)sent(&c, 1, 5, 5000); /* ended, long ago */
	(void)sent(&c, 2, 5, 70000);
	(void)sent(&c, 2, 5, 75000); /* ended, just before */
	(void)sent(&c, 3, 5, 90000);
	carousel_again(&c, 75000, 91000);
	assert_int_equal(due(&c, 91000), 3);
	assert_int_equal(sent(&c, 3, 5, 91000)->due, CAROUSEL_NEVER);
	assert_int_equal(due(&c, 91000), 2);
	assert_int_equal(sent(&c, 2, 5, 91000)->due, CAROUSEL_NEVER);
	assert_int_equal(due(&c, 91000), 0);
	carousel_release(&c);
}

struct room {
	char dir[64];
	int outbox, sent;
	struct carousel c;
	int64_t ended, ended_serial;
};

static void room_new(struct room *m)
{
	char path[128];

	(void)snprintf(m->dir, sizeof(m->dir), "/tmp/sluice-kept-XXXXXX");
	assert_non_null(mkdtemp(m->dir));
	(void)snprintf(path, sizeof(path), "%s/sent", m->dir);
	assert_int_equal(file_mkdirs(path, 0700), SL_OK);
	m->outbox = file_open_dir(AT_FDCWD, m->dir);
	m->sent = file_open_dir(AT_FDCWD, path);
	assert_true(m->outbox >= 0 && m->sent >= 0);
	carousel_init(&m->c, pauses, N_PAUSES);
}

static void room_free(struct room *m)
{
	carousel_release(&m->c);
	file_close(m->outbox);
	file_close(m->sent);
	assert_int_equal(file_remove_tree(AT_FDCWD, m->dir), SL_OK);
}

/* The sender was killed and starts at that moment, on a host that was started meanwhile. */
static void restart(struct room *m, bool buffered, int64_t mono_ms, int64_t unix_s)
{
	const struct kept_now now = {.mono_ms = mono_ms, .unix_s = unix_s};

	carousel_release(&m->c);
	carousel_init(&m->c, pauses, N_PAUSES);
	assert_int_equal(kept_load(m->sent, buffered, &m->c, &now, &m->ended, &m->ended_serial),
			 SL_OK);
}

static void hand_over(struct room *m, int64_t serial, const struct kept_now *now)
{
	const struct spool_entry e = unit_of(serial, 5);
	const struct carousel_entry *at = NULL;
	char name[SPOOL_NAME + 1];

	spool_name(&e, name);
	assert_int_equal(file_write_durable(m->outbox, name, "unit", 4, 0600), SL_OK);
	assert_int_equal(carousel_sent(&m->c, &e, 4, now->mono_ms, &at), SL_OK);
	assert_int_equal(kept_take(m->outbox, m->sent, at, now), SL_OK);
	assert_false(file_exists(m->outbox, name));
	assert_true(file_exists(m->sent, name));
}

static void again(struct room *m, int64_t serial, const struct kept_now *now)
{
	const struct spool_entry e = unit_of(serial, 5);
	const struct carousel_entry *at = NULL;

	assert_int_equal(carousel_sent(&m->c, &e, 4, now->mono_ms, &at), SL_OK);
	kept_mark(m->sent, at, now);
}

/* Killed two hundred times on its way, each unit still comes as often as the schedule says. */
static void test_restarts(void **state)
{
	struct kept_now now = {.mono_ms = 1000000, .unix_s = 1800000000};
	unsigned times = 0;
	struct room m;

	(void)state;
	room_new(&m);
	hand_over(&m, 1, &now);
	for (int i = 0; i < 200; i++) {
		now.unix_s++;
		now.mono_ms = 5000 + 3 * i; /* another boot each time */
		restart(&m, false, now.mono_ms, now.unix_s);
		if (due(&m.c, now.mono_ms) == 1) {
			times++;
			again(&m, 1, &now);
		}
	}
	assert_int_equal(times, N_PAUSES);
	restart(&m, false, 0, now.unix_s);
	assert_int_equal(m.ended_serial, 1);
	assert_int_equal(m.ended, 1800000000 + 65);
	assert_int_equal(m.c.n, 1);
	assert_int_equal(m.c.bytes, 4);
	room_free(&m);
}

static void test_restart_remembers(void **state)
{
	struct kept_now now = {.mono_ms = 7000, .unix_s = 1800000000};
	struct carousel_entry e;
	struct room m;

	(void)state;
	room_new(&m);
	hand_over(&m, 1, &now);
	hand_over(&m, 2, &now);
	again(&m, 2, &now);
	hand_over(&m, 3, &now);
	again(&m, 3, &now);
	again(&m, 3, &now);
	restart(&m, false, 500, 1800000002);
	assert_int_equal(carousel_find(&m.c, 1)->due, 3500);
	assert_int_equal(carousel_find(&m.c, 1)->next, 1);
	assert_int_equal(carousel_find(&m.c, 2)->due, 58500);
	assert_int_equal(carousel_find(&m.c, 2)->next, 2);
	assert_int_equal(carousel_find(&m.c, 3)->due, CAROUSEL_NEVER);
	/* It may have been in a buffer of the program that was killed: once more. */
	restart(&m, true, 500, 1800000002);
	assert_int_equal(carousel_find(&m.c, 3)->due, 500);
	assert_int_equal(sent(&m.c, 3, 5, 500)->due, CAROUSEL_NEVER);
	/* A request of a person is remembered as well. */
	restart(&m, false, 500, 1800000002);
	assert_true(carousel_resend(&m.c, 3, 500));
	e = *carousel_find(&m.c, 3);
	now = (struct kept_now){.mono_ms = 500, .unix_s = 1800000002};
	kept_mark(m.sent, &e, &now);
	restart(&m, false, 900, 1800000002);
	assert_int_equal(due(&m.c, 900), 3);
	assert_int_equal(carousel_find(&m.c, 3)->next, 0);
	/* The clock was set back by a year: nothing waits as long as that. */
	restart(&m, false, 900, 1768000000);
	assert_true(carousel_find(&m.c, 2)->due <= 900 + 65000);
	kept_remove(m.sent, &e.unit);
	restart(&m, false, 900, 1800000002);
	assert_null(carousel_find(&m.c, 3));
	room_free(&m);
}

/* Files of an earlier version, or copied back: their time is that of their writing. */
static void test_unmarked(void **state)
{
	static const struct {
		int64_t age, want;
	} rows[] = {{0, 900}, {64, 900}, {65, CAROUSEL_NEVER}, {100000, CAROUSEL_NEVER}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct timespec t[2] = {
			{.tv_nsec = UTIME_OMIT},
			{.tv_sec = 1800000000 - rows[i].age, .tv_nsec = 123456789}};
		const struct spool_entry e = unit_of(4, 5);
		char name[SPOOL_NAME + 1];
		struct room m;

		room_new(&m);
		spool_name(&e, name);
		assert_int_equal(file_write_durable(m.sent, name, "unit", 4, 0600), SL_OK);
		assert_int_equal(utimensat(m.sent, name, t, 0), 0);
		restart(&m, false, 900, 1800000000);
		assert_int_equal(carousel_find(&m.c, 4)->due, rows[i].want);
		assert_true(carousel_resend(&m.c, 4, 900));
		room_free(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schedule_ends),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_oldest_not_starved),
		cmocka_unit_test(test_turns),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_broken_link),
		cmocka_unit_test(test_restarts),
		cmocka_unit_test(test_restart_remembers),
		cmocka_unit_test(test_unmarked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
