/* dialog.h - one line of input at the bottom, and signing with a typed word. */
#ifndef SL_REVIEWER_TUI_DIALOG_H
#define SL_REVIEWER_TUI_DIALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "case.h"
#include "vote.h"

/* Ask for one line; false when the person pressed Escape. */
bool dialog_ask(const char *prompt, char *out, size_t cap);
/* One sentence in the message line until the next key. */
void dialog_say(bool bad, const char *text);
/* Ask for what a decision still needs (role, reasons, code), show what will be
 * signed and want the typed word.  `text` holds what was typed; v points into
 * it.  false: given up, nothing signed. */
struct dialog_text {
	char role[ROSTER_NAME_MAX], code[64], reason[480];
	char rules[VOTE_ACKS_MAX][16], reasons[VOTE_ACKS_MAX][240];
};
bool dialog_decision(const struct session *s, const struct review_case *c, const char *decision,
		     struct vote_choice *v, struct dialog_text *text);

#endif
