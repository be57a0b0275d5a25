/* escalate.h - a step whose time is over is shown to the next person, and never counts as
 * consent: no vote is given, no state changes, and whoever is told may not sign in its place.
 */
#ifndef SL_REVIEW_ESCALATE_H
#define SL_REVIEW_ESCALATE_H

#include "base/json.h"
#include "review/review.h"

/* Look at the drafts that are due for it, a few at a time; *ret_draft names the one that could
 * not be judged (looked at again in an hour) and the error is its.  The desk's, now and then.
 */
int escalate_look(const struct review *v, char ret_draft[24]) SL_MUST_USE;
/* Other routes, calendars or another approval policy: look at all of them again. */
int escalate_again(const struct review *v) SL_MUST_USE;
/* "escalated" {role, told, since} of a draft whose turn is that role's, when it is late. */
int escalate_put(const struct review *v, const struct draft *d, const char *turn,
		 json_t *status) SL_MUST_USE;
/* "escalated" [{draft, role, told, since}] of what this person is told of, the longest late
 * first, when there is any. */
int escalate_notices(const struct review *v, const struct roster_person *p,
		     json_t *result) SL_MUST_USE;

#endif
