/* spill_order.h - two secrecy officers decide about a sealed spill.
 *
 *   spill/v1 {"action":"open","draft":"D-2026-000123","expires":"…","first":"","reason":"…",
 *             "revision":1,"time":"…"}     subject: SHA-256 of "D-2026-000123/1"
 *
 * The second officer signs the same with the digest of the first one's envelope in `first`, so
 * that a confirmation answers one request and no other.  A request ends after a day. */
#ifndef SL_TRUST_SPILL_ORDER_H
#define SL_TRUST_SPILL_ORDER_H

#include "trust/roster.h"
#include "trust/statement.h"

enum { SPILL_ORDER_SECONDS = 86400, SPILL_ORDER_REASON_MAX = 300 };

struct spill_order_facts {
	const char *action; /* "open", "close", or "reported", which needs no second */
	const char *draft, *reason;
	const char *first; /* "" of a first statement, else the envelope it answers */
	int64_t revision, time, expires;
};
/* What the statements are about. */
void spill_order_subject(const char *draft, int64_t revision, char ret_hex[65]);
json_t *spill_order_predicate(const struct spill_order_facts *f);
/* Strings are borrowed from the statement; its subject is checked.  SL_E_FORMAT. */
int spill_order_read(const struct statement *s, struct spill_order_facts *ret_f,
		     struct sl_why *why) SL_MUST_USE;
/* Who signed, if the signature is good, of a secrecy officer whose key was valid; else NULL. */
const struct roster_person *spill_order_signer(const struct statement *s,
					       const struct roster *r, int64_t now);
/* Do these two carry an order that holds at `now`?  SL_E_EXPIRED, SL_E_DENIED, SL_E_FORMAT with
 * a sentence. */
int spill_order_judge(const struct statement *first, const struct statement *second,
		      const struct roster *r, int64_t now, struct sl_why *why) SL_MUST_USE;

#endif
