/* desk_policy.h - the approval policy while the desk runs: a new version takes over when the
 * custodians' files are whole, and not before. */
#ifndef SL_DESK_POLICY_H
#define SL_DESK_POLICY_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/config.h"
#include "trust/roster.h"

struct desk_policy {
	const struct gateway_config *config;
	struct timespec seen;
	int64_t next_ms; /* monotonic */
	int complaint;	 /* error of the last try, said once */
};
/* Remember the file that the desk started with. */
void desk_policy_init(struct desk_policy *p, const struct gateway_config *config);
/* Once in a while: has the file changed, and do root, targets and policy metadata vouch
 * for it?  Then *ret_r and `bytes` (cleared first) are the new policy and true is
 * returned; otherwise everything stays as it was.  `why` says what is in the way, and
 * *ret_error is not SL_OK when that should be said (once for each cause). */
bool desk_policy_poll(struct desk_policy *p, const struct roster *present,
		      struct roster **ret_r, struct buf *bytes, int *ret_error,
		      struct sl_why *why);

#endif
