/* tuf_client.h - the client workflow of TUF 1.0.34 section 5, over a fetch callback.
 *
 * Used by sluice-pull (fetch = libcurl), installer and checker (fetch = a
 * directory).  State is a directory of un-versioned files, each replaced
 * atomically, byte for byte as received. */
#ifndef SL_TRUST_TUF_CLIENT_H
#define SL_TRUST_TUF_CLIENT_H

#include "trust/tuf.h"

/* Fetch "metadata/NAME" or "targets/PATH" of the repository; SL_E_NOTFOUND when it
 * has no such file; never more than max bytes. */
struct tuf_fetcher {
	int (*get)(void *arg, const char *path, size_t max, struct buf *out);
	void *arg;
};
struct tuf_client;

/* trusted_root: bytes of the root.json the person was given (used when the
 * state directory has none yet; a stored root wins if it was reached from exactly
 * these bytes (file trusted-root.sha256) or is signed by their keys).  NULL: only
 * a stored root will do.  SL_E_CORRUPT when stored files are damaged. */
int tuf_client_open(const char *state_dir, const void *trusted_root, size_t len,
		    const struct tuf_fetcher *f, struct tuf_client **ret_c,
		    struct sl_why *why) SL_MUST_USE;
void tuf_client_close(struct tuf_client *c);
/* A snapshot from before: if the stored one has exactly its bytes it need not be parsed
 * again.  Its signatures are checked all the same.  Borrowed until close. */
void tuf_client_know(struct tuf_client *c, const struct tuf_meta *snapshot);
/* 5.3 .. 5.6: roots, timestamp, snapshot, top targets; `now` fixed for the run.
 * SL_E_REPLAY: something is older than what is known; SL_E_EXPIRED: something is
 * too old (a frozen repository); SL_E_SIGNATURE.  On failure the stored files
 * stay as they were, but for roots and timestamps verified before it. */
int tuf_client_refresh(struct tuf_client *c, int64_t now, struct sl_why *why) SL_MUST_USE;
/* 5.6.7: find a target through the delegations; length and sha256.  SL_E_NOTFOUND:
 * no such target; a file that the repository should have and has not is
 * SL_E_UNREACHABLE. */
int tuf_client_find(struct tuf_client *c, const char *target_path, uint64_t *ret_length,
		    uint8_t ret_sha256[HASH_LEN], struct sl_why *why) SL_MUST_USE;
/* Find and download (consistent snapshot name DIR/SHA256.NAME), verify length and hash. */
int tuf_client_download(struct tuf_client *c, const char *target_path, size_t max,
			struct buf *out, struct sl_why *why) SL_MUST_USE;
int64_t tuf_client_timestamp_expires(const struct tuf_client *c);
int64_t tuf_client_snapshot_version(const struct tuf_client *c);
/* Verified metadata of a role ("root", "timestamp", "snapshot", "targets", "feed",
 * "rel-2026-0001"), loaded on demand; borrowed until the next call that looks for a role
 * or a target. */
int tuf_client_role(struct tuf_client *c, const char *role, const struct tuf_meta **ret_m,
		    struct sl_why *why) SL_MUST_USE;

#endif
