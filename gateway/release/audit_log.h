/* audit_log.h - the private log of everything that happened: rows of the store's table
 * `audit` as C2SP tiles under DATA/audit, with a checkpoint that the log key signs.
 *
 *   DATA/audit/tile/…             entries are those of trust/audit_entry.h
 *   DATA/audit/checkpoint         what is signed now
 *   DATA/audit/signed             what was signed last
 *   DATA/log-signed/audit         the same again, and never in a backup: whoever restores
 *                                 an old DATA finds here that more was signed already
 *
 * A log may say one thing only about each of its sizes.  So nothing is signed before the
 * tiles were read from the disk again and found to extend what both notes say; a log
 * that is smaller than they say, or another, is refused until a person has looked. */
#ifndef SL_RELEASE_AUDIT_LOG_H
#define SL_RELEASE_AUDIT_LOG_H

#include "crypto/note.h"
#include "store/store.h"
#include "trust/tlog.h"

enum { AUDIT_LOG_INTERVAL_S = 60, AUDIT_LOG_BATCH = 4096 };

struct audit_log_options {
	int audit_fd, signed_fd; /* DATA/audit, DATA/log-signed; borrowed */
	struct store *store;	 /* STORE_RELEASER; borrowed */
	const struct key *key;	 /* KEY_LOG; borrowed */
	const char *origin;	 /* "organisation.example/audit-log"; borrowed */
};
struct audit_log;
int audit_log_new(const struct audit_log_options *o, struct audit_log **ret_a,
		  struct sl_why *why) SL_MUST_USE;
void audit_log_free(struct audit_log *a);
/* Log and sign what is new; does nothing when the last call that did, or failed, was less
 * than AUDIT_LOG_INTERVAL_S ago.  The first call proves the whole log on the disk.
 * SL_E_REPLAY: less on the disk than was signed (an old backup); SL_E_CORRUPT: the disk
 * says something else than was signed; both leave everything as it is. */
int audit_log_step(struct audit_log *a, int64_t now, struct sl_why *why) SL_MUST_USE;
/* What is signed, for the anchor in the release log: size 0 before the first. */
void audit_log_head(const struct audit_log *a, uint64_t *ret_size, uint8_t ret_root[HASH_LEN]);

#endif
