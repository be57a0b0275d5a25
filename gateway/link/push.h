/* push.h - hand one sealed unit to the configured transport: udp, stream or directory. */
#ifndef SL_LINK_PUSH_H
#define SL_LINK_PUSH_H

#include <stdbool.h>

#include "base/config.h"
#include "base/json.h"
#include "link/datagram.h"
#include "link/spool.h"

struct push;

/* What must be there before the sandbox closes: udp's socket and key, the directory.
 * outbox is borrowed: udp keeps its session there. */
int push_open(const struct gateway_config *c, int outbox, struct push **ret_p,
	      struct sl_why *why) SL_MUST_USE;
/* What must begin inside the sandbox: stream has threads. */
int push_start(struct push *p, struct sl_why *why) SL_MUST_USE;
void push_close(struct push *p);
/* The sandbox profile that is enough for this transport. */
const char *push_profile(const struct push *p);
/* true: hand-over is durable (directory mode), nothing needs repeating. */
bool push_reaches_disk(const struct push *p);
/* true: what was handed over may still be in memory of this process (stream). */
bool push_buffers(const struct push *p);
/* Everything in fd, from its start.  `between` (may be NULL) is called now and
 * then while a long unit is on its way; it may push other units, and anything but SL_OK
 * from it ends this one.  SL_E_TIMEOUT or SL_E_UNREACHABLE while nobody takes it;
 * SL_E_LIMIT: this link can never take it. */
int push_unit(struct push *p, const struct spool_entry *e, int fd, int (*between)(void *arg),
	      void *arg) SL_MUST_USE;
/* udp: one heartbeat; time, rate, loss and size are filled in.  Nothing in other modes. */
int push_heartbeat(struct push *p, const struct heartbeat *h) SL_MUST_USE;
bool push_beats(const struct push *p); /* does this transport have heartbeats? */
/* Bytes handed over since the start, repetitions included. */
uint64_t push_bytes(const struct push *p);
/* More members for the sender's status; {} for none. */
json_t *push_report(const struct push *p);

#endif
