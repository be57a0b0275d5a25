/* approval_private.h - shared by approval.c, approval_match.c and package.c only. */
#ifndef SL_TRUST_APPROVAL_PRIVATE_H
#define SL_TRUST_APPROVAL_PRIVATE_H

#include "trust/approval.h"

/* What submission and inspection fix before any approval is looked at. */
struct approval_ground {
	const struct approval_case *c;
	const struct roster_class *klass;
	const char *draft, *author, *submitter;
	int64_t revision;
	const char *report_sha256;
	char subject[HASH_HEX + 1], policy[HASH_HEX + 1];
};
int approval_ground(const struct approval_case *c, struct approval_ground *ret_g,
		    struct sl_why *why) SL_MUST_USE;

/* Does the envelope carry a good signature of this person's key for this use,
 * valid at `time` and now?  SL_E_SIGNATURE; SL_E_DENIED: unknown, other use or window. */
int approval_signer(const struct approval_ground *g, const struct statement *s,
		    enum key_use use, int64_t time, const struct roster_person **ret_p,
		    struct sl_why *why) SL_MUST_USE;

/* Fill every slot of the class by a different person, one of them outside
 * `unit`.  slot_filled[i] tells which slots a largest filling leaves open.
 * Returns the number of slots; *ret_outside: a complete filling with a person
 * from outside exists. */
unsigned approval_match(const struct roster_class *k, const struct approval_voice *voices,
			unsigned n, const char *unit, bool slot_filled[ROSTER_SLOTS_MAX],
			const char *slot_role[ROSTER_SLOTS_MAX], bool *ret_outside);

#endif
