/* approval.h - the rule that decides whether a manifest may be published.
 *
 * The same code runs in the desk (is it approved yet, what is missing?), in
 * releaser and checker (prove it again from stored bytes) and in sluice-pull
 * (prove it from the package alone). */
#ifndef SL_TRUST_APPROVAL_H
#define SL_TRUST_APPROVAL_H

#include "trust/roster.h"
#include "trust/statement.h"

struct approval_case {
	const struct manifest *manifest;
	const struct roster *roster; /* the policy version the approvals are bound to */
	/* submission, inspection, approvals; others refused */
	struct statement *const *statements;
	unsigned n;
	int64_t now; /* when it is judged; platforms use the release statement's time */
};
struct approval_result {
	bool satisfied;
	bool vetoed;
	char missing[ROSTER_SLOTS_MAX][ROSTER_NAME_MAX]; /* roles, one entry per open slot */
	unsigned n_missing;
	unsigned persons; /* different persons whose approval counts */
	char author[ROSTER_NAME_MAX], submitter[ROSTER_NAME_MAX];
	char detail[256]; /* first reason why something does not count */
	int64_t expires;  /* earliest expiry among counted approvals */
};
enum { APPROVAL_VOICES_MAX = 128 };
/* One approval: a person who speaks in a role.  Strings are borrowed from the statement. */
struct approval_voice {
	const struct roster_person *person;
	const char *role;
	const json_t *acknowledged;
	int64_t time, expires;
};

/* Evaluate.  0 with result filled even when unsatisfied; SL_E_SIGNATURE when
 * any envelope does not verify, SL_E_FORMAT / SL_E_DENIED when the case is
 * ill-formed (no submission, two submissions, inspection verdict not
 * clean/review, subject differs).  Each approval counts only as trust.md
 * section 3 says; slots are filled by different persons (backtracking).  A later
 * decision of a person other than "approve" takes that person's approvals back;
 * "refuse" or "reject" in a veto role sets `vetoed`.  A signer that this roster does
 * not know (any more) makes an approval not count, and a submission or inspection
 * SL_E_DENIED. */
int approval_judge(const struct approval_case *c, struct approval_result *ret,
		   struct sl_why *why) SL_MUST_USE;
/* Judge whether one new approval would count, for a clear refusal at the desk.  any_role: also
 * one in a role that the class does not ask for, which changes nothing for platforms. */
int approval_would_count(const struct approval_case *c, const struct statement *approval,
			 bool any_role, struct sl_why *why) SL_MUST_USE;
/* Every approval that stands, whether the class asks for its role or not. */
int approval_standing(const struct approval_case *c,
		      struct approval_voice ret_voices[APPROVAL_VOICES_MAX], unsigned *ret_n,
		      struct sl_why *why) SL_MUST_USE;
/* Full proof of a package: approval_judge + release statement by the gateway
 * key + inputs equal exactly the other envelopes present. gateway and
 * inspector keys come from the roster (persons with role "gateway-service").
 * Approvals are judged at the release statement's time, which must not lie
 * after c->now (5 minutes of grace).  SL_E_DENIED when the rule is not met, or the manifest is
 * to be handed over privately. */
int package_judge(const struct approval_case *c, struct approval_result *ret,
		  struct sl_why *why) SL_MUST_USE;

#endif
