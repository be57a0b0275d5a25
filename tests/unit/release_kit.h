/* release_kit.h - a demo set, a store with approved drafts, and a checker in the same process.
 */
#ifndef SL_TEST_RELEASE_KIT_H
#define SL_TEST_RELEASE_KIT_H

#include "base/config.h"
#include "link/unit.h"
#include "release/line.h"
#include "release/verify.h"

struct kit {
	char dir[64]; /* the demo set */
	struct gateway_config *c;
	struct store *desk; /* writes what authors, inspector and reviewers do */
	struct key *key[6]; /* author, liaison, unit-leader, desk, inspector, witness */
	struct signers checker;
	struct chain *chain;
	unsigned drafts;
	int64_t ahead; /* seconds that kit_run and kit_check are ahead of the clock */
};
enum { KIT_AUTHOR, KIT_LIAISON, KIT_LEADER, KIT_DESK, KIT_INSPECTOR, KIT_WITNESS };

void kit_open(struct kit *k);
void kit_open_below(struct kit *k, const char *base);
void kit_close(struct kit *k);

struct kit_draft {
	char id[24], release[24], manifest[65], blob[65], report[65];
};
struct kit_options {
	const char *body;	  /* default: text that names the draft's number */
	int64_t approvals_end;	  /* default: now + one day */
	const char *channels[16]; /* default: official-site alone */
	unsigned skip;		  /* bit i: approver i (liaison, leader, desk) is missing */
};
/* A draft with everything signed, in state APPROVED. */
void kit_approved(struct kit *k, const struct kit_options *o, struct kit_draft *ret);
enum draft_state kit_state(struct kit *k, const struct kit_draft *d);
/* A signed order in the store. */
void kit_order(struct kit *k, const struct kit_draft *d, const char *action);
/* The same by the person with this key (KIT_LIAISON …), answering that freeze. */
void kit_order_by(struct kit *k, const struct kit_draft *d, const char *action, unsigned who,
		  int64_t freeze);

/* One look of the checker into cases/; the error it answers with, 1 when there was nothing to
 * do. */
int kit_check(struct kit *k);
/* Steps of line and checker until both are idle; fails the test after 200. */
void kit_run(struct kit *k, struct line *l);
/* The feed's head in release/repo; its next serial. */
void kit_head(struct kit *k, struct feed_page *ret);
int64_t kit_next_serial(struct kit *k);
/* Take a unit apart with the outlet's key; SL_E_NOTFOUND when it is not in the outbox.
 * Files land below DIR/unit, named by their index. */
int kit_unit(struct kit *k, int64_t serial, int priority, struct unit *ret_u);

#endif
