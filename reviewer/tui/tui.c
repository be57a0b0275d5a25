/* tui.c - the loop: draw, wait for a key, the gateway or the clock, do what the table says. */
#include "tui/tui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "policy/present.h"
#include "tui/dialog.h"
#include "tui/lock.h"
#include "tui/queue_draw.h"
#include "tui/screen.h"
#include "tui/state.h"

enum { MIN_ROWS = 16, MIN_COLS = 60 };

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

	if (!t->reading && cmd == COMMAND_APPROVE)
		return t->queue.n_marks > 0
			       ? _("Several are never approved at once: each is approved by "
				   "itself, after it was read. Enter opens the first.")
			       : _("A draft is approved after it was read: Enter opens it.");
	if ((c->where & tui_view(t)) == 0)
		return t->reading ? _("This works in the queue: h goes back to it.")
				  : _("This works in a draft: Enter opens the chosen one.");
	if (c->signs && t->readonly)
		return t->readonly_why;
	if (cmd == COMMAND_DECIDE_APPEAL)
		return act_appeal_off(t);
	return NULL;
}

static void draft_title(const struct tui *t, const char *gate, const char *marks, char *out,
			size_t cap)
{
	const struct reader *r = &t->reader;
	char again[80];

	again_words(&r->again, again, sizeof(again));
	(void)snprintf(out, cap, " %s r%lld  %s  %s %s%s%s%s%s  %s", r->c->id,
		       (long long)r->c->revision, present_state(json_str(r->c->draft, "state")),
		       _("route"), r->c->manifest->klass, again[0] != '\0' ? "  " : "", again,
		       marks, t->readonly ? _("  read only") : "", gate);
}

static void draw_title(const struct tui *t)
{
	char line[900], gate[240], differs[RECHECK_LINE], marks[80] = "";

	gate_words(&t->gate, gate, sizeof(gate));
	if (t->queue.n_marks > 0)
		(void)snprintf(marks, sizeof(marks), _("  %u marked"), t->queue.n_marks);
	if (t->stage.n > 0)
		(void)snprintf(marks + strlen(marks), sizeof(marks) - strlen(marks),
			       _("  %u staged"), t->stage.n);
	if (t->reading)
		draft_title(t, gate, marks, line, sizeof(line));
	else
		(void)snprintf(line, sizeof(line), _(" sluice-review  %s %s  %s  %u of %u%s%s"),
			       t->s.config->person, t->gate.roles, gate,
			       t->queue.total > 0 ? t->queue.at + 1 : 0, t->queue.total, marks,
			       t->readonly ? _("  read only") : "");
	(void)screen_puts(0, 0, t->cols, t->gate.gone ? LOOK_ERROR : LOOK_BAR, line);
	/* Nobody reads on without having seen that. */
	if (t->reading && again_differs(&t->reader.again)) {
		recheck_line(t->reader.again.result, differs);
		(void)snprintf(line, sizeof(line), " ! %s  %s", t->reader.c->id, differs);
		(void)screen_puts(0, 0, t->cols, LOOK_ERROR, line);
	}
}

/* On the last lines, as many as it takes: what went wrong is not cut off. */
static void draw_message(const struct tui *t)
{
	enum { LINES = 5 };
	enum screen_look look = t->bad ? LOOK_ERROR : LOOK_GOOD;
	char text[700];
	size_t at[LINES + 1] = {0};
	int n = 0;

	(void)snprintf(text, sizeof(text), "%s%s", t->bad ? "! " : " ", t->message);
	while (n < LINES && text[at[n]] != '\0') {
		size_t fit = screen_fit(text + at[n], strlen(text + at[n]), t->cols);

		at[n + 1] = at[n] + (fit > 0 ? fit : 1);
		n++;
	}
	for (int i = 0; i < n; i++) {
		(void)screen_puts(t->rows - n + i, 0, t->cols, look, "");
		(void)screen_put(t->rows - n + i, 0, t->cols, look, text + at[i],
				 at[i + 1] - at[i], true);
	}
}

static void draw_last(const struct tui *t)
{
	char line[400];

	if (t->message[0] != '\0') {
		draw_message(t);
		return;
	}
	help_hint(t, line, sizeof(line));
	(void)screen_puts(t->rows - 1, 0, t->cols, LOOK_DIM, line);
}

void tui_draw(struct tui *t)
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
		help_draw(t, 1, tui_body(t));
	else if (unit_view_shown(&t->unit))
		unit_view_draw(&t->unit, 1, tui_body(t), t->cols);
	else if (t->reading)
		reader_draw(&t->reader, 1, tui_body(t), t->cols);
	else
		queue_draw(&t->queue, gate_now(&t->gate), 1, tui_body(t), t->cols);
	draw_last(t);
	screen_cursor(-1, 0);
	screen_flush();
}

void tui_do(struct tui *t, enum command cmd, const char *arg)
{
	const char *off;

	if (cmd == COMMAND_COUNT)
		return;
	off = tui_off(t, cmd);
	if (off != NULL)
		tui_say(t, true, off);
	else if (act_both(t, cmd, arg))
		return;
	else if (t->reading)
		act_draft(t, cmd, arg);
	else
		act_queue(t, cmd, arg);
}

static void resized(struct tui *t)
{
	screen_size(&t->rows, &t->cols);
	act_resized(t);
	if (unit_view_shown(&t->unit) && unit_view_layout(&t->unit, t->cols) != SL_OK)
		unit_view_close(&t->unit);
}

/* A key without a meaning here is answered too: what it means elsewhere, or where to look. */
static void do_key(struct tui *t, uint32_t key)
{
	enum command cmd = command_of_key(key, tui_view(t));

	if (cmd == COMMAND_COUNT)
		cmd = command_of_key(key, t->reading ? IN_QUEUE : IN_DRAFT);
	if (cmd != COMMAND_COUNT)
		tui_do(t, cmd, "");
	else
		tui_say(t, true, _("That key means nothing here; ? lists those that do."));
}

static void on_key(struct tui *t, uint32_t key)
{
	lock_touch(t);
	t->message[0] = '\0';
	if (key == SCREEN_RESIZE)
		resized(t);
	else if (t->help)
		help_move(t, command_of_key(key, tui_view(t)), tui_body(t));
	else if (unit_view_shown(&t->unit))
		unit_view_move(&t->unit, command_of_key(key, tui_view(t)), tui_body(t));
	else
		do_key(t, key);
}

/* Rows of drafts that the gateway should be asked for; none while something else is shown. */
static int wanted_rows(const struct tui *t)
{
	return queue_rows(&t->queue, tui_body(t), t->cols);
}

/* While nobody presses a key, the rest of what was opened is fetched. */
static int reading_patience(struct tui *t, struct sl_why *why)
{
	bool more = false;

	return reader_idle(&t->reader, &more, why) == SL_OK && more
		       ? 0
		       : again_patience(&t->reader.again);
}

/* In a draft the answer about the queue can wait; it must not wake us again and again. */
static int what_wakes(const struct tui *t)
{
	if (t->reading)
		return again_fd(&t->reader.again);
	return t->gate.ahead != NULL ? wire_ahead_fd(t->gate.ahead) : -1;
}

/* Behind a question too the text is wrapped for the window as it is now. */
static void draw_behind(void *arg)
{
	struct tui *t = arg;
	int rows, cols;

	screen_size(&rows, &cols);
	if (rows != t->rows || cols != t->cols)
		resized(t);
	tui_draw(t);
}

void tui_behind(struct tui *t)
{
	dialog_behind(draw_behind, t);
}

void tui_loop(struct tui *t)
{
	tui_behind(t);
	lock_touch(t);
	tui_draw(t);
	gate_go_ahead(&t->gate);
	while (!t->quit) {
		struct sl_why why = {""};
		uint32_t key;
		int patience = t->reading ? reading_patience(t, &why)
					  : gate_patience(&t->gate, &t->queue, wanted_rows(t));

		screen_watch(what_wakes(t));
		key = screen_key(patience);
		/* Questions wait for a person alone. */
		screen_watch(-1);
		again_reap();
		if (lock_due(t))
			lock_now(t);
		else if (key != SCREEN_NONE && key != SCREEN_WAKE)
			on_key(t, key);
		else if (t->reading)
			act_again_turn(t);
		else
			(void)gate_turn(&t->gate, &t->queue, wanted_rows(t), &why);
		if (why.text[0] != '\0' && !t->gate.gone)
			tui_say(t, true, why.text);
		tui_draw(t);
	}
}

/* A session key of an author's kind opens the connection and can decide nothing. */
static void find_key(struct tui *t)
{
	if (t->readonly || t->s.config->approval_key != NULL ||
	    key_get_use(t->s.key) == KEY_DSSE_REVIEWER)
		return;
	t->readonly = true;
	t->readonly_why =
		_("Your client.yaml names no key that can sign decisions: read only.");
}

int tui_start(struct tui *t, struct sl_why *why)
{
	settings_load(&t->settings);
	if (t->settings.theme[0] != '\0')
		(void)screen_theme(t->settings.theme);
	t->readonly_why = _("Started with --readonly: nothing can be signed.");
	find_key(t);
	t->queue.me = t->s.config->person;
	return gate_start(&t->gate, &t->s, &t->queue, why);
}

void tui_end(struct tui *t)
{
	if (t->reading)
		reader_close(&t->reader);
	unit_view_close(&t->unit);
	stage_release(&t->stage);
	reasons_release(&t->reasons);
	gate_end(&t->gate);
	queue_release(&t->queue);
	session_close(&t->s);
}

/* NO_COLOR counts when it is set and not empty; --color=always is stronger. */
static bool want_color(const struct cli *c)
{
	const char *no = getenv("NO_COLOR");

	if (cli_value(c, "color") != NULL)
		return c->color;
	return no == NULL || no[0] == '\0';
}

int tui_run(const struct cli *c)
{
	static struct tui t;
	const char *theme = cli_value(c, "theme");
	struct sl_why why = {""};
	int r = session_open(c->config, &t.s, &why);

	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	t.readonly = cli_has(c, "readonly");
	r = tui_start(&t, &why);
	/* Before the screen is taken; still there when it is left. */
	session_remind_of(t.gate.whoami, c);
	if (r == SL_OK && theme != NULL && !screen_theme(theme))
		r = why_set(&why, SL_E_USAGE, "%s",
			    _("themes are default, light, high-contrast, mono"));
	if (r == SL_OK)
		r = screen_open(want_color(c), &why);
	if (r == SL_OK) {
		tui_loop(&t);
		screen_close();
	}
	tui_end(&t);
	return r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, _("the terminal cannot be used"), NULL);
}
