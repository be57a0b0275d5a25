/* finish_private.h - shared by the finish*.c files only. */
#ifndef SL_RELEASE_FINISH_PRIVATE_H
#define SL_RELEASE_FINISH_PRIVATE_H

#include "release/finish.h"
#include "release/log_step.h"

/* A recall overtakes units that still wait, so it carries what its snapshot lists
 * (`meta`) and its feed refers to as far as the outlet may not have it yet: everything
 * that came since the oldest unit in the outbox was written, and in the last day.
 * (An outlet that got nothing for a day is stale anyway: no platform shows more.) */
int finish_current(const struct finish *f, int tree_fd, const json_t *meta,
		   int64_t now) SL_MUST_USE;
/* Write `ready` with the list of files that this step takes away. */
int finish_ready(const struct finish *f, int case_fd, int tree_fd, const struct casefile *c,
		 const struct repo *repo, int64_t now) SL_MUST_USE;
int finish_removes(int case_fd, struct tree_list *ret) SL_MUST_USE;
/* Blobs of all versions that a notice takes away; fn is called once for each. */
int finish_recalled(const struct finish *f, const struct delta_item *d,
		    int (*fn)(const struct finish *f, const struct delta_item *d,
			      const char *sha256, void *arg),
		    void *arg) SL_MUST_USE;
/* The case's log step again, with the note that log and witness have signed: it satisfies
 * the witness policy.  `s` was initialised. */
int finish_log(const struct finish *f, int case_fd, const struct casefile *c,
	       const struct chain *chain, const char *cosignature, struct log_step *s,
	       struct sl_why *why) SL_MUST_USE;
/* Checkpoint and proofs into the tree; remember what is signed. */
int finish_log_write(const struct finish *f, int tree_fd, const struct casefile *c,
		     const struct log_step *s) SL_MUST_USE;

#endif
