/* desk_house.h - what the rules in force say of decisions, while the desk runs. */
#ifndef SL_DESK_HOUSE_H
#define SL_DESK_HOUSE_H

#include <time.h>

#include "base/config.h"
#include "policy/house.h"

struct desk_house {
	const struct gateway_config *config;
	struct house *now;    /* owned */
	struct timespec seen; /* when other rules came into force */
};
int desk_house_load(struct desk_house *d, const struct gateway_config *c,
		    struct sl_why *why) SL_MUST_USE;
/* Look whether other rules came into force; what is in force now.  Trouble is logged, once for
 * each set, and the old ones stay. */
const struct house *desk_house_poll(struct desk_house *d);

#endif
