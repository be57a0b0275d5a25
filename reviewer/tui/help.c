/* help.c - the command table on the screen. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "tui/screen.h"
#include "tui/state.h"

enum { WORDS_AT = 34 }; /* column of what a command does */

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

/* What a command does, and why it cannot be used now. */
static void help_words(const struct tui *t, const struct command_row *c, char *out, size_t cap)
{
	const char *off = tui_off(t, (enum command)(c - command_table));

	(void)snprintf(out, cap, "%s%s%s", _(c->help), off != NULL ? "  - " : "",
		       off != NULL ? off : "");
}

static int words_at(const struct command_row *c)
{
	int used = (int)(strlen(c->name) + 1 + (c->arg != NULL ? strlen(c->arg) + 1 : 0));

	return 11 + used + 1 > WORDS_AT ? 11 + used + 1 : WORDS_AT;
}

/* Rows that a command takes: what it does is never cut off. */
static int rows_of(const struct tui *t, const struct command_row *c)
{
	int width = t->cols - words_at(c), n = 0;
	char line[700];
	const char *p = line;

	help_words(t, c, line, sizeof(line));
	do {
		size_t fit = screen_fit(p, strlen(p), width > 8 ? width : 8);

		p += fit > 0 ? fit : 1;
		n++;
	} while (*p != '\0');
	return n;
}

static void draw_command(const struct tui *t, const struct command_row *c, int row, int rows)
{
	bool off = tui_off(t, (enum command)(c - command_table)) != NULL;
	int at = words_at(c), width = t->cols - at > 8 ? t->cols - at : 8;
	char one[16], two[16] = "", line[700];
	const char *p = line;

	help_key_name(c->key, one, sizeof(one));
	if (c->second != 0)
		help_key_name(c->second, two, sizeof(two));
	(void)snprintf(line, sizeof(line), " %s %s", one, two);
	(void)screen_puts(row, 0, t->cols, LOOK_PLAIN, "");
	(void)screen_put(row, 0, 10, off ? LOOK_DIM : LOOK_BOLD, line, strlen(line), true);
	(void)snprintf(line, sizeof(line), ":%s%s%s", c->name, c->arg != NULL ? " " : "",
		       c->arg != NULL ? c->arg : "");
	(void)screen_put(row, 11, t->cols - 11, LOOK_DIM, line, strlen(line), false);
	help_words(t, c, line, sizeof(line));
	for (int i = 0; i < rows && (i == 0 || *p != '\0'); i++) {
		size_t fit = screen_fit(p, strlen(p), width);

		if (i > 0)
			(void)screen_puts(row + i, 0, t->cols, LOOK_PLAIN, "");
		(void)screen_put(row + i, at, width, off ? LOOK_DIM : LOOK_PLAIN, p, fit, true);
		p += fit > 0 ? fit : 1;
	}
}

static bool is_here(const struct tui *t, int i)
{
	return (command_table[i].where & tui_view(t)) != 0;
}

static unsigned count_here(const struct tui *t)
{
	unsigned n = 0;

	for (int i = 0; i < COMMAND_COUNT; i++)
		n += is_here(t, i);
	return n;
}

/* Commands from the n-th on that fit into so many rows; at least one. */
static unsigned fit_from(const struct tui *t, unsigned n, int rows)
{
	unsigned k = 0, fit = 0;

	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (!is_here(t, i) || k++ < n)
			continue;
		rows -= rows_of(t, &command_table[i]);
		if (rows < 0 && fit > 0)
			break;
		fit++;
	}
	return fit;
}

/* The first command of the last page. */
static unsigned last_top(const struct tui *t, int rows)
{
	unsigned n = count_here(t), top = n > 0 ? n - 1 : 0;

	while (top > 0 && fit_from(t, top - 1, rows) == n - (top - 1))
		top--;
	return top;
}

void help_draw(struct tui *t, int row, int rows)
{
	unsigned k = 0;
	int used = 1;

	(void)screen_puts(row, 0, t->cols, LOOK_BOLD,
			  t->reading ? _(" Keys and commands of a draft")
				     : _(" Keys and commands of the queue"));
	for (int i = 0; i < COMMAND_COUNT && used < rows; i++) {
		int n;

		if (!is_here(t, i) || k++ < t->help_top)
			continue;
		n = rows_of(t, &command_table[i]);
		/* A command of which not all can be seen waits for the next page. */
		if (used + n > rows && used > 1)
			break;
		n = used + n > rows ? rows - used : n;
		draw_command(t, &command_table[i], row + used, n);
		used += n;
	}
	for (; used < rows; used++)
		(void)screen_puts(row + used, 0, t->cols, LOOK_PLAIN, "");
}

void help_move(struct tui *t, enum command cmd, int rows)
{
	int window = rows > 1 ? rows - 1 : 1;
	unsigned last = last_top(t, window);

	if (cmd == COMMAND_DOWN)
		t->help_top += 1;
	else if (cmd == COMMAND_UP)
		t->help_top -= t->help_top > 0;
	else if (cmd == COMMAND_PAGE_DOWN || cmd == COMMAND_READ_ON || cmd == COMMAND_MARK)
		t->help_top += fit_from(t, t->help_top, window);
	else if (cmd == COMMAND_END)
		t->help_top = last;
	else if (cmd == COMMAND_PAGE_UP)
		t->help_top -= t->help_top < (unsigned)window ? t->help_top : (unsigned)window;
	else if (cmd == COMMAND_HOME)
		t->help_top = 0;
	else
		t->help = false;
	if (t->help_top > last)
		t->help_top = last;
}

/* ---- the last line ---- */

struct hint {
	enum command cmd;
	const char *word;
};

/* What is needed most comes first: of what does not fit the end is left out. */
static const struct hint in_queue[] = {
	{COMMAND_OPEN, N_("open")},	{COMMAND_SIGN, N_("sign")},
	{COMMAND_FILTER, N_("filter")}, {COMMAND_SORT, N_("sort")},
	{COMMAND_SEARCH, N_("search")}, {COMMAND_MARK, N_("mark")},
	{COMMAND_QUIT, N_("quit")},	{COMMAND_COMMAND, N_("command")},
	{COMMAND_RETURN, N_("return")}, {COMMAND_REFRESH, N_("ask again")},
	{COMMAND_LOCK, N_("lock")},	{COMMAND_COUNT, NULL},
};
static const struct hint in_summary[] = {
	{COMMAND_DECIDE_APPEAL, N_("the appeal")},
	{COMMAND_SIGN, N_("sign")},
	{COMMAND_NEXT_PART, N_("files")},
	{COMMAND_FINDINGS, N_("findings")},
	{COMMAND_VOTES, N_("votes")},
	{COMMAND_APPROVE, N_("approve")},
	{COMMAND_RETURN, N_("return")},
	{COMMAND_REFUSE, N_("refuse")},
	{COMMAND_BACK, N_("back")},
	{COMMAND_CHANGES, N_("changes")},
	{COMMAND_PAGES, N_("pages")},
	{COMMAND_HIDDEN, N_("hidden")},
	{COMMAND_PROPERTIES, N_("properties")},
	{COMMAND_AUDIT, N_("audit")},
	{COMMAND_GET, N_("save")},
	{COMMAND_COUNT, NULL},
};
static const struct hint in_findings[] = {
	{COMMAND_SIGN, N_("sign")},	 {COMMAND_JUMP, N_("to its place")},
	{COMMAND_NEXT_PART, N_("next")}, {COMMAND_APPROVE, N_("approve")},
	{COMMAND_RETURN, N_("return")},	 {COMMAND_REFUSE, N_("refuse")},
	{COMMAND_BACK, N_("back")},	 {COMMAND_SUMMARY, N_("summary")},
	{COMMAND_VOTES, N_("votes")},	 {COMMAND_CHANGES, N_("changes")},
	{COMMAND_COUNT, NULL},
};
static const struct hint in_text[] = {
	{COMMAND_SIGN, N_("sign")},
	{COMMAND_READ_ON, N_("on")},
	{COMMAND_NEXT_PART, N_("next")},
	{COMMAND_NEXT_FINDING, N_("finding")},
	{COMMAND_APPROVE, N_("approve")},
	{COMMAND_RETURN, N_("return")},
	{COMMAND_REFUSE, N_("refuse")},
	{COMMAND_BACK, N_("back")},
	{COMMAND_SEARCH, N_("search")},
	{COMMAND_FINDINGS, N_("findings")},
	{COMMAND_SUMMARY, N_("summary")},
	{COMMAND_VOTES, N_("votes")},
	{COMMAND_PAGES, N_("pages")},
	{COMMAND_CHANGES, N_("changes")},
	{COMMAND_COUNT, NULL},
};

static const struct hint *hints_of(const struct tui *t)
{
	if (!t->reading)
		return in_queue;
	if (t->reader.panel == PANEL_FINDINGS)
		return in_findings;
	return t->reader.panel == PANEL_PART && t->reader.part == 0 ? in_summary : in_text;
}

static bool decides(enum command cmd)
{
	return cmd == COMMAND_APPROVE || cmd == COMMAND_RETURN || cmd == COMMAND_REFUSE;
}

static bool is_to_decide(const struct tui *t)
{
	const json_t *draft = t->reader.c->draft;
	const char *state = json_str(draft, "state");

	return state == NULL || strcmp(state, "IN_REVIEW") == 0 ||
	       json_obj(draft, "review_after") != NULL;
}

/* " $ sign ", or "" for what would do nothing now. */
static void one_hint(const struct tui *t, const struct hint *h, char *out, size_t cap)
{
	const struct command_row *c = &command_table[h->cmd];
	char key[16];

	out[0] = '\0';
	if (tui_off(t, h->cmd) != NULL || (h->cmd == COMMAND_SIGN && t->stage.n == 0) ||
	    (decides(h->cmd) && t->reading && !is_to_decide(t)))
		return;
	help_key_name(c->second == SCREEN_ENTER ? c->second : c->key, key, sizeof(key));
	(void)snprintf(out, cap, " %s %s ", key, _(h->word));
}

static void hint_help(const struct tui *t, char *out, size_t cap)
{
	unsigned n = count_here(t), fit = fit_from(t, t->help_top, tui_body(t) - 1);

	(void)snprintf(out, cap,
		       _(" %u to %u of %u   Space j: on   k: up   other keys close this"),
		       t->help_top + 1, t->help_top + fit, n);
}

void help_hint(const struct tui *t, char *out, size_t cap)
{
	static const struct hint keys = {COMMAND_HELP, N_("keys")};
	char more[64], one[64];
	size_t used = 0;

	out[0] = '\0';
	if (t->help) {
		hint_help(t, out, cap);
		return;
	}
	one_hint(t, &keys, more, sizeof(more));
	for (const struct hint *h = hints_of(t); h->word != NULL; h++) {
		char whole[400];
		int w;

		one_hint(t, h, one, sizeof(one));
		w = snprintf(whole, sizeof(whole), "%s%s%s", out, one, more);
		if (w < 0 || (size_t)w >= sizeof(whole) ||
		    screen_fit(whole, (size_t)w, t->cols) < (size_t)w ||
		    used + strlen(one) >= cap)
			break;
		memcpy(out + used, one, strlen(one) + 1);
		used += strlen(one);
	}
	if (strlen(more) < cap - used)
		memcpy(out + used, more, strlen(more) + 1);
}
