/* server.h - the outlet role that serves the tree over HTTP and announces new versions. */
#ifndef SL_OUTLET_SERVER_H
#define SL_OUTLET_SERVER_H

#include "base/err.h"

/* Run until SIGTERM. `config` is outlet.yaml. */
int server_main(const char *config, struct sl_why *why) SL_MUST_USE;

#endif
