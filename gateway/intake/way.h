/* way.h - the route that a draft is handed in for. */
#ifndef SL_INTAKE_WAY_H
#define SL_INTAKE_WAY_H

#include "intake/intake.h"

/* Set d->klass from type, the route asked for (NULL: the type's own) and what it corrects
 * (route_follow.h); a correction that names no column gets the original's.  SL_E_FORMAT: no
 * such type; SL_E_DENIED: the type may not take that route, or does not fit the original's;
 * SL_E_NOTFOUND,
 * SL_E_STATE: this unit cannot correct d->corrects; SL_E_CONFIG: the approval policy lacks
 * the class, or the one it may be raised to. */
int way_choose(const struct intake *in, const struct roster_person *p, const char *asked,
	       struct draft *d, struct sl_why *why) SL_MUST_USE;
/* Route that findings may raise it to; NULL: none. */
const char *way_raised(const struct intake *in, const struct draft *d);
/* Is it handed to one person and never published?  way_private sets its one channel. */
bool way_is_private(const struct intake *in, const struct draft *d);
int way_private(struct draft *d) SL_MUST_USE;

#endif
