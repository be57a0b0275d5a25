/* casefile.h - one step of the repository while it is being proved and signed.
 *
 *   DATA/release/cases/<20 digits>/
 *     case.json     what this step does (below); written by the releaser
 *     tree/         the items' files and what the custodians signed, named as in the
 *                   repository; metadata comes after the check
 *     before/       feed.json, rel-2026-0001.json, head.json and the last tiles of the
 *                   release log as they were: the checker compares digests; targets.json,
 *                   whose keys sign this step
 *     checkpoint    the release log with this step's entries, signed by the log key
 *     successor/    of a correction: manifest and attestations of what takes the place
 *     checked       the checker's signatures and its cosignature of the log, or …
 *     refused       … why it will not sign, one line for people
 *     ready         empty: everything is signed, the step may be merged and sent
 *
 * Each side computes the metadata for itself (casefile_expect) from what was there, the
 * items and the time of the case, and signs only that.
 *
 * The number of a case is the version of timestamp.json that it creates and the
 * serial of its transfer unit: one step, one timestamp, one unit. */
#ifndef SL_RELEASE_CASEFILE_H
#define SL_RELEASE_CASEFILE_H

#include "release/delta.h"
#include "trust/log_entry.h"
#include "trust/roster.h"

enum {
	CASEFILE_NAME = 20,
	CASEFILE_MAX = 1 << 20,
	CASEFILE_RENEW_MAX = 64,
	CASEFILE_LINE_MAX = 320
};

enum casefile_kind { CASEFILE_INITIAL, CASEFILE_RELEASE, CASEFILE_NOTICE, CASEFILE_REFRESH };
const char *casefile_kind_name(enum casefile_kind k); /* as in transfer units */

struct casefile_item {
	struct delta_item delta;
	char draft[24]; /* release: whom to tell; the checker does not look at it */
	int64_t revision;
	int64_t order;	       /* notice: number in the store */
	char order_sha256[65]; /* for people; what counts are the orders in the notice */
};
struct casefile_mark { /* something else that goes into the log; version 0: not */
	int64_t version;
	char sha256[65];
};
/* Keys that the new approval policy ended, as the log names them, ascending.  What the
 * checker signs follows from its own list (release/ended.h). */
struct casefile_ended {
	char id[ROSTER_KEYS_MAX][LOG_KEY_ID + 1];
	unsigned n;
};
struct casefile_custodians { /* versions of what they sign that a case was made with */
	int64_t root, targets, policy;
};
struct casefile {
	int64_t number;
	struct casefile_custodians by;
	int64_t time; /* the releaser's now; every expiry follows from it */
	enum casefile_kind kind;
	/* Roles that get a new version though nothing in them changes. */
	char renew[CASEFILE_RENEW_MAX][LAYOUT_ROLE_MAX];
	unsigned n_renew;
	bool renew_all; /* every role: the custodians have changed the keys */
	struct casefile_item items[DELTA_ITEMS_MAX];
	unsigned n;
	/* Entries of the log beside the items: a new root; a new approval policy; the head of
	 * the audit log (its size and root hash). */
	struct casefile_mark root, policy, anchor;
	struct casefile_ended ended; /* only with a new approval policy */
	int64_t log_size;	     /* entries of the log before this case */
};
void casefile_name(int64_t number, char out[CASEFILE_NAME + 1]);
bool casefile_number(const char *name, int64_t *ret_number);
int casefile_write(const struct casefile *c, struct buf *out) SL_MUST_USE;
int casefile_parse(const void *bytes, size_t len, struct casefile *ret_c,
		   struct sl_why *why) SL_MUST_USE;
/* Does it add to the release log? */
bool casefile_logs(const struct casefile *c);
/* Does it change a role that needs the checker's signature? */
bool casefile_needs_checker(const struct casefile *c);

/* The roles of this case (delta_touch and what is to be renewed); ret_d was initialised. */
int casefile_touch(const struct casefile *c, const struct delta_known *k,
		   struct delta *ret_d) SL_MUST_USE;
struct casefile_proofs { /* files that follow from the cosigned log */
	struct delta_file checkpoint;
	struct delta_file proof[DELTA_ITEMS_MAX]; /* of releases */
};
/* The one right outcome of this case: bodies of all its roles. Before it, `before` of
 * the roles and the head are filled in.  proofs NULL: only whether it is possible. */
int casefile_expect(const struct casefile *c, const struct delta_keys *keys,
		    const struct casefile_proofs *proofs, struct delta *d,
		    struct sl_why *why) SL_MUST_USE;

/* `checked`: one signature for each role of the case, and the witness's line. */
struct casefile_signature {
	char role[LAYOUT_ROLE_MAX];
	char keyid[KEY_ID_HEX + 1];
	char sig[2 * KEY_SIGNATURE + 1];
};
struct casefile_answer {
	struct casefile_signature *list; /* owned; sorted by role */
	unsigned n;
	char cosignature[CASEFILE_LINE_MAX]; /* without its line end; "" when nothing is logged
					      */
};
int casefile_answer_write(int64_t number, const struct casefile_answer *a,
			  struct buf *out) SL_MUST_USE;
int casefile_answer_parse(const void *bytes, size_t len, int64_t number,
			  struct casefile_answer *ret_a) SL_MUST_USE;
void casefile_answer_release(struct casefile_answer *a);

#endif
