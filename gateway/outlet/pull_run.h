/* pull_run.h - one platform, one outlet: from the command line to the published tree. */
#ifndef SL_OUTLET_PULL_RUN_H
#define SL_OUTLET_PULL_RUN_H

#include <stdbool.h>

#include "base/due.h"
#include "outlet/pull_hook.h"
#include "outlet/pull_release.h"
#include "outlet/pull_state.h"
#include "outlet/pull_store.h"

enum pull_event {
	PULL_RELEASED,
	PULL_WITHDRAWN,
	PULL_CORRECTED,
	PULL_REFUSED,
	PULL_STALE,
	PULL_UP_TO_DATE,
	PULL_BEHIND /* told as stale: the outlet says itself that it misses something */
};
const char *pull_event_name(enum pull_event e);

struct pull_options {
	const char *from, *trust, *into;
	const char *channel;  /* NULL: every channel */
	const char *exec;     /* hook program or NULL */
	const char *announce; /* NNG URL or NULL; for watching */
	unsigned interval_s;  /* longest pause while watching */
	bool watch, json;
	const struct config_list *optional; /* sandbox layers that may be missing; NULL: none */
};

struct pull_run { /* what the steps of one look share */
	const struct pull_options *o;
	struct pull_store store;
	struct pull_state state;
	struct pull_source source;
	struct pull_hook *hook;
	struct due_list due; /* of the metadata seen last */
	int64_t told;	     /* when a person was */
	unsigned changed, refused;
	bool behind; /* the outlet said so in this look */
};

/* The whole job; returns a code for cli_exit_code, with 0 for everything done
 * and SL_E_DENIED when something was refused, is stale, or its hook failed. */
int pull_run(const struct pull_options *o, struct sl_why *why) SL_MUST_USE;
/* Print one event: a line of JSON, or a sentence. e may be NULL; reason too. */
void pull_run_report(struct pull_run *p, enum pull_event event, const struct feed_entry *e,
		     const char *reason);

#endif
