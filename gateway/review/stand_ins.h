/* stand_ins.h - may this person decide in this role today, and in whose place.
 *
 * accounts.yaml says who holds what (policy/accounts.h); beside it count the delegations of the
 * units' administrators.  Each is judged from its signed envelope whenever somebody acts on it:
 * a row of the store, or a signature that a newer approval policy took back, opens nothing. */
#ifndef SL_REVIEW_STAND_INS_H
#define SL_REVIEW_STAND_INS_H

#include "policy/house.h"
#include "policy/stand_in.h"
#include "review/review.h"
#include "store/delegation.h"

/* SL_E_DENIED, SL_E_EXPIRED with a sentence; ret_for: "" or whom the person stands in for. */
int stand_ins_may(const struct review *v, const struct roster_person *p, const char *role,
		  char ret_for[ROSTER_NAME_MAX], struct sl_why *why) SL_MUST_USE;
/* Does the delegation count under the rules and the approval policy in force, on its days?
 * SL_E_DENIED with a sentence. */
int stand_ins_judge(const struct review *v, const struct delegation *d,
		    struct sl_why *why) SL_MUST_USE;
/* Of the unit here and there; SL_E_DENIED tells the person what is wrong. */
int stand_ins_same_unit(const struct accounts *a, const struct roster_person *p,
			struct sl_why *why) SL_MUST_USE;
static inline const struct accounts *stand_ins_accounts(const struct review *v)
{
	return v->house != NULL ? v->house->accounts : NULL;
}
static inline struct stand_in stand_ins_of(const struct delegation *d) /* borrows d */
{
	return (struct stand_in){.person = d->person,
				 .role = d->role,
				 .substitute = d->substitute,
				 .from = d->from,
				 .until = d->until};
}

#endif
