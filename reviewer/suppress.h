/* suppress.h - sluice-review suppress: two persons make one finding on one text quiet. */
#ifndef SL_REVIEWER_SUPPRESS_H
#define SL_REVIEWER_SUPPRESS_H

#include "base/cli.h"

/* propose DRAFT RULE, confirm NUMBER, revoke NUMBER, list; returns an enum cli_exit. */
int suppress_run(const struct cli *c);

#endif
