/* trial.h - the packs' own tests: every rule finds what it is for, and only that.
 *
 * A rule without three texts of each kind counts as failed: nobody could tell
 * what it does; so does one whose texts for people are not there in both languages.  Findings
 * that another filter makes (from pictures, file types, hidden layers) cannot be made from a
 * line of text; those rules are counted. */
#ifndef SL_POLICY_TRIAL_H
#define SL_POLICY_TRIAL_H

#include "policy/policy.h"

struct trial_failure { /* borrowed for the call */
	const char *file, *rule;
	const char *kind;    /* "positive", "near-miss" or "text" */
	const char *text;    /* NULL: of the rule as a whole */
	const char *message; /* translated: file, line and what is wrong */
};
struct trial_watch { /* both may be NULL; a result that is not 0 ends the trial */
	int (*failed)(const struct trial_failure *f, void *arg);
	void (*step)(unsigned done, unsigned packs, void *arg);
	void *arg;
};
struct trial_result {
	unsigned rules, elsewhere, positives, near_misses, failed;
};
/* Try all texts of all packs of a policy made by policy_load.  SL_OK also when some fail:
 * ret->failed counts them. */
int trial_run(const struct policy *p, const struct trial_watch *w,
	      struct trial_result *ret) SL_MUST_USE;

#endif
