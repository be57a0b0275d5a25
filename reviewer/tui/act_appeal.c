/* act_appeal.c - the lead group's one answer to an author's appeal.
 *
 * It is final, so nothing of it is staged: read, chosen, worded, confirmed and sent in one go.
 */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present.h"
#include "review/step.h"
#include "tui/dialog.h"
#include "tui/screen.h"
#include "tui/state.h"

enum { UPHOLD, ADMIT };
/* A sentence of PROCEDURE_TEXT_MAX bytes in the narrowest window. */
enum { LINES = 2 + PROCEDURE_TEXT_MAX / 18 };

const char *act_appeal_off(const struct tui *t)
{
	const json_t *a = json_obj(t->reader.c->shown, "appeal");

	if (a == NULL)
		return _("Nobody appealed about this draft.");
	return json_str(a, "decided") != NULL
		       ? _("This appeal is decided: the summary (1) says how.")
		       : NULL;
}

static bool ask(struct tui *t, const json_t *appeal, struct procedure_facts *f, char *reason,
		size_t cap)
{
	const struct dialog_item items[] = {
		[UPHOLD] = {.code = "uphold", .word = _("the refusal is final")},
		[ADMIT] = {.code = "admit",
			   .word = _("it is reviewed anew, on the strictest route")},
	};
	char title[600];
	int chosen;

	(void)snprintf(title, sizeof(title), _(" The author appeals: %.300s"),
		       present_text(json_str(appeal, "reason")));
	chosen = dialog_pick(title, items, 2);
	if (chosen < 0)
		return false;
	f->action = items[chosen].code;
	while (reason[0] == '\0') {
		if (!dialog_write(_("One sentence to the author (Tab: editor)"),
				  t->s.config->cache, reason, cap))
			return false;
	}
	f->text = reason;
	return true;
}

/* The sentence is signed, so all of it is shown. */
static unsigned make_lines(const struct tui *t, const struct procedure_facts *f,
			   struct dialog_line lines[LINES])
{
	const char *p = f->text;
	unsigned n = 1;
	int rows, cols;

	screen_size(&rows, &cols);
	lines[0].look = LOOK_S2;
	(void)snprintf(lines[0].text, sizeof(lines[0].text), "%s  %s", t->reader.c->id,
		       strcmp(f->action, "admit") == 0
			       ? _("it is reviewed anew, on the strictest route")
			       : _("the refusal is final"));
	while (*p != '\0' && n < LINES) {
		size_t fit = screen_fit(p, strlen(p), cols > 20 ? cols : 20);

		lines[n].look = LOOK_PLAIN;
		(void)snprintf(lines[n++].text, sizeof(lines[0].text), "%.*s", (int)fit, p);
		p += fit;
	}
	return n;
}

static bool confirm(struct tui *t, const struct procedure_facts *f)
{
	struct dialog_line lines[LINES];
	enum dialog_answer answer;
	char title[200];

	(void)snprintf(title, sizeof(title), _(" You decide the appeal about %s; it is final"),
		       t->reader.c->id);
	do {
		unsigned n = make_lines(t, f, lines);

		answer = dialog_word(title, lines, n, "sign");
	} while (answer == DIALOG_AGAIN);
	return answer == DIALOG_YES;
}

static int send(struct tui *t, struct procedure_facts *f, struct sl_why *why)
{
	json_t *status = NULL, *result = NULL;
	int r = step_status(&t->s, t->reader.c->id, &status, why);

	if (r == SL_OK)
		r = step_send(&t->s, "appeal.decide", status, f, &result, why);
	json_decref(status);
	json_decref(result);
	return r;
}

void act_decide_appeal(struct tui *t)
{
	const json_t *appeal = json_obj(t->reader.c->shown, "appeal");
	struct procedure_facts f = {.role = "director"};
	char reason[PROCEDURE_TEXT_MAX] = "", line[200], id[QUEUE_ID];
	struct sl_why why = {""};
	int r;

	f.answers = json_str(appeal, "envelope_sha256");
	if (!ask(t, appeal, &f, reason, sizeof(reason)) || !confirm(t, &f)) {
		tui_say(t, false, _("Nothing was decided."));
		return;
	}
	r = send(t, &f, &why);
	if (r != SL_OK) {
		tui_complain(t, r, &why);
		return;
	}
	(void)snprintf(id, sizeof(id), "%s", t->reader.c->id);
	act_leave(t);
	(void)snprintf(line, sizeof(line), _("%s: the appeal is decided."), id);
	tui_say(t, false, line);
}
