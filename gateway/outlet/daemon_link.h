/* daemon_link.h - the outlet's doctor looks at its end of a link of mode udp. */
#ifndef SL_OUTLET_DAEMON_LINK_H
#define SL_OUTLET_DAEMON_LINK_H

#include "base/config.h"
#include "base/report.h"
#include "link/settings.h"

enum { DAEMON_LINK_WAIT_S = 60 };

/* Keys, interface, buffers, counters; commands for what should be set. */
void daemon_link_look(const struct outlet_config *c, struct report *r, struct settings *s);
/* doctor --probe [--wait SECONDS]: the table of a probe and what it says.  Without --wait
 * that of the last one, which the running receiver keeps; else of one that begins within the
 * time.  Where no receiver runs it listens itself, a minute if nothing is said. */
int daemon_link_probe(const struct cli *c, const struct outlet_config *config);

#endif
