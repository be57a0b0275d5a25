/* verify.h - the checker's decision about one case.
 *
 * What the checker remembers is small: for each role the version and the digest
 * of the last `signed` it put its name to.  Everything else it is shown again in
 * the case and compares. */
#ifndef SL_RELEASE_VERIFY_H
#define SL_RELEASE_VERIFY_H

#include "crypto/key.h"
#include "release/casefile.h"
#include "release/chain.h"

enum {
	VERIFY_BIN_S = 30 * 24 *
		       3600, /* how long bins and feed may live at most (trust.md section 2) */
	VERIFY_FEED_S = 7 * 24 * 3600,
	VERIFY_SKEW_S = 300
};

struct verify_state {
	int64_t number; /* last case signed; 0: none yet */
	int64_t version[DELTA_ROLES];
	char sha256[DELTA_ROLES][65]; /* of the canonical `signed` */
};
/* DIR/state.json.  A missing file is the empty state; SL_E_CORRUPT otherwise. */
int verify_state_load(int dirfd, struct verify_state *ret_s) SL_MUST_USE;
int verify_state_save(int dirfd, const struct verify_state *s) SL_MUST_USE;

struct verify_keys {
	const struct key *rel, *feed;
};
/* Prove the case and sign.  `next` is what to remember; it must be saved before
 * the answer is given.  The case that was signed last may be asked for again: if
 * nothing in it has changed, the answer is the same.  SL_E_REPLAY for any other
 * old number; SL_E_CORRUPT, SL_E_DENIED, SL_E_SIGNATURE, SL_E_EXPIRED, SL_E_FORMAT
 * with a sentence when it refuses. */
int verify_case(int case_fd, const struct chain *chain, const struct verify_state *state,
		const struct verify_keys *keys, int64_t now, struct casefile_answer *ret_answer,
		struct verify_state *ret_next, struct sl_why *why) SL_MUST_USE;

/* Canonical bytes of `signed` and their digest. */
int verify_body(const struct tuf_meta *m, char ret_sha256[65]) SL_MUST_USE;

#endif
