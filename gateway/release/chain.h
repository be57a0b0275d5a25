/* chain.h - root, targets and policy metadata, and the roster they lead to.
 *
 * Releaser and checker each load it for themselves from the files that the
 * custodians signed; neither takes it from the other. */
#ifndef SL_RELEASE_CHAIN_H
#define SL_RELEASE_CHAIN_H

#include <time.h>

#include "trust/roster.h"
#include "trust/tlog_proof.h"
#include "trust/tuf.h"

struct chain {
	struct tuf_meta *root, *targets, *policy;
	struct roster *roster;
	struct tlog_policy *witness; /* which log and witnesses count */
	struct timespec seen[2];     /* when the files it came from had changed */
	char *repository;	     /* owned: where it came from */
};
struct chain_source {
	const char *trust_root;	     /* root.json that is trusted without question */
	const char *repository;	     /* directory with metadata/ and targets/policy/ */
	const char *approval_policy; /* the roster's bytes */
};
/* Verify root (each newer one by the one before and by itself), targets by root,
 * policy by targets, approval and witness policy by their digests in policy; nothing may
 * have expired at `now`.  SL_E_SIGNATURE, SL_E_EXPIRED, SL_E_NOTFOUND, SL_E_FORMAT. */
int chain_load(const struct chain_source *s, int64_t now, struct chain **ret_c,
	       struct sl_why *why) SL_MUST_USE;
/* Keep *c (may be NULL) while its files are unchanged and nothing has expired; else
 * load anew.  On failure *c stays as it was. */
int chain_renew(const struct chain_source *s, int64_t now, struct chain **c,
		struct sl_why *why) SL_MUST_USE;
void chain_free(struct chain *c);
/* An approval policy that the policy metadata lists under its version, by its digest: read
 * from the custodians' files and checked.  SL_E_NOTFOUND with a sentence. */
int chain_policy(const struct chain *c, const char *sha256, struct roster **ret_r,
		 struct sl_why *why) SL_MUST_USE;
/* A target that some metadata lists: digest and length; false when it does not. */
bool chain_target(const json_t *targets, const char *path, char ret_sha256[HASH_HEX + 1],
		  int64_t *ret_length);

#endif
