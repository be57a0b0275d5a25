/* run.c - one step file in one language and size: the reviewers' terminal on /dev/null.
 *
 * tui_run FILE VARIANT, such as "tui_run tests/tui/queue.tui zh-80x24".  Exit 0: every
 * screen is as its golden; 77: the language is not installed, or the file is not meant for
 * this variant.  SL_TUI_UPDATE=1 writes the goldens instead of comparing. */
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "fake.h"
#include "screen_text.h"
#include "steps.h"
#include "tui/screen.h"
#include "tui/state.h"

enum { SKIPPED = 77 };

uint32_t __wrap_screen_key(int timeout_ms);

static struct tui t;
static struct steps steps;
static struct {
	const char *variant;
	bool update, failed, changed;
	unsigned at;   /* next step */
	unsigned part; /* bytes of its rest that are used up, or turns of "idle" */
} run;

static void complain(const struct step *s, const char *what, const char *screen)
{
	run.failed = true;
	(void)fprintf(stderr, "%s:%d: %s (%s %s)\n%s\n", steps.path, s->line, what, s->verb,
		      s->rest, screen);
}

static void shot(const struct step *s)
{
	char name[128];
	const char *golden;
	struct buf now;

	(void)snprintf(name, sizeof(name), "%s %s", s->rest, run.variant);
	screen_text(&now);
	golden = steps_golden(&steps, name);
	if (golden != NULL && strcmp(golden, buf_str(&now)) == 0) {
		buf_release(&now);
		return;
	}
	if (run.update) {
		steps_set_golden(&steps, name, buf_str(&now));
		run.changed = true;
	} else {
		complain(s, golden == NULL ? "there is no golden" : "the screen is another",
			 buf_str(&now));
		if (golden != NULL)
			(void)fprintf(stderr, "wanted:\n%s\n", golden);
	}
	buf_release(&now);
}

static void has(const struct step *s, bool wanted)
{
	struct buf now;

	screen_text(&now);
	if ((strstr(buf_str(&now), s->rest) != NULL) != wanted)
		complain(s, wanted ? "the screen lacks it" : "the screen has it",
			 buf_str(&now));
	buf_release(&now);
}

/* ---- keys ---- */

static uint32_t key_of(const char *name, size_t len)
{
	static const struct {
		const char *name;
		uint32_t key;
	} names[] = {
		{"Up", SCREEN_UP},	    {"Down", SCREEN_DOWN}, {"Left", SCREEN_LEFT},
		{"Right", SCREEN_RIGHT},    {"PgUp", SCREEN_PGUP}, {"PgDn", SCREEN_PGDN},
		{"Home", SCREEN_HOME},	    {"End", SCREEN_END},   {"Enter", SCREEN_ENTER},
		{"Esc", SCREEN_ESCAPE},	    {"Space", ' '},	   {"Tab", '\t'},
		{"Back", SCREEN_BACKSPACE},
	};
	size_t used;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i].name) == len && memcmp(names[i].name, name, len) == 0)
			return names[i].key;
	}
	if (len == 2 && name[0] == '^')
		return (uint32_t)name[1] & 31u;
	return text_decode(name, len, &used);
}

static void next_step(void)
{
	run.at++;
	run.part = 0;
}

/* The next word of a "key" step; SCREEN_NONE when they are used up. */
static uint32_t next_key(const struct step *s)
{
	const char *p = s->rest + run.part;
	size_t len;

	p += strspn(p, " ");
	len = strcspn(p, " ");
	run.part = (unsigned)((size_t)(p - s->rest) + len);
	return len == 0 ? SCREEN_NONE : key_of(p, len);
}

static uint32_t next_character(const struct step *s)
{
	size_t used = 1, left = strlen(s->rest) - run.part;
	uint32_t cp;

	if (left == 0)
		return SCREEN_NONE;
	cp = text_decode(s->rest + run.part, left, &used);
	run.part += (unsigned)used;
	return cp;
}

/* "80x24" */
static void read_size(const char *text, int *ret_cols, int *ret_rows)
{
	char *x = NULL;

	*ret_cols = (int)strtol(text, &x, 10);
	*ret_rows = x != NULL && *x == 'x' ? (int)strtol(x + 1, NULL, 10) : 0;
	if (*ret_cols < 1 || *ret_rows < 1) {
		(void)fprintf(stderr, "%s is no size\n", text);
		exit(2);
	}
}

static void resize(const struct step *s)
{
	int cols, rows;

	read_size(s->rest, &cols, &rows);
	(void)resizeterm(rows, cols);
}

/* "NAME=VALUE"; %s in it is the folder of the tests. */
static void set_env(const char *text)
{
	const char *eq = strchr(text, '='), *here = strstr(text, "%s");
	char name[64], value[512];

	if (eq == NULL || (size_t)(eq - text) >= sizeof(name))
		abort();
	(void)snprintf(name, sizeof(name), "%.*s", (int)(eq - text), text);
	if (here != NULL)
		(void)snprintf(value, sizeof(value), "%.*s%s%s", (int)(here - eq - 1), eq + 1,
			       SL_SOURCE_DIR "/tests/tui", here + 2);
	else
		(void)snprintf(value, sizeof(value), "%s", eq + 1);
	(void)setenv(name, value, 1);
}

/* A step that is no key; false for an unknown word. */
static bool quiet_step(const struct step *s)
{
	int64_t at;
	char path[600];

	if (strcmp(s->verb, "shot") == 0)
		shot(s);
	else if (strcmp(s->verb, "has") == 0)
		has(s, true);
	else if (strcmp(s->verb, "hasnot") == 0)
		has(s, false);
	else if (strcmp(s->verb, "many") == 0)
		fake_many((unsigned)strtoul(s->rest, NULL, 10));
	else if (strcmp(s->verb, "inspected") == 0)
		fake_inspected((unsigned)strtoul(s->rest, NULL, 10));
	else if (strcmp(s->verb, "found") == 0)
		fake_found(s->rest);
	else if (strcmp(s->verb, "gone") == 0)
		fake_gone(true);
	else if (strcmp(s->verb, "back") == 0)
		fake_gone(false);
	else if (strcmp(s->verb, "clock") == 0 && clock_parse(s->rest, strlen(s->rest), &at))
		fake_clock(at);
	else if (strcmp(s->verb, "later") == 0)
		fake_later(strtol(s->rest, NULL, 10));
	else if (strcmp(s->verb, "env") == 0)
		set_env(s->rest);
	else if (strcmp(s->verb, "readonly") == 0)
		t.readonly = true;
	else if (strcmp(s->verb, "answers") == 0) {
		(void)snprintf(path, sizeof(path), "%s/tests/tui/answers/%s", SL_SOURCE_DIR,
			       s->rest);
		fake_answers(path);
	} else
		return strcmp(s->verb, "variants") == 0 || strcmp(s->verb, "--") == 0;
	return true;
}

uint32_t __wrap_screen_key(int timeout_ms)
{
	while (run.at < steps.n) {
		const struct step *s = &steps.step[run.at];
		uint32_t key = SCREEN_NONE;

		if (strcmp(s->verb, "key") == 0) {
			key = next_key(s);
		} else if (strcmp(s->verb, "type") == 0) {
			key = next_character(s);
		} else if (strcmp(s->verb, "idle") == 0) {
			/* Without a limit there is no turn of the clock to wait for. */
			if (timeout_ms >= 0 && run.part++ < strtoul(s->rest, NULL, 10))
				return SCREEN_NONE;
		} else if (strcmp(s->verb, "resize") == 0) {
			resize(s);
			next_step();
			return SCREEN_RESIZE;
		} else if (!quiet_step(s)) {
			complain(s, "there is no such step", "");
		}
		if (key != SCREEN_NONE)
			return key;
		next_step();
	}
	t.quit = true;
	return SCREEN_ESCAPE; /* out of whatever asks */
}

/* ---- start and end ---- */

/* "zh-200x60": the language, and the size that the screen will have. */
static bool set_variant(const char *variant)
{
	bool chinese = strncmp(variant, "zh-", 3) == 0;
	char rows[16], cols[16];
	int width, height;

	read_size(variant + 3, &width, &height);
	if (setenv("LC_ALL", chinese ? "zh_CN.UTF-8" : "C.UTF-8", 1) != 0)
		return false;
	(void)snprintf(cols, sizeof(cols), "%d", width);
	(void)snprintf(rows, sizeof(rows), "%d", height);
	(void)setenv("LINES", rows, 1);
	(void)setenv("COLUMNS", cols, 1);
	(void)unsetenv("NO_COLOR");
	(void)unsetenv("LANGUAGE");
	i18n_init();
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 && i18n_is_zh() == chinese;
}

/* Steps of one language lose that word; those of the other their meaning. */
static void choose_language(void)
{
	for (unsigned i = 0; i < steps.n; i++) {
		struct step *s = &steps.step[i];
		char *rest;

		if (strcmp(s->verb, "en") != 0 && strcmp(s->verb, "zh") != 0)
			continue;
		if (strncmp(s->verb, run.variant, 2) != 0) {
			(void)snprintf(s->verb, 3, "--");
			continue;
		}
		free(s->verb);
		s->verb = strndup(s->rest, strcspn(s->rest, " "));
		rest = s->rest + strcspn(s->rest, " ");
		memmove(s->rest, rest + (*rest != '\0'), strlen(rest) + (*rest == '\0'));
		if (s->verb == NULL)
			abort();
	}
}

/* Everything up to the first key is there before the terminal starts. */
static void first_steps(void)
{
	static const char *const later[] = {"key", "type", "idle", "resize", "shot", "has"};

	for (; run.at < steps.n; run.at++) {
		const struct step *s = &steps.step[run.at];

		for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
			if (strcmp(s->verb, later[i]) == 0)
				return;
		}
		if (!quiet_step(s))
			complain(s, "there is no such step", "");
	}
}

int main(int argc, char **argv)
{
	char home[] = "/tmp/sl-tui.XXXXXX";
	struct sl_why why = {""};
	FILE *null = fopen("/dev/null", "r+e");

	if (argc != 3 || null == NULL) {
		(void)fprintf(stderr, "usage: tui_run FILE VARIANT\n");
		return 2;
	}
	run.variant = argv[2];
	run.update = getenv("SL_TUI_UPDATE") != NULL;
	steps_load(argv[1], &steps);
	if (!set_variant(run.variant) || !steps_variant(&steps, run.variant))
		return SKIPPED;
	if (mkdtemp(home) == NULL || setenv("HOME", home, 1) != 0)
		return 2;
	(void)unsetenv("XDG_CONFIG_HOME");
	choose_language();
	first_steps();
	fake_session(&t.s, home);
	if (screen_open_on(null, null, "xterm-256color", true, &why) != SL_OK) {
		(void)fprintf(stderr, "%s\n", why.text);
		return 2;
	}
	if (tui_start(&t, &why) != SL_OK)
		(void)fprintf(stderr, "%s\n", why.text);
	else
		tui_loop(&t);
	run.failed = run.failed || run.at < steps.n;
	screen_close();
	tui_end(&t);
	fake_release();
	if (file_remove_tree(AT_FDCWD, home) != SL_OK)
		(void)fprintf(stderr, "%s stays\n", home);
	(void)fclose(null);
	if (run.changed && !steps_save(&steps))
		return 2;
	steps_release(&steps);
	return run.failed ? 1 : 0;
}
