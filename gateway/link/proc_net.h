/* proc_net.h - the kernel's counters and limits of networking, out of the text of /proc.
 *
 * proc_net_*_of() read text and are pure; the others read the files of this host. */
#ifndef SL_LINK_PROC_NET_H
#define SL_LINK_PROC_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proc_net_udp {	      /* /proc/net/snmp, the two lines "Udp:" */
	uint64_t taken;	      /* InDatagrams */
	uint64_t no_port;     /* NoPorts: nobody listened there */
	uint64_t errors;      /* InErrors */
	uint64_t buffer_full; /* RcvbufErrors: the program was too slow, or its buffer small */
	uint64_t checksum;    /* InCsumErrors */
};
struct proc_net_device { /* /proc/net/dev */
	uint64_t in_packets, in_errors, in_dropped, in_overrun, in_frame;
	uint64_t out_packets, out_errors, out_dropped;
};
struct proc_net_softnet {  /* /proc/net/softnet_stat, all processors together */
	uint64_t dropped;  /* netdev_max_backlog was full */
	uint64_t squeezed; /* netdev_budget was used up with work left */
};

bool proc_net_udp_of(const char *text, struct proc_net_udp *ret_u);
bool proc_net_device_of(const char *text, const char *name, struct proc_net_device *ret_d);
bool proc_net_softnet_of(const char *text, struct proc_net_softnet *ret_s);

bool proc_net_udp(struct proc_net_udp *ret_u);
bool proc_net_device(const char *name, struct proc_net_device *ret_d);
bool proc_net_softnet(struct proc_net_softnet *ret_s);
/* A number below /proc/sys such as "net/core/rmem_max"; false when it cannot be read. */
bool proc_net_limit(const char *name, uint64_t *ret_v);
/* First line of a small file, without its end; false when it cannot be read. */
bool proc_net_line(const char *path, char *out, size_t cap);

#endif
