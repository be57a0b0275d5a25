/* compile_plan.h - what each database is to look for; for compile*.c only. */
#ifndef SL_POLICY_COMPILE_PLAN_H
#define SL_POLICY_COMPILE_PLAN_H

#include "policy/rules.h"

struct plan { /* arrays hs_compile_multi wants, growing together; owned */
	char **expr;
	unsigned *flags, *id;
	struct pattern *pattern;
	unsigned n, cap;
};

struct plans {
	struct plan database[DATABASE_COUNT];
	struct plan disguised; /* expr: the words themselves, for respell.h */
	struct runs runs;
};

/* Patterns of all rules, each checked by itself; plans start zeroed.  SL_E_CONFIG with
 * rule and reason; plan_release also then. */
int plan_rules(const struct policy *p, struct plans *l, struct sl_why *why) SL_MUST_USE;
void plan_release(struct plans *l);

#endif
