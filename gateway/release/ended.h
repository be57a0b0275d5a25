/* ended.h - which keys the policy in force has ended since the one that the log has last.
 *
 * Releaser and checker each compute it from the custodians' files and from what each of them
 * knows of the log; a case whose list is another one is refused. */
#ifndef SL_RELEASE_ENDED_H
#define SL_RELEASE_ENDED_H

#include "release/casefile.h"
#include "release/chain.h"

/* before_sha256: the approval policy that the log has last; NULL before the first, which ends
 * nothing.  *ret is filled from zero; unused members stay zero.  SL_E_NOTFOUND,
 * SL_E_SIGNATURE: that policy is not among the custodians' files any more. */
int ended_keys(const struct chain *c, const char *before_sha256, struct casefile_ended *ret,
	       struct sl_why *why) SL_MUST_USE;

#endif
