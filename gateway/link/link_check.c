/* link_check.c - facts against the configuration: a sentence each, and the command that cures.
 */
#include "link/link_check.h"

#include <string.h>

#include "link/udp_out.h"

enum { QUEUE_LEAST = 1000, QUEUE_PER_SECOND = 100, BACKLOG_LEAST = 5000, BUDGET_LEAST = 600 };

static unsigned long long big(uint64_t v)
{
	return v;
}

/* link.neighbour: whose hardware address does the kernel write on the packets? */
static void check_neighbour(const struct link_facts *f, struct report *r, struct settings *s)
{
	const char *next = f->route.gateway[0] != '\0' ? f->route.gateway : f->host;
	const char *cure = _("Through a diode nobody answers: tell the kernel the outlet's "
			     "hardware address (ip link show, at the outlet).");

	if (!f->nic.arp || f->neighbour == ROUTE_PERMANENT) {
		report_add(r, "link.neighbour", true, NULL, "%s",
			   f->nic.arp ? _("its hardware address is set for good")
				      : _("this interface needs no hardware address"));
		return;
	}
	if (f->neighbour == ROUTE_UNANSWERED)
		report_add(r, "link.neighbour", false, cure,
			   _("nobody on %s answers for %s: nothing leaves this host"),
			   f->nic.name, next);
	else
		report_warn(r, "link.neighbour", cure,
			    f->neighbour == ROUTE_ANSWERED
				    ? _("somebody on %s answers for %s: no diode is between")
				    : _("on %s nothing is known of %s"),
			    f->nic.name, next);
	settings_add(s, _("the outlet's hardware address in place of OUTLET_MAC"),
		     "ip %sneigh replace %s lladdr OUTLET_MAC dev %s nud permanent",
		     f->six ? "-6 " : "", next, f->nic.name);
}

static void check_carrier(const struct link_facts *f, struct report *r, struct settings *s)
{
	if (!f->nic.up) {
		report_add(r, "link.carrier", false, _("Switch it on."),
			   _("%s is switched off"), f->nic.name);
		settings_add(s, _("the interface towards the diode"), "ip link set dev %s up",
			     f->nic.name);
		return;
	}
	report_add(r, "link.carrier", f->nic.carrier,
		   _("Without light from the other side many interfaces stay down: force speed "
		     "and duplex, or feed the receiver with light (docs/link.md)."),
		   f->nic.carrier ? _("%s is up") : _("%s has no carrier"), f->nic.name);
	if (!f->nic.carrier)
		settings_add(s,
			     _("no negotiation, since nobody can answer it; the speed of what "
			       "stands on the other end"),
			     "ethtool -s %s autoneg off speed 1000 duplex full", f->nic.name);
	if (!f->nic.pause_known || (!f->nic.pause_send && !f->nic.pause_take))
		return;
	report_warn(r, "link.pause", _("A one-way wire carries no pause frames."),
		    _("%s uses flow control"), f->nic.name);
	settings_add(s, _("no pause frames"), "ethtool -A %s autoneg off rx off tx off",
		     f->nic.name);
}

static void check_way(const struct gateway_config *c, const struct link_facts *f,
		      struct report *r, struct settings *s)
{
	if (!f->source_here) {
		report_add(r, "link.source", false,
			   _("Give the interface towards the diode this address."),
			   _("%s is no address of this host"), c->link.source);
		settings_add(s,
			     _("link.source, on the interface towards the diode in place "
			       "of INTERFACE"),
			     "ip address add %s/%s dev INTERFACE", c->link.source,
			     f->six ? "126" : "30");
	}
	if (!f->found && f->nic.name[0] != '\0' && !f->nic.up) {
		check_carrier(f, r, s); /* the way is gone with it */
		return;
	}
	if (!f->found) {
		report_add(r, "link.address", false,
			   _("Give the interface towards the diode an address of the same "
			     "network."),
			   _("there is no way to %s"), c->link.address);
		return;
	}
	if (f->route.local && strncmp(f->host, "127.", 4) != 0 && strcmp(f->host, "::1") != 0)
		report_warn(r, "link.address", _("This is for trials on one host."),
			    _("%s is this host's own"), c->link.address);
	else if (f->route.usual)
		report_warn(r, "link.address",
			    _("A diode has a network of its own: set a route for it."),
			    _("%s goes out by the default route, over %s"), c->link.address,
			    f->nic.name);
	else
		report_add(r, "link.address", true, NULL, _("%s over %s, from %s"),
			   c->link.address, f->nic.name,
			   c->link.source != NULL ? c->link.source : f->route.source);
}

static void check_mtu(uint32_t mtu, const struct link_facts *f, struct report *r,
		      struct settings *s)
{
	bool fits = f->nic.mtu >= mtu;

	report_add(r, "link.mtu", fits,
		   _("Set the same MTU on both interfaces and on what is between, or lower "
		     "link.mtu."),
		   _("packets of %u bytes, %s carries %u"), mtu, f->nic.name, f->nic.mtu);
	if (!fits)
		settings_add(s, _("the packets of link.mtu must fit"),
			     "ip link set dev %s mtu %u", f->nic.name, mtu);
}

static void check_processor(const struct link_facts *f, struct report *r, struct settings *s)
{
	if (f->governor[0] == '\0') {
		report_add(r, "link.processor", true, NULL, "%s",
			   _("the host does not say how its clock is governed"));
		return;
	}
	if (strcmp(f->governor, "performance") == 0) {
		report_add(r, "link.processor", true, NULL, "%s", f->governor);
		return;
	}
	report_warn(r, "link.processor",
		    _("A processor that has to speed up first loses the beginning of a burst."),
		    _("governed by %s"), f->governor);
	settings_add(s, _("full speed at once"), "cpupower frequency-set -g performance");
}

static void check_buffer(const char *name, const char *limit, uint64_t want,
			 const struct link_facts *f, struct report *r, struct settings *s)
{
	uint64_t got = f->buffer_got != 0 ? f->buffer_got : f->buffer_limit;

	if (got == 0) {
		report_add(r, name, true, NULL, _("%s cannot be read"), limit);
		return;
	}
	if (got >= want) {
		report_add(r, name, true, NULL, _("%llu KiB"), big(got >> 10));
		return;
	}
	report_warn(r, name, _("Raise the limit; it lasts with a file in /etc/sysctl.d."),
		    _("%llu KiB of the %llu KiB that are asked for"), big(got >> 10),
		    big(want >> 10));
	settings_add(s, _("room for what comes while the program does something else"),
		     "sysctl -w %s=%llu", limit, big(want));
}

static void check_queue(const struct gateway_config *c, const struct link_facts *f,
			struct report *r, struct settings *s)
{
	uint64_t want = c->link.rate_bits / 8 / c->link.mtu / QUEUE_PER_SECOND;

	if (want < QUEUE_LEAST)
		want = QUEUE_LEAST;
	/* Virtual interfaces have none and lose nothing by it. */
	if (f->nic.queue == 0 || f->nic.queue >= want) {
		report_add(r, "link.queue", true, NULL, _("%u packets"), f->nic.queue);
		return;
	}
	report_warn(r, "link.queue", _("Let the interface queue 10 ms of the rate."),
		    _("%u packets, %llu would be better"), f->nic.queue, big(want));
	settings_add(s, _("10 ms of link.rate in the queue of the interface"),
		     "ip link set dev %s txqueuelen %llu", f->nic.name, big(want));
}

static void check_rate(const struct gateway_config *c, const struct link_facts *f,
		       struct report *r)
{
	if (f->nic.speed == 0)
		report_add(r, "link.rate", true, NULL, _("%s; %s does not say how fast it is"),
			   c->link.rate, f->nic.name);
	else if (c->link.rate_bits > f->nic.speed)
		report_add(r, "link.rate", false, _("Lower link.rate."),
			   _("%s, but %s has %llu Mbit"), c->link.rate, f->nic.name,
			   big(f->nic.speed / 1000000));
	else if (c->link.rate_bits > f->nic.speed / 20 * 19)
		report_warn(r, "link.rate",
			    _("Leave a twentieth: the wire also carries what the rate does not "
			      "count."),
			    _("%s of the %llu Mbit of %s"), c->link.rate,
			    big(f->nic.speed / 1000000), f->nic.name);
	else
		report_add(r, "link.rate", true, NULL, _("%s of the %llu Mbit of %s"),
			   c->link.rate, big(f->nic.speed / 1000000), f->nic.name);
}

static const char *nft_table(const char *hook)
{
	return strcmp(hook, "egress") == 0 ? "sluice_out" : "sluice_in";
}

static void propose_nft(const char *hook, const char *device, const char *reason,
			struct settings *s)
{
	const char *table = nft_table(hook);

	settings_add(s, reason,
		     "nft add table netdev %s && nft add chain netdev %s link '{ type filter "
		     "hook %s device \"%s\" priority 0; policy drop; }'",
		     table, table, hook, device);
}

/* Gateway: does anything come in? */
static void check_ingress(const struct link_facts *f, struct report *r, struct settings *s)
{
	if (f->nic.loopback)
		return;
	if (f->returns == LINK_RETURNS_DROPPED) {
		report_add(r, "link.return", true, NULL,
			   _("a rule drops whatever comes in over %s"), f->nic.name);
		return;
	}
	if (f->counted && f->device.in_packets == 0) {
		report_add(r, "link.return", true, NULL, _("nothing ever came in over %s"),
			   f->nic.name);
		return;
	}
	report_warn(r, "link.return",
		    _("With a diode this stays 0; without one let a rule drop it."),
		    _("%llu packets came in over %s since it is there"),
		    big(f->counted ? f->device.in_packets : 0), f->nic.name);
	propose_nft("ingress", f->nic.name, _("nothing may come in over the link"), s);
}

void link_check_gateway(const struct gateway_config *c, const struct link_facts *f,
			struct report *r, struct settings *s)
{
	check_way(c, f, r, s);
	if (f->found) {
		if (!f->route.local)
			check_neighbour(f, r, s);
		check_carrier(f, r, s);
		check_mtu(c->link.mtu, f, r, s);
		check_rate(c, f, r);
		check_queue(c, f, r, s);
		check_ingress(f, r, s);
	}
	check_buffer("link.send_buffer", "net.core.wmem_max", UDP_OUT_BUFFER, f, r, s);
	check_processor(f, r, s);
}

/* Outlet: can anything leave by the interface of the link? */
static void check_egress(const struct link_facts *f, struct report *r, struct settings *s)
{
	if (f->nic.loopback)
		return;
	if (f->returns == LINK_RETURNS_DROPPED) {
		report_add(r, "link.return", true, NULL,
			   _("a rule drops whatever would leave by %s"), f->nic.name);
		return;
	}
	report_warn(r, "link.return",
		    _("With a diode nothing can leave; without one let a rule drop it."),
		    f->returns == LINK_RETURNS_OPEN
			    ? _("no rule drops what leaves by %s (%llu packets did)")
			    : _("whether a rule drops what leaves by %s is known to root only "
				"(%llu packets did)"),
		    f->nic.name, big(f->counted ? f->device.out_packets : 0));
	propose_nft("egress", f->nic.name, _("nothing may leave by the link"), s);
}

static void check_ring(const struct link_facts *f, struct report *r, struct settings *s)
{
	if (f->nic.ring_max == 0) {
		report_add(r, "link.ring", true, NULL, _("%s does not say"), f->nic.name);
		return;
	}
	if (f->nic.ring >= f->nic.ring_max) {
		report_add(r, "link.ring", true, NULL, _("%u packets"), f->nic.ring);
		return;
	}
	report_warn(r, "link.ring", _("A burst waits there until the processor comes."),
		    _("%u packets of %u"), f->nic.ring, f->nic.ring_max);
	settings_add(s, _("the largest ring that the card has"), "ethtool -G %s rx %u",
		     f->nic.name, f->nic.ring_max);
}

static void check_limit(const char *name, const char *limit, uint64_t got, uint64_t want,
			struct report *r, struct settings *s)
{
	if (got == 0) {
		report_add(r, name, true, NULL, _("%s cannot be read"), limit);
		return;
	}
	if (got >= want) {
		report_add(r, name, true, NULL, "%s %llu", limit, big(got));
		return;
	}
	report_warn(r, name, _("The kernel drops what comes in a burst beyond it."),
		    _("%s is %llu, %llu would be better"), limit, big(got), big(want));
	settings_add(s, _("bursts are not dropped before the program sees them"),
		     "sysctl -w %s=%llu", limit, big(want));
}

static void check_counters(const struct link_facts *f, struct report *r)
{
	if (f->counted) {
		uint64_t bad =
			f->device.in_errors + f->device.in_dropped + f->device.in_overrun;

		if (bad == 0)
			report_add(r, "link.card", true, NULL,
				   _("%llu packets came in over %s, none damaged or dropped"),
				   big(f->device.in_packets), f->nic.name);
		else
			report_warn(r, "link.card",
				    _("See whether it grows: damaged ones point to the fibre, "
				      "dropped ones to the ring."),
				    _("%llu packets came in over %s; %llu damaged, %llu "
				      "dropped, %llu overrun"),
				    big(f->device.in_packets), f->nic.name,
				    big(f->device.in_errors), big(f->device.in_dropped),
				    big(f->device.in_overrun));
	}
	if (f->udp_counted && f->udp.errors == 0)
		report_add(r, "link.datagrams", true, NULL, "%s",
			   _("none was dropped by this host"));
	else if (f->udp_counted)
		report_warn(
			r, "link.datagrams",
			_("The numbers are those of all programs since the host started; "
			  "see whether they grow."),
			_("%llu dropped by this host, %llu of them since a buffer was full"),
			big(f->udp.errors), big(f->udp.buffer_full));
	if (f->softnet_counted && f->softnet.dropped != 0)
		report_warn(r, "link.processors", _("Raise net.core.netdev_max_backlog."),
			    _("%llu packets came faster than the processors took them"),
			    big(f->softnet.dropped));
}

void link_check_outlet(const struct outlet_config *c, const struct link_facts *f,
		       struct report *r, struct settings *s)
{
	if (!f->found)
		report_add(r, "link.listen", false,
			   _("Give the interface towards the diode this address."),
			   _("%s is no address of this host"), c->link.listen);
	else if (f->any)
		report_warn(r, "link.listen",
			    _("Name the address of the interface towards the diode."),
			    _("%s takes datagrams from every network"), c->link.listen);
	else
		report_add(r, "link.listen", true, NULL, _("%s on %s, which carries %u bytes"),
			   c->link.listen, f->nic.name, f->nic.mtu);
	if (f->found && !f->any) {
		check_carrier(f, r, s);
		check_ring(f, r, s);
		check_egress(f, r, s);
	}
	if (f->strict_source == 1) {
		report_warn(r, "link.source_filter",
			    _("A gateway whose address is of another network is not heard."),
			    _("%s takes packets only from addresses that it would send to"),
			    f->nic.name);
		settings_add(s, _("only if the gateway's link.source is of another network"),
			     "sysctl -w net.ipv4.conf.%s.rp_filter=2", f->nic.name);
	}
	check_buffer("link.buffer", "net.core.rmem_max", f->buffer_asked, f, r, s);
	check_limit("link.backlog", "net.core.netdev_max_backlog", f->backlog, BACKLOG_LEAST, r,
		    s);
	check_limit("link.budget", "net.core.netdev_budget", f->budget, BUDGET_LEAST, r, s);
	check_counters(f, r);
	check_processor(f, r, s);
}
