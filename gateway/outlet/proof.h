/* proof.h - one release, proved from the bytes of its manifest, envelopes and policy. */
#ifndef SL_OUTLET_PROOF_H
#define SL_OUTLET_PROOF_H

#include "trust/approval.h"

enum { PROOF_POLICY_MAX = 1 << 20, PROOF_PATH_MAX = 96 };

struct proof {
	struct manifest *manifest;
	struct statement *statements[ATTEST_LINES_MAX];
	unsigned n;
	/* What the release statement says; not yet proved after proof_open. */
	char policy_sha256[65];
	int64_t policy_version, serial, time;
	struct roster *roster;         /* after proof_judge */
	struct approval_result result; /* after proof_judge */
};

/* Parse both files and find the release statement. proof_release when done. */
int proof_open(const struct buf *manifest, const struct buf *attest, struct proof *ret_p,
	       struct sl_why *why) SL_MUST_USE;
/* Prove it under this policy, whose bytes must be those the release names. */
int proof_judge(struct proof *p, const struct buf *policy, int64_t now, struct sl_why *why) SL_MUST_USE;
void proof_release(struct proof *p);

/* TUF target paths. out gets PROOF_PATH_MAX bytes. */
void proof_path(const char *id, int64_t version, const char *name, char out[PROOF_PATH_MAX]);
/* i = 0: the policy kept under its version; i = 1: the current one; false beyond. */
bool proof_policy_path(int64_t version, unsigned i, char out[PROOF_PATH_MAX]);
/* blobs/ab/<sha256> */
void proof_blob_path(const char *sha256, char out[PROOF_PATH_MAX]);

#endif
