/* line.h - the releaser's work, one step at a time: orders, releases, refreshes.
 *
 * All state is on the disk, so a line may be dropped between (or inside) any two
 * steps and another one opened in its place. */
#ifndef SL_RELEASE_LINE_H
#define SL_RELEASE_LINE_H

#include "base/config.h"
#include "release/finish.h"
#include "release/routes_signed.h"

enum { LINE_BACKOFF_S = 30 };

struct line {
	const struct gateway_config *c;
	struct chain_source source;
	struct chain *chain;
	struct routes_signed routes;
	int complaint; /* about them, said once */
	struct repo *repo;
	struct build_keys keys;
	uint8_t outlet[KEY_PUBLIC];
	struct store *store;
	struct finish f;
	unsigned singly;    /* after a refused batch: this many cases with one item each */
	int64_t not_before; /* after a refusal that is nobody's fault */
	/* Head of the audit log (size and root hash), which the caller keeps up to date: the
	 * next refresh anchors it in the release log, unless the checker has refused one. */
	struct casefile_mark anchor;
	int64_t anchored; /* size that was anchored last */
	bool no_anchor;
};
enum line_step { LINE_IDLE, LINE_DID, LINE_WAITS /* for the checker */ };

/* Load keys, open the store and DATA/release. `c` is borrowed. */
int line_open(const struct gateway_config *c, struct line *ret_l,
	      struct sl_why *why) SL_MUST_USE;
void line_close(struct line *l);
/* Do the next thing there is to do. */
int line_step(struct line *l, int64_t now, enum line_step *ret_step,
	      struct sl_why *why) SL_MUST_USE;

#endif
