/* forge.h - one tree with an honest release and one that is validly signed but for an attack.
 *
 * Whoever holds every key of the gateway writes this: metadata, feed and release
 * statement are always good.  What is wrong is what reviewers signed, or who they are. */
#ifndef SL_TESTS_ATTACK_FORGE_H
#define SL_TESTS_ATTACK_FORGE_H

#include "outlet_kit.h"
#include "ssh_kit.h"

enum { FORGE_LINES = 8 };

/* Keys that the rosters of attacks give to people beside their own. */
enum forge_key { FORGE_SECOND = 90, FORGE_THIRD, FORGE_AUTHOR_KEY, FORGE_SSH };

struct forge {
	struct okit k;
	const char *id; /* R-2026-000002 */
	char subject[65];
	struct buf manifest;
	struct buf line[FORGE_LINES];
	char sha256[FORGE_LINES][65];
	unsigned n;
	const char *author, *submitter; /* pids in the submission */
	enum okit_person submits;	/* whose key signs it */
	int64_t revision;
};

struct forge_attack {
	const char *name;
	void (*people)(const struct okit *k, json_t *persons); /* changes the roster */
	/* Adds the third approval, after submission, inspection, liaison and leader. */
	void (*approve)(struct forge *f);
	/* Or does everything after the honest release itself. */
	void (*make)(struct forge *f);
};
extern const struct forge_attack forge_approvals[], forge_trees[]; /* end with name NULL */

/* A roster in which the author holds the desk's role and a second key. */
void forge_author_reviews(const struct okit *k, json_t *persons);

/* Sign a predicate (taken) and add it as an envelope. */
void forge_say(struct forge *f, const struct key *key, enum predicate kind, json_t *predicate);
/* Add an envelope made elsewhere. */
void forge_line(struct forge *f, const struct buf *line);
/* A good approval's facts. */
struct approval_facts forge_facts(const struct forge *f, const char *role);
void forge_approve(struct forge *f, const struct key *key, const char *role);
/* The release with the usual first two approvals and what `approve` adds. */
void forge_release(struct forge *f, void (*approve)(struct forge *f));
/* Targets and feed entry of f->manifest with these attestations. */
void forge_publish(struct forge *f, const struct buf *attest);

#endif
