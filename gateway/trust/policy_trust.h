/* policy_trust.h - the approval policy by which this machine judges who must sign.
 *
 *   root.json of the configuration ─▶ roots ─▶ targets ─▶ policy ─▶ approval policy
 *
 * The gateway hands out all of it and is believed in nothing: the chain is proved here with
 * the platforms' own code (trust/custody.h), must not have expired, and is never older than
 * what this machine saw before (trust_memory.h). */
#ifndef SL_TRUST_POLICY_TRUST_H
#define SL_TRUST_POLICY_TRUST_H

#include "trust/roster.h"
#include "wire/session.h"

/* Caller owns *ret_r.  SL_E_CONFIG without a trust root; SL_E_SIGNATURE, SL_E_EXPIRED,
 * SL_E_REPLAY with a sentence. */
int policy_trust_get(struct session *s, struct roster **ret_r, char ret_sha256[65],
		     struct sl_why *why) SL_MUST_USE;

#endif
