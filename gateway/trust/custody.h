/* custody.h - from a trusted root to the approval policy that the custodians signed.
 *
 * One place for releaser, checker, desk, the proof of a package and a reviewer's machine, so
 * that none of them believes a policy that another one would refuse.  All of it is pure but
 * for custody_newest. */
#ifndef SL_TRUST_CUSTODY_H
#define SL_TRUST_CUSTODY_H

#include "trust/tuf.h"

enum { CUSTODY_NAME = 128 };
#define CUSTODY_APPROVAL_POLICY "policy/approval-policy.json"

/* Step from *root to `next`: exactly one version more, signed by the keys of both.  Takes
 * next in every case.  SL_E_REPLAY, SL_E_SIGNATURE. */
int custody_next_root(struct tuf_meta **root, struct tuf_meta *next,
		      struct sl_why *why) SL_MUST_USE;
/* Is it signed by its own keys? */
int custody_root(const struct tuf_meta *root, struct sl_why *why) SL_MUST_USE;
/* targets by root, policy by targets. */
int custody_verify(const struct tuf_meta *root, const struct tuf_meta *targets,
		   const struct tuf_meta *policy, struct sl_why *why) SL_MUST_USE;
/* SL_E_EXPIRED with a sentence. */
int custody_not_expired(const struct tuf_meta *m, const char *role, int64_t now,
			struct sl_why *why) SL_MUST_USE;
/* Does this metadata list exactly these bytes under this name? */
bool custody_lists(const struct tuf_meta *policy, const char *target, const void *bytes,
		   size_t len);
/* Name of the newest "<version>.ROLE.json" below metadata_fd, and its version.
 * SL_E_NOTFOUND with a sentence. */
int custody_newest(int metadata_fd, const char *role, char out[CUSTODY_NAME],
		   int64_t *ret_version, struct sl_why *why) SL_MUST_USE;

#endif
