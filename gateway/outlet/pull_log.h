/* pull_log.h - the release log that an outlet shows only ever grows (trust.md section 8,
 * step 3). */
#ifndef SL_OUTLET_PULL_LOG_H
#define SL_OUTLET_PULL_LOG_H

#include "outlet/pull_release.h"

/* The checkpoint that the feed lists is signed by the log and cosigned by the quorum of
 * the witness policy, and its tree contains the one kept in state_fd/log-checkpoint
 * (nothing is kept at first: then it is a beginning); from now on it is kept.
 * SL_E_REPLAY: the log went back or was rewritten; SL_E_SIGNATURE; SL_E_UNREACHABLE. */
int pull_log_check(const struct pull_source *s, int state_fd, struct sl_why *why) SL_MUST_USE;

#endif
