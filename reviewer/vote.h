/* vote.h - sign a decision about exactly what was shown, and hand it to the desk. */
#ifndef SL_REVIEWER_VOTE_H
#define SL_REVIEWER_VOTE_H

#include "case.h"
#include "seen.h"

enum { VOTE_ACKS_MAX = 128 };

struct vote_choice {
	const char *decision; /* "approve", "return" or "refuse" */
	const char *role;
	const char *code, *reason; /* return and refuse; NULL for approve */
	struct {
		const char *rule; /* "WS-004" */
		const char *reason;
	} ack[VOTE_ACKS_MAX];
	unsigned n_acks;
	const json_t *edits; /* return: exact words, see trust/statement.h; NULL: none */
};

/* Findings that an approver must acknowledge (S2 and S3) and has not: their
 * rules, one a line. 0 when none, else SL_E_DENIED. */
int vote_unacknowledged(const struct review_case *c, const struct vote_choice *v,
			struct buf *out) SL_MUST_USE;
/* Roles of this person that the route still needs, each once, in the route's order. Borrowed.
 */
unsigned vote_roles(const struct session *s, const struct review_case *c,
		    const char *ret_roles[ROSTER_SLOTS_MAX]);
/* The role to sign in when the person named none: the only one of vote_roles, else NULL. */
const char *vote_only_role(const struct session *s, const struct review_case *c);
/* Could that role take that decision on this draft now?  SL_E_DENIED and who could; the gateway
 * has the last word. */
int vote_may(const struct review_case *c, const char *role, const char *decision,
	     struct sl_why *why) SL_MUST_USE;
/* Sign and send. *ret_result as docs/protocol.md, review.vote; caller owns. */
int vote_cast(struct session *s, const struct review_case *c, const struct seen *seen,
	      const struct vote_choice *v, json_t **ret_result, struct sl_why *why) SL_MUST_USE;

#endif
