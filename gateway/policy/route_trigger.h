/* route_trigger.h - what in a draft's report makes its route longer. */
#ifndef SL_POLICY_ROUTE_TRIGGER_H
#define SL_POLICY_ROUTE_TRIGGER_H

#include "base/json.h"
#include "policy/routes.h"

/* Does it hold for a draft with this report (sluice-draft-report/1, NULL: none) and this
 * source_type (NULL: not told)?  Suppressed findings do not count. */
bool route_trigger_holds(const struct route_trigger *t, const json_t *report,
			 const char *source_type);
/* The rules with findings for which it holds, each once; caller owns. */
json_t *route_trigger_rules(const struct route_trigger *t, const json_t *report);
/* Can it add anything to this route?  Not where an open S2 would have led away. */
bool route_modifier_changes(const struct route_modifier *m, const struct route *way);

/* What the inspection itself does: an open S2, or a text like one that was refused or
 * recalled, takes the raised route.  `report` is a file's or a draft's. */
bool route_raise(const json_t *report);
/* Does this modifier say exactly one of these two things, and how many are there? */
bool route_raise_known(const struct route_modifier *m);
unsigned route_raises(void);

#endif
