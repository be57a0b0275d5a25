/* feed_channels.h - the feed's serials of each channel (trust.md section 6).
 *
 * The entries of a channel are numbered 1, 2, 3 … beside the serials of the whole feed.  A
 * table says which serial comes next in each channel; the table after some entries, and
 * these entries, give the table before them. */
#ifndef SL_TRUST_FEED_CHANNELS_H
#define SL_TRUST_FEED_CHANNELS_H

#include "base/json.h"
#include "trust/statement.h"

enum {
	FEED_CHANNELS_MAX = 64, /* of the whole feed, for ever */
	FEED_CHANNEL_NAME = MANIFEST_CHANNEL_MAX + 1
};

struct feed_channels {
	char name[FEED_CHANNELS_MAX][FEED_CHANNEL_NAME];
	uint32_t next[FEED_CHANNELS_MAX]; /* 1: named, but no entry yet; never written */
	unsigned n;
};
struct feed_numbers { /* of one entry: its serial in each of its channels, by name */
	uint32_t serial[MANIFEST_CHANNELS_MAX];
	uint8_t channel[MANIFEST_CHANNELS_MAX]; /* where the table that goes with it has it */
	uint8_t n;
};

/* Place of a channel in the table, or -1. */
int feed_channels_find(const struct feed_channels *t, const char *name);
/* The same, added with serial 1 when it is new.  SL_E_LIMIT, SL_E_FORMAT. */
int feed_channels_add(struct feed_channels *t, const char *name) SL_MUST_USE;
/* The serials that come next in these channels; t gets their names and counts nothing.
 * SL_E_LIMIT, SL_E_FORMAT (none, one twice, no name of a channel). */
int feed_channels_next(struct feed_channels *t, const char *const *names, unsigned n,
		       struct feed_numbers *ret) SL_MUST_USE;
/* Count an entry.  SL_E_REPLAY: `why` names the serial that it should have. */
int feed_channels_count(struct feed_channels *t, const struct feed_numbers *e,
			struct sl_why *why) SL_MUST_USE;
/* The table as it was before its newest entry.  SL_E_FORMAT: `why` names the serial of the
 * channel that is missing or that is there twice. */
int feed_channels_back(struct feed_channels *t, const struct feed_numbers *e,
		       struct sl_why *why) SL_MUST_USE;
/* Walked back, `t` is where an older part of the feed ends.  Errors as above. */
int feed_channels_join(const struct feed_channels *t, const struct feed_channels *older,
		       struct sl_why *why) SL_MUST_USE;
/* Every channel of `older` has come at least as far in `t`.  SL_E_REPLAY. */
int feed_channels_grew(const struct feed_channels *t, const struct feed_channels *older,
		       struct sl_why *why) SL_MUST_USE;
/* Serials of table `from` said with table `to`, which gets names that it has not. */
int feed_channels_move(const struct feed_channels *from, struct feed_channels *to,
		       struct feed_numbers *e) SL_MUST_USE;
/* Are these exactly the channels that the manifest names?  SL_E_DENIED names one. */
int feed_channels_are(const struct feed_channels *t, const struct feed_numbers *e,
		      const struct manifest *m, struct sl_why *why) SL_MUST_USE;

/* {"official-site":57}: serials of an entry; NULL without memory.  With `only`, of that
 * channel alone. */
json_t *feed_channels_entry_json(const struct feed_channels *t, const struct feed_numbers *e,
				 const char *only);
/* Read it; t gets names that it has not.  SL_E_FORMAT, SL_E_LIMIT. */
int feed_channels_entry_read(const json_t *j, struct feed_channels *t,
			     struct feed_numbers *ret) SL_MUST_USE;
/* {"official-site":58}: the whole table. */
json_t *feed_channels_json(const struct feed_channels *t);
int feed_channels_read(const json_t *j, struct feed_channels *ret_t) SL_MUST_USE;

#endif
