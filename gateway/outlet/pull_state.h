/* pull_state.h - how far a platform has come: DIR/.state/pull.json, replaced whole. */
#ifndef SL_OUTLET_PULL_STATE_H
#define SL_OUTLET_PULL_STATE_H

#include "outlet/pull_feed.h"

enum { PULL_STATE_WAITING_MAX = 1024 };

struct pull_state {
	struct pull_place at;
	/* Under embargo, ascending serial; their numbers go with at.channels. */
	struct feed_entry waiting[PULL_STATE_WAITING_MAX];
	unsigned n_waiting;
	bool dirty; /* differs from what is on disk */
};
/* A missing file is a fresh start; SL_E_CORRUPT when it is not what we wrote. */
int pull_state_load(int state_fd, struct pull_state *ret_s) SL_MUST_USE;
/* Durable when it returns; does nothing while not dirty. */
int pull_state_save(int state_fd, struct pull_state *s) SL_MUST_USE;
void pull_state_pass(struct pull_state *s, const struct feed_entry *e);
/* Keep an entry for later, or forget it. SL_E_LIMIT when too many wait. */
int pull_state_wait(struct pull_state *s, const struct feed_entry *e) SL_MUST_USE;
void pull_state_done(struct pull_state *s, int64_t serial);
/* Forget waiting entries of an item that a later entry speaks about. */
void pull_state_forget(struct pull_state *s, const char *id, int64_t before_serial);

#endif
