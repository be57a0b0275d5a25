/* transcript.h - what a ceremony of custodians wrote down: "sluice-transcript/1".
 *
 * Written by sluice-keys ceremony merge, read when the gateway's operator enters it in
 * the audit log.  It proves nothing by itself: the signatures are in the metadata. */
#ifndef SL_TRUST_TRANSCRIPT_H
#define SL_TRUST_TRANSCRIPT_H

#include "base/json.h"

enum { TRANSCRIPT_MAX = 60 << 10, TRANSCRIPT_FILES_MAX = 64 };

/* Canonical JSON with exactly the members that merge writes: documents (role, version,
 * signed_sha256, signatures by key id, time, program), files (path, sha256, length;
 * paths relative, without "."), number, program, time.  Caller owns *ret_j. */
int transcript_parse(const void *bytes, size_t len, json_t **ret_j,
		     struct sl_why *why) SL_MUST_USE;
/* Does every file below metadata/ and targets/ lie in `repository` as it says?
 * SL_E_NOTFOUND: not installed; SL_E_SIGNATURE: other bytes. */
int transcript_installed(const json_t *transcript, const char *repository,
			 struct sl_why *why) SL_MUST_USE;

#endif
