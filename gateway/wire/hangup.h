/* hangup.h - a peer that hangs up while NNG greets it must not end the greeting of others. */
#ifndef SL_WIRE_HANGUP_H
#define SL_WIRE_HANGUP_H

#include "base/err.h"

/* SL_OK when NNG sends through this program's sendmsg() (see hangup.c).  Every
 * listener and dialer asks before it starts: without it one broken connection
 * would make it deaf for good, so it is refused. */
int hangup_guarded(struct sl_why *why) SL_MUST_USE;

#endif
