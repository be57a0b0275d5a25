/* route.h - which way the kernel would send to an address, and whom it takes for the neighbour.
 *
 * Asked over rtnetlink(7), which answers everybody.  The answers are the kernel's own, but
 * they are parsed as if they were not.  For the doctors only: no role has such a socket. */
#ifndef SL_LINK_ROUTE_H
#define SL_LINK_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { ROUTE_TEXT = 64 };

struct route {
	unsigned interface;	  /* index */
	bool local;		  /* the address is this host's own */
	bool usual;		  /* only the default route covers it */
	char source[ROUTE_TEXT];  /* the kernel's choice, "" none */
	char gateway[ROUTE_TEXT]; /* next hop, "" directly connected */
};
enum route_neighbour {
	ROUTE_NOBODY,	 /* no entry: nothing was sent yet */
	ROUTE_PERMANENT, /* nud permanent, or the interface needs none */
	ROUTE_ANSWERED,	 /* ARP or neighbour discovery found it: something answers */
	ROUTE_UNANSWERED /* asked, and nobody answers, as behind a diode */
};

/* host: a literal address; source NULL: as routed.  SL_E_UNREACHABLE: no route. */
int route_find(const char *host, const char *source, struct route *ret_r) SL_MUST_USE;
/* What the kernel knows of `host` on that interface. */
int route_neighbour(const char *host, unsigned interface,
		    enum route_neighbour *ret_n) SL_MUST_USE;

/* One netlink message: an RTM_NEWROUTE, or SL_E_UNREACHABLE from an NLMSG_ERROR; SL_E_FORMAT.
 */
int route_parse(const void *bytes, size_t len, struct route *ret_r) SL_MUST_USE;
/* A piece of a dump: the state of the neighbour with this address (4 or 16 bytes), if it is
 * among these messages.  *ret_done: the dump ends here. */
int route_parse_neighbours(const void *bytes, size_t len, unsigned interface,
			   const void *address, size_t address_len, enum route_neighbour *n,
			   bool *ret_done) SL_MUST_USE;

#endif
