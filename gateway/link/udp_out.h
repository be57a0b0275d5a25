/* udp_out.h - the sending socket of udp mode: connected, never read.
 *
 * sendmmsg(2), and UDP_SEGMENT (udp(7)) where the kernel has it, so that up to 64
 * datagrams of one size cross the kernel at once.  The socket is shut down for reading
 * and nothing ever receives on it; ICMP errors, if a wrong wiring lets them in, are
 * counted and ignored. */
#ifndef SL_LINK_UDP_OUT_H
#define SL_LINK_UDP_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { UDP_OUT_BATCH = 64 };

struct udp_out;

/* address as config_address() takes it; source NULL: as routed. offload: use UDP_SEGMENT
 * when the kernel has it.  SL_E_UNREACHABLE with a sentence when there is no route. */
int udp_out_open(const char *address, const char *source, bool offload, struct udp_out **ret_u,
		 struct sl_why *why) SL_MUST_USE;
void udp_out_close(struct udp_out *u);
/* n <= UDP_OUT_BATCH datagrams of `len` bytes each, one after the other in `bytes`.  Waits
 * while the socket's buffer is full.  SL_E_UNREACHABLE while the interface is down. */
int udp_out_send(struct udp_out *u, const uint8_t *bytes, size_t len, unsigned n) SL_MUST_USE;
bool udp_out_offloads(const struct udp_out *u);
bool udp_out_six(const struct udp_out *u); /* IPv6: headers are 48 bytes, else 28 */

#endif
