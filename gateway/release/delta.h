/* delta.h - what a release or a notice changes in the signed metadata.
 *
 * One function computes it for the releaser, who writes the result, and for the
 * checker, who accepts nothing but the same result. */
#ifndef SL_RELEASE_DELTA_H
#define SL_RELEASE_DELTA_H

#include "base/buf.h"
#include "base/json.h"
#include "trust/feed.h"
#include "trust/tuf.h"

/* Delegated roles that releaser and checker sign: 16 bins, then the feed. */
enum {
	DELTA_FEED = TUF_BINS,
	DELTA_ROLES = TUF_BINS + 1,
	DELTA_ITEMS_MAX = 64,
	DELTA_VERSIONS_MAX = 64
};
const char *delta_role_name(unsigned role); /* "rel-0" … "rel-f", "feed" */

struct delta_file {
	char sha256[65];
	int64_t length;
};
struct delta_item {
	enum feed_kind kind;
	enum feed_status status;
	char id[32];
	int64_t version, serial;
	struct delta_file
		manifest; /* a notice: only the digest, unless it brings the item back */
	struct delta_file attest; /* release, or a notice that brings one back */
	struct delta_file notice; /* notice only */
};

/* Target paths, TUF_PATH_MAX bytes. */
void delta_manifest_path(const struct delta_item *it, int64_t version, char *out);
void delta_attest_path(const struct delta_item *it, int64_t version, char *out);
void delta_notice_path(const struct delta_item *it, char *out);
/* Where a target's file lies in a repository: "targets/DIR/SHA256.NAME"; out has TUF_PATH_MAX +
 * 80 bytes. */
enum { DELTA_FILE_MAX = TUF_PATH_MAX + 80 };
void delta_file_path(const char *target, const char *sha256, char *out);

/* Bit i: role i gets a new version because of these items.  A notice looks at
 * the bins of this and up to DELTA_VERSIONS_MAX - 1 earlier versions of its item. */
uint32_t delta_roles(const struct delta_item *items, unsigned n);

struct delta_result {
	json_t *targets[DELTA_ROLES]; /* owned; new "targets" of each role in `roles` */
	struct feed_page head;
	struct buf head_bytes; /* feed/head.json; empty when n == 0 */
	struct buf page_bytes; /* feed/PAGE.json that became full, or empty */
	char page[16];
};
/* `before`: "targets" of at least the roles in delta_roles(), borrowed; `head`: the
 * feed page they list.  SL_E_EXISTS: such a release is there already.  SL_E_REPLAY:
 * an older version than the feed has seen, or a serial that is not the next one.
 * On failure nothing needs to be released. */
int delta_apply(const json_t *const before[DELTA_ROLES], const struct feed_page *head,
		const struct delta_item *items, unsigned n, struct delta_result *ret,
		struct sl_why *why) SL_MUST_USE;
/* The first state: empty bins and a feed without entries. */
int delta_initial(struct delta_result *ret) SL_MUST_USE;
void delta_release(struct delta_result *d);

#endif
