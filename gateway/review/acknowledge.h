/* acknowledge.h - a warning may be passed only by somebody who says why. */
#ifndef SL_REVIEW_ACKNOWLEDGE_H
#define SL_REVIEW_ACKNOWLEDGE_H

#include "base/err.h"
#include "base/json.h"

/* Every rule with an S2 or S3 finding in the merged report (NULL: no report) must be
 * named with a reason in `acknowledged`; a finding S0 or S1 cannot be acknowledged
 * at all.  SL_E_DENIED lists what is missing. */
int acknowledge_check(const json_t *report, const json_t *acknowledged,
		      struct sl_why *why) SL_MUST_USE;

#endif
