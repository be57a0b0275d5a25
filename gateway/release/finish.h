/* finish.h - from a case that the checker has signed to a merged and sent one.
 *
 *   offered ─checked─▶ ready ─unit in the outbox─▶ merged ─store told─▶ gone
 *
 * Each step may be repeated after a crash: what is there is kept, what is missing
 * is made again from the same files.  Only finish_complete chooses anything (the
 * expiry of snapshot and timestamp), and its results count from `ready` on. */
#ifndef SL_RELEASE_FINISH_H
#define SL_RELEASE_FINISH_H

#include "release/build.h"

enum { FINISH_SNAPSHOT_S = 7 * 24 * 3600, FINISH_TIMESTAMP_S = 24 * 3600 };

struct finish {
	int release_fd;				    /* DATA/release */
	int cases_fd, repo_fd, refs_fd, waiting_fd; /* below it */
	int outbox_fd;				    /* DATA/outbox */
	int signed_fd;				    /* DATA/log-signed */
	const struct build_keys *keys;
	const uint8_t *outlet; /* public link key that units are sealed to */
	struct store *store;
};

/* Read case.json of the case with this number. */
int finish_load(const struct finish *f, int64_t number, int *ret_case_fd,
		struct casefile *ret_c, struct sl_why *why) SL_MUST_USE;
/* Compute the metadata, sign it, add the checker's signatures, prove both thresholds,
 * write hints, snapshot and timestamp, then `ready`.  SL_E_SIGNATURE when the answer
 * does not verify. */
int finish_complete(const struct finish *f, int case_fd, const struct casefile *c,
		    const struct repo *repo, const struct chain *chain, int64_t now,
		    struct sl_why *why) SL_MUST_USE;
/* The transfer unit, sealed and durable in the outbox, unless it is there or was sent. */
int finish_unit(const struct finish *f, int case_fd, const struct casefile *c,
		struct sl_why *why) SL_MUST_USE;
/* New files into release/repo, timestamp.json last; old ones out. */
int finish_merge(const struct finish *f, int case_fd, const struct casefile *c,
		 struct sl_why *why) SL_MUST_USE;
/* Move the drafts, close the orders. */
int finish_tell(const struct finish *f, const struct casefile *c,
		struct sl_why *why) SL_MUST_USE;
/* Remove the case; a release is remembered in release/waiting until it is sent. */
int finish_clean(const struct finish *f, int case_fd, const struct casefile *c) SL_MUST_USE;
/* Units that have left the outbox: their drafts become SENT. */
int finish_sent(const struct finish *f) SL_MUST_USE;
/* Number of the case that waits, 0 for none; leftovers of unfinished ones are removed. */
int finish_pending(const struct finish *f, int64_t *ret_number) SL_MUST_USE;

#endif
