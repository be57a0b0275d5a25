/* again.h - the second inspection of the draft on the screen, while its reader goes on.
 *
 *   WANTED ─▶ RUNS ─▶ DONE | FAILED        (and from each of these RUNS again, on demand)
 *
 * WANTED waits for a moment without keys, so that leafing through drafts starts nothing.
 * FAILED: the files could not be fetched. */
#ifndef SL_REVIEWER_TUI_AGAIN_H
#define SL_REVIEWER_TUI_AGAIN_H

#include "recheck.h"

struct again {
	enum again_state {
		AGAIN_NONE,
		AGAIN_WANTED,
		AGAIN_RUNS,
		AGAIN_DONE,
		AGAIN_FAILED
	} state;
	struct session *s;		  /* borrowed */
	struct review_case *c;		  /* borrowed */
	struct reinspect_options options; /* of what is wanted or runs */
	struct reinspect *x;
	json_t *result;	   /* the newest, or one that was on record; NULL: none */
	bool asked;	   /* the person was told to wait for it */
	bool here;	   /* it was made since again_open */
	unsigned files;	   /* looked at */
	struct sl_why why; /* of FAILED */
};

/* `may_vote`: this person could approve it, so the configuration's wish counts. */
void again_open(struct again *a, struct session *s, struct review_case *c, bool may_vote);
/* Ends what still works; zeroed is fine. */
void again_close(struct again *a);
/* Start, in the place of what still works. */
void again_start(struct again *a, const struct reinspect_options *o);
/* One step, when a key was waited for in vain.  true: something on the screen is another. */
bool again_turn(struct again *a);
/* How long a key may be waited for before again_turn has something to do, and what wakes
 * earlier (-1: nothing). */
int again_patience(const struct again *a);
int again_fd(const struct again *a);
/* Children of drafts that were left: call it now and then, so that none stays. */
void again_reap(void);
bool again_differs(const struct again *a);
/* For the title, short; "" when there is nothing to say. */
void again_words(const struct again *a, char *out, size_t cap);
/* Everything that is known, in lines. */
void again_print(const struct again *a, FILE *f);

#endif
