/* daemon_arrivals.h - `sluice-outlet status` about the link, in plain words. */
#ifndef SL_OUTLET_DAEMON_ARRIVALS_H
#define SL_OUTLET_DAEMON_ARRIVALS_H

#include <stdio.h>

#include "base/cli.h"
#include "outlet/link_view.h"

/* What a person should know now, one line each, with what to do about it. */
void daemon_arrivals_print(const struct cli *c, const struct link_view *v, int64_t now,
			   FILE *out);
/* {"ask_for":"17 19-21","coming":"…","full":bool,"repeated":"…","silent":bool,"unsaid":"…"};
 * NULL when nothing is known. */
json_t *daemon_arrivals_json(const struct link_view *v);

#endif
