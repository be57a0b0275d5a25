/* socket.h - NNG's parts that client, server and pipes share: errors, TLS, listening, dialing.
 */
#ifndef SL_WIRE_SOCKET_H
#define SL_WIRE_SOCKET_H

#include <nng/nng.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* NNG's code as one of ours; "URL: NNG's sentence" in why when url is given. */
int socket_error(int rv, const char *url, struct sl_why *why) SL_MUST_USE;
/* Listen on ipc:// (directory made 0700, socket 0600), tls+tcp:// (certificate: PEM
 * with certificate and key) or tcp://.  Nothing larger than max is received. */
int socket_listen(nng_socket s, const char *url, const char *certificate, size_t max,
		  nng_listener *ret_l, struct sl_why *why) SL_MUST_USE;
bool socket_is_tls(const char *url);
/* Dial; over tls+tcp:// the server must prove by `ca` (PEM) that it is the host
 * of the URL.  background: keep trying without waiting for the first time. */
int socket_dial(nng_socket s, const char *url, const char *ca, size_t max, bool background,
		struct sl_why *why) SL_MUST_USE;
/* Keep connecting in the background to where this program itself listens at `url`, to
 * see whether it is answered.  Over TLS anyone's certificate will do. */
int socket_knock(nng_socket s, const char *url) SL_MUST_USE;

#endif
