/* pull_log.h - anyone proves the public release log of a tree, from the trust root alone. */
#ifndef SL_OUTLET_PULL_LOG_H
#define SL_OUTLET_PULL_LOG_H

#include "crypto/hash.h"
#include "trust/tuf_client.h"

enum pull_log_stage { PULL_LOG_METADATA, PULL_LOG_FEED, PULL_LOG_CHECKPOINT, PULL_LOG_ENTRIES };

struct pull_log_options {
	const struct buf *root;	   /* root.json that the person trusts */
	struct tuf_fetcher source; /* files of the tree, by their paths */
	const char *state_dir;	   /* empty, for metadata */
	int64_t now;
	/* After each stage, and while entries are walked; may be NULL. */
	void (*progress)(enum pull_log_stage stage, uint64_t done, uint64_t total);
};
struct pull_log_result { /* after a fault: what was proved before it */
	uint64_t size;
	uint8_t root[HASH_LEN];
	uint64_t releases, notices; /* entries of these kinds that the feed has too */
};
/* Metadata, witness policy, checkpoint with its quorum, every entry and tile, and that
 * feed and log tell of the same releases and notices.  Stops at the first fault, which
 * `why` names; SL_E_UNREACHABLE, SL_E_TIMEOUT and SL_E_IO are no faults of the log. */
int pull_log_verify(const struct pull_log_options *o, struct pull_log_result *ret,
		    struct sl_why *why) SL_MUST_USE;

#endif
