/* act_draft.c - what the commands do with one draft: read, decide, save. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "get.h"
#include "recheck.h"
#include "tui/dialog.h"
#include "tui/screen.h"
#include "tui/state.h"

static void turn(struct tui *t, unsigned part)
{
	struct sl_why why = {""};
	int r = reader_turn(&t->s, &t->reader, part, t->cols, &why);

	if (r != SL_OK)
		tui_complain(t, r, &why);
}

void act_open(struct tui *t, const char *id)
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
		tui_complain(t, r, &why);
		return;
	}
	t->reading = true;
	turn(t, 0);
}

void act_leave(struct tui *t)
{
	if (t->reading)
		reader_close(&t->reader);
	t->reading = false;
	act_refresh(t);
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
		tui_say(t, true, line);
	}
	buf_release(&open);
	return ok;
}

/* A second inspection that found something else lets nobody sign. */
static bool agrees(struct tui *t)
{
	struct sl_why why = {""};
	char note[RECHECK_LINE];
	int r = recheck_gate(&t->s, t->reader.c, NULL, note, &why);

	if (r != SL_OK)
		tui_complain(t, r, &why);
	return r == SL_OK;
}

static void decide(struct tui *t, const char *decision)
{
	static struct dialog_text text; /* 30 KiB: kept off the stack */
	struct sl_why why = {""};
	struct vote_choice v;
	json_t *result = NULL;
	char id[24];
	int r;

	if (strcmp(decision, "approve") == 0 && (!all_read(t) || !agrees(t)))
		return;
	if (!dialog_decision(&t->s, t->reader.c, decision, &v, &text)) {
		tui_say(t, false, _("Nothing was signed."));
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
		tui_complain(t, r, &why);
		return;
	}
	act_leave(t);
	char line[160];
	(void)snprintf(line, sizeof(line), _("%s: %s is recorded."), id, decision);
	tui_say(t, false, line);
}

static void save_files(struct tui *t, const char *arg)
{
	struct sl_why why = {""};
	char dir[512], line[640];
	int r;

	(void)snprintf(dir, sizeof(dir), "%s", arg);
	if (dir[0] == '\0' &&
	    (!dialog_ask(_("Save into directory"), dir, sizeof(dir)) || dir[0] == '\0'))
		return;
	r = get_into(&t->s, t->reader.c, t->reader.seen, dir, NULL, &why);
	if (r != SL_OK) {
		tui_complain(t, r, &why);
		return;
	}
	(void)snprintf(line, sizeof(line), _("Saved in %s"), dir);
	tui_say(t, false, line);
}

/* The next window of this part; at its end the next part. */
static void read_on(struct tui *t)
{
	unsigned before = t->reader.top;

	(void)reader_move(&t->reader, COMMAND_PAGE_DOWN, t->rows - 2);
	if (t->reader.top == before && t->reader.part < t->reader.c->n_files)
		turn(t, t->reader.part + 1);
}

static void reopen(struct tui *t)
{
	char id[24];

	(void)snprintf(id, sizeof(id), "%s", t->reader.c->id);
	act_open(t, id);
}

void act_draft(struct tui *t, enum command cmd, const char *arg)
{
	unsigned parts = t->reader.c->n_files + 1;

	switch (cmd) {
	case COMMAND_NEXT_PART:
		turn(t, (t->reader.part + 1) % parts);
		return;
	case COMMAND_PREV_PART:
		turn(t, (t->reader.part + parts - 1) % parts);
		return;
	case COMMAND_SUMMARY:
		turn(t, 0);
		return;
	case COMMAND_READ_ON:
		read_on(t);
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
		save_files(t, arg);
		return;
	case COMMAND_BACK:
		act_leave(t);
		return;
	case COMMAND_REFRESH:
		reopen(t);
		return;
	case COMMAND_REDRAW: /* the window has another width */
		turn(t, t->reader.part);
		return;
	default:
		(void)reader_move(&t->reader, cmd, t->rows - 2);
	}
}
