/* outcomes.h - referrals and appeals as people see them. */
#ifndef SL_REVIEW_OUTCOMES_H
#define SL_REVIEW_OUTCOMES_H

#include "review/review.h"

/* referral{} of a draft that waits for an opinion, appeal{} of a refused one; for lists. */
int outcomes_put(const struct review *v, const struct draft *d, json_t *status) SL_MUST_USE;
/* referrals[] of all revisions and appeal{}, when there are any; for one draft. */
int outcomes_history(const struct review *v, const struct draft *d, json_t *result) SL_MUST_USE;
/* appeals[] beside the queue for whoever may decide them. */
int outcomes_appeals(const struct review *v, const struct roster_person *p,
		     json_t *result) SL_MUST_USE;

#endif
