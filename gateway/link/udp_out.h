/* udp_out.h - the sending socket of udp mode: connected, never read.
 *
 * sendmmsg(2), and UDP_SEGMENT (udp(7)) where the kernel has it, so that up to 64
 * datagrams of one size cross the kernel at once.  Nothing ever receives on it: it is shut
 * down for reading, and a socket filter that cannot be taken off drops whatever comes.
 * Datagrams are never fragmented.  ICMP errors, if a wrong wiring lets them in, are counted
 * and ignored. */
#ifndef SL_LINK_UDP_OUT_H
#define SL_LINK_UDP_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	UDP_OUT_BATCH = 64,
	UDP_OUT_BUFFER = 4 << 20 /* bytes of socket buffer asked for */
};

struct udp_out;

/* The socket, all but its way to the outlet: needs no interface to be up, and nothing but
 * connect(2), sendmsg(2) and sendmmsg(2) is asked of the kernel afterwards.  address as
 * config_address() takes it; source NULL: as routed. offload: use UDP_SEGMENT when the
 * kernel has it. */
int udp_out_new(const char *address, const char *source, bool offload, struct udp_out **ret_u,
		struct sl_why *why) SL_MUST_USE;
/* The same and connected: SL_E_UNREACHABLE with a sentence when there is no route. */
int udp_out_open(const char *address, const char *source, bool offload, struct udp_out **ret_u,
		 struct sl_why *why) SL_MUST_USE;
void udp_out_close(struct udp_out *u);
/* n <= UDP_OUT_BATCH datagrams of `len` bytes each, one after the other in `bytes`.  Waits
 * while the socket's buffer is full.  Connects first where that was not possible before.
 * SL_E_UNREACHABLE while the interface is down or there is no route; SL_E_CONFIG: larger
 * than the interface takes; SL_E_DENIED: this host's firewall refuses it. */
int udp_out_send(struct udp_out *u, const uint8_t *bytes, size_t len, unsigned n) SL_MUST_USE;
bool udp_out_offloads(const struct udp_out *u);
bool udp_out_six(const struct udp_out *u);	/* IPv6: headers are 48 bytes, else 28 */
uint64_t udp_out_icmp(const struct udp_out *u); /* errors that came back although nothing
						   should */

#endif
