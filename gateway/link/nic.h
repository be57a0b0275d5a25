/* nic.h - one network interface as the doctors look at it: ioctls that everybody may use. */
#ifndef SL_LINK_NIC_H
#define SL_LINK_NIC_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct nic {
	char name[IF_NAMESIZE];
	bool loopback, up, carrier;
	bool arp; /* needs to be told or to ask whose hardware address it is */
	uint32_t mtu;
	uint32_t queue;		 /* txqueuelen; 0 unknown */
	uint64_t speed;		 /* bits a second; 0 unknown, as of virtual ones */
	uint32_t ring, ring_max; /* receive descriptors; 0 unknown */
	bool pause_known, pause_send, pause_take; /* Ethernet flow control */
};

int nic_look(const char *name, struct nic *ret_n) SL_MUST_USE;
int nic_look_index(unsigned index, struct nic *ret_n) SL_MUST_USE;
/* The interface that holds a literal address: SL_E_NOTFOUND. */
int nic_of_address(const char *host, struct nic *ret_n) SL_MUST_USE;

#endif
