/* state.h - what the terminal holds; shared by tui.c, act_queue.c, act_draft.c, help.c. */
#ifndef SL_REVIEWER_TUI_STATE_H
#define SL_REVIEWER_TUI_STATE_H

#include "tui/command.h"
#include "tui/queue.h"
#include "tui/reader.h"
#include "wire/session.h"

struct tui {
	struct session s;
	struct queue queue;
	struct reader reader; /* while `reading` */
	bool reading, help, readonly, quit;
	unsigned help_top;
	bool bad;	   /* the message is a complaint */
	char message[640]; /* shown until the next key */
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

/* With an open session: load the queue.  Then, on an open screen, draw, wait and do until
 * `quit`.  At last give back all that t holds, the session with it. */
int tui_start(struct tui *t, struct sl_why *why) SL_MUST_USE;
void tui_loop(struct tui *t);
void tui_end(struct tui *t);

/* act_queue.c and act_draft.c: the commands of each view. */
void act_queue(struct tui *t, enum command cmd, const char *arg);
void act_draft(struct tui *t, enum command cmd, const char *arg);
void act_open(struct tui *t, const char *id);
void act_leave(struct tui *t);
/* Ask the gateway for the queue again. */
void act_refresh(struct tui *t);

/* help.c: every command that works here, its key, and why it is off. */
void help_draw(struct tui *t, int row, int rows);
void help_move(struct tui *t, enum command cmd, int rows);

#endif
