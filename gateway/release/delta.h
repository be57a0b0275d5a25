/* delta.h - what a release or a notice changes in the signed metadata.
 *
 * One function computes it for the releaser and for the checker: each signs nothing
 * but what it computed itself.  Only the roles that the items touch are looked at
 * (trust/layout.h), so a step costs the same after 100,000 releases as after ten. */
#ifndef SL_RELEASE_DELTA_H
#define SL_RELEASE_DELTA_H

#include "base/buf.h"
#include "base/json.h"
#include "trust/feed.h"
#include "trust/layout.h"
#include "trust/tuf.h"

enum {
	DELTA_ITEMS_MAX = 64,
	DELTA_VERSIONS_MAX = 64,
	DELTA_ROLES_MAX = 3800, /* of one step: all of its files fit a transfer unit */
	DELTA_FEED_S = 7 * 24 * 3600,
	DELTA_SET_S = 30 * 24 * 3600 /* every other role (trust.md section 2) */
};

struct delta_file {
	char sha256[65];
	int64_t length;
};
struct delta_channel {
	char name[FEED_CHANNEL_NAME];
	uint32_t serial;
};
struct delta_item {
	enum feed_kind kind;
	enum feed_status status;
	char id[32];
	int64_t version, serial;
	/* Serials in the channels of the item, a notice: of the release it is about. */
	struct delta_channel channel[MANIFEST_CHANNELS_MAX];
	unsigned n_channels;
	/* A notice: only the digest of what it is about, unless it brings that back. */
	struct delta_file manifest;
	struct delta_file attest; /* release, or a notice that brings one back */
	struct delta_file notice; /* notice only */
	struct delta_file proof;  /* log.tlog-proof, where there are attestations */
};

/* Target paths, TUF_PATH_MAX bytes. */
void delta_manifest_path(const struct delta_item *it, int64_t version, char *out);
void delta_attest_path(const struct delta_item *it, int64_t version, char *out);
void delta_proof_path(const struct delta_item *it, int64_t version, char *out);
void delta_notice_path(const struct delta_item *it, char *out);
/* Where a target's file lies in a repository: "targets/DIR/SHA256.NAME"; out has TUF_PATH_MAX +
 * 80 bytes. */
enum { DELTA_FILE_MAX = TUF_PATH_MAX + 80 };
void delta_file_path(const char *target, const char *sha256, char *out);

/* Keys of "rel" and "feed" as targets.json names them; their sets have the same. */
struct delta_keys {
	struct tuf_role rel, feed;
};
int delta_keys_load(const struct tuf_meta *targets, struct delta_keys *ret,
		    struct sl_why *why) SL_MUST_USE;
const struct tuf_role *delta_keys_of(const struct delta_keys *k, const char *role);

struct delta_role {
	char name[LAYOUT_ROLE_MAX];
	bool begins;		 /* it does not exist before this step */
	struct tuf_meta *before; /* owned; NULL when it begins */
	int64_t version;	 /* from here on: of delta_apply */
	int64_t expires;
	json_t *body; /* owned; what is to be signed */
};
struct delta { /* one step; {.n = 0} before delta_touch, delta_release at the end */
	struct delta_role *role; /* sorted by name */
	unsigned n, cap;
	struct feed_page head;	      /* the feed's head; delta_apply makes it the new one */
	struct buf head_bytes;	      /* feed/head.json, or empty when it stays as it is */
	struct buf page_bytes;	      /* page that became full, or empty */
	char page[16];		      /* its name */
	struct delta_file checkpoint; /* log/checkpoint; sha256 \"\": stays as it is */
};
/* Which roles are there already, for whoever asks. */
struct delta_known {
	bool (*has)(void *arg, const char *role);
	/* Every role that releaser and checker sign; stops at the first error. */
	int (*each)(void *arg, int (*fn)(void *to, const char *role), void *to);
	void *arg;
};

void delta_init(struct delta *d);
void delta_release(struct delta *d);
/* Add a role, once. SL_E_LIMIT, SL_E_FORMAT for a name that is no role of ours. */
int delta_add(struct delta *d, const char *role, const struct delta_known *k) SL_MUST_USE;
/* Add what these items touch: the feed, their sets, and "rel" when a set begins. */
int delta_touch(struct delta *d, const struct delta_item *items, unsigned n,
		const struct delta_known *k) SL_MUST_USE;
struct delta_role *delta_find(const struct delta *d, const char *role); /* or NULL */

/* With `before` of every role that does not begin, and `head` as the feed lists it
 * (looked at when there are items): bodies of all roles, made at `time`.  Roles that no
 * item touches only get a new version.  SL_E_EXISTS: such a release is there already.
 * SL_E_REPLAY: an older version than the feed has seen, or a serial that is not the
 * next one, of the feed or of a channel.  SL_E_CORRUPT: a set that begins is delegated to
 * already. */
int delta_apply(struct delta *d, const struct delta_keys *keys, const struct delta_item *items,
		unsigned n, int64_t time, struct sl_why *why) SL_MUST_USE;
/* "targets/feed/SHA256.head.json" and "targets/feed/SHA256.p000012.json". */
void delta_page_path(const char *name, const struct buf *bytes, char *out);

#endif
