/* tui.c - the loop: draw, wait for a key or the clock, do what the table says. */
#include "tui/tui.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "get.h"
#include "policy/present.h"
#include "tui/command.h"
#include "tui/dialog.h"
#include "tui/queue.h"
#include "tui/reader.h"
#include "tui/screen.h"

enum { MIN_ROWS = 16, MIN_COLS = 60, REFRESH_MS = 5000 };

struct tui {
	struct session s;
	struct queue queue;
	struct reader reader;
	bool reading, help, readonly, quit;
	bool bad;	   /* the message is a complaint */
	char message[640]; /* shown until the next key */
	int rows, cols;
};

static void say(struct tui *t, bool bad, const char *text)
{
	t->bad = bad;
	(void)snprintf(t->message, sizeof(t->message), "%s", text);
}

static void complain(struct tui *t, int err, const struct sl_why *why)
{
	say(t, true, why->text[0] != '\0' ? why->text : _(sl_strerror(err)));
}

static void draw_help(const struct tui *t)
{
	(void)screen_puts(1, 0, t->cols, LOOK_BOLD, _(" Keys and commands"));
	for (int i = 0; i < COMMAND_COUNT && i + 2 < t->rows - 1; i++) {
		const struct command_row *c = &command_table[i];
		bool off = t->readonly &&
			   (i == COMMAND_APPROVE || i == COMMAND_RETURN || i == COMMAND_REFUSE);
		char line[256];

		(void)snprintf(line, sizeof(line), "  %c  :%-18s %s%s",
			       c->key > 32 ? (char)c->key : '^', c->name, _(c->help),
			       off ? _("  (off: --readonly)") : "");
		(void)screen_puts(i + 2, 0, t->cols, off ? LOOK_DIM : LOOK_PLAIN, line);
	}
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
		draw_help(t);
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
			t->reading ? _(" [ ] parts  n finding  a approve  r return  x refuse  "
				       "s save  h back  ? help")
				   : _(" Enter open  R refresh  : command  ? help  q quit"));
	screen_cursor(-1, 0);
	screen_flush();
}

static void refresh_queue(struct tui *t)
{
	struct sl_why why = {""};
	int r = queue_load(&t->s, &t->queue, &why);

	if (r != SL_OK)
		complain(t, r, &why);
}

static void turn(struct tui *t, unsigned part)
{
	struct sl_why why = {""};
	int r = reader_turn(&t->s, &t->reader, part, t->cols, &why);

	if (r != SL_OK)
		complain(t, r, &why);
}

static void open_draft(struct tui *t, const char *id)
{
	struct sl_why why = {""};
	int r;

	if (id == NULL)
		return;
	if (t->reading)
		reader_close(&t->reader);
	t->reading = false;
	r = reader_open(&t->s, id, &t->reader, &why);
	if (r != SL_OK) {
		complain(t, r, &why);
		return;
	}
	t->reading = true;
	turn(t, 0);
}

static void leave_draft(struct tui *t)
{
	if (t->reading)
		reader_close(&t->reader);
	t->reading = false;
	refresh_queue(t);
}

/* Every part opened? Otherwise name what was not. */
static bool all_read(struct tui *t)
{
	struct buf open;
	bool ok;

	buf_init(&open, 64 << 10);
	ok = seen_complete(t->reader.seen, t->reader.c, &open) == SL_OK;
	if (!ok) {
		char line[600];

		for (size_t i = 0; i < open.len; i++)
			open.data[i] = open.data[i] == '\n' ? ' ' : open.data[i];
		(void)snprintf(line, sizeof(line),
			       _("Open these first (keys [ and ], or s to save): %.400s"),
			       buf_str(&open));
		say(t, true, line);
	}
	buf_release(&open);
	return ok;
}

static void decide(struct tui *t, const char *decision)
{
	static struct dialog_text text; /* 30 KiB: kept off the stack */
	struct sl_why why = {""};
	struct vote_choice v;
	json_t *result = NULL;
	char id[24];
	int r;

	if (!t->reading || t->readonly) {
		say(t, true,
		    t->readonly ? _("Started with --readonly: nothing can be signed.")
				: _("Open a draft first."));
		return;
	}
	if (strcmp(decision, "approve") == 0 && !all_read(t))
		return;
	if (!dialog_decision(&t->s, t->reader.c, decision, &v, &text)) {
		say(t, false, _("Nothing was signed."));
		return;
	}
	/* A security key asks for touch and PIN on the terminal itself. */
	if (t->s.config->approval_key != NULL)
		screen_lend();
	r = vote_cast(&t->s, t->reader.c, t->reader.seen, &v, &result, &why);
	if (t->s.config->approval_key != NULL)
		screen_take_back();
	(void)snprintf(id, sizeof(id), "%s", t->reader.c->id);
	json_decref(result);
	if (r != SL_OK) {
		complain(t, r, &why);
		return;
	}
	leave_draft(t);
	char line[160];
	(void)snprintf(line, sizeof(line), _("%s: %s is recorded."), id, decision);
	say(t, false, line);
}

static void save_files(struct tui *t)
{
	struct sl_why why = {""};
	char dir[512], line[640];
	int r;

	if (!t->reading || !dialog_ask(_("Save into directory"), dir, sizeof(dir)) ||
	    dir[0] == '\0')
		return;
	r = get_into(&t->s, t->reader.c, t->reader.seen, dir, NULL, &why);
	if (r != SL_OK) {
		complain(t, r, &why);
		return;
	}
	(void)snprintf(line, sizeof(line), _("Saved in %s"), dir);
	say(t, false, line);
}

static void do_command(struct tui *t, enum command cmd);

static void typed_command(struct tui *t)
{
	char line[128];
	enum command cmd;

	if (!dialog_ask("", line, sizeof(line)) || line[0] == '\0')
		return;
	if (strncmp(line, "open ", 5) == 0) {
		open_draft(t, line + 5);
		return;
	}
	cmd = command_of_name(line);
	if (cmd == COMMAND_COUNT)
		say(t, true, _("There is no such command; ? lists them."));
	else
		do_command(t, cmd);
}

static void do_reading(struct tui *t, enum command cmd)
{
	unsigned parts = t->reader.c->n_files + 1;

	if (cmd == COMMAND_NEXT_PART || cmd == COMMAND_OPEN)
		turn(t, (t->reader.part + 1) % parts);
	else if (cmd == COMMAND_PREV_PART)
		turn(t, (t->reader.part + parts - 1) % parts);
	else if (cmd == COMMAND_BACK)
		leave_draft(t);
	else
		(void)reader_move(&t->reader, cmd, t->rows - 2);
}

static void do_command(struct tui *t, enum command cmd)
{
	char id[24];

	switch (cmd) {
	case COMMAND_QUIT:
		t->quit = true;
		return;
	case COMMAND_HELP:
		t->help = true;
		return;
	case COMMAND_COMMAND:
		typed_command(t);
		return;
	case COMMAND_APPROVE:
		decide(t, "approve");
		return;
	case COMMAND_RETURN:
		decide(t, "return");
		return;
	case COMMAND_REFUSE:
		decide(t, "refuse");
		return;
	case COMMAND_GET:
		save_files(t);
		return;
	case COMMAND_REFRESH:
		if (t->reading) {
			(void)snprintf(id, sizeof(id), "%s", t->reader.c->id);
			open_draft(t, id);
		} else {
			refresh_queue(t);
		}
		return;
	default:
		break;
	}
	if (t->reading)
		do_reading(t, cmd);
	else if (cmd == COMMAND_OPEN)
		open_draft(t, queue_current(&t->queue));
	else
		(void)queue_move(&t->queue, cmd, t->rows - 2);
}

static void loop(struct tui *t)
{
	while (!t->quit) {
		uint32_t key;

		draw(t);
		key = screen_key(REFRESH_MS);
		if (key == SCREEN_NONE) {
			if (!t->reading && !t->help)
				refresh_queue(t);
			continue;
		}
		t->message[0] = '\0';
		if (key == SCREEN_RESIZE) {
			screen_size(&t->rows, &t->cols);
			if (t->reading && t->cols != t->reader.cols)
				turn(t, t->reader.part);
			continue;
		}
		if (t->help) {
			t->help = false;
			continue;
		}
		do_command(t, command_of_key(key));
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
