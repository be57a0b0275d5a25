/* ahead.h - a question whose answer nobody waits for: a screen goes on meanwhile.
 *
 * A second connection of the same person; one question at a time.  As with wire_call, what
 * comes back is believed only after the desk's signature and our nonce, and nothing is asked
 * twice by itself. */
#ifndef SL_WIRE_AHEAD_H
#define SL_WIRE_AHEAD_H

#include "wire/client.h"

struct wire_ahead;

/* Connects in the background, again and again; `wait`: the desk answered just now, so the
 * first time it is waited for.  `k` is borrowed for its life. */
int wire_ahead_open(const struct client_config *c, const struct key *k, bool wait,
		    struct wire_ahead **ret_a, struct sl_why *why) SL_MUST_USE;
void wire_ahead_close(struct wire_ahead *a);
/* SL_E_STATE while an answer is awaited, SL_E_UNREACHABLE while there is no connection. */
int wire_ahead_ask(struct wire_ahead *a, const char *op, const json_t *args, int timeout_ms,
		   struct sl_why *why) SL_MUST_USE;
/* Readable when an answer may have come; -1 when that cannot be told. */
int wire_ahead_fd(const struct wire_ahead *a);
bool wire_ahead_busy(const struct wire_ahead *a);
/* SL_E_STATE while still busy: none yet.  Else the question is over: the desk's refusal is
 * turned into the code and why, as by wire_ask. */
int wire_ahead_take(struct wire_ahead *a, struct wire_reply *ret,
		    struct sl_why *why) SL_MUST_USE;

#endif
