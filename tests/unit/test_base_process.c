/* test_base_process.c - the supervisor's set: stages, readiness, back-off, crash loop, order of
 * ends.
 *
 * The programs are shell one-liners; every wait is for an event with a deadline. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"

enum { DEADLINE_MS = 20000 };

#define SHELL(n, script, at)                                                                   \
	{                                                                                      \
		.name = n, .argv = {"/bin/sh", "-c", script, n, dir, NULL}, .stage = at        \
	}

static char dir[PATH_MAX];

static int set_up(void **state)
{
	char name[] = "/tmp/sl-process-XXXXXX";

	(void)state;
	return mkdtemp(name) != NULL && realpath(name, dir) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static struct process_view look(const struct process_set *s, unsigned i)
{
	struct process_view v;

	process_set_view(s, i, &v);
	return v;
}

/* Turn until cond holds. */
#define UNTIL(s, cond)                                                                         \
	do {                                                                                   \
		int64_t end = clock_mono_ms() + DEADLINE_MS;                                   \
		while (!(cond)) {                                                              \
			assert_int_equal(process_set_step(s, 1000), SL_OK);                    \
			assert_true(clock_mono_ms() < end);                                    \
		}                                                                              \
	} while (0)

static void stages_and_order(void **state)
{
	static const char first[] =
		"trap 'echo first >>$1/ends; exit 0' TERM; echo first >>$1/starts; "
		"echo ready >&3; while :; do read x <$1/fifo; done";
	static const char second[] =
		"trap 'echo second >>$1/ends; exit 0' TERM; echo second >>$1/starts; "
		"echo ready >&3; while :; do read x <$1/fifo; done";
	const struct process_spec specs[] = {SHELL("second", second, 1),
					     SHELL("first", first, 0)};
	struct process_set *s = NULL;
	char path[PATH_MAX];
	struct buf text;

	(void)state;
	assert_int_equal(file_join(path, sizeof(path), dir, "fifo"), SL_OK);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(process_set_new(specs, 2, &s), SL_OK);
	assert_int_equal(look(s, 0).state, PROCESS_WAITING);
	UNTIL(s, process_set_ready(s));
	assert_true(process_set_changed(s));
	assert_false(process_set_changed(s));
	assert_true(look(s, 0).pid > 0 && process_resident(look(s, 0).pid) > 0);
	process_set_stop(s, 5000);
	assert_int_equal(look(s, 0).state, PROCESS_STOPPED);
	assert_int_equal(look(s, 1).pid, 0);
	process_set_free(s);
	buf_init(&text, 1000);
	assert_int_equal(file_join(path, sizeof(path), dir, "starts"), SL_OK);
	assert_int_equal(file_read(AT_FDCWD, path, 1000, &text), SL_OK);
	assert_string_equal(buf_str(&text), "first\nsecond\n");
	buf_clear(&text);
	assert_int_equal(file_join(path, sizeof(path), dir, "ends"), SL_OK);
	assert_int_equal(file_read(AT_FDCWD, path, 1000, &text), SL_OK);
	assert_string_equal(buf_str(&text), "second\nfirst\n");
	buf_release(&text);
}

/* A later stage starts, and the set is ready, without a spare program that cannot work. */
static void spare_is_not_waited_for(void **state)
{
	struct process_spec specs[] = {
		SHELL("spare", "echo 'failed: no models' >&3; exit 1", 0),
		SHELL("worker", "echo ready >&3; while :; do read x <$1/spare; done", 1)};
	struct process_set *s = NULL;
	char path[PATH_MAX];

	(void)state;
	specs[0].spare = true;
	assert_int_equal(file_join(path, sizeof(path), dir, "spare"), SL_OK);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(process_set_new(specs, 2, &s), SL_OK);
	UNTIL(s, process_set_ready(s) && look(s, 0).said_failed);
	assert_true(look(s, 0).spare);
	assert_false(look(s, 1).spare);
	assert_string_equal(look(s, 0).reason, "no models");
	assert_int_equal(look(s, 1).state, PROCESS_READY);
	process_set_stop(s, 5000);
	process_set_free(s);
}

static void loop_is_noticed(void **state)
{
	const struct process_spec specs[] = {SHELL("loop", "exit 3", 0),
					     SHELL("later", "exit 0", 1)};
	struct process_set *s = NULL;

	(void)state;
	assert_int_equal(process_set_new(specs, 2, &s), SL_OK);
	UNTIL(s, look(s, 0).looping);
	assert_true(look(s, 0).restarts >= 4);
	assert_string_equal(look(s, 0).reason, "ended with exit code 3");
	assert_int_equal(look(s, 1).state, PROCESS_WAITING);
	process_set_stop(s, 1000);
	process_set_free(s);
}

static void last_words(void **state)
{
	static const struct {
		const char *name, *script, *reason;
		bool said;
	} rows[] = {
		{"failed", "echo 'failed: no signatures' >&3; exit 1", "no signatures", true},
		{"hostile", "printf 'failed: \\033[31mred\\n' >&3; exit 1", "\\u{1b}[31mred",
		 true},
		{"signal", "kill -9 $$", "ended by signal 9", false},
		{"nonsense", "echo maybe >&3; exit 0", "ended with exit code 0", false},
		{"endless", "head -c 5000 /dev/zero | tr '\\0' a >&3; exit 7", "ended", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct process_spec spec = SHELL("p", rows[i].script, 0);
		struct process_set *s = NULL;
		struct process_view v;

		assert_int_equal(process_set_new(&spec, 1, &s), SL_OK);
		UNTIL(s, look(s, 0).state == PROCESS_BACKOFF);
		v = look(s, 0);
		if (strstr(v.reason, rows[i].reason) == NULL || v.said_failed != rows[i].said)
			fail_msg("%s: \"%s\"", rows[i].name, v.reason);
		process_set_stop(s, 1000);
		process_set_free(s);
	}
}

static void program_that_is_missing(void **state)
{
	const struct process_spec spec = {.name = "gone", .argv = {"/nonexistent/x", NULL}};
	struct process_set *s = NULL;

	(void)state;
	assert_int_equal(process_set_new(&spec, 1, &s), SL_OK);
	UNTIL(s, look(s, 0).state == PROCESS_BACKOFF);
	assert_true(look(s, 0).said_failed);
	assert_non_null(strstr(look(s, 0).reason, "/nonexistent/x"));
	process_set_stop(s, 1000);
	process_set_free(s);
}

static void silent_one_is_killed(void **state)
{
	struct process_spec spec = SHELL("silent", "read x <$1/fifo", 0);
	struct process_set *s = NULL;

	(void)state;
	spec.ready_seconds = 1;
	assert_int_equal(process_set_new(&spec, 1, &s), SL_OK);
	UNTIL(s, look(s, 0).state == PROCESS_BACKOFF);
	assert_string_equal(look(s, 0).reason, "ended by signal 9");
	process_set_stop(s, 1000);
	process_set_free(s);
}

/* A successor takes the place without a gap; one that cannot work leaves it alone. */
static void successors(void **state)
{
	static const char good[] = "trap 'exit 0' USR1; echo ready >&3; "
				   "while :; do read x <$1/fifo; done";
	static const struct {
		const char *script;
		bool taken;
		const char *refused;
	} rows[] = {
		{good, true, ""},
		{"echo 'failed: no rules' >&3; exit 1", false, "no rules"},
		{"exit 0", false, "ended before it was ready"},
		{"read x <$1/fifo", false, "was not ready in time"},
		{good, true, ""},
	};
	const struct process_spec spec = SHELL("filter", good, 0);
	struct process_set *s = NULL;
	const char *refused;

	(void)state;
	assert_int_equal(process_set_new(&spec, 1, &s), SL_OK);
	UNTIL(s, process_set_ready(s));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct process_spec next = SHELL("filter", rows[i].script, 0);
		pid_t before = look(s, 0).pid;

		next.ready_seconds = 1;
		assert_int_equal(process_set_swap(s, &next, 20000), SL_OK);
		assert_int_equal(process_set_swap(s, &next, 20000), SL_E_UNREACHABLE);
		UNTIL(s, !process_set_swapping(s, &refused));
		assert_string_equal(refused, rows[i].refused);
		assert_int_equal(look(s, 0).state, PROCESS_READY);
		assert_int_equal(look(s, 0).restarts, 0);
		assert_int_equal(look(s, 0).pid != before, rows[i].taken);
		/* The one that had the place was asked to end, and did. */
		UNTIL(s, (kill(before, 0) == 0) != rows[i].taken);
	}
	assert_int_equal(process_set_swap(s, &(struct process_spec)SHELL("other", good, 0), 1),
			 SL_E_NOTFOUND);
	process_set_stop(s, 5000);
	process_set_free(s);
}

static void restart_and_deaf_end(void **state)
{
	/* Ignores SIGTERM, so only SIGKILL after the grace ends it. */
	const struct process_spec spec = SHELL(
		"deaf", "trap '' TERM; echo ready >&3; while :; do read x <$1/fifo; done", 0);
	struct process_set *s = NULL;
	json_t *j;
	pid_t before;

	(void)state;
	assert_int_equal(process_set_new(&spec, 1, &s), SL_OK);
	UNTIL(s, process_set_ready(s));
	before = look(s, 0).pid;
	assert_int_equal(kill(before, SIGKILL), 0);
	UNTIL(s, process_set_ready(s) && look(s, 0).pid != before);
	assert_int_equal(look(s, 0).restarts, 1);
	assert_false(look(s, 0).looping);
	j = process_set_json(s);
	assert_string_equal(json_str(json_array_get(j, 0), "state"), "ready");
	json_decref(j);
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	while (process_set_step(s, 1000) == SL_OK)
		continue;
	process_set_stop(s, 50);
	assert_int_equal(look(s, 0).pid, 0);
	process_set_free(s);
}

static void too_many(void **state)
{
	struct process_set *s = NULL;

	(void)state;
	assert_int_equal(process_set_new(NULL, PROCESS_MAX + 1, &s), SL_E_LIMIT);
	assert_null(s);
	assert_string_equal(process_state_name((enum process_state)99), "unknown");
	assert_int_equal(process_resident(0x7ffffff0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stages_and_order),
		cmocka_unit_test(spare_is_not_waited_for),
		cmocka_unit_test(loop_is_noticed),
		cmocka_unit_test(last_words),
		cmocka_unit_test(program_that_is_missing),
		cmocka_unit_test(silent_one_is_killed),
		cmocka_unit_test(successors),
		cmocka_unit_test(restart_and_deaf_end),
		cmocka_unit_test(too_many),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
