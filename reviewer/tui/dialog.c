/* dialog.c - lists, lines and words at the bottom of the screen. */
#include "tui/dialog.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/editor.h"
#include "tui/screen.h"

enum { KEY_TAB = 9, KEY_CTRL_U = 21 };

static void (*behind)(void *arg);
static void *behind_arg;

void dialog_behind(void (*draw)(void *arg), void *arg)
{
	behind = draw;
	behind_arg = arg;
}

/* A person's key; nothing else may turn a page of what is to be signed. */
uint32_t dialog_key(void)
{
	uint32_t key;

	do
		key = screen_key(-1);
	while (key == SCREEN_NONE || key == SCREEN_WAKE);
	if (key == SCREEN_RESIZE && behind != NULL)
		behind(behind_arg);
	return key;
}

/* ---- one line ---- */

static void erase_last(char *s)
{
	size_t n = strlen(s);

	while (n > 0 && ((unsigned char)s[n - 1] & 0xc0u) == 0x80)
		n--;
	s[n > 0 ? n - 1 : 0] = '\0';
}

static void draw_line(const char *prompt, const char *shown)
{
	char line[1600];
	int rows, cols, at;
	size_t from = 0, used;

	screen_size(&rows, &cols);
	(void)snprintf(line, sizeof(line), "%s: %s", prompt, shown);
	/* Of what is longer than the window the end is seen. */
	while (line[from] != '\0' &&
	       screen_fit(line + from, strlen(line + from), cols - 1) < strlen(line + from)) {
		(void)text_decode(line + from, strlen(line + from), &used);
		from += used;
	}
	(void)screen_puts(rows - 1, 0, cols, LOOK_BOLD, "");
	at = screen_put(rows - 1, 0, cols - 1, LOOK_BOLD, line + from, strlen(line + from),
			true);
	screen_cursor(rows - 1, at);
	screen_flush();
}

static void add_key(uint32_t key, char *out, size_t cap)
{
	char utf8[4];
	size_t n = strlen(out), used;

	used = key < 0x110000 && !text_is_deceptive(key) ? text_encode(key, utf8) : 0;
	if (used > 0 && used < cap - n) {
		memcpy(out + n, utf8, used);
		out[n + used] = '\0';
	}
}

/* What the editor came to stands in the prompt until the next key. */
static void edit(const char *dir, char *out, size_t cap, char *said, size_t said_cap)
{
	struct sl_why why = {""};
	int r = editor_run(dir, out, cap, &why);

	if (behind != NULL)
		behind(behind_arg);
	if (r != SL_OK)
		(void)snprintf(said, said_cap, "! %s", why_text(&why, r));
}

/* The key that ended it: Enter, Escape, or with `sized` another size of the window. */
static uint32_t read_until(const char *prompt, const char *dir, bool hidden, bool sized,
			   char *out, size_t cap)
{
	char said[300] = "";

	for (;;) {
		uint32_t key;

		draw_line(said[0] != '\0' ? said : prompt, hidden ? "" : out);
		key = dialog_key();
		said[0] = '\0';
		if (key == SCREEN_ENTER || key == SCREEN_ESCAPE ||
		    (sized && key == SCREEN_RESIZE)) {
			screen_cursor(-1, 0);
			return key;
		}
		if (key == SCREEN_BACKSPACE)
			erase_last(out);
		else if (key == KEY_CTRL_U)
			out[0] = '\0';
		else if (key == KEY_TAB && dir != NULL)
			edit(dir, out, cap, said, sizeof(said));
		else
			add_key(key, out, cap);
	}
}

static bool read_line(const char *prompt, const char *dir, bool hidden, char *out, size_t cap)
{
	return read_until(prompt, dir, hidden, false, out, cap) == SCREEN_ENTER;
}

bool dialog_ask(const char *prompt, char *out, size_t cap)
{
	out[0] = '\0';
	return read_line(prompt, NULL, false, out, cap);
}

bool dialog_write(const char *prompt, const char *dir, char *out, size_t cap)
{
	return read_line(prompt, dir, false, out, cap);
}

bool dialog_secret(const char *prompt, char *out, size_t cap)
{
	out[0] = '\0';
	return read_line(prompt, NULL, true, out, cap);
}

/* ---- lists ---- */

/* Rows for n lines below a title, at the bottom; the last row is for the prompt. */
static int place(unsigned n, int *ret_row, int *ret_cols)
{
	int rows, height;

	screen_size(&rows, ret_cols);
	height = rows - 3;
	if (height > (int)n)
		height = (int)n;
	if (height < 1)
		height = 1;
	*ret_row = rows - 2 - height > 0 ? rows - 2 - height : 0;
	return height;
}

static void draw_items(const char *title, const struct dialog_item *items, unsigned n,
		       unsigned at, const char *typed)
{
	int row, cols, height = place(n, &row, &cols);
	unsigned first = at >= (unsigned)height ? at - (unsigned)height + 1 : 0;
	char line[400];

	(void)screen_puts(row, 0, cols, LOOK_BAR, title);
	for (unsigned i = first; i < n && i < first + (unsigned)height; i++) {
		(void)snprintf(line, sizeof(line), "%s %-18s %s", i == at ? " >" : "  ",
			       items[i].code, items[i].word != NULL ? items[i].word : "");
		(void)screen_puts(row + 1 + (int)(i - first), 0, cols,
				  i == at ? LOOK_SELECTED : LOOK_PLAIN, line);
	}
	(void)snprintf(line, sizeof(line), "%s %s",
		       _(" arrows or letters choose, Enter takes it, Esc gives up"), typed);
	(void)screen_puts(row + 1 + height, 0, cols, LOOK_DIM, line);
	screen_cursor(-1, 0);
	screen_flush();
}

static void choose_typed(const struct dialog_item *items, unsigned n, const char *typed,
			 unsigned *at)
{
	for (unsigned i = 0; i < n; i++) {
		if (strncmp(items[i].code, typed, strlen(typed)) == 0) {
			*at = i;
			return;
		}
	}
}

int dialog_pick(const char *title, const struct dialog_item *items, unsigned n)
{
	char typed[40] = "";
	unsigned at = 0;

	for (;;) {
		uint32_t key;

		draw_items(title, items, n, at, typed);
		key = dialog_key();
		if (key == SCREEN_ESCAPE)
			return -1;
		if (key == SCREEN_ENTER)
			return (int)at;
		if (key == SCREEN_UP) {
			at = at > 0 ? at - 1 : n - 1;
		} else if (key == SCREEN_DOWN) {
			at = at + 1 < n ? at + 1 : 0;
		} else if (key == SCREEN_BACKSPACE) {
			erase_last(typed);
		} else {
			add_key(key, typed, sizeof(typed));
			choose_typed(items, n, typed, &at);
		}
	}
}

/* ---- things to look at ---- */

static unsigned draw_lines(const char *title, const struct dialog_line *lines, unsigned n,
			   unsigned first, const char *foot)
{
	int row, cols, height = place(n - first, &row, &cols);
	unsigned i = first;

	if (behind != NULL)
		behind(behind_arg);
	(void)screen_puts(row, 0, cols, LOOK_BAR, title);
	for (; i < n && i < first + (unsigned)height; i++)
		(void)screen_puts(row + 1 + (int)(i - first), 0, cols,
				  (enum screen_look)lines[i].look, lines[i].text);
	(void)screen_puts(row + 1 + height, 0, cols, LOOK_DIM,
			  i < n ? _(" Any key shows the rest.") : foot);
	screen_cursor(-1, 0);
	screen_flush();
	return i;
}

void dialog_show(const char *title, const struct dialog_line *lines, unsigned n)
{
	unsigned first = 0;

	do {
		unsigned next = draw_lines(title, lines, n, first, _(" Any key goes on."));
		uint32_t key = dialog_key();

		if (key == SCREEN_ESCAPE)
			return;
		first = key == SCREEN_RESIZE ? first : next;
	} while (first < n);
}

enum dialog_answer dialog_word(const char *title, const struct dialog_line *lines, unsigned n,
			       const char *word)
{
	char typed[32] = "", prompt[200];
	unsigned first = 0, next;
	uint32_t key;

	(void)snprintf(prompt, sizeof(prompt), _("sign? Type the word %s, Esc leaves it"),
		       word);
	/* Everything that is signed was on the screen before the word is asked for. */
	while ((next = draw_lines(title, lines, n, first, "")) < n) {
		key = dialog_key();
		if (key == SCREEN_ESCAPE)
			return DIALOG_NO;
		if (key == SCREEN_RESIZE)
			return DIALOG_AGAIN;
		first = next;
	}
	key = read_until(prompt, NULL, false, true, typed, sizeof(typed));
	if (key == SCREEN_RESIZE)
		return DIALOG_AGAIN;
	return key == SCREEN_ENTER && strcmp(typed, word) == 0 ? DIALOG_YES : DIALOG_NO;
}
