/* log_keys.h - policies and ended keys, as a release log tells them from its first entry on.
 *
 * Behind the entry of each approval policy stand the entries of exactly those keys which it
 * ended (trust/log_entry.h); this is proved from the policies themselves, which the
 * custodians signed. */
#ifndef SL_OUTLET_LOG_KEYS_H
#define SL_OUTLET_LOG_KEYS_H

#include "trust/log_entry.h"
#include "trust/roster_ended.h"
#include "trust/tuf_client.h"

struct log_keys_ended { /* borrowed for the call that gets it */
	uint64_t index; /* of the entry */
	struct roster_ended what;
	int64_t version; /* of the approval policy that ended it */
	const char *policy_sha256;
};
struct log_keys {
	struct tuf_client *tuf; /* borrowed; refreshed */
	/* For each entry that is right; may be NULL. */
	void (*ended)(void *arg, const struct log_keys_ended *e);
	void *arg;
	/* owned, zero at first: the last two policies, and what the newer one ended */
	struct roster *before, *now;
	char sha256[65]; /* of the newer one */
	struct roster_ended *list;
	unsigned n, next; /* entries of keys that are due, and how many were there */
};
/* The next entry of the log, whatever its kind.  SL_E_SIGNATURE when a policy is not what the
 * custodians signed, when an entry tells of a key that the policy did not end, or when the
 * entry of one that it ended is missing here; with a sentence. */
int log_keys_see(struct log_keys *k, uint64_t index, const struct log_entry *e,
		 struct sl_why *why) SL_MUST_USE;
/* After the last of `size` entries: nothing is missing, and the policy in force is the last
 * one that the log has: whoever leaves its entry out hides the keys that it ended. */
int log_keys_end(struct log_keys *k, uint64_t size, struct sl_why *why) SL_MUST_USE;
void log_keys_release(struct log_keys *k);

#endif
