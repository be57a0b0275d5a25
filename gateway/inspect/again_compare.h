/* again_compare.h - what a new report has that the old one has not. */
#ifndef SL_INSPECT_AGAIN_COMPARE_H
#define SL_INSPECT_AGAIN_COMPARE_H

#include "base/json.h"

struct again_hits {
	unsigned n;	 /* new findings of S0 to S3 that count */
	char worst[4];	 /* "S1"; "" none */
	char rules[256]; /* "PI-004, PI-001", each once, as many as fit */
};
/* Both: draft reports (sluice-draft-report/1); old may be NULL.  A finding is known when rule,
 * severity, file, object and place are the same: keyed hashes change with the rules' key. */
int again_compare(const json_t *old, const json_t *now, struct again_hits *ret) SL_MUST_USE;

#endif
