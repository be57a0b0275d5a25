/* pull_feed.h - the part of the feed that a platform, or the outlet, has not seen yet. */
#ifndef SL_OUTLET_PULL_FEED_H
#define SL_OUTLET_PULL_FEED_H

#include "trust/feed.h"
#include "trust/tuf_client.h"

enum { PULL_FEED_BYTES_MAX = 1 << 20, PULL_FEED_ENTRIES_MAX = 1 << 20 };

/* The feed's newest page, a TUF target … */
int pull_feed_head(struct tuf_client *tuf, struct feed_page *ret_p,
		   struct sl_why *why) SL_MUST_USE;
/* … and, in place of a page, the one before it, whose digest it gives.  SL_E_NOTFOUND: it is
 * the first; SL_E_UNREACHABLE: the file is not here (yet). */
int pull_feed_older(const struct tuf_fetcher *f, struct feed_page *p,
		    struct sl_why *why) SL_MUST_USE;

struct pull_place {	 /* how far somebody has come; {.serial = 0} at the beginning */
	int64_t serial;	 /* last feed serial dealt with; 0: none */
	char digest[65]; /* of that entry; "" for none */
	struct feed_channels channels; /* after that entry */
};
struct pull_feed {
	struct feed_entry *entries; /* owned; ascending serials, gap-free, from `first` on */
	bool *overridden; /* owned; a later entry of the batch is about the same item */
	bool *again;	  /* owned; a release of a version that the batch had before */
	size_t n;
	int64_t next_serial;
};
/* Read the head, which is a TUF target, and older pages, which are files named by the
 * digest that the page after them gives, down to the place that was `seen`, whose entry
 * must still be the same and whose channels must go on without a gap.  seen->channels gets
 * the names of new channels and goes with the entries.
 * SL_E_REPLAY when the feed or a channel went back or history changed, SL_E_FORMAT for a
 * serial that is missing or there twice; `why` names it and its channel. */
int pull_feed_read(struct tuf_client *tuf, const struct tuf_fetcher *f, struct pull_place *seen,
		   struct pull_feed *ret_f, struct sl_why *why) SL_MUST_USE;
void pull_feed_release(struct pull_feed *f);
/* The place behind entry e, which follows `at`.  SL_E_REPLAY: it does not. */
int pull_feed_pass(struct pull_place *at, const struct feed_entry *e) SL_MUST_USE;
/* The place at the end of a whole page. */
int pull_feed_end(const struct feed_page *p, struct pull_place *ret) SL_MUST_USE;

#endif
