/* trust_memory.h - what this machine has had proved to it: nothing older is believed again.
 *
 *   CACHE/<pid>/trust.json
 *   {"newest":{"policy":9,"root":2,"rules":7,"targets":3},
 *    "revoked":{"PI-004 <text hash>":"2026-11-27T09:00:00Z"},
 *    "root_sha256":"<of the trust root that it began from>"}
 *
 * Open from reading to saving under a lock, so that two programs of one person lose nothing.
 * With another trust root it begins anew.  Damaged it is an error: a person looks and removes
 * it, since whoever can damage it could make this machine forget. */
#ifndef SL_TRUST_TRUST_MEMORY_H
#define SL_TRUST_TRUST_MEMORY_H

#include "base/config.h"
#include "crypto/hash.h"

struct trust_memory;

int trust_memory_open(const struct client_config *config, struct trust_memory **ret_m,
		      struct sl_why *why) SL_MUST_USE;
void trust_memory_close(struct trust_memory *m);
/* Begin anew unless it began from this root. */
int trust_memory_root(struct trust_memory *m, const char *root_sha256) SL_MUST_USE;
/* Newest version seen of "root", "targets", "policy" or "rules"; 0: none. */
int64_t trust_memory_newest(const struct trust_memory *m, const char *what);
int trust_memory_note(struct trust_memory *m, const char *what, int64_t version) SL_MUST_USE;
/* When this text's suppression was taken back last; 0: never that this machine heard of. */
int64_t trust_memory_revoked(const struct trust_memory *m, const char *rule, const char *hmac);
int trust_memory_revoke(struct trust_memory *m, const char *rule, const char *hmac,
			int64_t time) SL_MUST_USE;
/* Durably, when something changed. */
int trust_memory_save(struct trust_memory *m) SL_MUST_USE;

#endif
