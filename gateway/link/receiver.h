/* receiver.h - the outlet role that takes units off the one-way link. */
#ifndef SL_LINK_RECEIVER_H
#define SL_LINK_RECEIVER_H

#include "base/err.h"

/* Run until SIGTERM. `config` is outlet.yaml. */
int receiver_main(const char *config, struct sl_why *why) SL_MUST_USE;

#endif
