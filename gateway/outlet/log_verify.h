/* log_verify.h - anyone proves the public release log of a tree, from the trust root alone. */
#ifndef SL_OUTLET_LOG_VERIFY_H
#define SL_OUTLET_LOG_VERIFY_H

#include "crypto/hash.h"
#include "outlet/log_keys.h"

enum log_verify_stage {
	LOG_VERIFY_METADATA,
	LOG_VERIFY_FEED,
	LOG_VERIFY_CHECKPOINT,
	LOG_VERIFY_ENTRIES
};

struct log_verify_options {
	const struct buf *root;	   /* root.json that the person trusts */
	struct tuf_fetcher source; /* files of the tree, by their paths */
	const char *state_dir;	   /* empty, for metadata */
	int64_t now;
	/* After each stage, and while entries are walked; may be NULL. */
	void (*progress)(enum log_verify_stage stage, uint64_t done, uint64_t total);
	/* For each key whose end the log tells rightly; may be NULL. */
	void (*ended)(void *arg, const struct log_keys_ended *e);
	void *ended_arg;
};
struct log_verify_result { /* after a fault: what was proved before it */
	uint64_t size;
	uint8_t root[HASH_LEN];
	uint64_t releases, notices; /* entries of these kinds that the feed has too */
	uint64_t keys;		    /* that came to their end */
};
/* Metadata, witness policy, checkpoint with its quorum, every entry and tile, that feed and
 * log tell of the same releases and notices, that the log has the approval policy in force
 * and tells of exactly the keys that each approval policy in it ended.  Stops at the first
 * fault, which `why` names; SL_E_UNREACHABLE, SL_E_TIMEOUT and SL_E_IO are no faults of the
 * log. */
int log_verify(const struct log_verify_options *o, struct log_verify_result *ret,
	       struct sl_why *why) SL_MUST_USE;

#endif
