/* test_release_kill.c - kill -9 before each single call that changes a file, from the approved
 * draft or the order to the finished unit: releaser and checker, their logs and their database.
 *
 * Whatever was interrupted, once: one case, one serial, one unit, a log that grew and holds. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "killer.h"
#include "link/unit.h"
#include "release_kit.h"

enum { CALLS_MAX = 4000, RELEASE_CALLS_MIN = 200, REFRESH_CALLS_MIN = 60, REFUSALS = 6 };

struct world {
	struct kit k;
	bool refuses;	/* the checker's clock is an hour ahead, while something is killed */
	int64_t number; /* cases so far */
	struct tlog_checkpoint log; /* as it was when the last one was finished */
};

/* The audit log has grown since the last case, as it does in life. */
static void set_anchor(const struct world *w, struct line *l)
{
	l->anchor.version = w->number + 1;
	hash_hex("the audit", 9, l->anchor.sha256);
}

/* Releaser and checker, one step after the other, in a child that dies before its call number
 * `calls`; false when it had nothing more to do. */
static bool killed(struct world *w, long calls)
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct line l;
		enum line_step step = LINE_DID;

		killer_after(calls);
		if (line_open(w->k.c, &l, NULL) != SL_OK)
			_exit(1);
		set_anchor(w, &l);
		for (int i = 0; i < 100 && step != LINE_IDLE; i++) {
			if (line_step(&l, clock_now() + w->k.ahead, &step, NULL) != SL_OK)
				_exit(2);
			if (step != LINE_WAITS)
				continue;
			w->k.ahead += w->refuses ? 3600 : 0;
			(void)kit_check(&w->k);
			if (w->refuses && i > REFUSALS)
				_exit(0);
			w->k.ahead -= w->refuses ? 3600 : 0;
		}
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL
					: WEXITSTATUS(status) == 0);
	return WIFSIGNALED(status);
}

static int see_leftover(const char *name, void *arg)
{
	(void)arg;
	fail_msg("release/cases/%s was left", name);
	return SL_OK;
}

/* The log that lies in the repository contains what it contained before, and holds. */
static void log_grew(struct world *w, int repo_fd)
{
	struct log_dir dir = {.dirfd = repo_fd, .copy_fd = -1};
	struct tlog_reader tiles = log_dir_reader(&dir);
	struct merkle_frontier before;
	struct tlog_checkpoint now;
	struct sl_why why = {.text = ""};
	uint8_t root[HASH_LEN];
	struct buf b;

	buf_init(&b, NOTE_MAX);
	assert_int_equal(file_read(repo_fd, "log/checkpoint", NOTE_MAX, &b), SL_OK);
	assert_int_equal(tlog_policy_check(w->k.chain->witness, b.data, b.len, &now, NULL),
			 SL_OK);
	buf_release(&b);
	if (tlog_verify_all(&tiles, &now, NULL, NULL, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_true(now.size >= w->log.size);
	if (w->log.size > 0) {
		assert_int_equal(tlog_frontier(&tiles, w->log.size, &before), SL_OK);
		merkle_root(&before, root);
		assert_memory_equal(root, w->log.root, HASH_LEN);
	}
	w->log = now;
}

/* The next start finishes what was begun: exactly one more case. */
static void went_out_once(struct world *w)
{
	struct unit u = {.files = NULL};
	struct line l;

	if (line_open(w->k.c, &l, NULL) != SL_OK)
		fail_msg("the line cannot be opened");
	set_anchor(w, &l);
	kit_run(&w->k, &l);
	assert_int_equal(repo_number(l.repo), ++w->number);
	log_grew(w, l.f.repo_fd);
	assert_int_equal(file_each(l.f.cases_fd, 10, see_leftover, NULL), SL_OK);
	assert_true(w->refuses || !file_exists(l.f.release_fd, "refused"));
	line_close(&l);
	if (kit_unit(&w->k, w->number, 5, &u) != SL_OK)
		assert_int_equal(kit_unit(&w->k, w->number, 0, &u), SL_OK);
	unit_release(&u);
	for (int priority = 0; priority <= 9; priority++)
		assert_int_equal(kit_unit(&w->k, w->number + 1, priority, &u), SL_E_NOTFOUND);
}

static void enter(struct world *w)
{
	memset(w, 0, sizeof(*w));
	/* Thousands of steps: in memory where that is possible, as no power is cut here. */
	kit_open_below(&w->k, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
}

/* The very first case has no repository to fall back on. */
static void the_first_case(void **state)
{
	bool more = true;

	(void)state;
	for (long n = 0; more; n += 7) {
		struct world w;

		enter(&w);
		more = killed(&w, n);
		went_out_once(&w);
		kit_close(&w.k);
		assert_true(n < CALLS_MAX && (more || n > RELEASE_CALLS_MIN));
	}
}

/* A repository in which one release more is one of few: a recall carries what is recent. */
static void begin_again(struct world *w, long n)
{
	if (n > 0)
		kit_close(&w->k);
	enter(w);
	went_out_once(w);
}

static void a_release_and_its_recall(void **state)
{
	struct kit_draft d;
	struct world w;
	bool more = true;

	(void)state;
	for (long n = 0; more; n++) {
		if (n % 32 == 0)
			begin_again(&w, n);
		kit_approved(&w.k, NULL, &d);
		more = killed(&w, n);
		went_out_once(&w);
		assert_int_equal(kit_next_serial(&w.k), w.number);
		assert_int_equal(kit_state(&w.k, &d), DRAFT_RELEASED);
		kit_order(&w.k, &d, "withdraw");
		more = killed(&w, n) || more;
		went_out_once(&w);
		assert_int_equal(kit_next_serial(&w.k), w.number);
		assert_int_equal(kit_state(&w.k, &d), DRAFT_WITHDRAWN);
		assert_true(n < CALLS_MAX && (more || n > RELEASE_CALLS_MIN));
	}
	kit_close(&w.k);
}

/* One of two drafts has lost its approvals and goes back; the checker refuses the case of the
 * other one, which is built again. */
static void a_refused_case(void **state)
{
	struct kit_draft good, expired;
	struct world w;
	bool more = true;

	(void)state;
	for (long n = 0; more; n++) {
		if (n % 32 == 0)
			begin_again(&w, n);
		kit_approved(&w.k, &(struct kit_options){.approvals_end = clock_now() - 1},
			     &expired);
		kit_approved(&w.k, NULL, &good);
		w.refuses = true;
		more = killed(&w, n);
		went_out_once(&w);
		assert_int_equal(kit_next_serial(&w.k), w.number);
		assert_int_equal(kit_state(&w.k, &good), DRAFT_RELEASED);
		assert_int_equal(kit_state(&w.k, &expired), DRAFT_IN_REVIEW);
		w.refuses = false;
		assert_true(n < CALLS_MAX && (more || n > RELEASE_CALLS_MIN));
	}
	kit_close(&w.k);
}

/* Half a week later the feed is signed again, superseded files go, the audit is anchored. */
static void a_refresh(void **state)
{
	struct world w;
	bool more = true;

	(void)state;
	for (long n = 0; more; n++) {
		if (n % 32 == 0)
			begin_again(&w, n);
		w.k.ahead += DELTA_FEED_S / 2 + 60;
		more = killed(&w, n);
		went_out_once(&w);
		assert_true(n < CALLS_MAX && (more || n > REFRESH_CALLS_MIN));
	}
	kit_close(&w.k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_case),
		cmocka_unit_test(a_release_and_its_recall),
		cmocka_unit_test(a_refused_case),
		cmocka_unit_test(a_refresh),
	};

	assert_int_equal(crypto_start(), SL_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
