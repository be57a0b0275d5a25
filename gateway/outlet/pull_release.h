/* pull_release.h - fetch one release from an outlet and prove it, into a staging directory. */
#ifndef SL_OUTLET_PULL_RELEASE_H
#define SL_OUTLET_PULL_RELEASE_H

#include <stdbool.h>

#include "outlet/fetch.h"
#include "outlet/dossier.h"
#include "trust/feed.h"
#include "trust/tlog.h"

struct pull_source { /* a refreshed outlet */
	struct tuf_client *tuf;
	struct fetch *fetch;
	const struct buf *root; /* as given by the person */
	int64_t now;
	/* What pull_log.c has found out in this look: */
	struct buf witness;	    /* witness-policy.txt as listed */
	struct tlog_checkpoint log; /* the checkpoint that it lets count */
	struct buf policies;	    /* the log's entries of approval policies, when asked for */
	bool policies_read;
};
/* The manifest alone, checked against the feed entry: id, version, digest.
 * Caller frees *ret_m; the exact bytes are appended to bytes. */
int pull_release_manifest(const struct pull_source *s, const struct feed_entry *e,
			  struct buf *bytes, struct manifest **ret_m,
			  struct sl_why *why) SL_MUST_USE;
/* Everything else of the package into dir_fd (files/ and tuf/ exist), then the
 * whole proof over what was written. */
int pull_release_stage(struct pull_source *s, const struct feed_entry *e,
		       const struct buf *manifest, int dir_fd, struct sl_why *why) SL_MUST_USE;

#endif
