/* udp_ring.h - inside link/: a thread that does nothing but empty the receiving socket.
 *
 * What is done with a datagram may wait: for the disk, a page, a digest.  Meanwhile the
 * kernel's buffer, which an ordinary user may not make large, would run over; a ring of our
 * own takes what comes.  One thread puts in, one takes out; when the ring is full the thread
 * stops reading, so that the kernel counts what it then drops. */
#ifndef SL_LINK_UDP_RING_H
#define SL_LINK_UDP_RING_H

#include <stdbool.h>

#include "link/udp_in.h"

enum { UDP_RING_LEAST = 256 << 10 };

struct udp_ring;

/* Begin to read u, which then belongs to the thread, into `bytes` of memory (at least
 * UDP_RING_LEAST; what is never used is never touched).  Returns when the thread runs. */
int udp_ring_start(struct udp_in *u, uint64_t bytes, struct udp_ring **ret_r) SL_MUST_USE;
/* Ends the thread; u is the caller's again.  NULL is fine. */
void udp_ring_stop(struct udp_ring *r);
/* As udp_in_recv(); also its error, once what came before it has been handed on. */
int udp_ring_recv(struct udp_ring *r, int timeout_ms,
		  int (*take)(void *arg, const struct iovec *datagrams, unsigned n),
		  void *arg) SL_MUST_USE;
/* udp_in_sizes() while the thread runs. */
void udp_ring_sizes(struct udp_ring *r, struct udp_in_sizes *ret_s);

#endif
