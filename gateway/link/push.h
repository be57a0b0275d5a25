/* push.h - hand one sealed unit to the configured transport: stream or directory. */
#ifndef SL_LINK_PUSH_H
#define SL_LINK_PUSH_H

#include <stdbool.h>

#include "base/config.h"
#include "link/spool.h"

struct push;

int push_open(const struct gateway_config *c, struct push **ret_p,
	      struct sl_why *why) SL_MUST_USE;
void push_close(struct push *p);
/* true: hand-over is durable (directory mode), nothing needs repeating. */
bool push_reaches_disk(const struct push *p);
/* Everything in fd, from its start.  `between` (may be NULL) is called now and
 * then while a long unit is on its way.  SL_E_TIMEOUT or SL_E_UNREACHABLE while
 * nobody takes it. */
int push_unit(struct push *p, const struct spool_entry *e, int fd, int (*between)(void *arg),
	      void *arg) SL_MUST_USE;

#endif
