/* digest_clocks.h - which clocks run for a draft, and who holds it now. */
#ifndef SL_REVIEW_DIGEST_CLOCKS_H
#define SL_REVIEW_DIGEST_CLOCKS_H

#include "base/json.h"
#include "review/review.h"

/* Add clocks[] of those that run, the earliest first: {kind, name{en,zh}, start, due,
 * due_local, provisional, paused?, used_percent, warn, extend_to?}, and `due` and `due_local`
 * become the first one's that is not paused.  `brief`, for lists of thousands: the first one
 * alone, {kind, used_percent, warn, provisional?, paused?}. */
int digest_clocks(const struct review *v, const struct draft *d, bool brief,
		  json_t *status) SL_MUST_USE;
/* "2026-12-01 24:00" in the bureau's days: the end of a day belongs to it. */
json_t *digest_local(const struct review *v, int64_t t);
/* Add holders[] {role, since}: who is at it, and since when: the roles still missing, the
 * inspection, the author, the release, or an outside body.  last_vote 0: none. */
int digest_holders(const struct draft *d, const json_t *missing, int64_t last_vote,
		   json_t *status) SL_MUST_USE;

#endif
