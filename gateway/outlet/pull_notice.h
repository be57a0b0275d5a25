/* pull_notice.h - the signed words that go with a recall. */
#ifndef SL_OUTLET_PULL_NOTICE_H
#define SL_OUTLET_PULL_NOTICE_H

#include "outlet/pull_release.h"

/* What stands in tombstones/ID.json: id, version, serial, channels (its numbers, which go
 * with t), status and, when the notice could be fetched and carries the orders it needs,
 * "notice" and the release that takes the place as "replaced_by".  The recall itself is
 * proved by the feed; it never waits for its words.  NULL only without memory. */
json_t *pull_notice_tombstone(const struct pull_source *s, const struct feed_entry *e,
			      const struct feed_channels *t);

#endif
