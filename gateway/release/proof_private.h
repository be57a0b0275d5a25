/* proof_private.h - shared by proof.c and proof_notice.c only. */
#ifndef SL_RELEASE_PROOF_PRIVATE_H
#define SL_RELEASE_PROOF_PRIVATE_H

#include "release/proof.h"

/* Read dirfd/"targets/…" of this target; digest and length must be as named. */
int proof_read_target(int dirfd, const char *target, const struct delta_file *f, size_t max,
		      struct buf *out, struct sl_why *why) SL_MUST_USE;
int proof_note_target(struct tree_list *files, const char *target,
		      const char *sha256) SL_MUST_USE;
/* Manifest, attestations and blobs in the tree.  `again`: the item was published before
 * and comes back, so its release statement is an old one. */
int proof_package(int tree_fd, const struct casefile_item *it, const struct roster *roster,
		  bool again, int64_t now, struct tree_list *files,
		  struct sl_why *why) SL_MUST_USE;
/* The item is numbered in exactly the channels that its manifest names. */
int proof_channels(const struct delta_item *it, const struct manifest *m,
		   struct sl_why *why) SL_MUST_USE;
int proof_notice(int case_fd, int tree_fd, const struct casefile_item *it,
		 const struct roster *roster, int64_t now, struct tree_list *files,
		 struct sl_why *why) SL_MUST_USE;

#endif
