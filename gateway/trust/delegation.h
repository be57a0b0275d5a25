/* delegation.h - a unit's administrator says who stands in for whom, and until when.
 *
 *   delegation/v1 {"action":"begin","begun":"","from":"2026-12-01","person":"p-03",
 *                  "reason":"…","role":"unit-leader","substitute":"p-02","time":"…",
 *                  "unit":"u-01","until":"2026-12-05"}
 *                  subject: SHA-256 of "u-01/p-03/unit-leader/p-02"
 *
 * Ending one early repeats its words with "action":"end" and the digest of the envelope that
 * began it in `begun`, so that an end ends one delegation and no other.  Nothing of it reaches
 * a platform: who may sign in which role stays what the signed approval policy says, and a
 * delegation only takes back, for some days, what accounts.yaml narrowed. */
#ifndef SL_TRUST_DELEGATION_H
#define SL_TRUST_DELEGATION_H

#include "trust/roster.h"
#include "trust/statement.h"

enum { DELEGATION_REASON_MAX = 300, DELEGATION_DAY = 10 };

struct delegation_facts {
	const char *action; /* "begin" or "end" */
	const char *begun;  /* "" of a beginning, else the envelope that it ends */
	const char *unit, *person, *role, *substitute;
	const char *from, *until; /* real days YYYY-MM-DD; until: the last one */
	const char *reason;	  /* "": none was given */
	int64_t time;
};
/* What the statements are about. */
void delegation_subject(const struct delegation_facts *f, char ret_hex[65]);
/* Caller owns the result; NULL: no memory, or a text that is not UTF-8. */
json_t *delegation_predicate(const struct delegation_facts *f);
/* Strings are borrowed from the statement; its subject is checked.  SL_E_FORMAT. */
int delegation_read(const struct statement *s, struct delegation_facts *ret_f,
		    struct sl_why *why) SL_MUST_USE;
/* Who signed, if the signature is good, of an administrator of that unit whose key was valid
 * when it was made; NULL otherwise. */
const struct roster_person *delegation_signer(const struct statement *s, const struct roster *r,
					      int64_t now);

#endif
