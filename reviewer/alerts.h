/* alerts.h - new hits in published items, on the command line. */
#ifndef SL_REVIEWER_ALERTS_H
#define SL_REVIEWER_ALERTS_H

#include "base/cli.h"
#include "base/json.h"

/* Below the queue; nothing for NULL or an empty list. */
void alerts_print(const struct cli *c, const json_t *alerts);
/* hits RELEASE: the report that the alert is about; returns an enum cli_exit. */
int alerts_hits(const struct cli *c);
/* settle RELEASE --reason TEXT; returns an enum cli_exit. */
int alerts_settle(const struct cli *c);

#endif
