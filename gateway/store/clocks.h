/* clocks.h - the clocks of a draft as rows: started, paused, resumed and ended by the same
 * transaction that moves the draft (move.c).
 *
 * A row carries its own rule, the words by which it starts, pauses and ends, so that whoever
 * moves a draft needs no policy; only the desk has the calendar.  Clocks in hours and minutes
 * get their date here.  Those in days get due 0, "not counted yet", and the desk counts them
 * within the same change when it made the move, else at its next look (clockwork.h).
 *
 * Clocks belong to a draft and not to a revision: a new revision resumes what its return had
 * paused, and the outer limit runs on from the first.  What a newer clocks.yaml says holds for
 * clocks that have not started.  One that has ended starts again when its word comes again (a
 * second freeze); the audit has the moves that did it. */
#ifndef SL_STORE_CLOCKS_H
#define SL_STORE_CLOCKS_H

#include "store/store.h"

enum { STORE_CLOCKS_MAX = 64, STORE_CLOCK_PAUSES_MAX = 64 };

struct store_clock {
	char kind[32];
	char routes[160]; /* comma list ",A,C,", "" for any: it counts only in these classes */
	char starts[32], pauses[160], ends[160]; /* comma lists of words */
	char unit[16];				 /* working-day, day, hour, minute */
	int64_t length;
	bool moves;	      /* a last day that is a holiday moves to the next working day */
	bool extended;	      /* length is that of the extension */
	int64_t started, due; /* 0: not yet; due 0 of a started one: not counted yet */
	int64_t paused;	      /* since when, 0: it runs */
	int64_t paused_total; /* seconds of pauses that are over */
	int64_t ended;
};
struct store_clock_pause {
	int64_t since, until;
};
struct store_clock_name {
	int64_t number;
	char kind[32];
};

/* Does it run, for a draft of this class? */
bool store_clock_open(const struct store_clock *c, const char *klass);
/* These and no others are the draft's: new ones are added (`started` set: it runs since then),
 * those not started yet get the new rule, open ones that are not named end. */
int store_clocks_set(struct store *s, int64_t number, const struct store_clock *c,
		     unsigned n) SL_MUST_USE;
/* All of a draft, at most STORE_CLOCKS_MAX. */
int store_clocks_get(struct store *s, int64_t number, struct store_clock *ret,
		     unsigned *ret_n) SL_MUST_USE;
/* The same without those that have not started or have ended. */
int store_clocks_running(struct store *s, int64_t number, struct store_clock *ret,
			 unsigned *ret_n) SL_MUST_USE;
/* Pauses of one that are over, in order of time, at most STORE_CLOCK_PAUSES_MAX. */
int store_clock_pauses(struct store *s, int64_t number, const char *kind,
		       struct store_clock_pause *ret, unsigned *ret_n) SL_MUST_USE;
/* Something happened that is no move: "settled", "reviewed", "reported". */
int store_clock_event(struct store *s, const char *id, const char *word) SL_MUST_USE;
/* The desk counts: some that have no date yet; write one; take back all dates in days. */
int store_clocks_uncounted(struct store *s, struct store_clock_name *ret, unsigned cap,
			   unsigned *ret_n) SL_MUST_USE;
int store_clock_due(struct store *s, int64_t number, const char *kind, int64_t due) SL_MUST_USE;
int store_clocks_uncount(struct store *s) SL_MUST_USE;
/* Once: SL_E_STATE when it does not run or was extended, SL_E_NOTFOUND.  Audited. */
int store_clock_extend(struct store *s, const struct draft *d, const char *kind, int64_t length,
		       const char *pid, const char *reason, struct sl_why *why) SL_MUST_USE;

#endif
