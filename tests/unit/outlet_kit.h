/* outlet_kit.h - a small signed repository made on the spot, for the tests of link/ and
 * outlet/. */
#ifndef SL_TESTS_OUTLET_KIT_H
#define SL_TESTS_OUTLET_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "link/unit.h"
#include "trust/feed.h"
#include "trust/layout.h"
#include "trust/log_entry.h"
#include "trust/tlog_proof.h"
#include "trust/statement.h"
#include "trust/tuf_writer.h"

enum { OKIT_FILES_MAX = 2048, OKIT_SETS = 16, OKIT_LOGGED_MAX = 512 };

enum okit_person {
	OKIT_AUTHOR,
	OKIT_LIAISON,
	OKIT_LEADER,
	OKIT_DESK,
	OKIT_GATEWAY,
	OKIT_INSPECTOR,
	OKIT_PEOPLE
};

struct okit_role {
	const char *pid, *unit, *role;
	enum key_use use;
};
extern const struct okit_role okit_cast[OKIT_PEOPLE];

struct okit_set { /* a role of trust/layout.h below "rel" or "feed", in order of name */
	char name[LAYOUT_ROLE_MAX];
	json_t *targets; /* path -> target */
	int64_t version;
	bool dirty;
};

struct okit {
	char dir[64]; /* made by okit_new, removed by okit_free */
	int tree;     /* dir/tree: the repository */
	int64_t now;
	struct key *people[OKIT_PEOPLE];
	struct key *root, *targets, *policy, *rel, *feed, *snapshot, *timestamp, *link;
	struct key *log, *witness;
	struct merkle_frontier frontier;	  /* of the release log */
	struct log_entry logged[OKIT_LOGGED_MAX]; /* by the next commit */
	unsigned n_logged;
	struct buf policy_bytes;
	char policy_sha256[65];
	struct okit_set sets[OKIT_SETS];
	unsigned n_sets;
	json_t *feed_targets, *policy_targets; /* path -> target */
	int64_t rel_version, feed_version, policy_version, targets_version;
	int64_t snapshot_version, timestamp_version;
	bool rel_dirty, feed_dirty, policy_dirty;
	struct feed_page head;
	json_t *channels; /* of each item, by its id: where the feed numbers it */
	char files[OKIT_FILES_MAX][512]; /* written since the last unit */
	unsigned n_files;
	char removes[OKIT_FILES_MAX][512];
	unsigned n_removes;
	void (*bend)(json_t *manifest); /* before anybody signs a release, or NULL */
};
/* A repository with an empty feed and one approval policy, metadata written. */
void okit_new(struct okit *k, int64_t now);
/* The same with an approval policy whose persons are changed before it is signed. */
void okit_new_with(struct okit *k, int64_t now,
		   void (*people)(const struct okit *k, json_t *persons));
struct key *okit_key(enum key_use use, uint8_t n); /* deterministic */
void okit_free(struct okit *k);
/* Path of the trust root. */
void okit_root_path(const struct okit *k, char out[128]);
/* Add a release with one file; people who approve: liaison, leader, desk (mask of
 * 1u << enum okit_person; 0: all three). Metadata is not written yet. */
void okit_release(struct okit *k, const char *id, int64_t version, const char *channels,
		  const char *body, unsigned approvers);
/* Its parts: the blob and the manifest's bytes, with "one,or,more" channels; a feed entry,
 * numbered in the channels of the item. */
void okit_manifest(struct okit *k, const char *id, int64_t version, const char *channels,
		   const char *body, struct buf *out);
void okit_append(struct okit *k, const struct feed_entry *e);
/* Cancel it: target gone from its set, notice, feed entry, removals. */
void okit_recall(struct okit *k, const char *id, int64_t version);
/* The same in parts, so that each can go wrong: targets out of their bins … */
void okit_take_down(struct okit *k, const char *id, int64_t version, char ret_manifest[65]);
/* … and a notice with its feed entry, as the fields say. */
struct okit_notice {
	const char *id, *manifest_sha256;
	int64_t version;
	const char *order, *says; /* what the orders and the notice say */
	enum feed_status status;  /* what the feed says */
	unsigned by;		  /* who orders it: mask of 1u << enum okit_person */
	int64_t freeze;		  /* serial that the orders answer */
	int64_t order_time;	  /* added to the orders' time */
};
void okit_notice(struct okit *k, const struct okit_notice *n);
/* Write metadata with new versions for what changed; timestamp valid for ttl seconds. */
void okit_commit(struct okit *k, int64_t ttl);
/* All files written since the last unit as a sealed unit in PATH, signed by the
 * gateway's key or (signer not NULL) by another one. */
void okit_unit(struct okit *k, int64_t serial, const char *kind, const char *path,
	       const struct key *signer);
/* What outlet_kit*.c share: a file of the tree, noted for the next unit; a target,
 * that is a file named by its hash and its entry in the role's targets; the set with
 * this name, begun if need be; the feed's head. */
void okit_put(struct okit *k, const char *path, const void *bytes, size_t len);
void okit_put_target(struct okit *k, json_t *targets, const char *target, const struct buf *b);
struct okit_set *okit_set(struct okit *k, const char *name);
void okit_put_feed(struct okit *k);
/* The witness policy as a target; later, what waits in `logged` into the log, with tiles,
 * checkpoint and proofs. */
void okit_put_witness(struct okit *k);
void okit_log(struct okit *k, const char *id, int64_t version, enum log_kind kind,
	      const char *manifest, const char *attest);
void okit_put_log(struct okit *k);
void okit_put_checkpoint(struct okit *k); /* of the frontier as it is */
/* dirfd/path as text; caller frees. */
char *okit_read(int dirfd, const char *path);
void okit_write(int dirfd, const char *path, const void *bytes, size_t len);

#endif
