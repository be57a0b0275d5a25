/* sealed.h - a unit on the wire: encrypted to the outlet's link key, so that a
 * tap on the one-way link learns sizes only. */
#ifndef SL_LINK_SEALED_H
#define SL_LINK_SEALED_H

#include "crypto/seal.h"

/* Everything readable from in_fd, sealed to the outlet, into out_fd. */
int sealed_write(int in_fd, const uint8_t outlet[SEAL_PUBLIC], int out_fd) SL_MUST_USE;
/* Open with the outlet's link key; in_fd is read from its start.  SL_E_SIGNATURE or
 * SL_E_FORMAT for anything that was not sealed to this key or has changed. */
int sealed_read(int in_fd, const struct key *mine, int out_fd, struct sl_why *why) SL_MUST_USE;

#endif
