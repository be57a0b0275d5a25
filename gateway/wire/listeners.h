/* listeners.h - the listeners of one socket, and a watch over them.
 *
 * NNG 1.5's TLS leaves two holes that connections from outside can open: one that
 * breaks off between handshake and greeting is sometimes held for good, and, rarely,
 * its end is taken for the listener's own, which then never accepts again.  Both are
 * cured by closing the listener and listening anew at the same address, which breaks
 * the connections that came in by it: their clients connect again by themselves. */
#ifndef SL_WIRE_LISTENERS_H
#define SL_WIRE_LISTENERS_H

#include <stdint.h>

#include <nng/nng.h>

#include "base/err.h"
#include "wire/tls.h"

struct listeners;

/* Listen at each of `urls` (NULL-terminated) as socket_listen does; tls may be NULL. */
int listeners_open(nng_socket s, const char *const *urls, const struct wire_tls *tls,
		   size_t max, struct listeners **ret_l, struct sl_why *why) SL_MUST_USE;
/* Called (with `arg`) by listeners_check for each listener that was renewed. */
void listeners_on_renewal(struct listeners *l, void (*renewed)(void *arg, const char *url),
			  void *arg);
/* Look at the listeners, at most once a second whenever it is called; never waits.
 * `now`: clock_mono_ms().  A listener that failed a connection and does not answer a
 * knock of our own within five seconds is renewed; so are those over TLS when half of
 * the process's descriptors have been taken for longer than NNG waits for a greeting.
 * An error means that one cannot be opened again: the process must start anew. */
int listeners_check(struct listeners *l, int64_t now) SL_MUST_USE;
/* How many connections failed before they could say anything, up to the last look. */
uint64_t listeners_refused(const struct listeners *l);
/* The socket is closed by the caller, and its listeners with it. */
void listeners_close(struct listeners *l);

#endif
