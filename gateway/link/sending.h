/* sending.h - is the sender putting a unit onto the link at this moment?
 *
 * A lock that nobody ever waits for: the sender holds it on outbox/.sending while it sends a
 * unit (new or repeated, not for a heartbeat), and the doctor looks whether it is held without
 * taking it (F_OFD_GETLK, fcntl(2)).  So the doctor gives way, and can never delay a unit, not
 * even stopped or killed. */
#ifndef SL_LINK_SENDING_H
#define SL_LINK_SENDING_H

#include <stdbool.h>

#include "base/err.h"

/* Sender: make and open it in the outbox; a descriptor or an error. */
int sending_open(int outbox) SL_MUST_USE;
/* Both do nothing with a descriptor of -1. */
void sending_begin(int fd);
void sending_end(int fd);
/* Doctor: SL_E_NOTFOUND while no sender has ever run here, SL_E_DENIED. */
int sending_look_open(const char *outbox) SL_MUST_USE;
bool sending_now(int fd);

#endif
