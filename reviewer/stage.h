/* stage.h - decisions that wait for their signature; taking one back costs nothing.
 *
 * A staged decision remembers exactly what was read: revision, manifest, report.  Before it
 * is signed the draft is fetched again, and another revision, report or policy refuses it. */
#ifndef SL_REVIEWER_STAGE_H
#define SL_REVIEWER_STAGE_H

#include "vote.h"

enum { STAGE_MAX = 200 };

struct staged {
	char id[24], title[400], klass[ROSTER_NAME_MAX];
	int64_t revision;
	char manifest_sha256[65], report_sha256[65], policy_sha256[65];
	char decision[16], role[ROSTER_NAME_MAX];
	char code[64], reason[480]; /* "" for an approval */
	struct {
		char rule[16], reason[240];
	} * ack;
	unsigned n_acks, n_votes; /* n_votes: of others, when it was staged */
	char why[240];		  /* what the last try to sign it came to, "" before one */
};
struct stage {
	struct staged *item[STAGE_MAX];
	unsigned n;
};

void stage_release(struct stage *s);
/* In the place of an older decision about the same draft, or as the last. SL_E_LIMIT. */
int stage_add(struct stage *s, const struct review_case *c, const char *person,
	      const struct vote_choice *v) SL_MUST_USE;
const struct staged *stage_find(const struct stage *s, const char *id); /* NULL: none */
void stage_drop(struct stage *s, unsigned i);
/* Fetch the draft again, compare, sign and send.  said: what happened meanwhile that does
 * not hinder it ("" mostly).  SL_E_CONFLICT: it is another draft now than was read;
 * SL_E_EXISTS: this person's decision is recorded already (nothing was sent).  *ret_sent: the
 * signature left; without an answer nobody here knows whether it is recorded. */
int stage_sign(struct session *s, const struct staged *d, char said[240], bool *ret_sent,
	       struct sl_why *why) SL_MUST_USE;
/* Does the approval policy list the key that would sign?  SL_E_DENIED and why. */
int stage_key(const struct session *s, const struct review_case *c,
	      struct sl_why *why) SL_MUST_USE;

#endif
