/* admit.h - may this unit become part of the tree?  Everything is proved before anything is
 * placed. */
#ifndef SL_OUTLET_ADMIT_H
#define SL_OUTLET_ADMIT_H

#include "outlet/overlay.h"
#include "trust/tlog_proof.h"

enum { ADMIT_PATH = TUF_PATH_MAX + 80 };

struct admit_listed {		   /* a snapshot all of whose files are in the tree */
	struct tuf_meta *snapshot; /* owned; NULL: none is known */
};
struct admit {
	struct overlay view;
	struct tuf_client *tuf;		   /* refreshed over the view */
	const struct buf *root;		   /* root.json that the outlet trusts; borrowed */
	const struct admit_listed *listed; /* the tree's snapshot, if known; borrowed */
	bool *place; /* owned: for each file of the unit, is it to be installed? */
	bool late;   /* older than the tree: fills in files, changes no metadata */
	bool stale;  /* judged as of its own time, because it came too late */
	int64_t now; /* the time everything is judged at */
	int64_t timestamp_version, timestamp_expires, feed_serial;
	struct tlog_policy *witness; /* owned: which checkpoints count */
	struct tlog_checkpoint log;  /* of the tree as it will be */
	int refs_fd;		     /* index of references (outlet/refs.h) */
};
/* Prove a unit whose signature is good.  `scratch_fd`/`scratch` is an empty
 * directory for the TUF client.  SL_E_UNREACHABLE: metadata that it builds on
 * is not here (yet); other errors: why says what is wrong with it. */
int admit_unit(struct admit *a, const char *scratch, int scratch_fd,
	       struct sl_why *why) SL_MUST_USE;
/* The notices that the unit places, and the releases that come back (admit_notice.c). */
int admit_notices(struct admit *a, struct sl_why *why) SL_MUST_USE;
void admit_release(struct admit *a);
/* After a unit that is not late was placed: its snapshot is the one that is there. */
void admit_listed_keep(const struct admit *a, struct admit_listed *l);
void admit_listed_drop(struct admit_listed *l);
/* The repository's file name of a target ("DIR/SHA256.NAME") as the target path
 * in metadata ("DIR/NAME"); false when it has another form. */
bool admit_target(const char *file, char ret_target[ADMIT_PATH], char ret_sha256[65]);
/* May this path of the unit's list of removals go? Only what no current role lists. */
bool admit_remove(struct admit *a, const char *path);

#endif
