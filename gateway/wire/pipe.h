/* pipe.h - the two other uses of NNG: PUSH/PULL for the stream link, PUB/SUB for announcements.
 */
#ifndef SL_WIRE_PIPE_H
#define SL_WIRE_PIPE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/tls.h"

struct wire_pipe;

/* tls: for tls+tcp URLs, NULL otherwise.  With a CA given to PULL both ends prove
 * themselves: whoever cannot is disconnected before a byte of his is looked at. */
int wire_push_open(const char *url, const struct wire_tls *tls, struct wire_pipe **ret_p,
		   struct sl_why *why) SL_MUST_USE;
int wire_pull_open(const char *url, const struct wire_tls *tls, size_t max,
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
/* Connections that came to nothing since start, about: whoever did not prove himself, did
 * not speak TLS or broke off.  Knocks of our own (see listeners.h) may be among them, and
 * none are counted while NNG rests for 100 ms after another. */
uint64_t wire_pipe_refused(const struct wire_pipe *p);
void wire_pipe_close(struct wire_pipe *p);

#endif
