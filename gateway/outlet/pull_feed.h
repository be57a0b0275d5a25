/* pull_feed.h - the part of the feed that a platform has not seen yet. */
#ifndef SL_OUTLET_PULL_FEED_H
#define SL_OUTLET_PULL_FEED_H

#include "trust/feed.h"
#include "trust/tuf_client.h"

enum { PULL_FEED_BYTES_MAX = 1 << 20, PULL_FEED_ENTRIES_MAX = 1 << 20 };

struct pull_feed {
	struct feed_entry *entries; /* owned; ascending serials, gap-free, from `first` on */
	bool *overridden; /* owned; a later entry of the batch is about the same item */
	bool *again;	  /* owned; a release of a version that the batch had before */
	size_t n;
	int64_t next_serial;
};
/* Read the head, which is a TUF target, and older pages, which are files named by the
 * digest that the page after them gives, down to serial `seen` (the last one dealt with;
 * 0: none), whose entry must still have digest `seen_digest`.
 * SL_E_REPLAY when the feed went back or history changed, SL_E_FORMAT for a gap. */
int pull_feed_read(struct tuf_client *tuf, const struct tuf_fetcher *f, int64_t seen,
		   const char *seen_digest, struct pull_feed *ret_f,
		   struct sl_why *why) SL_MUST_USE;
void pull_feed_release(struct pull_feed *f);
/* Hex digest that identifies an entry. */
void pull_feed_digest(const struct feed_entry *e, char out[65]);

#endif
