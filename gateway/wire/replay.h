/* replay.h - which nonces were seen, and what time it may be called.
 *
 * A request may be accepted while its time is within WIRE_SKEW_MS of ours, so a
 * nonce must be remembered for twice that.  Two generations do it without
 * deleting: when the younger one is old enough, the older one is forgotten.
 * Memory does not survive a restart, hence everything stamped before the start
 * is refused.  Time never runs backwards here: a clock that was set back would
 * otherwise bring forgotten nonces back into the window. */
#ifndef SL_WIRE_REPLAY_H
#define SL_WIRE_REPLAY_H

#include "base/err.h"
#include "wire/message.h"

struct replay;

/* `slots` nonces fit into each generation; `start_ms` is now, or the latest
 * moment known to have passed if that is later. */
int replay_new(unsigned slots, int64_t start_ms, struct replay **ret_r) SL_MUST_USE;
void replay_free(struct replay *r);
/* Is this time acceptable at `now_ms`?  Before the signature is checked.
 * SL_E_EXPIRED, with a sentence for the caller. */
int replay_fresh(struct replay *r, int64_t now_ms, int64_t time_ms,
		 struct sl_why *why) SL_MUST_USE;
/* Remember the nonce of a request whose signature is good.  SL_E_REPLAY when it
 * was seen, SL_E_TIMEOUT ("busy") when no slot is free. */
int replay_remember(struct replay *r, const uint8_t nonce[WIRE_NONCE],
		    struct sl_why *why) SL_MUST_USE;

#endif
