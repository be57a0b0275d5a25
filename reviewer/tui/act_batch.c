/* act_batch.c - return several drafts for one reason; each gets a signature of its own.
 *
 * Only returning: what goes out is decided one by one, by somebody who read it. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "tui/dialog.h"
#include "tui/screen.h"
#include "tui/state.h"
#include "vote.h"

struct batch {
	char id[QUEUE_MARKS_MAX][QUEUE_ID];
	unsigned n;
	char code[64], reason[480];
};

static void collect(struct tui *t, struct batch *b)
{
	struct queue *q = &t->queue;
	const char *id = queue_current(q);

	b->n = q->n_marks;
	if (b->n > 0)
		memcpy(b->id, q->marks, b->n * sizeof(b->id[0]));
	else if (id != NULL)
		(void)snprintf(b->id[b->n++], sizeof(b->id[0]), "%s", id);
}

static bool ask_words(struct tui *t, struct batch *b)
{
	char typed[16], line[900];
	size_t used;

	if (!dialog_ask(_("Code (personal-data, wording, attachment, source, column, format, "
			  "other)"),
			b->code, sizeof(b->code)) ||
	    b->code[0] == '\0' ||
	    !dialog_ask(_("One sentence to the author"), b->reason, sizeof(b->reason)) ||
	    b->reason[0] == '\0')
		return false;
	used = (size_t)snprintf(line, sizeof(line), _(" You return %u: "), b->n);
	for (unsigned i = 0; i < b->n && used < sizeof(line) - QUEUE_ID; i++)
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%s ", b->id[i]);
	(void)screen_puts(t->rows - 4, 0, t->cols, LOOK_BAR, line);
	(void)snprintf(line, sizeof(line), " %s: %s", b->code, b->reason);
	(void)screen_puts(t->rows - 3, 0, t->cols, LOOK_BOLD, line);
	(void)screen_puts(t->rows - 2, 0, t->cols, LOOK_DIM,
			  _(" Type the word sign to sign, anything else to leave it."));
	return dialog_ask(_("sign?"), typed, sizeof(typed)) && strcmp(typed, "sign") == 0;
}

static int return_one(struct tui *t, const struct batch *b, const char *id, struct sl_why *why)
{
	struct vote_choice v = {.decision = "return", .code = b->code, .reason = b->reason};
	const char *roles[ROSTER_SLOTS_MAX];
	struct review_case *c = NULL;
	struct seen *seen = NULL;
	json_t *result = NULL;
	int r = case_open(&t->s, id, &c, why);

	if (r == SL_OK && vote_roles(&t->s, c, roles) == 0)
		r = why_set(why, SL_E_DENIED, _("no role of yours is missing here"));
	if (r == SL_OK) {
		v.role = roles[0];
		r = seen_load(t->s.config, c->id, c->revision, &seen, why);
	}
	if (r == SL_OK)
		r = vote_cast(&t->s, c, seen, &v, &result, why);
	json_decref(result);
	seen_free(seen);
	case_free(c);
	return r;
}

/* One that cannot be returned stops nothing and stays marked. */
static void sign_all(struct tui *t, const struct batch *b)
{
	struct sl_why first = {""};
	unsigned done = 0;
	char line[640];

	if (t->s.config->approval_key != NULL)
		screen_lend(); /* a security key asks on the terminal itself */
	for (unsigned i = 0; i < b->n; i++) {
		struct sl_why why = {""};
		int r = return_one(t, b, b->id[i], &why);

		(void)queue_mark(&t->queue, b->id[i], r != SL_OK && t->queue.n_marks > 0);
		done += r == SL_OK;
		if (r != SL_OK && first.text[0] == '\0')
			(void)why_set(&first, r, "%s: %s", b->id[i], why_text(&why, r));
	}
	if (t->s.config->approval_key != NULL)
		screen_take_back();
	(void)snprintf(line, sizeof(line), _("Returned %u of %u. %s"), done, b->n, first.text);
	tui_say(t, done < b->n, line);
	act_refresh(t);
}

void act_return_marked(struct tui *t)
{
	static struct batch b; /* 6 KiB: kept off the stack */

	memset(&b, 0, sizeof(b));
	collect(t, &b);
	if (b.n == 0)
		tui_say(t, true, _("There is no draft to return here."));
	else if (!ask_words(t, &b))
		tui_say(t, false, _("Nothing was signed."));
	else
		sign_all(t, &b);
}
