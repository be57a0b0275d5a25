/* socket.h - NNG's parts that client, server and pipes share: errors, TLS, listening, dialing.
 */
#ifndef SL_WIRE_SOCKET_H
#define SL_WIRE_SOCKET_H

#include <nng/nng.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "wire/tls.h"

/* NNG's code as one of ours; "URL: NNG's sentence" in why when url is given. */
int socket_error(int rv, const char *url, struct sl_why *why) SL_MUST_USE;
/* Listen on ipc:// (directory made 0700, socket 0600), tls+tcp:// (tls->certificate is
 * needed; with tls->ca nobody gets in who does not prove himself by it) or tcp://.
 * Nothing larger than max is received. */
int socket_listen(nng_socket s, const char *url, const struct wire_tls *tls, size_t max,
		  nng_listener *ret_l, struct sl_why *why) SL_MUST_USE;
bool socket_is_tls(const char *url);
/* Dial; over tls+tcp:// the server must prove by tls->ca that it is the host of the URL,
 * and is shown tls->certificate when it asks for one.  background: keep trying without
 * waiting for the first time. */
int socket_dial(nng_socket s, const char *url, const struct wire_tls *tls, size_t max,
		bool background, struct sl_why *why) SL_MUST_USE;
/* Keep connecting in the background to where this program itself listens at `url`, to
 * see whether it is answered.  Over TLS anyone's certificate will do, and none is shown:
 * a listener that asks for one counts the knock as a refusal, which is an answer too. */
int socket_knock(nng_socket s, const char *url) SL_MUST_USE;

#endif
