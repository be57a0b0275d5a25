/* house.h - what a set of rules says of decisions and of the people who make them. */
#ifndef SL_POLICY_HOUSE_H
#define SL_POLICY_HOUSE_H

#include "policy/accounts.h"
#include "policy/codes.h"

struct house { /* each NULL when the set has no such file */
	struct codes *codes;
	struct units *units;
	struct accounts *accounts;
	char path[512]; /* of accounts.yaml, for complaints */
};
/* All files there are.  SL_E_CONFIG names file, line and what is wrong. */
int house_load(const char *policies_dir, struct house **ret_h, struct sl_why *why) SL_MUST_USE;
void house_free(struct house *h); /* NULL is fine */

#endif
