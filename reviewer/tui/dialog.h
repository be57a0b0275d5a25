/* dialog.h - questions at the bottom of the screen, and what is asked before a decision.
 *
 * Escape gives up everywhere, and so does a terminal that nobody touches any more
 * (screen_idle_after): nothing is staged or signed by going away. */
#ifndef SL_REVIEWER_TUI_DIALOG_H
#define SL_REVIEWER_TUI_DIALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case.h"
#include "stage.h"

/* What draws the screen behind; called when the window changed its size meanwhile. */
void dialog_behind(void (*draw)(void *arg), void *arg);
/* Wait for a key; one that changes the size has drawn the screen behind. */
uint32_t dialog_key(void);
/* Ask for one line; false when the person pressed Escape. */
bool dialog_ask(const char *prompt, char *out, size_t cap);
/* The same with Tab for an editor, whose file lies below `dir`. */
bool dialog_write(const char *prompt, const char *dir, char *out, size_t cap);
/* The same without showing what is typed; the caller wipes it. */
bool dialog_secret(const char *prompt, char *out, size_t cap);
/* One of a list; typing chooses by the beginning of its code. -1: given up. */
struct dialog_item {
	const char *code, *word; /* word may be NULL */
};
int dialog_pick(const char *title, const struct dialog_item *items, unsigned n);
/* Lines to look at, until a key. */
struct dialog_line {
	int look; /* enum screen_look */
	char text[440];
};
void dialog_show(const char *title, const struct dialog_line *lines, unsigned n);
/* The same, and at last the word is wanted.  AGAIN: the window has another size, and the lines
 * are to be made for it, so that what is signed stands beside the word. */
enum dialog_answer { DIALOG_NO, DIALOG_YES, DIALOG_AGAIN };
enum dialog_answer dialog_word(const char *title, const struct dialog_line *lines, unsigned n,
			       const char *word);

enum { DIALOG_CODE = 64 };
struct reasons; /* reasons.h */
/* Ask for what a decision needs (role, a reason for each finding, or code and sentence).
 * `text` holds what was typed; v points into it.  false: given up; `why` says why when it
 * was not the person. */
struct dialog_text {
	char role[ROSTER_NAME_MAX], code[DIALOG_CODE], reason[480];
	char rules[VOTE_ACKS_MAX][16], reasons[VOTE_ACKS_MAX][240];
};
bool dialog_decision(struct session *s, struct reasons *known, const struct review_case *c,
		     const char *decision, struct vote_choice *v, struct dialog_text *text,
		     struct sl_why *why);
/* Code and sentence alone, for several drafts at once. */
bool dialog_objection(struct session *s, struct reasons *known, bool refusal,
		      struct vote_choice *v, struct dialog_text *text, struct sl_why *why);

#endif
