/* stand_in.h - when one person may stand in for another.
 *
 * One set of rules for the substitutes that accounts.yaml names and for those that a unit's
 * administrator delegates from day to day (trust/delegation.h).  Who drafted an item is not
 * known here: the desk refuses that person at each vote. */
#ifndef SL_POLICY_STAND_IN_H
#define SL_POLICY_STAND_IN_H

#include "policy/accounts.h"

enum {
	STAND_IN_DAYS_MAX = 92,	 /* length of one delegation, both ends counted */
	STAND_IN_AHEAD_MAX = 183 /* days from today to its first day */
};

struct stand_in { /* borrowed texts; real days YYYY-MM-DD */
	const char *person, *role, *substitute, *from, *until;
};

/* May this person stand in for that one at all: both have accounts, the one holds the role,
 * the other is no author and no system administrator, and of the same unit where the role
 * belongs to a unit.  SL_E_DENIED with a sentence. */
int stand_in_allowed(const struct accounts *a, const char *substitute, const char *person,
		     const char *role, struct sl_why *why) SL_MUST_USE;
/* The approval policy gives the substitute the role; without that no platform would count the
 * signature.  SL_E_DENIED says what is to be signed first. */
int stand_in_granted(const struct roster *r, const struct stand_in *s,
		     struct sl_why *why) SL_MUST_USE;
/* Its days: not over, not begun before today, no longer than may be.  SL_E_DENIED. */
int stand_in_days(const struct stand_in *s, int64_t today, struct sl_why *why) SL_MUST_USE;
/* Training and confirmation of the substitute hold to the last day.  SL_E_EXPIRED. */
int stand_in_current(const struct accounts *a, const struct stand_in *s,
		     struct sl_why *why) SL_MUST_USE;
/* Nobody stands in for that office on one of these days by accounts.yaml.  SL_E_CONFLICT. */
int stand_in_free(const struct accounts *a, const struct stand_in *s,
		  struct sl_why *why) SL_MUST_USE;
/* Beside another delegation: not the same office on the same day, and nobody who is away
 * stands in, nor stands in and is away.  SL_E_CONFLICT. */
int stand_in_beside(const struct stand_in *s, const struct stand_in *other,
		    struct sl_why *why) SL_MUST_USE;
bool stand_in_overlap(const struct stand_in *x, const struct stand_in *y); /* a day of both */
bool stand_in_holds(const struct stand_in *s, int64_t today);

#endif
