/* state.h - what the terminal holds; shared by tui.c, act_*.c, help.c. */
#ifndef SL_REVIEWER_TUI_STATE_H
#define SL_REVIEWER_TUI_STATE_H

#include "tui/command.h"
#include "tui/gate.h"
#include "tui/line.h"
#include "tui/queue.h"
#include "tui/reader.h"
#include "tui/reasons.h"
#include "stage.h"
#include "tui/settings.h"
#include "tui/unit_view.h"
#include "wire/session.h"

struct tui {
	struct session s;
	struct gate gate;
	struct queue queue;
	struct reader reader; /* while `reading` */
	struct settings settings;
	struct line_history commands, searches, filters;
	struct stage stage;
	struct reasons reasons;
	struct unit_view unit; /* over everything, while it is shown */
	int64_t touched_ms;    /* when the last key was pressed */
	bool reading, help, readonly, quit;
	const char *readonly_why; /* a sentence, while `readonly`; borrowed */
	unsigned help_top;
	char search[LINE_MAX_BYTES]; /* in the queue: the last one */
	bool bad;		     /* the message is a complaint */
	char message[640];	     /* shown until the next key */
	int rows, cols;
};

static inline enum command_where tui_view(const struct tui *t)
{
	return t->reading ? IN_DRAFT : IN_QUEUE;
}

/* The message line until the next key; complain: what a call failed with. */
void tui_say(struct tui *t, bool bad, const char *text);
void tui_complain(struct tui *t, int err, const struct sl_why *why);
/* Why a command cannot be used now, as a sentence; NULL when it can. */
const char *tui_off(const struct tui *t, enum command cmd);
/* Do one command; `arg` is what followed its name on the ':' line, "" for a key. */
void tui_do(struct tui *t, enum command cmd, const char *arg);
/* Rows between the title and the last line. */
static inline int tui_body(const struct tui *t)
{
	return t->rows > 2 ? t->rows - 2 : 1;
}

/* With an open session: load the queue.  Then, on an open screen, draw, wait and do until
 * `quit`.  At last give back all that t holds, the session with it. */
int tui_start(struct tui *t, struct sl_why *why) SL_MUST_USE;
void tui_loop(struct tui *t);
void tui_end(struct tui *t);
/* Draw everything as it is now. */
void tui_draw(struct tui *t);
/* Questions draw this terminal behind them. */
void tui_behind(struct tui *t);

/* act_queue.c and act_draft.c: the commands of each view. */
void act_queue(struct tui *t, enum command cmd, const char *arg);
void act_draft(struct tui *t, enum command cmd, const char *arg);
void act_open(struct tui *t, const char *id);
void act_leave(struct tui *t);
/* The window has another size. */
void act_resized(struct tui *t);
/* Ask the gateway for the queue again; nobody waits for it. */
void act_refresh(struct tui *t);
/* act_again.c: the second inspection; its command, and its turn when no key came. */
void act_again(struct tui *t, const char *arg);
void act_again_turn(struct tui *t);
/* Does it let this person approve? Otherwise it has said why not.  `note`: a sentence or "". */
bool act_again_allows(struct tui *t, char note[RECHECK_LINE]);
/* act_form.c: the review form. */
void act_form(struct tui *t, const char *arg);
/* act_both.c: commands that are the same in both views; false: not one of them. */
bool act_both(struct tui *t, enum command cmd, const char *arg);
/* act_sign.c: what is staged; false: not one of its commands. */
bool act_sign(struct tui *t, enum command cmd);
/* false: something is staged and the person stays. */
bool act_sign_may_quit(struct tui *t);
/* act_appeal.c: ask how the appeal about the open draft ends, sign it and send it at once. */
void act_decide_appeal(struct tui *t);
/* Why there is no appeal to decide about it; NULL when there is. */
const char *act_appeal_off(const struct tui *t);
/* act_batch.c: stage the return of what is marked, or of the chosen one. */
void act_return_marked(struct tui *t);

/* help.c: every command that works here, its key, and why it is off. */
void help_draw(struct tui *t, int row, int rows);
void help_move(struct tui *t, enum command cmd, int rows);
/* How a key is written for a person: "Space", "^F", "j". */
void help_key_name(uint32_t key, char *out, size_t cap);
/* The last line when there is no message: the keys that one needs most, from the table. */
void help_hint(const struct tui *t, char *out, size_t cap);

#endif
