/* desk_audit.h - sluice-desk audit verify: prove what the audit says. */
#ifndef SL_DESK_AUDIT_H
#define SL_DESK_AUDIT_H

#include "base/cli.h"

/* Prove the whole audit offline; CLI_REFUSED at the first fault, which is named. */
int desk_audit(const struct cli *c);

#endif
