/* act_both.c - the ':' line, themes, help and leaving: the same in both views. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "tui/lock.h"
#include "tui/screen.h"
#include "tui/state.h"

/* "sor" -> "sort", "sort d" -> "sort due", "filter late" -> a named filter. */
static const char *complete_argument(const struct tui *t, const char *line, unsigned i)
{
	static char out[LINE_MAX_BYTES];
	const char *arg, *word = NULL;
	enum command cmd = command_parse(line, &arg);
	unsigned seen = 0;

	for (unsigned k = 0;; k++) {
		if (cmd == COMMAND_SORT)
			word = k < SORT_COUNT ? queue_sort_name((enum queue_sort)k) : NULL;
		else if (cmd == COMMAND_THEME)
			word = screen_theme_at(k);
		else if (cmd == COMMAND_FILTER)
			word = k < t->settings.n ? t->settings.filter[k].name : NULL;
		if (word == NULL)
			return NULL;
		if (strncmp(word, arg, strlen(arg)) == 0 && seen++ == i)
			break;
	}
	(void)snprintf(out, sizeof(out), "%s %s", command_table[cmd].name, word);
	return out;
}

static const char *complete(void *arg, const char *line, unsigned i)
{
	const struct tui *t = arg;
	unsigned seen = 0;

	if (strchr(line, ' ') != NULL)
		return complete_argument(t, line, i);
	for (int k = 0; k < COMMAND_COUNT; k++) {
		const struct command_row *c = &command_table[k];

		if ((c->where & tui_view(t)) != 0 &&
		    strncmp(c->name, line, strlen(line)) == 0 && seen++ == i)
			return c->name;
	}
	return NULL;
}

static void typed_command(struct tui *t)
{
	const struct line_ask ask = {
		.prompt = ":", .history = &t->commands, .complete = complete, .arg = t};
	char line[LINE_MAX_BYTES];
	const char *arg;
	enum command cmd;

	if (!line_read(&ask, line) || line[0] == '\0')
		return;
	cmd = command_parse(line, &arg);
	if (cmd == COMMAND_COUNT)
		tui_say(t, true, _("There is no such command; ? lists them."));
	else
		tui_do(t, cmd, arg);
}

static void set_theme(struct tui *t, const char *name)
{
	char line[200];

	if (name[0] == '\0') { /* the key: the next one */
		unsigned i = 0;

		while (screen_theme_at(i) != NULL &&
		       strcmp(screen_theme_at(i), screen_theme_name()) != 0)
			i++;
		name = screen_theme_at(i) != NULL ? screen_theme_at(i + 1) : NULL;
		name = name != NULL ? name : screen_theme_at(0);
	}
	if (!screen_theme(name)) {
		tui_say(t, true, _("Themes: default, light, high-contrast, mono."));
		return;
	}
	(void)snprintf(t->settings.theme, sizeof(t->settings.theme), "%s", name);
	if (strcmp(screen_theme_name(), name) != 0)
		(void)snprintf(line, sizeof(line),
			       _("Theme %s; without colours here (NO_COLOR, --color or the "
				 "terminal)."),
			       name);
	else
		(void)snprintf(line, sizeof(line), _("Theme %s."), name);
	tui_say(t, false, line);
	if (settings_save(&t->settings) != SL_OK)
		tui_say(t, true,
			_("The settings file cannot be written; this holds until you quit."));
}

static void show_unit(struct tui *t, const char *unit)
{
	struct sl_why why = {""};
	int r = unit_view_open(&t->unit, &t->s, unit, t->cols, &why);

	if (r != SL_OK)
		tui_complain(t, r, &why);
	else
		tui_say(t, false, _("Arrows scroll; any other key goes back."));
}

bool act_both(struct tui *t, enum command cmd, const char *arg)
{
	switch (cmd) {
	case COMMAND_QUIT:
		t->quit = act_sign_may_quit(t);
		return true;
	case COMMAND_LOCK:
		lock_now(t);
		return true;
	case COMMAND_HELP:
		t->help = true;
		t->help_top = 0;
		return true;
	case COMMAND_COMMAND:
		typed_command(t);
		return true;
	case COMMAND_UNIT:
		show_unit(t, arg);
		return true;
	case COMMAND_THEME:
		set_theme(t, arg);
		return true;
	case COMMAND_REDRAW:
		screen_redraw();
		tui_say(t, false, _("Drawn again."));
		return !t->reading; /* a draft is also wrapped again */
	default:
		return act_sign(t, cmd);
	}
}
