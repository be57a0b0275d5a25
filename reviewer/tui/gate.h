/* gate.h - what the terminal knows of the gateway, and what it asks without waiting.
 *
 * One question at a time is under way; a key never waits for it.  When nobody answers, what
 * was shown stays and the question is asked again, less and less often. */
#ifndef SL_REVIEWER_TUI_GATE_H
#define SL_REVIEWER_TUI_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/queue.h"
#include "wire/ahead.h"
#include "wire/session.h"

struct gate {
	struct session *s;	  /* borrowed */
	struct wire_ahead *ahead; /* NULL: questions are waited for (where nobody sees it) */
	enum gate_ask { GATE_IDLE, GATE_PAGE, GATE_STATUS } asking;
	unsigned page, version; /* of the page that was asked for */
	char roles[160], stopped[160];
	int64_t offset; /* the gateway's clock less ours, seconds */
	bool gone;
	int64_t gone_since;	       /* by our clock */
	int64_t next_try, next_status; /* monotonic milliseconds */
	unsigned refused; /* one more than the version of what the desk refused; 0: nothing */
	int wait_ms;	  /* before the next try */
	json_t *whoami;	  /* the answer at the start; NULL: none came */
};

/* Who we are and the first page, waited for.  A gateway that does not answer is no error: it
 * is tried again.  A refusal is. */
int gate_start(struct gate *g, struct session *s, struct queue *q,
	       struct sl_why *why) SL_MUST_USE;
/* From now on nothing is waited for; called when the first page is on the screen. */
void gate_go_ahead(struct gate *g);
void gate_end(struct gate *g);
/* Close the connection that asks ahead, whose key is about to be wiped, and open it again. */
void gate_pause(struct gate *g);
void gate_resume(struct gate *g);
/* Ask for what is needed most, unless something is under way; take in what has come.  true:
 * something on the screen may be another.  `why` is set when the desk refused. */
bool gate_turn(struct gate *g, struct queue *q, int rows, struct sl_why *why);
/* How long a key may be waited for before gate_turn has something to do. */
int gate_patience(const struct gate *g, const struct queue *q, int rows);
/* Everything on the screen is asked for again as soon as there is a moment. */
void gate_refresh(struct gate *g, struct queue *q);
/* Row of the next draft (or the one before) whose title or number has these words;
 * SL_E_NOTFOUND. */
int gate_find(struct gate *g, const struct queue *q, const char *words, bool backwards,
	      unsigned *ret_row, struct sl_why *why) SL_MUST_USE;
/* The gateway's time. */
int64_t gate_now(const struct gate *g);
/* "gateway ok 17:03", "no answer since 16:58, trying again" … */
void gate_words(const struct gate *g, char *out, size_t cap);

#endif
