/* monkey.c - random keys over every view of the terminal: nothing may crash it, hold it, or let
 * it decide by itself.
 *
 * tui_monkey SEED KEYS [SEED KEYS ...]: each pair is a run of its own, always the same. Besides
 * single keys there are words that open doors (":open", "sign"), windows of any size, a gateway
 * that goes and comes back, and time that passes until the terminal locks.  A run that
 * takes no key any more is ended by SIGALRM. */
#include <fcntl.h>
#include <locale.h>
#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "fake.h"
#include "tui/screen.h"
#include "tui/state.h"

enum { STUCK_S = 120, LOCKS_AFTER_S = 3600 };

uint32_t __wrap_screen_key(int timeout_ms);

static struct tui t;
static struct {
	uint64_t state;
	unsigned left, waits;
	const char *typing; /* the rest of a word */
	bool gone;
} monkey;

/* xorshift64*: the same keys on every machine. */
static uint32_t roll(uint32_t below)
{
	monkey.state ^= monkey.state >> 12;
	monkey.state ^= monkey.state << 25;
	monkey.state ^= monkey.state >> 27;
	return (uint32_t)((monkey.state * UINT64_C(2685821657736338717)) >> 33) % below;
}

static const char *word(void)
{
	static const char *const words[] = {
		"sign\r",
		"y\r",
		"open sesame\r",
		":open D-2026-000041\r",
		":filter state:RETURNED\r",
		":filter late = due<1d\r",
		"& \025\r",
		":sort title\r",
		":pages 2\r",
		":theme mono\r",
		"/施工\r",
		"/z\r",
		"a\r\r公开\r\ra",
		"rdesk\r\r不准\r$sign\r",
		"\r]]]]Padesk\r\r公开\r\r公开\r\r公开\ra$sign\r",
		"xdesk\r\r不准\r",
		"]]]]",
		"\033\033",
		"\t",
		":sor\t\t\t\r",
		"a very long sentence that is longer than the window is wide, and then some "
		"more of "
		"it, so that its beginning goes out of sight \xf0\x9f\x91\xa8",
	};

	return words[roll(sizeof(words) / sizeof(words[0]))];
}

static uint32_t typed(void)
{
	size_t used = 1;
	uint32_t cp = text_decode(monkey.typing, strlen(monkey.typing), &used);

	monkey.typing += used;
	return cp == '\r' ? SCREEN_ENTER : cp == 27 ? SCREEN_ESCAPE : cp;
}

static uint32_t another_size(void)
{
	static const struct {
		int rows, cols;
	} sizes[] = {{1, 1}, {24, 80}, {60, 200}, {16, 60}, {15, 59}, {2, 300}, {100, 3}};
	uint32_t i = roll(sizeof(sizes) / sizeof(sizes[0]) + 1);

	if (i == sizeof(sizes) / sizeof(sizes[0]))
		(void)resizeterm(1 + (int)roll(70), 1 + (int)roll(220));
	else
		(void)resizeterm(sizes[i].rows, sizes[i].cols);
	return SCREEN_RESIZE;
}

static uint32_t any_key(void)
{
	static const uint32_t special[] = {
		SCREEN_UP,    SCREEN_DOWN,   SCREEN_LEFT,   SCREEN_RIGHT,     SCREEN_PGUP,
		SCREEN_PGDN,  SCREEN_HOME,   SCREEN_END,    SCREEN_ENTER,     SCREEN_ENTER,
		SCREEN_ENTER, SCREEN_ESCAPE, SCREEN_ESCAPE, SCREEN_BACKSPACE, SCREEN_OTHER,
	};
	uint32_t what = roll(1000);

	if (what < 500) /* whatever means something */
		return command_table[roll(COMMAND_COUNT)].key;
	if (what < 700)
		return special[roll(sizeof(special) / sizeof(special[0]))];
	if (what < 800)
		return 1 + roll(126);
	if (what < 820)
		return roll(0x120000); /* any code point, and what is none */
	if (what < 960) {
		monkey.typing = word();
		return typed();
	}
	if (what < 985)
		return another_size();
	if (what < 995) {
		monkey.gone = !monkey.gone;
		fake_gone(monkey.gone);
	} else {
		fake_later(what < 998 ? 6 : LOCKS_AFTER_S);
	}
	return SCREEN_NONE;
}

uint32_t __wrap_screen_key(int timeout_ms)
{
	uint32_t key = SCREEN_NONE;

	(void)alarm(STUCK_S);
	if (monkey.left == 0) {
		t.quit = true;
		return SCREEN_ESCAPE;
	}
	/* Half of the time nobody is there, as long as that is possible. */
	if (timeout_ms >= 0 && monkey.waits++ < 3 && roll(2) == 0)
		return SCREEN_NONE;
	monkey.waits = 0;
	while (key == SCREEN_NONE) {
		key = monkey.typing != NULL && *monkey.typing != '\0' ? typed() : any_key();
		if (key == SCREEN_NONE && timeout_ms >= 0)
			break;
	}
	monkey.left--;
	return key;
}

/* From the start of the program until it is left, or no key is left. */
static int once(const char *home)
{
	static const char *const answers[] = {"draft",	       "queue",	   "hostile",
					      "hostile-draft", "replaced", "voted",
					      "lost",	       "stranger", "empty"};
	static const char *const editors[] = {"fails", "killed", "writes"};
	char path[600];
	struct sl_why why = {""};
	int r;

	(void)snprintf(path, sizeof(path), "%s/tests/tui/answers/%s.json", SL_SOURCE_DIR,
		       answers[roll(sizeof(answers) / sizeof(answers[0]))]);
	fake_answers(path);
	fake_many(roll(4) == 0 ? roll(2000) : 0);
	(void)snprintf(path, sizeof(path), "%s/tests/tui/editors/%s", SL_SOURCE_DIR,
		       editors[roll(3)]);
	(void)setenv("VISUAL", path, 1);
	monkey.gone = false;
	fake_gone(false);
	memset(&t, 0, sizeof(t));
	fake_session(&t.s, home);
	t.readonly = roll(8) == 0;
	(void)resizeterm(24, 80);
	r = tui_start(&t, &why);
	if (r == SL_OK)
		tui_loop(&t);
	else
		(void)fprintf(stderr, "it does not start: %s\n", why_text(&why, r));
	tui_end(&t);
	fake_release();
	(void)unlink("key"); /* the next one writes both anew */
	(void)unlink("key.pub");
	return r;
}

static int run(const char *home, const char *seed, const char *keys)
{
	int r = SL_OK;

	monkey.state = strtoull(seed, NULL, 10) * UINT64_C(0x9e3779b97f4a7c15) + 1;
	monkey.left = (unsigned)strtoul(keys, NULL, 10);
	monkey.typing = NULL;
	while (r == SL_OK && monkey.left > 0)
		r = once(home);
	return r;
}

int main(int argc, char **argv)
{
	char home[] = "/tmp/sl-monkey.XXXXXX";
	struct sl_why why = {""};
	FILE *null = fopen("/dev/null", "r+e");
	int r = SL_OK;

	if (argc < 3 || argc % 2 == 0 || null == NULL) {
		(void)fprintf(stderr, "usage: tui_monkey SEED KEYS [SEED KEYS ...]\n");
		return 2;
	}
	(void)setenv("LC_ALL", "C.UTF-8", 1);
	(void)setenv("SL_TUI_KEY", "plain", 1);
	i18n_init();
	/* What is saved is saved below here. */
	if (mkdtemp(home) == NULL || setenv("HOME", home, 1) != 0 ||
	    unsetenv("XDG_CONFIG_HOME") != 0 || chdir(home) != 0 ||
	    screen_open_on(null, null, "xterm-256color", true, &why) != SL_OK)
		return 2;
	for (int i = 1; r == SL_OK && i + 1 < argc; i += 2)
		r = run(home, argv[i], argv[i + 1]);
	screen_close();
	(void)fclose(null);
	if (chdir("/") != 0 || file_remove_tree(AT_FDCWD, home) != SL_OK)
		return 2;
	return r == SL_OK ? 0 : 1;
}
