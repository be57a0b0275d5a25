/* sign.h - the client's half of every decision: a statement signed by its person.
 *
 * With `approval_key` in the configuration the signature is made by
 * `ssh-keygen -Y sign`, which speaks to the security key, to ssh-agent or to a key file;
 * no secret passes through us.  Else by the key that opened the session. */
#ifndef SL_REVIEW_SIGN_H
#define SL_REVIEW_SIGN_H

#include "trust/statement.h"
#include "wire/session.h"

/* statement_sign with the key for decisions: appends the envelope line. */
int sign_decision(const struct session *s, enum predicate p, const char *manifest_sha256,
		  const json_t *predicate, struct buf *out, struct sl_why *why) SL_MUST_USE;
/* Id of the key that would sign; SL_E_CONFIG when the configured one cannot be read. */
int sign_key_id(const struct session *s, char ret_id[KEY_ID_HEX + 1]) SL_MUST_USE;

#endif
