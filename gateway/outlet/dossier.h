/* dossier.h - one release, proved from the bytes of its manifest, envelopes and policy. */
#ifndef SL_OUTLET_DOSSIER_H
#define SL_OUTLET_DOSSIER_H

#include "trust/approval.h"
#include "trust/tlog_proof.h"

enum { DOSSIER_POLICY_MAX = 1 << 20, DOSSIER_PATH_MAX = 96 };

struct dossier {
	struct manifest *manifest;
	struct statement *statements[ATTEST_LINES_MAX];
	unsigned n;
	/* What the release statement says; not yet proved after dossier_open. */
	char policy_sha256[65];
	int64_t policy_version, serial, time;
	struct roster *roster;	       /* after dossier_judge */
	struct approval_result result; /* after dossier_judge */
};

/* Parse both files and find the release statement. dossier_release when done. */
int dossier_open(const struct buf *manifest, const struct buf *attest, struct dossier *ret_p,
		 struct sl_why *why) SL_MUST_USE;
/* Prove it under this policy, whose bytes must be those the release names. */
int dossier_judge(struct dossier *p, const struct buf *policy, int64_t now,
		  struct sl_why *why) SL_MUST_USE;
/* log.tlog-proof proves that the log has the entry which follows from these very bytes and
 * the release statement, and enough witnesses have seen it. */
int dossier_logged(const struct dossier *p, const struct buf *manifest,
		   const struct buf *attest, const struct buf *proof,
		   const struct tlog_policy *witness, struct sl_why *why) SL_MUST_USE;
void dossier_release(struct dossier *p);

/* TUF target paths. out gets DOSSIER_PATH_MAX bytes. */
void dossier_path(const char *id, int64_t version, const char *name,
		  char out[DOSSIER_PATH_MAX]);
/* i = 0: the current policy; i = 1: the one kept under its version; false beyond. */
bool dossier_policy_path(int64_t version, unsigned i, char out[DOSSIER_PATH_MAX]);
/* blobs/ab/<sha256> */
void dossier_blob_path(const char *sha256, char out[DOSSIER_PATH_MAX]);

#endif
