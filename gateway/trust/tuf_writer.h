/* tuf_writer.h - build metadata: unsigned bodies, signatures added one by one. */
#ifndef SL_TRUST_TUF_WRITER_H
#define SL_TRUST_TUF_WRITER_H

#include "trust/tuf.h"

/* {"signatures":[],"signed":BODY}; takes a reference of body. */
json_t *tuf_envelope_new(json_t *body) SL_MUST_USE;
/* Add this key's signature over the canonical body (replaces an earlier one of
 * the same key id); signatures stay sorted by key id. */
int tuf_add_signature(json_t *envelope, const struct key *k) SL_MUST_USE;
/* Another holder's signature, made elsewhere (not verified here), in its place. */
int tuf_put_signature(json_t *envelope, const char *keyid, const char *sig) SL_MUST_USE;
/* Bodies. Expiry as 20-byte time. Caller owns. */
json_t *tuf_key_object(const uint8_t public_key[KEY_PUBLIC]);
struct tuf_role_spec {
	const char *name;
	unsigned threshold;
	const uint8_t (*keys)[KEY_PUBLIC];
	unsigned n_keys;
};
json_t *tuf_root_body(int64_t version, int64_t expires,
		      const struct tuf_role_spec *roles /* root targets snapshot timestamp */,
		      unsigned n);
/* targets.json: no targets of its own; it delegates policy/, then feed/, log/ and notice/ to
 * `feed`, and everything below rel/ to `rel`, all terminating (trust/layout.h). */
json_t *tuf_targets_body(int64_t version, int64_t expires, const struct tuf_role_spec *policy,
			 const struct tuf_role_spec *feed, const struct tuf_role_spec *rel);
/* A delegated targets role without delegations. `targets`: {path:
 * {"length","hashes":{"sha256"}}}. */
json_t *tuf_leaf_body(int64_t version, int64_t expires, json_t *targets);
/* The same with terminating delegations to these sets (names sorted, layout_pattern), all
 * with the keys and threshold of `by`; without any when there are none. */
json_t *tuf_keeper_body(int64_t version, int64_t expires, json_t *targets,
			const char *const *sets, size_t n,
			const struct tuf_role_spec *by) SL_MUST_USE;
void tuf_target_put(json_t *targets, const char *path, const uint8_t sha256[HASH_LEN],
		    uint64_t length);
json_t *tuf_snapshot_body(int64_t version, int64_t expires, json_t *meta);
void tuf_meta_put(json_t *meta, const char *file, int64_t version, const uint8_t *sha256,
		  uint64_t length);
json_t *tuf_timestamp_body(int64_t version, int64_t expires, int64_t snapshot_version,
			   const uint8_t snapshot_sha256[HASH_LEN], uint64_t snapshot_length);

#endif
