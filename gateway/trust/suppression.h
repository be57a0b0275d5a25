/* suppression.h - two persons say that one rule need not count for one text.
 *
 *   suppression/v1 {"action":"suppress","expires":"…","owner":"p-05","reason":"…",
 *                   "rule":"PI-004","time":"…"}     subject: keyed hash of the matched text
 *
 * A suppression is bound to (rule, text hash), so it never covers another number or name; it
 * has an owner, a reason and an end, and holds when two persons in reviewing roles, one of them
 * a secrecy officer, signed the same.  Marks of state secrets and malware are never covered.
 * Taking one back ("revoke") needs one person. */
#ifndef SL_TRUST_SUPPRESSION_H
#define SL_TRUST_SUPPRESSION_H

#include "trust/roster.h"
#include "trust/statement.h"

enum { SUPPRESSION_DAYS_MAX = 366, SUPPRESSION_REASON_MAX = 300, SUPPRESSION_RULE_MAX = 16 };

struct suppression_facts {
	const char *action; /* "suppress" or "revoke" */
	const char *rule, *owner, *reason;
	const char *text_hmac; /* 64 hex digits */
	int64_t time, expires;
};
/* Predicate of a statement whose subject is f->text_hmac; NULL: no memory or not UTF-8. */
json_t *suppression_predicate(const struct suppression_facts *f);
/* Strings are borrowed from the statement. SL_E_FORMAT. */
int suppression_read(const struct statement *s, struct suppression_facts *ret_f,
		     struct sl_why *why) SL_MUST_USE;
/* May this rule be suppressed at all? */
bool suppression_permits(const char *rule);
/* Who signed, if the signature is good, of a person in a reviewing role whose key was valid;
 * NULL otherwise. */
const struct roster_person *suppression_signer(const struct statement *s,
					       const struct roster *r, int64_t now);
/* Do these two make a suppression that holds at `now`?  *ret_f borrows from `first`.
 * SL_E_EXPIRED when it held once; SL_E_DENIED, SL_E_FORMAT with a sentence. */
int suppression_judge(const struct statement *first, const struct statement *second,
		      const struct roster *r, int64_t now, struct suppression_facts *ret_f,
		      struct sl_why *why) SL_MUST_USE;

#endif
