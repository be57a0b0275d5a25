/* route_prove.h - order of steps and modifiers, proved again from what people signed.
 *
 * For who does not believe the desk: approvals with the times inside them, in any order.  The
 * desk lets nobody sign before the turn, so an approval may not be older than what had to
 * come before it.  Clocks of two workstations differ: within ROUTE_PROVE_SKEW_S nothing is
 * concluded. */
#ifndef SL_POLICY_ROUTE_PROVE_H
#define SL_POLICY_ROUTE_PROVE_H

#include "policy/route_walk.h"

/* A request older or newer than two minutes never reaches the desk (wire/message.h), and a
 * person signs right before it. */
enum { ROUTE_PROVE_SKEW_S = 300 };

/* A person who approved in a role, with what `acknowledged` of the approval certifies.  Strings
 * are borrowed. */
struct walk_voice route_voice(const char *pid, const char *unit, const char *role, int64_t time,
			      const json_t *acknowledged);
/* May a draft of this content type take this route: its own, the urgent one, what either is
 * raised to; of a correction (original: the route of what it corrects, or NULL) the one that
 * route_for chooses, and the urgent one only where that is the type's own.  SL_E_DENIED. */
int route_may_take(const struct routes *r, const char *type, const struct route *original,
		   const struct route *way, struct sl_why *why) SL_MUST_USE;
/* Is every step given and every modifier met, and did all sign in their turn?  What was signed
 * before `since`, the moment at which these routes were signed, kept its place: its order is
 * not asked for, but it does not stand in for what is missing.  SL_E_DENIED says what is
 * wrong. */
int route_prove(const struct walk_case *c, int64_t since, struct sl_why *why) SL_MUST_USE;

#endif
