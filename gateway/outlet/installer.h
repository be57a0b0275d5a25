/* installer.h - the outlet role that proves units and places them in the tree. */
#ifndef SL_OUTLET_INSTALLER_H
#define SL_OUTLET_INSTALLER_H

#include "base/err.h"

/* Run until SIGTERM. `config` is outlet.yaml. */
int installer_main(const char *config, struct sl_why *why) SL_MUST_USE;

#endif
