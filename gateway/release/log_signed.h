/* log_signed.h - the last checkpoint of the release log that was witnessed, kept twice.
 *
 *   DATA/release/log-signed        goes into backups with the rest of DATA/release
 *   DATA/log-signed/checkpoint     never does
 *
 * A log may say one thing only about each of its sizes.  Whoever restores an old copy of
 * DATA/release finds in the other place that more was signed already, and signs nothing.
 * (A checkpoint that only the log key has signed is nothing: it lies in a case that the
 * checker, who is the witness, has not taken or will not take.) */
#ifndef SL_RELEASE_LOG_SIGNED_H
#define SL_RELEASE_LOG_SIGNED_H

#include "trust/tlog_proof.h"

/* Size 0 when neither place has one.  SL_E_STATE when they differ or one is missing,
 * with a sentence for the operator; SL_E_CORRUPT when a note does not satisfy the policy. */
int log_signed_load(int release_fd, int signed_fd, const struct tlog_policy *p,
		    struct tlog_checkpoint *ret_c, struct sl_why *why) SL_MUST_USE;
/* Both durable when it returns, the one that no backup has first. */
int log_signed_save(int release_fd, int signed_fd, const struct buf *note) SL_MUST_USE;

#endif
