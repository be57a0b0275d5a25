/* pull_store.h - what a platform holds on disk; the layout is fixed for scripts.
 *
 *   DIR/releases/ID/VERSION/{manifest.json,attest.intoto.jsonl,log.tlog-proof,files/NAME,tuf/…}
 *   DIR/live/ID -> ../releases/ID/VERSION      the version to show
 *   DIR/tombstones/ID.json                     recalled, and why
 *   DIR/.staging  DIR/.state                   ours */
#ifndef SL_OUTLET_PULL_STORE_H
#define SL_OUTLET_PULL_STORE_H

#include "base/json.h"
#include "trust/feed.h"

struct pull_store {
	int root, state, hooks, releases, live, tombstones, staging; /* directories */
	int lock;
	char dir[3072]; /* absolute */
};
/* Make what is missing, take the lock (SL_E_CONFLICT: another one runs), throw
 * away what an interrupted run staged. */
int pull_store_open(const char *dir, struct pull_store *ret_s, struct sl_why *why) SL_MUST_USE;
void pull_store_close(struct pull_store *s);

/* Highest version held of an item, 0 for none. */
int64_t pull_store_newest(struct pull_store *s, const char *id);
/* Version that the live link shows, 0 for none. */
int64_t pull_store_shown(struct pull_store *s, const char *id);
/* Is this very manifest held? SL_OK, SL_E_NOTFOUND, or SL_E_CONFLICT for another one. */
int pull_store_holds(struct pull_store *s, const struct feed_entry *e) SL_MUST_USE;

/* A fresh staging directory with files/ and tuf/ inside; fd or an error. */
int pull_store_stage(struct pull_store *s, const struct feed_entry *e) SL_MUST_USE;
/* Make the staged version part of releases/, durably and at once. */
int pull_store_commit(struct pull_store *s, const struct feed_entry *e) SL_MUST_USE;
void pull_store_unstage(struct pull_store *s, const struct feed_entry *e);
/* Point the live link at a version held, drop the tombstone; both durable. */
int pull_store_show(struct pull_store *s, const struct feed_entry *e) SL_MUST_USE;
/* Remove the live link; fine when there is none. */
int pull_store_hide(struct pull_store *s, const char *id) SL_MUST_USE;
/* Write tombstones/ID.json. */
int pull_store_bury(struct pull_store *s, const char *id, const json_t *tombstone) SL_MUST_USE;
/* Serial of the notice in the tombstone, 0 for none. */
int64_t pull_store_buried(struct pull_store *s, const char *id);
/* Version that the tombstone took down, 0 for none. */
int64_t pull_store_buried_version(struct pull_store *s, const char *id);

#endif
