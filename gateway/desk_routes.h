/* desk_routes.h - routes, channels and clocks of the rules in force, while the desk runs. */
#ifndef SL_DESK_ROUTES_H
#define SL_DESK_ROUTES_H

#include <sys/stat.h>

#include "base/config.h"
#include "policy/clocks.h"
#include "policy/routes.h"

struct desk_routes {
	const struct gateway_config *config;
	struct routes *now;    /* owned */
	struct clocks *clocks; /* owned */
	struct timespec seen;  /* when other rules came into force */
};
int desk_routes_load(struct desk_routes *d, const struct gateway_config *c,
		     struct sl_why *why) SL_MUST_USE;
/* Look whether other rules came into force: true when routes and clocks were exchanged. Trouble
 * is logged, once for each set, and the old ones stay. */
bool desk_routes_poll(struct desk_routes *d);
void desk_routes_release(struct desk_routes *d);

#endif
