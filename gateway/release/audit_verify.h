/* audit_verify.h - prove the audit offline: rows, entries, tiles, checkpoint, anchors. */
#ifndef SL_RELEASE_AUDIT_VERIFY_H
#define SL_RELEASE_AUDIT_VERIFY_H

#include "crypto/note.h"
#include "store/store.h"

struct audit_verify_options {
	struct store *store; /* any access; borrowed */
	int audit_fd;	     /* DATA/audit */
	int signed_fd;	     /* DATA/log-signed */
	int release_fd; /* DATA/release; its repo/log holds the anchors, when it is there */
	const uint8_t *public_key;			 /* of the log key, KEY_PUBLIC bytes */
	void (*progress)(uint64_t done, uint64_t total); /* may be NULL */
};
struct audit_verify_result {
	uint64_t size; /* entries proved; after a fault those before it */
	uint8_t root[HASH_LEN];
	uint64_t rows;	   /* of the store with the hash of their record */
	uint64_t unlogged; /* of these younger than the checkpoint */
	uint64_t anchors;  /* in the release log that agree */
	bool has_release_log;
};
/* Stops at the first fault, which `why` names; the result tells how far it came.
 * SL_E_NOTFOUND: there is no audit log yet. */
int audit_verify(const struct audit_verify_options *o, struct audit_verify_result *ret,
		 struct sl_why *why) SL_MUST_USE;

#endif
