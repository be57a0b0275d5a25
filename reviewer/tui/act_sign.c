/* act_sign.c - what is staged: looked at, taken back, signed. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "review/sign.h"
#include "tui/dialog.h"
#include "tui/role.h"
#include "tui/screen.h"
#include "tui/state.h"

enum { LINES_PER = 5 };

static unsigned put(struct dialog_line *l, enum screen_look look, const char *fmt, ...)
	SL_PRINTF(3, 4);
static unsigned put(struct dialog_line *l, enum screen_look look, const char *fmt, ...)
{
	va_list ap;

	l->look = (int)look;
	va_start(ap, fmt);
	(void)vsnprintf(l->text, sizeof(l->text), fmt, ap);
	va_end(ap);
	return 1;
}

/* One decision: which draft, exactly which bytes, as whom, and what goes with it. */
static unsigned describe(const struct staged *d, struct dialog_line *l)
{
	bool approve = strcmp(d->decision, "approve") == 0;
	unsigned n = put(l, approve ? LOOK_GOOD : LOOK_S2, "%s  %s r%lld  %.200s", d->decision,
			 d->id, (long long)d->revision, present_text(d->title));

	n += put(l + n, LOOK_PLAIN, _("    route %s  bytes %.16s…  as %s"), d->klass,
		 d->manifest_sha256, role_word(d->role));
	if (!approve)
		n += put(l + n, LOOK_PLAIN, "    %s: %.300s", d->code, present_text(d->reason));
	else if (d->n_acks > 0)
		n += put(l + n, LOOK_PLAIN, _("    %u findings acknowledged: %s %.200s%s"),
			 d->n_acks, d->ack[0].rule, present_text(d->ack[0].reason),
			 d->n_acks > 1 ? " …" : "");
	if (d->why[0] != '\0')
		n += put(l + n, LOOK_ERROR, _("    not recorded: %s"), d->why);
	return n;
}

static struct dialog_line *all_lines(const struct stage *s, unsigned *ret_n)
{
	struct dialog_line *lines = calloc((size_t)s->n * LINES_PER + 2, sizeof(*lines));

	*ret_n = 0;
	for (unsigned i = 0; lines != NULL && i < s->n; i++)
		*ret_n += describe(s->item[i], lines + *ret_n);
	return lines;
}

static void list(struct tui *t)
{
	struct dialog_line *lines;
	unsigned n;

	if (t->stage.n == 0) {
		tui_say(t, false, _("Nothing is staged."));
		return;
	}
	lines = all_lines(&t->stage, &n);
	if (lines != NULL)
		dialog_show(_(" Staged and not signed yet"), lines, n);
	free(lines);
}

static void undo(struct tui *t)
{
	struct stage *s = &t->stage;
	char line[160];

	if (s->n == 0) {
		tui_say(t, false, _("Nothing is staged."));
		return;
	}
	(void)snprintf(line, sizeof(line), _("Taken back: %s %s.  %u are still staged."),
		       s->item[s->n - 1]->decision, s->item[s->n - 1]->id, s->n - 1);
	stage_drop(s, s->n - 1);
	tui_say(t, false, line);
}

/* ---- signing ---- */

static bool confirm(struct tui *t)
{
	char title[200], key[KEY_ID_HEX + 1];
	struct dialog_line *lines;
	unsigned n;
	bool ok;

	if (sign_key_id(&t->s, key) != SL_OK) {
		tui_say(t, true, _("the key that would sign cannot be read"));
		return false;
	}
	lines = all_lines(&t->stage, &n);
	if (lines == NULL)
		return false;
	(void)snprintf(title, sizeof(title), _(" You sign %u as %s with the key %.16s…"),
		       t->stage.n, t->s.config->person, key);
	ok = dialog_word(title, lines, n, "sign");
	free(lines);
	if (!ok)
		tui_say(t, false, _("Nothing was signed."));
	return ok;
}

/* Nobody can know then whether it was recorded; signing again finds out. */
static bool is_silence(int r)
{
	return r == SL_E_UNREACHABLE || r == SL_E_TIMEOUT || r == SL_E_IO;
}

struct outcome {
	unsigned done, failed;
	char last[80];	 /* what was recorded last */
	char first[300]; /* why the first failed */
	char said[240];
};

static void sign_one(struct tui *t, struct staged *d, struct outcome *o, bool *ret_drop)
{
	struct sl_why why = {""};
	char said[240];
	int r = stage_sign(&t->s, d, said, &why);

	*ret_drop = r == SL_OK || r == SL_E_EXISTS;
	if (said[0] != '\0')
		(void)snprintf(o->said, sizeof(o->said), "%s", said);
	if (*ret_drop) {
		o->done++;
		(void)snprintf(o->last, sizeof(o->last), _("%s: %s is recorded."), d->id,
			       d->decision);
		return;
	}
	o->failed++;
	(void)snprintf(d->why, sizeof(d->why), "%.150s%s", why_text(&why, r),
		       is_silence(r) ? _(" (it may be recorded all the same; $ asks and "
					 "tries again)")
				     : "");
	if (o->first[0] == '\0')
		(void)snprintf(o->first, sizeof(o->first), "%s: %s", d->id, d->why);
}

static void say_outcome(struct tui *t, const struct outcome *o)
{
	char line[640];

	if (o->failed == 0 && o->done == 1)
		(void)snprintf(line, sizeof(line), "%s %s", o->last, o->said);
	else if (o->failed == 0)
		(void)snprintf(line, sizeof(line), _("All %u are recorded. %s"), o->done,
			       o->said);
	else
		(void)snprintf(line, sizeof(line), _("%u recorded, %u not. %s"), o->done,
			       o->failed, o->first);
	tui_say(t, o->failed > 0, line);
}

static void sign(struct tui *t)
{
	struct outcome o = {.done = 0};
	char open[QUEUE_ID] = "";
	bool leave = false;

	if (t->stage.n == 0) {
		tui_say(t, false, _("Nothing is staged."));
		return;
	}
	if (!confirm(t))
		return;
	if (t->reading)
		(void)snprintf(open, sizeof(open), "%s", t->reader.c->id);
	/* A security key asks for touch and PIN on the terminal itself. */
	if (t->s.config->approval_key != NULL)
		screen_lend();
	for (unsigned i = 0; i < t->stage.n;) {
		bool drop;

		sign_one(t, t->stage.item[i], &o, &drop);
		leave = leave || (drop && strcmp(open, t->stage.item[i]->id) == 0);
		if (drop)
			stage_drop(&t->stage, i);
		else
			i++;
	}
	if (t->s.config->approval_key != NULL)
		screen_take_back();
	if (leave)
		act_leave(t);
	else
		act_refresh(t);
	say_outcome(t, &o);
}

bool act_sign(struct tui *t, enum command cmd)
{
	switch (cmd) {
	case COMMAND_UNDO:
		undo(t);
		return true;
	case COMMAND_STAGED:
		list(t);
		return true;
	case COMMAND_SIGN:
		sign(t);
		return true;
	default:
		return false;
	}
}

bool act_sign_may_quit(struct tui *t)
{
	char prompt[160], typed[8];

	if (t->stage.n == 0)
		return true;
	(void)snprintf(prompt, sizeof(prompt),
		       _("%u staged and not signed are lost; type y to quit all the same"),
		       t->stage.n);
	if (dialog_ask(prompt, typed, sizeof(typed)) && strcmp(typed, "y") == 0)
		return true;
	tui_say(t, false, _("Still here: $ signs what is staged."));
	return false;
}
