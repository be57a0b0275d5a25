/* bytes.c - what a key costs on a slow line: a line moved, in the queue and in a draft, draws
 * less than two kilobytes, in a small window and in a large one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "fake.h"
#include "tui/screen.h"
#include "tui/state.h"

enum { A_LINE_MAX = 2048, LINES_MOVED = 12 };

uint32_t __wrap_screen_key(int timeout_ms);

static struct tui t;
static char home[] = "/tmp/sl-bytes.XXXXXX";
static FILE *line; /* what the terminal is sent */

uint32_t __wrap_screen_key(int timeout_ms)
{
	(void)timeout_ms;
	return SCREEN_ESCAPE;
}

static long sent(void)
{
	assert_int_equal(fflush(line), 0);
	return (long)lseek(fileno(line), 0, SEEK_CUR);
}

static void open_screen(const char *rows, const char *cols)
{
	struct sl_why why = {""};

	(void)setenv("LINES", rows, 1);
	(void)setenv("COLUMNS", cols, 1);
	line = tmpfile();
	assert_non_null(line);
	if (screen_open_on(stdin, line, "xterm-256color", true, &why) != SL_OK)
		fail_msg("%s", why.text);
}

static void close_screen(void)
{
	tui_end(&t);
	fake_release();
	screen_close();
	assert_int_equal(fclose(line), 0);
}

static void start(const char *answers)
{
	struct sl_why why = {""};

	memset(&t, 0, sizeof(t));
	fake_answers(answers);
	fake_session(&t.s, home);
	assert_int_equal(tui_start(&t, &why), SL_OK);
	tui_draw(&t);
}

/* Each of some lines down and up again. */
static void check_lines(const char *where)
{
	for (int i = 0; i < 2 * LINES_MOVED; i++) {
		long before = sent(), cost;

		tui_do(&t, i < LINES_MOVED ? COMMAND_DOWN : COMMAND_UP, "");
		tui_draw(&t);
		cost = sent() - before;
		if (cost <= 0 || cost >= A_LINE_MAX)
			fail_msg("a line moved in %s draws %ld bytes", where, cost);
	}
}

static void check_queue(const char *rows, const char *cols)
{
	open_screen(rows, cols);
	fake_many(100000);
	start(SL_SOURCE_DIR "/tests/tui/answers/queue.json");
	queue_go(&t.queue, 30);
	tui_draw(&t);
	check_lines("the queue");
	fake_many(0);
	close_screen();
}

static void check_draft(const char *rows, const char *cols)
{
	open_screen(rows, cols);
	start(SL_SOURCE_DIR "/tests/tui/answers/draft.json");
	act_open(&t, "D-2026-000041");
	tui_do(&t, COMMAND_NEXT_PART, "");
	t.message[0] = '\0';
	tui_draw(&t);
	check_lines("a draft");
	close_screen();
}

static void in_a_small_window(void **state)
{
	(void)state;
	check_queue("24", "80");
	check_draft("24", "80");
}

static void in_a_large_window(void **state)
{
	(void)state;
	check_queue("60", "200");
	check_draft("40", "200");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_a_small_window),
		cmocka_unit_test(in_a_large_window),
	};
	int r;

	(void)setenv("LC_ALL", "C.UTF-8", 1);
	i18n_init();
	if (mkdtemp(home) == NULL || setenv("HOME", home, 1) != 0 ||
	    unsetenv("XDG_CONFIG_HOME") != 0)
		return 2;
	r = cmocka_run_group_tests(tests, NULL, NULL);
	return file_remove_tree(AT_FDCWD, home) == SL_OK ? r : 2;
}
