/* pipe.h - the two other uses of NNG: PUSH/PULL for the stream link, PUB/SUB for announcements.
 */
#ifndef SL_WIRE_PIPE_H
#define SL_WIRE_PIPE_H

#include "base/buf.h"
#include "base/err.h"

struct wire_pipe;

/* ca / certificate: PEM paths for tls+tcp URLs, NULL otherwise. */
int wire_push_open(const char *url, const char *ca, struct wire_pipe **ret_p,
		   struct sl_why *why) SL_MUST_USE;
int wire_pull_open(const char *url, const char *certificate, size_t max,
		   struct wire_pipe **ret_p, struct sl_why *why) SL_MUST_USE;
int wire_pub_open(const char *url, struct wire_pipe **ret_p, struct sl_why *why) SL_MUST_USE;
int wire_sub_open(const char *url, const char *topic, struct wire_pipe **ret_p,
		  struct sl_why *why) SL_MUST_USE;
/* Send one message; SL_E_TIMEOUT / SL_E_UNREACHABLE when nobody took it in time. */
int wire_pipe_send(struct wire_pipe *p, const void *bytes, size_t len,
		   int timeout_ms) SL_MUST_USE;
/* Receive one message appended to out; SL_E_TIMEOUT.  Where it listens, this also keeps
 * watch over the listener (see listeners.h); SL_E_CONFIG when that cannot be renewed. */
int wire_pipe_recv(struct wire_pipe *p, struct buf *out, int timeout_ms) SL_MUST_USE;
/* Called when the listener was opened anew, by the thread that receives. */
void wire_pipe_on_renewal(struct wire_pipe *p, void (*renewed)(void *arg, const char *url),
			  void *arg);
void wire_pipe_close(struct wire_pipe *p);

#endif
