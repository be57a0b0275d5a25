/* pull_package.h - prove a package directory from itself and the trust root alone.
 *
 *   manifest.json  attest.intoto.jsonl  log.tlog-proof  files/NAME…
 *   tuf/N.root.json…  tuf/targets.json  tuf/policy.json  tuf/approval-policy.json
 *   tuf/witness-policy.txt
 *
 * Which log and witnesses count is said by the witness policy in the package, which the
 * same chain proves as the approval policy: trust root, targets, policy. */
#ifndef SL_OUTLET_PULL_PACKAGE_H
#define SL_OUTLET_PULL_PACKAGE_H

#include "outlet/dossier.h"
#include "trust/tuf.h"

struct pull_package_options {
	const struct buf *root; /* root.json that the person trusts */
	const struct buf
		*policy; /* an approval policy the person trusts; NULL: the proved copy */
	int64_t now;
	bool blobs_known; /* the caller has just written the files with their hashes */
};
/* Everything of trust.md section 8 that needs no network.  Expiry of metadata is
 * judged at the release statement's time: a package stays provable for ever.
 * The caller releases ret_p. SL_E_SIGNATURE, SL_E_DENIED, SL_E_EXPIRED,
 * SL_E_FORMAT, SL_E_NOTFOUND with the reason in why. */
int pull_package_verify(int dir_fd, const struct pull_package_options *o, struct dossier *ret_p,
			struct sl_why *why) SL_MUST_USE;

#endif
