/* client.h - a person's program talks to the desk. */
#ifndef SL_WIRE_CLIENT_H
#define SL_WIRE_CLIENT_H

#include "base/config.h"
#include "wire/message.h"

struct wire_client;

/* Connects lazily. `k` is borrowed for the client's life. SL_E_CONFIG on a bad URL or CA. */
int wire_client_open(const struct client_config *c, const struct key *k,
		     struct wire_client **ret_c, struct sl_why *why) SL_MUST_USE;
void wire_client_close(struct wire_client *c);
/* One request, one verified reply.  Returns transport errors (UNREACHABLE,
 * TIMEOUT, SIGNATURE); the desk's own refusal is in ret->error with 0 returned.
 * `args` is borrowed (NULL: empty object). Release ret with wire_reply_release. */
int wire_call(struct wire_client *c, const char *op, const json_t *args, const void *data,
	      size_t data_len, int timeout_ms, struct wire_reply *ret,
	      struct sl_why *why) SL_MUST_USE;
/* wire_call that turns the desk's refusal into the return code and why. */
int wire_ask(struct wire_client *c, const char *op, const json_t *args, const void *data,
	     size_t data_len, struct wire_reply *ret, struct sl_why *why) SL_MUST_USE;
/* Upload a file in chunks, resuming where an earlier try stopped; progress may be NULL.
 * sha256 hex and length come back. */
int wire_upload(struct wire_client *c, int fd, char ret_sha256[65], uint64_t *ret_length,
		void (*progress)(uint64_t done, uint64_t total),
		struct sl_why *why) SL_MUST_USE;

#endif
