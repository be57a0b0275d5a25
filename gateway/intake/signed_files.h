/* signed_files.h - what custodians and secrecy officers signed, handed out as they signed it.
 *
 * policy.chain and rules.signed: a reviewer's machine proves with them by itself which
 * approval policy and which rules are meant.  Nothing is verified here. */
#ifndef SL_INTAKE_SIGNED_FILES_H
#define SL_INTAKE_SIGNED_FILES_H

#include "intake/intake.h"

int intake_policy_chain(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
int intake_rules_signed(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;

#endif
