/* proof.h - the proof that one item of a case may be published (or must be recalled).
 *
 * The same function runs in the releaser after it has written the case and in the
 * checker before it signs.  It reads nothing but the case directory and the roster. */
#ifndef SL_RELEASE_PROOF_H
#define SL_RELEASE_PROOF_H

#include "release/casefile.h"
#include "release/tree.h"
#include "trust/roster.h"
#include "trust/statement.h"
#include "trust/tlog_proof.h"

enum { PROOF_AGE_S = 3600 /* a release statement older than this must be made anew */ };

/* case_fd: the case directory.  Manifest and attestations have the digests named,
 * fit each other, and satisfy the approval rule (package_judge); every blob is
 * there with its length and digest.  `files` receives the paths below tree/ that
 * belong to this item.  SL_E_CORRUPT, SL_E_SIGNATURE, SL_E_DENIED, SL_E_EXPIRED,
 * SL_E_FORMAT, with a sentence. */
/* The item's channels are those of its manifest, a notice's those of the manifest that it
 * is about: proof_about_path in the case, unless it brings the item back. */
int proof_item(int case_fd, const struct casefile_item *it, const struct roster *roster,
	       int64_t now, struct tree_list *files, struct sl_why *why) SL_MUST_USE;
/* Every order that answers a freeze answers the present one, as far as `head` (the feed
 * before this case) reaches back.  The items have passed proof_item. */
int proof_follows(int case_fd, const struct casefile *c, const struct feed_page *head,
		  struct sl_why *why) SL_MUST_USE;
/* What a notice brings back is proved to be in the release log, by the very file that was
 * published: an entry of exactly this manifest and these attestations.  Nothing to do
 * for other items. */
int proof_logged(int case_fd, const struct casefile_item *it, const struct tlog_policy *witness,
		 struct tree_list *files, struct sl_why *why) SL_MUST_USE;
/* Manifest of a release item, read from DIRFD/"targets/…" and compared with its digest. */
int proof_manifest(int dirfd, const struct delta_item *it, struct manifest **ret_m,
		   struct sl_why *why) SL_MUST_USE;
/* "about/<sha256>.manifest.json" in a case: the manifest that a notice is about. */
enum { PROOF_ABOUT_PATH = 96 };
void proof_about_path(const char *sha256, char out[PROOF_ABOUT_PATH]);
/* "blobs/ab/<sha256>"; out has at least 80 bytes. */
void proof_blob_path(const char *sha256, char out[80]);

#endif
