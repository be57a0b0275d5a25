/* line.c - editing at the end of the line only: it is short, and Backspace is known to all. */
#include "tui/line.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/dialog.h"
#include "tui/screen.h"

enum { KEY_TAB = 9, KEY_CTRL_U = 21, KEY_CTRL_W = 23 };

static void erase_last(char *s)
{
	size_t n = strlen(s);

	while (n > 0 && ((unsigned char)s[n - 1] & 0xc0u) == 0x80)
		n--;
	s[n > 0 ? n - 1 : 0] = '\0';
}

static void erase_word(char *s)
{
	while (s[0] != '\0' && s[strlen(s) - 1] == ' ')
		erase_last(s);
	while (s[0] != '\0' && s[strlen(s) - 1] != ' ')
		erase_last(s);
}

static void draw(const struct line_ask *a, const char *out)
{
	char line[LINE_MAX_BYTES + 200];
	int rows, cols, at;
	size_t from = 0, used;

	screen_size(&rows, &cols);
	(void)snprintf(line, sizeof(line), "%s%s", a->prompt, out);
	/* Of what is longer than the window the end is seen. */
	while (screen_fit(line + from, strlen(line + from), cols - 1) < strlen(line + from)) {
		(void)text_decode(line + from, strlen(line + from), &used);
		from += used;
	}
	(void)screen_puts(rows - 1, 0, cols, LOOK_BOLD, "");
	at = screen_put(rows - 1, 0, cols - 1, LOOK_BOLD, line + from, strlen(line + from),
			true);
	screen_cursor(rows - 1, at);
	screen_flush();
}

static void add_key(uint32_t key, char *out)
{
	char utf8[4];
	size_t n = strlen(out), used;

	used = key < 0x110000 && !text_is_deceptive(key) ? text_encode(key, utf8) : 0;
	if (used > 0 && used < LINE_MAX_BYTES - n) {
		memcpy(out + n, utf8, used);
		out[n + used] = '\0';
	}
}

/* The next way to go on with what was typed before the first Tab. */
static void complete(const struct line_ask *a, const char *typed, unsigned *i, char *out)
{
	const char *found = a->complete != NULL ? a->complete(a->arg, typed, *i) : NULL;

	if (found == NULL && *i > 0 && a->complete != NULL) {
		*i = 0;
		found = a->complete(a->arg, typed, 0);
	}
	if (found == NULL)
		return;
	(void)snprintf(out, LINE_MAX_BYTES, "%s", found);
	++*i;
}

static void from_history(const struct line_ask *a, bool older, unsigned *at, char *out)
{
	if (a->history == NULL || (older ? *at == 0 : *at >= a->history->n))
		return;
	*at += older ? -1u : 1u;
	(void)snprintf(out, LINE_MAX_BYTES, "%s",
		       *at < a->history->n ? a->history->line[*at] : "");
}

static void remember(struct line_history *h, const char *line)
{
	if (h == NULL || line[0] == '\0' || (h->n > 0 && strcmp(h->line[h->n - 1], line) == 0))
		return;
	if (h->n == LINE_HISTORY) {
		memmove(h->line[0], h->line[1], (LINE_HISTORY - 1) * sizeof(h->line[0]));
		h->n--;
	}
	(void)snprintf(h->line[h->n++], sizeof(h->line[0]), "%s", line);
}

static void edit(const struct line_ask *a, uint32_t key, unsigned *at, char *out)
{
	if (key == SCREEN_BACKSPACE)
		erase_last(out);
	else if (key == KEY_CTRL_U)
		out[0] = '\0';
	else if (key == KEY_CTRL_W)
		erase_word(out);
	else if (key == SCREEN_UP || key == SCREEN_DOWN)
		from_history(a, key == SCREEN_UP, at, out);
	else
		add_key(key, out);
}

bool line_read(const struct line_ask *a, char out[LINE_MAX_BYTES])
{
	unsigned at = a->history != NULL ? a->history->n : 0, way = 0;
	char typed[LINE_MAX_BYTES];

	(void)snprintf(out, LINE_MAX_BYTES, "%s", a->first != NULL ? a->first : "");
	(void)snprintf(typed, sizeof(typed), "%s", out);
	for (;;) {
		uint32_t key;

		draw(a, out);
		key = dialog_key(); /* another size draws what is behind again */
		if (key == SCREEN_ENTER || key == SCREEN_ESCAPE) {
			screen_cursor(-1, 0);
			if (key == SCREEN_ENTER)
				remember(a->history, out);
			return key == SCREEN_ENTER;
		}
		if (key == KEY_TAB) {
			complete(a, typed, &way, out);
			continue;
		}
		edit(a, key, &at, out);
		way = 0;
		(void)snprintf(typed, sizeof(typed), "%s", out);
	}
}
