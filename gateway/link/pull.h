/* pull.h - inside link/: one interface for taking units off the link, chosen by
 * link.mode.
 *
 *   open (before the sandbox) -> paths -> sandbox -> start -> step, step, ... -> close */
#ifndef SL_LINK_PULL_H
#define SL_LINK_PULL_H

#include "base/config.h"
#include "base/wake.h"
#include "link/quarantine.h"
#include "sandbox/role.h"

struct pull { /* what every mode works with; all borrowed */
	const struct outlet_config *config;
	struct quarantine *quarantine;
	int state; /* directory */
	struct wake *wake;
	bool full; /* said so already */
	bool news; /* something whole arrived: worth a report at once */
};
struct pull_mode {
	const char *name, *profile; /* of the sandbox */
	/* Everything that needs rights; *ret_state is the mode's own. */
	int (*open)(struct pull *p, void **ret_state, struct sl_why *why);
	/* What it will touch besides quarantine, state and status; may keep room in
	 * `text`. */
	int (*paths)(const struct outlet_config *c, struct role_paths *paths, char *text,
		     size_t cap, struct sl_why *why);
	int (*start)(void *state, struct sl_why *why); /* may begin threads */
	/* Wait a moment and take what is there; an error ends the role. */
	int (*step)(void *state);
	/* Add what the mode knows to the receiver's status; also the moment to make durable
	 * what must be. NULL: nothing. */
	void (*report)(void *state, json_t *status);
	void (*close)(void *state); /* NULL is fine */
};
extern const struct pull_mode pull_stream_mode, pull_directory_mode, pull_udp_mode;
const struct pull_mode *pull_mode_named(const char *name); /* NULL: no such mode */

/* Log what became of a unit, and mark news. r as inbox_frame and assemble_symbol say. */
void pull_taken(struct pull *p, int64_t serial, int r);
/* Is there room?  Says in the log when that changes. */
bool pull_room(struct pull *p);

#endif
