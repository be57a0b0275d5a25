/* desk_routes.h - routes, channels, clocks, reasons and accounts of the rules in force, while
 * the desk runs. */
#ifndef SL_DESK_ROUTES_H
#define SL_DESK_ROUTES_H

#include <sys/stat.h>

#include "base/config.h"
#include "policy/clocks.h"
#include "policy/house.h"
#include "policy/routes.h"
#include "trust/roster.h"

struct desk_routes {
	const struct gateway_config *config;
	struct routes *now;    /* owned */
	struct clocks *clocks; /* owned */
	struct house *house;   /* owned */
	struct timespec seen;  /* when other rules came into force */
};
int desk_routes_load(struct desk_routes *d, const struct gateway_config *c,
		     const struct roster *roster, struct sl_why *why) SL_MUST_USE;
/* Look whether other rules came into force: true when all of them were exchanged. Trouble
 * is logged, once for each set, and the old ones stay; so when accounts.yaml has somebody in
 * another unit than the approval policy. */
bool desk_routes_poll(struct desk_routes *d, const struct roster *roster);
/* At the start, and when another approval policy came into force: log who is in another unit
 * there than in accounts.yaml.  The approval policy holds, for it may end a stolen key; such a
 * person can decide nothing until one of the two is corrected (review/stand_ins.h). */
void desk_routes_compare(const struct desk_routes *d, const struct roster *roster);
void desk_routes_release(struct desk_routes *d);

#endif
