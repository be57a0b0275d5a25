/* link_facts.h - what a host says of its end of the one-way link.  Looks, changes nothing. */
#ifndef SL_LINK_LINK_FACTS_H
#define SL_LINK_LINK_FACTS_H

#include "base/config.h"
#include "link/nic.h"
#include "link/proc_net.h"
#include "link/route.h"

enum link_returns { LINK_RETURNS_UNKNOWN, LINK_RETURNS_OPEN, LINK_RETURNS_DROPPED };

struct link_facts {
	char host[ROUTE_TEXT]; /* of link.address or link.listen */
	bool six;
	bool found;			/* a route or an interface that holds the address */
	bool any;			/* outlet: listens on every interface */
	struct route route;		/* gateway */
	enum route_neighbour neighbour; /* gateway */
	bool source_here;		/* gateway: link.source is an address of this host */
	struct nic nic; /* when found and not any; gateway, not found: that of link.source, or
			 * name "" */
	bool counted;
	struct proc_net_device device; /* when counted */
	uint64_t buffer_limit;	       /* net.core.wmem_max, rmem_max; 0 unknown */
	char governor[32];	       /* of processor 0, "" unknown */
	/* outlet: */
	uint64_t buffer_got, buffer_asked; /* bytes; 0 unknown */
	uint64_t backlog, budget;	   /* net.core.netdev_*; 0 unknown */
	bool udp_counted, softnet_counted;
	struct proc_net_udp udp;
	struct proc_net_softnet softnet;
	enum link_returns returns; /* is what this interface would send dropped? */
	uint64_t strict_source;	   /* rp_filter of the interface */
};

void link_facts_gateway(const struct gateway_config *c, struct link_facts *ret_f);
/* Only what stands under `found`, `route` and `neighbour`: does anything leave this host? */
void link_facts_way(const struct gateway_config *c, struct link_facts *ret_f);
void link_facts_outlet(const struct outlet_config *c, struct link_facts *ret_f);

/* What `nft list chains netdev` says of one interface: has it a chain on that hook ("egress" or
 * "ingress") whose policy is drop?  (Its JSON leaves out the interface.) */
enum link_returns link_facts_returns(const char *text, const char *hook, const char *device);

#endif
