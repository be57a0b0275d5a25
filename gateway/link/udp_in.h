/* udp_in.h - the receiving socket of udp mode: it never sends.
 *
 * recvmmsg(2), and UDP_GRO (udp(7)) where the kernel has it; datagrams of every length
 * from 0 to 65,507 come out one by one. */
#ifndef SL_LINK_UDP_IN_H
#define SL_LINK_UDP_IN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/err.h"

struct udp_in;
struct udp_in_sizes {
	uint64_t asked,
		got; /* bytes of socket buffer; fewer when the kernel's limit is lower */
	uint64_t overflowed; /* datagrams the kernel dropped since it was full (SO_RXQ_OVFL) */
};

/* listen as config_address() takes it; buffer: bytes of socket buffer to ask for
 * (SO_RCVBUFFORCE, else SO_RCVBUF). */
int udp_in_open(const char *listen, uint64_t buffer, struct udp_in **ret_u,
		struct sl_why *why) SL_MUST_USE;
void udp_in_close(struct udp_in *u);
enum { UDP_IN_TAKE = 64 }; /* at most so many at once */
/* Wait up to timeout_ms for the first one, then hand what is there (one batch) to `take`,
 * some at a time and in order; the bytes are valid during the call only.  Returns how many,
 * 0 after the wait, or an error.  A negative return of take ends the batch and is
 * returned. */
int udp_in_recv(struct udp_in *u, int timeout_ms,
		int (*take)(void *arg, const struct iovec *datagrams, unsigned n),
		void *arg) SL_MUST_USE;
void udp_in_sizes(const struct udp_in *u, struct udp_in_sizes *ret_s);

#endif
