/* tui.c - the loop: draw, wait for a key or the clock, do what the table says. */
#include "tui/tui.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "policy/present.h"
#include "tui/dialog.h"
#include "tui/screen.h"
#include "tui/state.h"

enum { MIN_ROWS = 16, MIN_COLS = 60, REFRESH_MS = 5000 };

void tui_say(struct tui *t, bool bad, const char *text)
{
	t->bad = bad;
	(void)snprintf(t->message, sizeof(t->message), "%s", text);
}

void tui_complain(struct tui *t, int err, const struct sl_why *why)
{
	tui_say(t, true, why->text[0] != '\0' ? why->text : _(sl_strerror(err)));
}

const char *tui_off(const struct tui *t, enum command cmd)
{
	const struct command_row *c = &command_table[cmd];

	if ((c->where & tui_view(t)) == 0)
		return t->reading ? _("this works in the queue; h goes back to it")
				  : _("Open a draft first.");
	if (c->signs && t->readonly)
		return _("Started with --readonly: nothing can be signed.");
	return NULL;
}

static void draw_title(const struct tui *t)
{
	char line[700];

	if (t->reading)
		(void)snprintf(line, sizeof(line), " %s r%lld  %s  %s %s", t->reader.c->id,
			       (long long)t->reader.c->revision,
			       present_state(json_str(t->reader.c->draft, "state")), _("route"),
			       t->reader.c->manifest->klass);
	else
		(void)snprintf(line, sizeof(line), _(" sluice-review  %s  %u waiting%s"),
			       t->s.config->person, t->queue.n,
			       t->readonly ? _("  read only") : "");
	(void)screen_puts(0, 0, t->cols, LOOK_BAR, line);
	/* Nobody reads on without having seen that. */
	if (t->reading && t->reader.differs[0] != '\0')
		(void)screen_puts(0, 0, t->cols, LOOK_ERROR, t->reader.differs);
}

static void draw(struct tui *t)
{
	screen_size(&t->rows, &t->cols);
	screen_clear();
	if (t->rows < MIN_ROWS || t->cols < MIN_COLS) {
		(void)screen_puts(0, 0, t->cols, LOOK_ERROR,
				  _("The window is too small: 60x16 at least."));
		screen_flush();
		return;
	}
	draw_title(t);
	if (t->help)
		help_draw(t, 1, t->rows - 2);
	else if (t->reading)
		reader_draw(&t->reader, 1, t->rows - 2, t->cols);
	else
		queue_draw(&t->queue, 1, t->rows - 2, t->cols);
	if (t->message[0] != '\0')
		(void)screen_puts(t->rows - 1, 0, t->cols, t->bad ? LOOK_ERROR : LOOK_GOOD,
				  t->message);
	else
		(void)screen_puts(
			t->rows - 1, 0, t->cols, LOOK_DIM,
			t->reading ? _(" [ ] parts  } finding  a approve  r return  x refuse  "
				       "s save  h back  ? help")
				   : _(" Enter open  R refresh  : command  ? help  q quit"));
	screen_cursor(-1, 0);
	screen_flush();
}

static void typed_command(struct tui *t)
{
	char line[256];
	const char *arg;
	enum command cmd;

	if (!dialog_ask("", line, sizeof(line)) || line[0] == '\0')
		return;
	cmd = command_parse(line, &arg);
	if (cmd == COMMAND_COUNT)
		tui_say(t, true, _("There is no such command; ? lists them."));
	else
		tui_do(t, cmd, arg);
}

void tui_do(struct tui *t, enum command cmd, const char *arg)
{
	const char *off;

	if (cmd == COMMAND_COUNT)
		return;
	off = tui_off(t, cmd);
	if (off != NULL) {
		tui_say(t, true, off);
		return;
	}
	switch (cmd) {
	case COMMAND_QUIT:
		t->quit = true;
		return;
	case COMMAND_HELP:
		t->help = true;
		t->help_top = 0;
		return;
	case COMMAND_COMMAND:
		typed_command(t);
		return;
	default:
		if (t->reading)
			act_draft(t, cmd, arg);
		else
			act_queue(t, cmd, arg);
	}
}

static void resized(struct tui *t)
{
	screen_size(&t->rows, &t->cols);
	if (t->reading && t->cols != t->reader.cols)
		act_draft(t, COMMAND_REDRAW, "");
}

static void loop(struct tui *t)
{
	while (!t->quit) {
		uint32_t key;

		draw(t);
		key = screen_key(REFRESH_MS);
		if (key == SCREEN_NONE) {
			if (!t->reading && !t->help)
				act_refresh(t);
			continue;
		}
		t->message[0] = '\0';
		if (key == SCREEN_RESIZE)
			resized(t);
		else if (t->help)
			help_move(t, command_of_key(key, tui_view(t)), t->rows - 2);
		else
			tui_do(t, command_of_key(key, tui_view(t)), "");
	}
}

int tui_run(const struct cli *c)
{
	static struct tui t;
	struct sl_why why = {""};
	int r = session_open(c->config, &t.s, &why);

	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	session_remind(&t.s, c); /* before the screen is taken; still there when it is left */
	t.readonly = cli_has(c, "readonly");
	r = queue_load(&t.s, &t.queue, &why);
	if (r == SL_OK)
		r = screen_open(cli_value(c, "color") == NULL || c->color, &why);
	if (r == SL_OK) {
		screen_size(&t.rows, &t.cols);
		loop(&t);
		screen_close();
	}
	if (t.reading)
		reader_close(&t.reader);
	queue_release(&t.queue);
	session_close(&t.s);
	return r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, _("the terminal cannot be used"), NULL);
}
