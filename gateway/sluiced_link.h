/* sluiced_link.h - inside sluiced_link.c and sluiced_resend.c only. */
#ifndef SL_SLUICED_LINK_H
#define SL_SLUICED_LINK_H

#include "base/cli.h"
#include "base/config.h"

bool sluiced_link_runs(const struct gateway_config *c);
/* `sluiced link resend ...`; returns an enum cli_exit. */
int sluiced_resend(const struct cli *c, const struct gateway_config *config);

#endif
