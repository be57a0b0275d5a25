/* house.h - what a set of rules says of decisions and of the people who make them: reasons. */
#ifndef SL_POLICY_HOUSE_H
#define SL_POLICY_HOUSE_H

#include "policy/codes.h"

struct house {
	struct codes *codes; /* NULL: the set has no codes.yaml */
};
/* All files there are.  SL_E_CONFIG names file, line and what is wrong. */
int house_load(const char *policies_dir, struct house **ret_h, struct sl_why *why) SL_MUST_USE;
void house_free(struct house *h); /* NULL is fine */

#endif
