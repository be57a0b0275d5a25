/* robot.c - walks the command table: nothing in it may be without help, without a way to do it
 * without a terminal or a reason, or silent when it is done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "commands.h"
#include "fake.h"
#include "screen_text.h"
#include "tui/screen.h"
#include "tui/state.h"

uint32_t __wrap_screen_key(int timeout_ms);

static struct tui t;
static char home[] = "/tmp/sl-robot.XXXXXX";
static unsigned asked; /* how often a line was asked for */

/* Whoever asks for words gets none; who goes on asking all the same (the lock) is left. */
uint32_t __wrap_screen_key(int timeout_ms)
{
	(void)timeout_ms;
	return ++asked > 3 ? 'q' : SCREEN_ESCAPE;
}

static void start(void)
{
	struct sl_why why = {""};

	memset(&t, 0, sizeof(t));
	fake_answers(SL_SOURCE_DIR "/tests/tui/answers/queue.json");
	fake_session(&t.s, home);
	assert_int_equal(tui_start(&t, &why), SL_OK);
	assert_int_equal(t.queue.total, 6);
	queue_go(&t.queue, 3);
	tui_draw(&t);
}

static void end(void)
{
	tui_end(&t);
	fake_release();
}

static bool in_cli(const char *cli)
{
	size_t len = strcspn(cli, " ");

	if (cli[0] == '-')
		return true; /* an option: its parser has a test of its own */
	for (const struct cli_command *k = commands_program.commands; k->name != NULL; k++) {
		if (strlen(k->name) == len && memcmp(k->name, cli, len) == 0)
			return true;
	}
	return false;
}

/* What only a screen can do: moving about on it and how it looks. */
static bool only_a_screen(enum command c)
{
	static const enum command list[] = {
		COMMAND_UP,	     COMMAND_DOWN,	   COMMAND_PAGE_UP,
		COMMAND_PAGE_DOWN,   COMMAND_READ_ON,	   COMMAND_HOME,
		COMMAND_END,	     COMMAND_SEARCH,	   COMMAND_SEARCH_NEXT,
		COMMAND_SEARCH_PREV, COMMAND_MARK,	   COMMAND_MARK_RANGE,
		COMMAND_UNMARK,	     COMMAND_NEXT_PART,	   COMMAND_PREV_PART,
		COMMAND_JUMP,	     COMMAND_NEXT_FINDING, COMMAND_PREV_FINDING,
		COMMAND_UNDO,	     COMMAND_STAGED,	   COMMAND_BACK,
		COMMAND_REFRESH,     COMMAND_REDRAW,	   COMMAND_LOCK,
		COMMAND_COMMAND,     COMMAND_QUIT,
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (list[i] == c)
			return true;
	}
	return false;
}

static void every_command_has_a_form_without_a_terminal(void **state)
{
	(void)state;
	for (int i = 0; i < COMMAND_COUNT; i++) {
		const struct command_row *c = &command_table[i];

		if (c->cli == NULL && !only_a_screen((enum command)i))
			fail_msg(":%s has no form without a terminal and no reason", c->name);
		if (c->cli != NULL && !in_cli(c->cli))
			fail_msg(":%s names \"%s\", which sluice-review does not know", c->name,
				 c->cli);
	}
}

/* All pages of the help of the queue, or of what is off there. */
static void every_queue_command_is_in_the_help(void **state)
{
	struct buf all, page;

	(void)state;
	start();
	buf_init(&all, 1 << 20);
	tui_do(&t, COMMAND_HELP, "");
	for (unsigned before = UINT32_MAX; before != t.help_top;) {
		before = t.help_top;
		tui_draw(&t);
		screen_text(&page);
		buf_puts(&all, buf_str(&page));
		buf_release(&page);
		help_move(&t, COMMAND_DOWN, tui_body(&t));
	}
	for (int i = 0; i < COMMAND_COUNT; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), ":%s", command_table[i].name);
		if ((command_table[i].where & IN_QUEUE) != 0 &&
		    strstr(buf_str(&all), name) == NULL)
			fail_msg("the help does not list %s", name);
		assert_true(strlen(_(command_table[i].help)) > 3);
	}
	buf_release(&all);
	end();
}

static void check_effect(enum command c)
{
	struct buf before, after;
	bool effect;

	start();
	if (c == COMMAND_UNMARK || c == COMMAND_MARK_RANGE)
		(void)queue_mark(&t.queue, queue_current(&t.queue), true);
	tui_draw(&t);
	screen_text(&before);
	asked = 0;
	tui_do(&t, c, "");
	if (!t.quit)
		tui_draw(&t);
	screen_text(&after);
	effect = t.quit || t.message[0] != '\0' || asked > 0 ||
		 strcmp(buf_str(&before), buf_str(&after)) != 0;
	buf_release(&before);
	buf_release(&after);
	end();
	if (!effect)
		fail_msg(":%s does nothing and says nothing", command_table[c].name);
}

static void no_command_is_silent_in_the_queue(void **state)
{
	(void)state;
	for (int i = 0; i < COMMAND_COUNT; i++)
		check_effect((enum command)i);
}

/* In the text of a file, a few lines down: every movement has somewhere to go. */
static void start_draft(void)
{
	struct sl_why why = {""};

	memset(&t, 0, sizeof(t));
	fake_answers(SL_SOURCE_DIR "/tests/tui/answers/draft.json");
	fake_session(&t.s, home);
	assert_int_equal(tui_start(&t, &why), SL_OK);
	tui_draw(&t);
	act_open(&t, "D-2026-000041");
	assert_true(t.reading);
	act_draft(&t, COMMAND_NEXT_PART, "");
	for (unsigned i = 0; i < 5; i++)
		act_draft(&t, COMMAND_DOWN, "");
	t.message[0] = '\0';
	tui_draw(&t);
}

static void no_command_is_silent_in_a_draft(void **state)
{
	(void)state;
	for (int i = 0; i < COMMAND_COUNT; i++) {
		struct buf before, after;
		bool effect;

		start_draft();
		screen_text(&before);
		asked = 0;
		tui_do(&t, (enum command)i, "");
		if (!t.quit)
			tui_draw(&t);
		screen_text(&after);
		effect = t.quit || t.message[0] != '\0' || asked > 0 ||
			 strcmp(buf_str(&before), buf_str(&after)) != 0;
		buf_release(&before);
		buf_release(&after);
		end();
		if (!effect)
			fail_msg(":%s does nothing and says nothing", command_table[i].name);
	}
}

static void what_signs_says_why_it_cannot(void **state)
{
	(void)state;
	start();
	t.readonly = true;
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (command_table[i].signs)
			assert_non_null(tui_off(&t, (enum command)i));
	}
	t.readonly = false;
	assert_non_null(tui_off(&t, COMMAND_APPROVE)); /* never from the queue */
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_has_a_form_without_a_terminal),
		cmocka_unit_test(every_queue_command_is_in_the_help),
		cmocka_unit_test(no_command_is_silent_in_the_queue),
		cmocka_unit_test(no_command_is_silent_in_a_draft),
		cmocka_unit_test(what_signs_says_why_it_cannot),
	};
	FILE *null = fopen("/dev/null", "r+e");
	struct sl_why why = {""};
	int r;

	(void)setenv("LC_ALL", "C.UTF-8", 1);
	(void)setenv("LINES", "24", 1);
	(void)setenv("COLUMNS", "80", 1);
	i18n_init();
	if (null == NULL || mkdtemp(home) == NULL || setenv("HOME", home, 1) != 0 ||
	    unsetenv("XDG_CONFIG_HOME") != 0 ||
	    screen_open_on(null, null, "xterm-256color", true, &why) != SL_OK)
		return 2;
	r = cmocka_run_group_tests(tests, NULL, NULL);
	screen_close();
	(void)fclose(null);
	return file_remove_tree(AT_FDCWD, home) == SL_OK ? r : 2;
}
