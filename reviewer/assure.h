/* assure.h - what of a report people have signed, proved on this machine.
 *
 * The rules that a report names are believed when two secrecy officers signed them; what is
 * marked as suppressed, when two persons signed that, nobody has taken it back, and it is about
 * this rule and text.  The gateway only hands the signatures over.  No filter is needed for
 * it, so it is done for every approval, however `recheck` is set. */
#ifndef SL_REVIEWER_ASSURE_H
#define SL_REVIEWER_ASSURE_H

#include "case.h"
#include "recompare.h"

struct assurance {
	char rules[65];	 /* that all files' reports name; "" when they do not agree */
	int64_t version; /* of those, as they were signed or as the report says */
	int64_t newest;	 /* that this machine knows of */
	bool proved;	 /* they are signed */
	bool older;	 /* than what this machine knows of */
};
/* Whatever is not proved is added to `found` as a difference ("rules", "suppression"); rules
 * that are older than the newest known are none by themselves.  SL_E_UNREACHABLE and others
 * when the gateway could not be asked. */
int assure_report(struct session *s, const struct review_case *c, struct recompare *found,
		  struct assurance *ret, struct sl_why *why) SL_MUST_USE;
/* assure_marks.c: the suppressions alone. */
int assure_marks(struct session *s, const struct review_case *c, struct recompare *found,
		 struct sl_why *why) SL_MUST_USE;
/* Does this finding's mark say what two of these persons signed, at `now`?  `signed_`: an
 * array of envelopes.  `*ret_revoked`: the last moment at which it was taken back, 0: never;
 * `known_revoked`: what was heard of before.  SL_E_DENIED, SL_E_EXPIRED with a sentence. */
int assure_mark(const json_t *finding, const json_t *signed_, const struct roster *r,
		int64_t now, int64_t known_revoked, int64_t *ret_revoked,
		struct sl_why *why) SL_MUST_USE;
/* The machine's own set: do two officers of this roster stand by it?  *ret_version. */
bool assure_own_rules(const struct client_config *config, const struct roster *r,
		      const char *sha256, int64_t *ret_version);

#endif
