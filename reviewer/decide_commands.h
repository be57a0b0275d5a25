/* decide_commands.h - approve, return and refuse on the command line. */
#ifndef SL_REVIEWER_DECIDE_COMMANDS_H
#define SL_REVIEWER_DECIDE_COMMANDS_H

#include "base/cli.h"

int decide_approve(const struct cli *c);
int decide_return(const struct cli *c);
int decide_refuse(const struct cli *c);

#endif
