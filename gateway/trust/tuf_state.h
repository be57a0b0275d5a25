/* tuf_state.h - the client's directory of trusted metadata; shared by the tuf_*client* files
 * only. */
#ifndef SL_TRUST_TUF_STATE_H
#define SL_TRUST_TUF_STATE_H

#include "trust/tuf_client.h"
#include "trust/tuf_private.h"

enum {
	TUF_CACHE_KEPT = 16, /* roles that stay loaded from one search to the next */
	TUF_CACHE_MAX = TUF_CACHE_KEPT + TUF_DELEGATIONS + 1,
	TUF_FILE_NAME_MAX = 3 * TUF_ROLE_MAX + 32
};

struct tuf_cached {
	char role[TUF_ROLE_MAX];
	struct tuf_meta *meta;
	/* Under whose keys it was verified last: targets or another one of these; NULL when
	 * that one was dropped. */
	const struct tuf_meta *parent;
};

struct tuf_client {
	int dir;
	struct tuf_fetcher fetch;
	int64_t now;
	bool fresh; /* the last refresh succeeded */
	struct tuf_meta *root, *timestamp, *snapshot, *targets;
	struct tuf_cached delegated[TUF_CACHE_MAX]; /* the one used last comes last */
	unsigned n_delegated;
	const struct tuf_meta *known; /* a snapshot; borrowed, NULL: none */
};

/* "<version>.<role>.json", the role percent-encoded so that no name leaves its
 * directory; version 0: without. */
void tuf_state_name(const char *role, int64_t version, char out[TUF_FILE_NAME_MAX]);
/* Read and parse a stored file.  SL_E_NOTFOUND; SL_E_CORRUPT. */
int tuf_state_load(struct tuf_client *c, const char *role, const char *type, struct buf *bytes,
		   struct tuf_meta **ret_m) SL_MUST_USE;
int tuf_state_store(struct tuf_client *c, const char *role,
		    const struct buf *bytes) SL_MUST_USE;
/* A missing file is fine. */
int tuf_state_remove(struct tuf_client *c, const char *role) SL_MUST_USE;

/* FOLDER/NAME of the repository ("metadata" or "targets"). */
int tuf_state_fetch(const struct tuf_client *c, const char *folder, const char *name,
		    size_t max, struct buf *out) SL_MUST_USE;

/* 5.3: walk to the newest root. */
int tuf_client_update_root(struct tuf_client *c, struct sl_why *why) SL_MUST_USE;
/* Drop the delegated roles that were used longest ago, so that a search finds room; not
 * while one goes on: it holds pointers into them. */
void tuf_client_trim(struct tuf_client *c);
/* Metadata of a delegated role, verified under this parent's delegation; cached. */
int tuf_client_delegated(struct tuf_client *c, const struct tuf_meta *parent, const char *role,
			 const struct tuf_meta **ret_m, struct sl_why *why) SL_MUST_USE;
/* Forget what a change of keys makes untrustworthy, then trust and store `next`
 * (taken on success). */
int tuf_client_adopt_root(struct tuf_client *c, struct tuf_meta *next,
			  const struct buf *bytes) SL_MUST_USE;

#endif
