/* orders.h - freeze, confirm, restore: orders about what is published. */
#ifndef SL_REVIEWER_ORDERS_H
#define SL_REVIEWER_ORDERS_H

#include "base/cli.h"

/* Send the order (trust/order.h) about operand 0 with --reason; the exit code. */
int orders_run(const struct cli *c, const char *action);

#endif
