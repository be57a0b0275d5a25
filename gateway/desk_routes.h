/* desk_routes.h - routes and channels of the rules in force, while the desk runs. */
#ifndef SL_DESK_ROUTES_H
#define SL_DESK_ROUTES_H

#include <sys/stat.h>

#include "base/config.h"
#include "policy/routes.h"

struct desk_routes {
	const struct gateway_config *config;
	struct routes *now;   /* owned: routes_free */
	struct timespec seen; /* when other rules came into force */
};
int desk_routes_load(struct desk_routes *d, const struct gateway_config *c,
		     struct sl_why *why) SL_MUST_USE;
/* Look whether other rules came into force; those now in force.  Trouble is logged, once for
 * each set, and the old routes stay. */
const struct routes *desk_routes_poll(struct desk_routes *d);

#endif
