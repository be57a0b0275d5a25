/* routes_check.h - routes that contradict themselves, the signed approval policy or the rules.
 *
 * Every complaint is SL_E_CONFIG with file, line and what is wrong. */
#ifndef SL_POLICY_ROUTES_CHECK_H
#define SL_POLICY_ROUTES_CHECK_H

#include "policy/routes.h"
#include "trust/roster.h"

/* By itself; part of routes_load.  Refused: unknown roles and words, a step of nobody, a role
 * in two steps (who would count twice, and whose turn is it?), consent by silence, a route
 * without outer limit or secrecy opinion or that no type leads to, a type twice, an S1 that
 * could be approved, a modifier that nothing triggers or nobody answers, a route X that says
 * something else than the code does (trust/order.h). */
int routes_check(const struct routes *r, struct sl_why *why) SL_MUST_USE;
/* Clocks that routes name must be in DIR/clocks.yaml, if there is one; part of routes_load. */
int routes_check_clocks(const struct routes *r, const char *policies_dir,
			struct sl_why *why) SL_MUST_USE;
/* Against the approval policy: a class that is missing, weaker than the steps or wants what
 * no step gives; too few people for all steps; a column that nobody can co-sign for. */
int routes_check_roster(const struct routes *r, const struct roster *roster,
			struct sl_why *why) SL_MUST_USE;
/* Against the rules: knows(arg, "DH-006") says whether some rule can make that finding. */
int routes_check_rules(const struct routes *r, bool (*knows)(void *arg, const char *rule),
		       void *arg, struct sl_why *why) SL_MUST_USE;

#endif
