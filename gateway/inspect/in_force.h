/* in_force.h - the rules that the inspector signs for, renewed while it runs.
 *
 * Loaded only when two secrecy officers stand by the bytes, and never an older version than
 * the one at hand.  The match filter is renewed by the supervisor: whoever meets the difference
 * asks for what is in force. */
#ifndef SL_INSPECT_IN_FORCE_H
#define SL_INSPECT_IN_FORCE_H

#include "base/config.h"
#include "policy/policy.h"

struct in_force; /* shared by the workers */

/* Config borrowed.  SL_E_SIGNATURE and every error of policy_load_texts, with a sentence. */
int in_force_open(const struct gateway_config *c, struct in_force **ret_f,
		  struct sl_why *why) SL_MUST_USE;
void in_force_close(struct in_force *f);
/* The set in force now, held until in_force_drop. */
const struct policy *in_force_hold(struct in_force *f);
void in_force_drop(struct in_force *f, const struct policy *p);
/* Look whether another set came into force, and load it.  *ret_changed: it did and is held
 * from now on.  An error leaves the old one; each cause is told once, then SL_OK. */
int in_force_renew(struct in_force *f, bool *ret_changed, struct sl_why *why) SL_MUST_USE;

#endif
