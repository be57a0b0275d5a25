/* link_check.h - what the doctors make of the facts: pure, so that it can be tested with facts
 * of hosts that are not at hand. */
#ifndef SL_LINK_LINK_CHECK_H
#define SL_LINK_LINK_CHECK_H

#include "base/report.h"
#include "link/link_facts.h"
#include "link/settings.h"

void link_check_gateway(const struct gateway_config *c, const struct link_facts *f,
			struct report *r, struct settings *s);
void link_check_outlet(const struct outlet_config *c, const struct link_facts *f,
		       struct report *r, struct settings *s);

#endif
