/* order.h - the client's half of an order: freeze, withdraw, confirm, reinstate.
 *
 * Authors recall their own releases with it, reviewers freeze any. */
#ifndef SL_REVIEW_ORDER_H
#define SL_REVIEW_ORDER_H

#include "base/json.h"
#include "wire/session.h"

/* Sign order/v1 about the newest published version of `release` and hand it to
 * the desk.  action: "freeze", "withdraw", "confirm" or "reinstate"; code: a short reason
 * code; reason: one sentence, which stays inside (only its digest is published).
 * *ret_result as docs/protocol.md, release.order; caller owns. */
int order_send(struct session *s, const char *release, const char *action, const char *code,
	       const char *reason, json_t **ret_result, struct sl_why *why) SL_MUST_USE;

#endif
