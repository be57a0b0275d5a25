/* repo.h - the releaser's own copy of the public tree, without blobs: DATA/release/repo.
 *
 * This copy is the truth about what was released: its timestamp.json names the
 * last finished case.  Blobs stay in objects/; which live release uses which one stands
 * in DATA/release/refs (trust/blob_refs.h). */
#ifndef SL_RELEASE_REPO_H
#define SL_RELEASE_REPO_H

#include "release/casefile.h"
#include "release/tree.h"
#include "trust/statement.h"

enum { REPO_KEEP_S = 2 * 24 * 3600 /* superseded files stay two timestamp lifetimes */ };

struct repo {
	int fd; /* borrowed */
	struct tuf_meta *timestamp, *snapshot;
	int64_t root, targets, policy; /* versions of what the custodians sign */
};
/* SL_E_NOTFOUND before the first case was merged; SL_E_CORRUPT when it does not hang together.
 */
int repo_load(int fd, struct repo **ret_r, struct sl_why *why) SL_MUST_USE;
void repo_free(struct repo *r);
int64_t repo_number(const struct repo *r); /* of the last merged case; 0 for NULL */
/* "metadata/12.rel-2026-0001.json" */
enum { REPO_ROLE_PATH = 80 };
void repo_role_path(const char *role, int64_t version, char out[REPO_ROLE_PATH]);
/* Version of a role as the snapshot lists it; 0: there is no such role (or repo). */
int64_t repo_version(const struct repo *r, const char *role);
/* Current metadata of a role, and the feed's head page with its bytes. */
int repo_role(const struct repo *r, const char *role, struct tuf_meta **ret_m,
	      struct sl_why *why) SL_MUST_USE;
int repo_head(const struct repo *r, const struct tuf_meta *feed, struct feed_page *ret_p,
	      struct buf *bytes, struct sl_why *why) SL_MUST_USE;
/* The step that this case is, ready for casefile_expect: its roles with what they said
 * before, and the head.  `head_bytes` may be NULL.  r is NULL for the initial case.
 * ret_d was initialised. */
int repo_delta(const struct repo *r, const struct casefile *c, struct delta *ret_d,
	       struct buf *head_bytes, struct sl_why *why) SL_MUST_USE;
/* Of the roles whose metadata has less than half of its life left at `now`, those that
 * expire first: names into c->renew, at most CASEFILE_RENEW_MAX.  Looks at the first
 * bytes of one file a role. */
int repo_expiring(const struct repo *r, int64_t now, struct casefile *c,
		  struct sl_why *why) SL_MUST_USE;

/* Superseded metadata, feed heads, checkpoints and partial tiles whose successor is older
 * than REPO_KEEP_S; at most TREE_FILES_MAX / 2 of them. */
int repo_superseded(const struct repo *r, int64_t now, struct tree_list *ret) SL_MUST_USE;
int repo_superseded_tiles(const struct repo *r, int64_t now, struct tree_list *list)
	SL_MUST_USE; /* part of it; adds to the list */

#endif
