/* clockwork.h - the desk's hand on the clocks: which ones a draft gets, when each is due.
 *
 * The rules come from the policy in force (policy/clocks.h), the rows are store/clocks.h's. */
#ifndef SL_STORE_CLOCKWORK_H
#define SL_STORE_CLOCKWORK_H

#include "policy/reckon.h"
#include "store/clocks.h"

/* What decides which clocks a draft gets. */
struct clockwork_case {
	const char *classes;	  /* one letter each: those it may come to have, "AC" */
	const char *content_type; /* CT16 */
	const char *category;	  /* of a reply: 咨询 …; "" when not told */
	int64_t formed, received; /* moments */
};
/* Give the draft its clocks, before the move that submits it and in the same change. */
int clockwork_wind(struct store *s, const struct clocks *k, int64_t number,
		   const struct clockwork_case *x) SL_MUST_USE;
/* Count what has no date yet, at most CLOCKWORK_BATCH of them: *ret_n were counted. */
enum { CLOCKWORK_BATCH = 256 };
int clockwork_count(struct store *s, const struct clocks *k, unsigned *ret_n) SL_MUST_USE;

/* A running clock with what can be said of it now. */
struct clockwork_view {
	struct store_clock clock;
	const struct clocks_rule *rule; /* NULL: the rules in force have no such clock */
	bool provisional;
	unsigned used, warn; /* percent; the level reached */
};
/* Those that run for a draft of this class, the earliest first; dates that the desk has not
 * counted yet are counted here.  `ret` takes STORE_CLOCKS_MAX. */
int clockwork_look(struct store *s, const struct clocks *k, const struct draft *d, int64_t now,
		   struct clockwork_view *ret, unsigned *ret_n) SL_MUST_USE;

/* When the draft's clock of this kind will have used so many percent, if nothing stops it any
 * more; 0: there is none, it does not run for the draft's class, or it is paused. */
int clockwork_reaches(struct store *s, const struct clocks *k, const struct draft *d,
		      const char *kind, unsigned percent, int64_t *ret_t) SL_MUST_USE;

#endif
