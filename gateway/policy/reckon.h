/* reckon.h - what a clock gives: when it is due, how much of it is used, which level it has
 * reached.
 *
 * Counted in civil days of the policy's zone.  The day of the start is not counted; a term in
 * days ends at 24:00 of its last day (民法典 arts 201 and 203).  While it is paused a clock
 * stands still: its term is made longer by the working or calendar days that lay in the pause,
 * counted the same way (the day on which it began not, the day on which it ended), and one in
 * hours by the seconds. */
#ifndef SL_POLICY_RECKON_H
#define SL_POLICY_RECKON_H

#include "policy/clocks.h"

enum { RECKON_PAUSES_MAX = 64, RECKON_USED_MAX = 9999 };

struct reckon_pause {
	int64_t since, until; /* until 0: it is paused now */
};
struct reckon_term { /* what the store keeps of a running clock */
	enum clock_unit unit;
	uint32_t length; /* with its extension */
	bool moves;	 /* CLOCK_NEXT */
	int64_t started;
	const struct reckon_pause *pause; /* in order of time */
	unsigned n_pauses;
};
/* The moment when it has run out, pauses that are over counted. */
int64_t reckon_due(const struct clocks *c, const struct reckon_term *t);
/* Can a file that is still missing change that moment? */
bool reckon_provisional(const struct clocks *c, const struct reckon_term *t, int64_t due);
/* Percent of the term that is used, 100 at its end, at most RECKON_USED_MAX; of a paused clock
 * what was used when it was paused. */
unsigned reckon_used(const struct clocks *c, const struct reckon_term *t, int64_t due,
		     int64_t now);
/* The highest level of the rule that is reached, 0: none. r may be NULL: the usual levels. */
unsigned reckon_warn(const struct clocks_rule *r, unsigned used);
/* Of the clocks that begin with a word: when is the first of them over? */
struct reckon_what {
	const char *start, *end; /* words of clocks.yaml; end NULL: whatever ends it */
	const char *classes;	 /* as clocks_applies; NULL: not known, so of any class */
	const char *content_type, *category; /* "" : none */
	int64_t started;
};
/* 0: no such clock runs. */
int64_t reckon_first_due(const struct clocks *c, const struct reckon_what *w);
/* The last day of a term that ends at that moment (24:00 belongs to the day before). */
int64_t reckon_last_day(const struct clocks *c, int64_t due);

#endif
