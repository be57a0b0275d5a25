/* verdict_case.h - one claimed draft from stored bytes to its next state. */
#ifndef SL_INSPECT_VERDICT_CASE_H
#define SL_INSPECT_VERDICT_CASE_H

#include "crypto/key.h"
#include "inspect/inspect.h"
#include "store/store.h"

enum { CASE_OFFICERS_MAX = 16 };

struct verdict_bench { /* what one worker needs; all borrowed */
	struct store *store;
	struct inspect *inspect;
	bool sees; /* of the queue of drafts with pictures: inspect draws and reads them */
	const struct key *signer; /* dsse-inspector */
	const char *bell;	  /* directory to ring when a draft is passed on */
	const char *data;	  /* DATA: sealed/ lies below */
	uint8_t officers[CASE_OFFICERS_MAX]
			[KEY_PUBLIC]; /* X25519 keys that spills are sealed to */
	unsigned n_officers;
	const uint8_t *rules; /* 32 bytes: digest of the rule set */
	bool patient; /* rules are being renewed: rather SL_E_EXPIRED than HELD for it */
	const struct inspect_waivers *waivers; /* that hold now, or NULL */
	const struct policy *policy;	       /* its key is that of the sketches */
	bool single;			       /* claim no other draft with the outcome */
	const char *note; /* reason of the next state instead of the usual one; NULL: none */
};

/* Inspect every file of a draft in INSPECTING, store reports and texts, sign the
 * inspection and move the draft: IN_REVIEW, BLOCKED, HELD or SPILL.  One that has
 * pictures or pages to draw goes back to SUBMITTED, in the queue of a bench that sees,
 * unless its text is a spill already.  What
 * cannot be judged - a damaged object, no memory, no disk - is HELD with the reason.
 * SL_E_EXPIRED, with `patient`: the match filter goes by other rules than these; the draft
 * stays INSPECTING, for another call with the rules in force.
 * Another error means that not even that was possible, that a spill could not be sealed, or
 * (SL_E_CANCELED) that the filters went away while the role stops: the draft stays INSPECTING
 * for store_draft_requeue at the next start. ret_next (zeroed): the draft that was claimed
 * together with the outcome, if any waited and the role is not stopping; the caller's to run
 * and to release. */
int verdict_case_run(const struct verdict_bench *b, const struct draft *d,
		     struct draft *ret_next, struct sl_why *why) SL_MUST_USE;

/* again_case.c: a draft that waits for a decision or is public, inspected once more.  When
 * rules or signatures find what its report does not have, a waiting one goes through
 * INSPECTING to what is found now, and approvals of the old report end; of a public one an
 * alert is recorded, and nothing else happens to it.  Errors as above; SL_E_UNREACHABLE: a
 * filter is not there, try again later. */
int again_case_run(const struct verdict_bench *b, const struct draft *d,
		   struct sl_why *why) SL_MUST_USE;
/* What the filters go by now, by an inspection of a few letters.  SL_E_EXPIRED: other rules
 * than we; SL_E_UNREACHABLE: one of them does not answer. */
int again_case_basis(const struct verdict_bench *b, char *out, size_t cap) SL_MUST_USE;

#endif
