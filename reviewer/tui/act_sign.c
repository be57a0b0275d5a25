/* act_sign.c - what is staged: looked at, taken back, signed. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "policy/present_role.h"
#include "review/sign.h"
#include "tui/dialog.h"
#include "tui/role.h"
#include "tui/screen.h"
#include "tui/state.h"

struct lines { /* grows; `failed` when there was no memory */
	struct dialog_line *v;
	unsigned n, cap;
	int cols;
	bool failed;
};

static void add_line(struct lines *l, enum screen_look look, const char *text, size_t len)
{
	if (l->n == l->cap) {
		unsigned cap = l->cap == 0 ? 64 : l->cap * 2;
		struct dialog_line *grown = realloc(l->v, cap * sizeof(*grown));

		if (grown == NULL) {
			l->failed = true;
			return;
		}
		l->v = grown;
		l->cap = cap;
	}
	l->v[l->n].look = (int)look;
	(void)snprintf(l->v[l->n++].text, sizeof(l->v->text), "%.*s", (int)len, text);
}

static void put(struct lines *l, enum screen_look look, const char *fmt, ...) SL_PRINTF(3, 4);
/* A line, or as many as it takes: nothing that is signed is cut off. */
static void put(struct lines *l, enum screen_look look, const char *fmt, ...)
{
	char text[1200];
	const char *p = text;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	do {
		size_t fit = screen_fit(p, strlen(p), l->cols > 8 ? l->cols : 8);

		fit = fit < sizeof(l->v->text) ? fit : sizeof(l->v->text) - 1;
		add_line(l, look, p, fit);
		p += fit;
	} while (*p != '\0' && !l->failed);
}

/* One decision: which draft, exactly which bytes, as whom, and what goes with it. */
static void describe(const struct staged *d, struct lines *l)
{
	bool approve = strcmp(d->decision, "approve") == 0;

	put(l, approve ? LOOK_GOOD : LOOK_S2, "%s  %s r%lld  %.300s",
	    present_decision(d->decision), d->id, (long long)d->revision,
	    present_text(d->title));
	put(l, LOOK_PLAIN, _("    route %s  bytes %.16s…  as %s"), d->klass, d->manifest_sha256,
	    role_word(d->role));
	if (!approve)
		put(l, LOOK_PLAIN, "    %s: %s", d->code, present_text(d->reason));
	for (unsigned i = 0; i < d->n_acks; i++)
		put(l, LOOK_PLAIN, _("    %s may stand: %s"), d->ack[i].rule,
		    present_text(d->ack[i].reason));
	if (d->why[0] != '\0')
		put(l, LOOK_ERROR, _("    not recorded: %s"), d->why);
}

static bool all_lines(const struct stage *s, struct lines *l)
{
	int rows;

	*l = (struct lines){.n = 0};
	screen_size(&rows, &l->cols);
	for (unsigned i = 0; i < s->n; i++)
		describe(s->item[i], l);
	return !l->failed;
}

static bool nothing_staged(struct tui *t)
{
	if (t->stage.n == 0)
		tui_say(t, false,
			_("Nothing is staged: a, r or x in an open draft stages a decision."));
	return t->stage.n == 0;
}

static void list(struct tui *t)
{
	struct lines l;

	if (nothing_staged(t))
		return;
	if (all_lines(&t->stage, &l))
		dialog_show(_(" Staged and not signed yet"), l.v, l.n);
	free(l.v);
}

static void undo(struct tui *t)
{
	struct stage *s = &t->stage;
	char line[160];

	if (nothing_staged(t))
		return;
	(void)snprintf(line, sizeof(line), _("Taken back: %s %s.  %u are still staged."),
		       present_decision(s->item[s->n - 1]->decision), s->item[s->n - 1]->id,
		       s->n - 1);
	stage_drop(s, s->n - 1);
	tui_say(t, false, line);
}

/* ---- signing ---- */

static bool confirm(struct tui *t)
{
	char title[200], key[KEY_ID_HEX + 1];
	enum dialog_answer answer;
	struct lines l;

	if (sign_key_id(&t->s, key) != SL_OK) {
		tui_say(t, true, _("the key that would sign cannot be read"));
		return false;
	}
	(void)snprintf(title, sizeof(title), _(" You sign %u as %s with the key %.16s…"),
		       t->stage.n, t->s.config->person, key);
	do {
		answer = all_lines(&t->stage, &l) ? dialog_word(title, l.v, l.n, "sign")
						  : DIALOG_NO;
		free(l.v);
	} while (answer == DIALOG_AGAIN);
	if (answer != DIALOG_YES)
		tui_say(t, false,
			_("Nothing was signed; it stays staged. $ asks again, u takes it "
			  "back."));
	return answer == DIALOG_YES;
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
	bool sent = false;
	int r = stage_sign(&t->s, d, said, &sent, &why);

	*ret_drop = r == SL_OK || r == SL_E_EXISTS;
	if (said[0] != '\0')
		(void)snprintf(o->said, sizeof(o->said), "%s", said);
	if (*ret_drop) {
		o->done++;
		(void)snprintf(o->last, sizeof(o->last), _("%s: %s is recorded."), d->id,
			       present_decision(d->decision));
		return;
	}
	o->failed++;
	(void)snprintf(d->why, sizeof(d->why), "%.150s%s", why_text(&why, r),
		       !is_silence(r) ? ""
		       : sent ? _(" (it may be recorded all the same; $ asks and tries again)")
			      : _(" (nothing was sent; $ tries again)"));
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

	if (nothing_staged(t) || !confirm(t))
		return;
	if (t->reading)
		(void)snprintf(open, sizeof(open), "%s", t->reader.c->id);
	tui_say(t, false, _("Signing; the gateway is asked …"));
	tui_draw(t);
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
