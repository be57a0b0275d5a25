/* order.h - who may take something down, and who may bring it back.
 *
 *              one person                two other orders, of two persons
 *   usable ──── freeze ────▶ withheld ──── confirm ────▶ canceled
 *     │  ▲                       └──────── reinstate ──▶ usable (the same bytes)
 *     │  └ never: a withdrawn item comes back as a new version, by the full approval rule
 *     ├──── withdraw ───▶ canceled        one person
 *     └──── (correct) ──▶ replaced        by a release whose approved manifest says so
 *
 * A person's order (order/v1) names action, release, version and the digest of the
 * reason, whose words stay inside.  To confirm or reinstate it also names the serial of
 * the freeze it answers, so that it cannot answer a later one.  The gateway's notice
 * (notice/v1) carries the orders whole; desk, releaser, checker, installer and every
 * platform judge it with the same function. */
#ifndef SL_TRUST_ORDER_H
#define SL_TRUST_ORDER_H

#include "trust/feed.h"
#include "trust/roster.h"
#include "trust/statement.h"

enum {
	ORDER_PERSONS_MAX = 2,
	ORDER_AGE_S = 7 * 24 * 3600 /* two persons agree within a week or not at all */
};

/* How many different persons must give this order: freeze and withdraw 1, confirm and
 * reinstate 2; 0: there is no such order. */
unsigned order_persons(const char *action);
/* What the notice then says: "freeze", "withdraw" or "reinstate"; NULL for no order. */
const char *order_becomes(const char *action);
/* A role that decides about drafts. */
bool order_reviewing_role(const char *role);
/* A person in any role that reviews. */
bool order_reviewing(const struct roster_person *p);
/* May this person, signing with a key of this use, give this order?  Withdrawing is open
 * to every person of the roster: the desk knows whose release it is. */
bool order_permits(const struct roster_person *p, enum key_use use, const char *action);
/* The feed's word for a notice. False: no such action. */
bool notice_status(const char *action, enum feed_status *ret_s);

/* Is the notice signed by the gateway of this policy version, and does it carry good and
 * sufficient orders (a correction: none)?  `ret_f` borrows from `notice`; its `freeze` is
 * the serial that the orders answer, 0 for none.  That the serial is the present freeze,
 * and that a successor exists, is the caller's to prove.  SL_E_FORMAT, SL_E_SIGNATURE,
 * SL_E_DENIED with a sentence. */
int notice_judge(const struct statement *notice, const struct roster *roster,
		 struct notice_facts *ret_f, struct sl_why *why) SL_MUST_USE;
/* Did author or submitter of what these statements are about order its return?  Of others
 * than them must both persons be; SL_E_DENIED. */
int notice_apart(const struct notice_facts *judged, struct statement *const *statements,
		 unsigned n, struct sl_why *why) SL_MUST_USE;
/* The serial that the orders of a notice answer, 0 for none, without judging them. */
int notice_freeze(const struct statement *notice, int64_t *ret_serial,
		  struct sl_why *why) SL_MUST_USE;

#endif
