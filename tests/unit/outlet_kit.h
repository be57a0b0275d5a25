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
#include "trust/statement.h"
#include "trust/tuf_writer.h"

enum { OKIT_FILES_MAX = 256, OKIT_BINS = 16 };

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

struct okit {
	char dir[64]; /* made by okit_new, removed by okit_free */
	int tree;     /* dir/tree: the repository */
	int64_t now;
	struct key *people[OKIT_PEOPLE];
	struct key *root, *targets, *policy, *rel, *feed, *snapshot, *timestamp, *link;
	struct buf policy_bytes;
	char policy_sha256[65];
	json_t *bins[OKIT_BINS], *feed_targets, *policy_targets; /* path -> target */
	int64_t bin_version[OKIT_BINS], feed_version, policy_version, targets_version;
	int64_t snapshot_version, timestamp_version;
	bool bin_dirty[OKIT_BINS], feed_dirty, policy_dirty;
	struct feed_page head;
	char files[OKIT_FILES_MAX][512]; /* written since the last unit */
	unsigned n_files;
	char removes[OKIT_FILES_MAX][512];
	unsigned n_removes;
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
void okit_release(struct okit *k, const char *id, int64_t version, const char *channel,
		  const char *body, unsigned approvers);
/* Its parts: the blob and the manifest's bytes; a feed entry. */
void okit_manifest(struct okit *k, const char *id, int64_t version, const char *channel,
		   const char *body, struct buf *out);
void okit_append(struct okit *k, const struct feed_entry *e);
/* Cancel it: target gone from its bin, notice, feed entry, removals. */
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
 * that is a file named by its hash and its entry in the role's targets; the same in
 * the bin of its path; the feed's head. */
void okit_put(struct okit *k, const char *path, const void *bytes, size_t len);
void okit_put_target(struct okit *k, json_t *targets, const char *target, const struct buf *b);
void okit_put_bin_target(struct okit *k, const char *target, const struct buf *b);
void okit_put_feed(struct okit *k);
/* dirfd/path as text; caller frees. */
char *okit_read(int dirfd, const char *path);
void okit_write(int dirfd, const char *path, const void *bytes, size_t len);

#endif
