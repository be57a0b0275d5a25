/* sluice_pull_log.h - sluice-pull log verify: the command line of outlet/log_verify.h. */
#ifndef SL_SLUICE_PULL_LOG_H
#define SL_SLUICE_PULL_LOG_H

#include "base/cli.h"

extern const struct cli_option sluice_pull_log_options[];
int sluice_pull_log(const struct cli *c);

#endif
