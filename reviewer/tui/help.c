/* help.c - the command table on the screen. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "tui/screen.h"
#include "tui/state.h"

void help_key_name(uint32_t key, char *out, size_t cap)
{
	static const struct {
		uint32_t key;
		const char *name;
	} names[] = {
		{SCREEN_UP, "↑"},	{SCREEN_DOWN, "↓"},    {SCREEN_LEFT, "←"},
		{SCREEN_RIGHT, "→"},	{SCREEN_PGUP, "PgUp"}, {SCREEN_PGDN, "PgDn"},
		{SCREEN_HOME, "Home"},	{SCREEN_END, "End"},   {SCREEN_ENTER, "Enter"},
		{SCREEN_ESCAPE, "Esc"}, {' ', N_("Space")},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].key == key) {
			(void)snprintf(out, cap, "%s", _(names[i].name));
			return;
		}
	}
	if (key < 32)
		(void)snprintf(out, cap, "^%c", (char)(key + '@'));
	else
		(void)snprintf(out, cap, "%c", (char)key);
}

static void draw_line(const struct tui *t, const struct command_row *c, int row)
{
	const char *off = tui_off(t, (enum command)(c - command_table));
	char one[16], two[16] = "", line[400];
	int at;

	help_key_name(c->key, one, sizeof(one));
	if (c->second != 0)
		help_key_name(c->second, two, sizeof(two));
	(void)snprintf(line, sizeof(line), " %s %s", one, two);
	(void)screen_puts(row, 0, t->cols, LOOK_PLAIN, "");
	(void)screen_put(row, 0, 10, off != NULL ? LOOK_DIM : LOOK_BOLD, line, strlen(line),
			 true);
	(void)snprintf(line, sizeof(line), ":%s%s%s", c->name, c->arg != NULL ? " " : "",
		       c->arg != NULL ? c->arg : "");
	at = 11 + screen_put(row, 11, 22, LOOK_DIM, line, strlen(line), true);
	at = at < 34 ? 34 : at;
	(void)snprintf(line, sizeof(line), "%s%s%s", _(c->help), off != NULL ? "  - " : "",
		       off != NULL ? off : "");
	(void)screen_put(row, at, t->cols - at, off != NULL ? LOOK_DIM : LOOK_PLAIN, line,
			 strlen(line), true);
}

static unsigned count_here(const struct tui *t)
{
	unsigned n = 0;

	for (int i = 0; i < COMMAND_COUNT; i++)
		n += (command_table[i].where & tui_view(t)) != 0;
	return n;
}

void help_draw(struct tui *t, int row, int rows)
{
	unsigned k = 0;
	int used = 1;

	(void)screen_puts(row, 0, t->cols, LOOK_BOLD,
			  t->reading ? _(" Keys and commands of a draft")
				     : _(" Keys and commands of the queue"));
	for (int i = 0; i < COMMAND_COUNT && used < rows; i++) {
		if ((command_table[i].where & tui_view(t)) == 0 || k++ < t->help_top)
			continue;
		draw_line(t, &command_table[i], row + used++);
	}
	for (; used < rows; used++)
		(void)screen_puts(row + used, 0, t->cols, LOOK_PLAIN, "");
}

void help_move(struct tui *t, enum command cmd, int rows)
{
	unsigned n = count_here(t), window = rows > 1 ? (unsigned)rows - 1 : 1;
	unsigned last = n > window ? n - window : 0;

	if (cmd == COMMAND_DOWN && t->help_top < last)
		t->help_top++;
	else if (cmd == COMMAND_UP && t->help_top > 0)
		t->help_top--;
	else if (cmd == COMMAND_PAGE_DOWN || cmd == COMMAND_READ_ON || cmd == COMMAND_END)
		t->help_top = last;
	else if (cmd == COMMAND_PAGE_UP || cmd == COMMAND_HOME)
		t->help_top = 0;
	else if (cmd != COMMAND_DOWN && cmd != COMMAND_UP)
		t->help = false;
}

struct hint {
	enum command cmd;
	const char *word;
};

void help_hint(const struct tui *t, char *out, size_t cap)
{
	static const struct hint queue[] = {
		{COMMAND_OPEN, N_("open")}, {COMMAND_FILTER, N_("filter")},
		{COMMAND_SORT, N_("sort")}, {COMMAND_SEARCH, N_("search")},
		{COMMAND_MARK, N_("mark")}, {COMMAND_COMMAND, N_("command")},
		{COMMAND_HELP, N_("keys")}, {COMMAND_QUIT, N_("quit")},
	};
	static const struct hint draft[] = {
		{COMMAND_READ_ON, N_("read on")},
		{COMMAND_NEXT_PART, N_("next part")},
		{COMMAND_NEXT_FINDING, N_("finding")},
		{COMMAND_APPROVE, N_("approve")},
		{COMMAND_RETURN, N_("return")},
		{COMMAND_REFUSE, N_("refuse")},
		{COMMAND_BACK, N_("back")},
		{COMMAND_HELP, N_("keys")},
	};
	const struct hint *list = t->reading ? draft : queue;
	size_t n = t->reading ? sizeof(draft) / sizeof(draft[0])
			      : sizeof(queue) / sizeof(queue[0]);
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const struct command_row *c = &command_table[list[i].cmd];
		char key[16];
		int w;

		if (tui_off(t, list[i].cmd) != NULL)
			continue;
		help_key_name(c->second == SCREEN_ENTER ? c->second : c->key, key, sizeof(key));
		w = snprintf(out + used, cap - used, " %s %s ", key, _(list[i].word));
		if (w < 0 || (size_t)w >= cap - used)
			return;
		used += (size_t)w;
	}
}
