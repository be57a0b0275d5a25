/* verify.h - the checker's decision about one case.
 *
 * What the checker remembers is small: for each role the version and the digest
 * of the last `signed` it put its name to, and of the release log, whose witness it is,
 * the frontier.  Everything else it is shown again in the case and compares. */
#ifndef SL_RELEASE_VERIFY_H
#define SL_RELEASE_VERIFY_H

#include "crypto/key.h"
#include "release/casefile.h"
#include "release/chain.h"
#include "release/log_step.h"
#include "release/signers.h"

enum { VERIFY_SKEW_S = 300 /* between the clocks of releaser and checker */ };

/* DIR/state.json: the last case signed and what was signed for it; DIR/roles/ROLE: the
 * same for every role, as of the case before.  One step writes as many small files as it
 * has roles, however many there are. */
struct verify_signed {
	char role[LAYOUT_ROLE_MAX];
	int64_t version;
	char sha256[65]; /* of the canonical `signed` */
	char before[65]; /* the same for the version before; "" for version 1 */
};
struct verify_log { /* the release log, and which versions it has entries of */
	struct merkle_frontier tree;
	int64_t root, policy; /* of root.json and policy.json */
	char approval[65];    /* SHA-256 of the approval policy that it has last; "" where an
				 older checker did not remember: the next case sets it */
	int64_t anchor;	      /* entries of the audit log */
};
struct verify_state {
	int dirfd;		    /* borrowed */
	int64_t number;		    /* last case signed; 0: none yet */
	struct verify_signed *list; /* owned; sorted by role */
	unsigned n;
	struct verify_log log, log_before; /* after the last case, and before it */
};
/* A missing file is the empty state, unless there are roles; SL_E_CORRUPT otherwise. */
int verify_state_load(int dirfd, struct verify_state *ret_s) SL_MUST_USE;
void verify_state_release(struct verify_state *s);
/* What was signed last for this role, or (before the last case) before that.
 * SL_E_NOTFOUND: nothing; SL_E_CORRUPT. */
int verify_state_role(const struct verify_state *s, const char *role, bool before,
		      struct verify_signed *ret) SL_MUST_USE;
/* Every role that was ever signed; stops at the first error. */
int verify_state_each(const struct verify_state *s, int (*fn)(void *to, const char *role),
		      void *to) SL_MUST_USE;
/* Make `next` the state; durable when it returns.  `next` is taken on success. */
int verify_state_save(struct verify_state *s, struct verify_state *next) SL_MUST_USE;

struct verify_keys {
	const struct signers *own; /* rel and feed */
	const struct key *witness;
};
/* Prove the case and sign; cosign the log with the case's own time.  `next` is what to
 * remember; it must be saved before the answer is given.  The case that was signed last may be
 * asked for again: if nothing in it has changed, the answer is the same.  SL_E_REPLAY for any
 * other old number; SL_E_CONFIG when we hold no key that the custodians name; SL_E_CORRUPT,
 * SL_E_DENIED, SL_E_SIGNATURE, SL_E_EXPIRED, SL_E_FORMAT with a sentence when it refuses.  The
 * caller releases answer and next. */
int verify_case(int case_fd, const struct chain *chain, const struct verify_state *state,
		const struct verify_keys *keys, int64_t now, struct casefile_answer *ret_answer,
		struct verify_state *ret_next, struct sl_why *why) SL_MUST_USE;

#endif
