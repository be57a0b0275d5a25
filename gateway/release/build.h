/* build.h - the releaser puts one case together, up to what is to be signed. */
#ifndef SL_RELEASE_BUILD_H
#define SL_RELEASE_BUILD_H

#include "crypto/key.h"
#include "release/casefile.h"
#include "release/chain.h"
#include "release/repo.h"
#include "release/routes_signed.h"
#include "release/signers.h"
#include "release/verify.h"
#include "store/store.h"

struct build_keys {
	struct signers own; /* rel and feed */
	struct key *snapshot, *timestamp, *gateway, *log;
};

enum {
	BUILD_BATCH_FILES = 1000 /* no further release joins a case with more files than this */
};
#define BUILD_BATCH_BYTES (UINT64_C(64) << 20)

struct build {
	/* borrowed: DATA/release/cases, DATA/release, DATA/log-signed */
	int cases_fd, release_fd, signed_fd;
	struct store *store;	 /* NULL for cases without items */
	const struct repo *repo; /* NULL for the initial case */
	const struct chain *chain;
	const struct routes_signed *routes; /* of a case of releases */
	const char *repository;		    /* directory with the custodians' signed files */
	const struct build_keys *keys;
	int64_t now;
	/* filled by build_begin */
	int case_fd, tree_fd;
	char name[CASEFILE_NAME + 10]; /* while unfinished */
	struct casefile c;
	int64_t next_serial;
	struct feed_channels channels; /* the serial that comes next in each */
	uint64_t bytes;
	struct tree_list files; /* of the items so far */
};
/* Start an empty case directory under a temporary name; what lay there is removed. */
int build_begin(struct build *b, enum casefile_kind kind, struct sl_why *why) SL_MUST_USE;
/* Prove the draft from the store's bytes and add it.  Nothing stays added on
 * failure.  SL_E_DENIED, SL_E_EXPIRED: the approval rule or the route is not (any more) met.
 * SL_E_CORRUPT, SL_E_SIGNATURE, SL_E_FORMAT, SL_E_NOTFOUND, SL_E_LIMIT: the stored
 * case is broken.  SL_E_FULL: the case has no room for it; take the next one. */
int build_release(struct build *b, const struct draft *d, struct sl_why *why) SL_MUST_USE;
int build_notice(struct build *b, const struct order *o, struct sl_why *why) SL_MUST_USE;
/* Before build_finish, c.renew and c.renew_all may name roles to sign again although
 * nothing in them changes. */
/* Prove that the step is possible, write case.json, make all durable and give the case
 * its name.  From now on it exists. */
int build_finish(struct build *b, struct sl_why *why) SL_MUST_USE;
/* Close; an unfinished case is removed. */
void build_end(struct build *b);

#endif
