/* signers.h - a releaser's or checker's keys for rel and feed, and those whose place they took.
 *
 *   DIR/rel      DIR/feed        sign everything that begins now
 *   DIR/rel.old  DIR/feed.old    finish a case that was begun under an older targets.json; not
 *                                there, or forgotten there, they are simply not used
 *
 * Which of them counts is never their holder's choice: the targets.json that a case was made
 * with names one. */
#ifndef SL_RELEASE_SIGNERS_H
#define SL_RELEASE_SIGNERS_H

#include "crypto/key.h"
#include "release/delta.h"

struct signers {
	struct key *rel, *feed;
	struct key *rel_old, *feed_old; /* NULL when there are none */
};
/* Errors of key_load; a missing `.old` is none. */
int signers_load(const char *dir, struct signers *ret_s, struct sl_why *why) SL_MUST_USE;
void signers_release(struct signers *s);
/* Is there a key of ours for both?  SL_E_CONFIG with what the operator has to do. */
int signers_begin(const struct signers *s, const struct tuf_meta *targets,
		  struct sl_why *why) SL_MUST_USE;
/* The same for a case that was begun under another targets.json. */
int signers_finish(const struct signers *s, const struct delta_keys *keys, int64_t number,
		   struct sl_why *why) SL_MUST_USE;
/* The key of ours that this role names; NULL when it names none. */
const struct key *signers_pick(const struct signers *s, const struct tuf_role *role);

#endif
