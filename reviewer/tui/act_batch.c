/* act_batch.c - stage the return of several drafts for one reason; each is signed by itself.
 *
 * Only returning: what goes out is decided one by one, by somebody who read it. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "tui/dialog.h"
#include "tui/state.h"
#include "vote.h"

struct batch {
	char id[QUEUE_MARKS_MAX][QUEUE_ID];
	unsigned n;
	struct dialog_text text;
	struct vote_choice v;
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

static int stage_one(struct tui *t, struct batch *b, const char *id, struct sl_why *why)
{
	const char *roles[ROSTER_SLOTS_MAX];
	struct review_case *c = NULL;
	int r = case_open(&t->s, id, 0, &c, why);

	if (r == SL_OK)
		r = stage_key(&t->s, c, why);
	if (r == SL_OK && vote_roles(&t->s, c, roles) == 0)
		r = why_set(why, SL_E_DENIED, _("no role of yours is missing here"));
	if (r == SL_OK) {
		b->v.role = roles[0];
		r = stage_add(&t->stage, c, t->s.config->person, &b->v);
	}
	case_free(c);
	return r;
}

/* One that cannot be returned stops nothing and stays marked. */
static void stage_all(struct tui *t, struct batch *b)
{
	struct sl_why first = {""};
	unsigned done = 0;
	char line[640];

	for (unsigned i = 0; i < b->n; i++) {
		struct sl_why why = {""};
		int r = stage_one(t, b, b->id[i], &why);

		(void)queue_mark(&t->queue, b->id[i], r != SL_OK && t->queue.n_marks > 0);
		done += r == SL_OK;
		if (r != SL_OK && first.text[0] == '\0')
			(void)why_set(&first, r, "%s: %s", b->id[i], why_text(&why, r));
	}
	(void)snprintf(line, sizeof(line), _("%u of %u staged to be returned; $ signs. %s"),
		       done, b->n, first.text);
	tui_say(t, done < b->n, line);
}

void act_return_marked(struct tui *t)
{
	static struct batch b; /* 40 KiB: kept off the stack */
	struct sl_why why = {""};

	memset(&b, 0, sizeof(b));
	b.v.decision = "return";
	collect(t, &b);
	if (b.n == 0)
		tui_say(t, true, _("There is no draft to return here."));
	else if (!dialog_objection(&t->s, &t->reasons, false, &b.v, &b.text, &why))
		tui_say(t, why.text[0] != '\0',
			why.text[0] != '\0' ? why.text : _("Nothing was staged."));
	else
		stage_all(t, &b);
}
