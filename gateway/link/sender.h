/* sender.h - the role that pushes finished units over the one-way link. */
#ifndef SL_LINK_SENDER_H
#define SL_LINK_SENDER_H

#include "base/err.h"

/* Run until SIGTERM. `config` is gateway.yaml. */
int sender_main(const char *config, struct sl_why *why) SL_MUST_USE;

#endif
