/* pull_log.h - the release log that an outlet shows only ever grows (trust.md section 8,
 * step 3). */
#ifndef SL_OUTLET_PULL_LOG_H
#define SL_OUTLET_PULL_LOG_H

#include "outlet/pull_release.h"

/* What the steps of one look know of the log, before the first look and after the last. */
void pull_log_init(struct pull_source *s);
void pull_log_release(struct pull_source *s);

/* Once a look, before anything else that asks for the log or the witness policy.
 * The checkpoint that the feed lists is signed by the log and cosigned by the quorum of
 * the witness policy, and its tree contains the one kept in state_fd/log-checkpoint
 * (nothing is kept at first: then it is a beginning); from now on it is kept.
 * SL_E_REPLAY: the log went back or was rewritten; SL_E_SIGNATURE; SL_E_UNREACHABLE. */
int pull_log_check(struct pull_source *s, int state_fd, struct sl_why *why) SL_MUST_USE;

/* A release that names an approval policy which is not in force any more: was it logged
 * before the first later policy was (trust.md section 9)?  Whoever holds the gateway and
 * keys that a newer policy has removed can still sign under the old one, but not put an
 * entry before what is there.  Reads and proves the whole log, once a look.  SL_E_DENIED
 * when it was not, or when the log knows no later policy. */
int pull_log_order(struct pull_source *s, int64_t policy_version, uint64_t index,
		   struct sl_why *why) SL_MUST_USE;

#endif
