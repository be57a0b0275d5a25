/* afterwards.h - the full review of what went out on an immediate route. */
#ifndef SL_REVIEW_AFTERWARDS_H
#define SL_REVIEW_AFTERWARDS_H

#include "review/evidence.h"
#include "review/review.h"

/* May this person say, in this role, that the published draft stands?  The steps of its
 * type's own route in their order, by others than those who released it.  The approval is
 * recorded and changes nothing that is public; who objects freezes the release. SL_E_STATE:
 * it needs no such review.  SL_E_DENIED says what is wrong. */
int afterwards_admits(const struct review *v, const struct roster_person *p,
		      const struct draft *d, const struct approval_facts *f,
		      struct sl_why *why) SL_MUST_USE;

/* After such an approval was recorded: if it was the last, the clock of the review ends. */
int afterwards_end(const struct review *v, const struct draft *d) SL_MUST_USE;
/* Add to_review[] beside a queue, as its rows are, when there are any: what is public on such
 * a route and not reviewed in full yet. */
int afterwards_add(const struct review *v, const struct roster_person *p,
		   json_t *result) SL_MUST_USE;

#endif
