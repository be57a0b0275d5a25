/* tuf.h - TUF 1.0.34 metadata: types shared by writer and client. Ed25519, SHA-256 only.
 *
 * Repository layout is trust.md section 5.  The client is in tuf_client.h, the
 * writer in tuf_writer.h. */
#ifndef SL_TRUST_TUF_H
#define SL_TRUST_TUF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "crypto/key.h"

enum {
	TUF_ROOT_MAX = 512000,
	TUF_TIMESTAMP_MAX = 16384,
	TUF_SNAPSHOT_MAX = 2000000,
	TUF_TARGETS_MAX = 5000000,
	TUF_ROOT_ROTATIONS = 256,
	TUF_DELEGATIONS = 32, /* visited in one search; others beside them do not count */
	TUF_DELEGATIONS_LISTED = 16384, /* in one file */
	TUF_ROLE_MAX = 64,
	TUF_PATH_MAX = 512,
	TUF_KEYS_MAX = 64
};

struct tuf_meta {	    /* one signed file, parsed, verified or not */
	json_t *json;	    /* whole file */
	const json_t *body; /* "signed" */
	char type[16];	    /* root timestamp snapshot targets */
	int64_t version;
	int64_t expires;
	uint8_t sha256[HASH_LEN]; /* of the file's bytes */
	uint64_t length;
};
/* Parse: size cap, profile, `signed` in its canonical bytes, _type as asked, spec_version
 * 1.x, expires exactly 20 bytes, version >= 1; the members that the type needs.
 * Members that TUF does not know are allowed inside `signed` (and are signed);
 * in keys and signatures they are refused. Not verified. */
int tuf_parse(const void *bytes, size_t len, const char *type, struct tuf_meta **ret_m,
	      struct sl_why *why) SL_MUST_USE;
void tuf_free(struct tuf_meta *m);
/* The same file once more, to be freed on its own; NULL: out of memory. */
struct tuf_meta *tuf_share(const struct tuf_meta *m);

struct tuf_role { /* keys and threshold that a root or a delegation gives to a role */
	char name[TUF_ROLE_MAX];
	unsigned threshold;
	unsigned n_keys;
	uint8_t keys[TUF_KEYS_MAX][KEY_PUBLIC]; /* distinct raw keys */
	char keyids[TUF_KEYS_MAX][KEY_ID_HEX + 1];
};
/* The keys of a role as a root (or targets delegations) names them; recomputes
 * key ids, refuses duplicates by raw key, threshold < 1 or > n. */
int tuf_role_of_root(const struct tuf_meta *root, const char *role, struct tuf_role *ret,
		     struct sl_why *why) SL_MUST_USE;
int tuf_role_of_targets(const struct tuf_meta *targets, const char *role, struct tuf_role *ret,
			struct sl_why *why) SL_MUST_USE;
/* Are there >= threshold good signatures by different raw keys? SL_E_SIGNATURE otherwise. */
int tuf_verify(const struct tuf_meta *m, const struct tuf_role *role,
	       struct sl_why *why) SL_MUST_USE;
#endif
