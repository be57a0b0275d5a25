/* step.h - the client's half of trust/procedure.h: sign one step and hand it in. */
#ifndef SL_REVIEW_STEP_H
#define SL_REVIEW_STEP_H

#include "base/json.h"
#include "trust/procedure.h"
#include "wire/session.h"

/* draft.status of one draft; *ret_status owned. SL_E_NOTFOUND when there is none. */
int step_status(struct session *s, const char *draft, json_t **ret_status,
		struct sl_why *why) SL_MUST_USE;
/* Fill in draft, revision, time and nonce of f from that status, sign it and ask `op`.
 * *ret_result as docs/protocol.md; caller owns. */
int step_send(struct session *s, const char *op, const json_t *status,
	      struct procedure_facts *f, json_t **ret_result, struct sl_why *why) SL_MUST_USE;

#endif
