/* test_link_facts.c - a host's end of the link: the kernel's answers read, then judged.
 *
 * The answers are bytes and texts of kernels; the texts of the doctors are golden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "link/link_check.h"

struct message {
	uint8_t bytes[512];
	size_t len;
};

static void put(struct message *m, const void *v, size_t len)
{
	memcpy(m->bytes + m->len, v, len);
	m->len += (len + 3) & ~(size_t)3;
}

static void attribute(struct message *m, unsigned short type, const void *v, size_t len)
{
	struct rtattr h = {.rta_len = (unsigned short)(sizeof(h) + len), .rta_type = type};

	put(m, &h, sizeof(h));
	put(m, v, len);
}

static void close_message(struct message *m, size_t begin, uint16_t type)
{
	struct nlmsghdr h = {.nlmsg_len = (uint32_t)(m->len - begin), .nlmsg_type = type};

	memcpy(m->bytes + begin, &h, sizeof(h));
}

static struct message route_message(uint8_t type, uint8_t prefix, bool gateway)
{
	static const uint8_t source[4] = {192, 0, 2, 1}, next[4] = {192, 0, 2, 9};
	struct rtmsg body = {.rtm_family = 2, .rtm_type = type, .rtm_dst_len = prefix};
	struct message m = {.len = sizeof(struct nlmsghdr)};
	uint32_t interface = 7;

	put(&m, &body, sizeof(body));
	attribute(&m, RTA_OIF, &interface, sizeof(interface));
	attribute(&m, RTA_PREFSRC, source, sizeof(source));
	if (gateway)
		attribute(&m, RTA_GATEWAY, next, sizeof(next));
	close_message(&m, 0, RTM_NEWROUTE);
	return m;
}

static void test_route(void **state)
{
	struct message m = route_message(RTN_UNICAST, 30, false);
	struct route r;
	int32_t error = -101; /* ENETUNREACH */

	(void)state;
	assert_int_equal(route_parse(m.bytes, m.len, &r), SL_OK);
	assert_int_equal(r.interface, 7);
	assert_false(r.local || r.usual);
	assert_string_equal(r.source, "192.0.2.1");
	assert_string_equal(r.gateway, "");
	for (size_t n = 0; n < m.len; n++)
		assert_int_equal(route_parse(m.bytes, n, &r), SL_E_FORMAT);
	m = route_message(RTN_UNICAST, 0, true);
	assert_int_equal(route_parse(m.bytes, m.len, &r), SL_OK);
	assert_true(r.usual);
	assert_string_equal(r.gateway, "192.0.2.9");
	m = route_message(RTN_LOCAL, 32, false);
	assert_int_equal(route_parse(m.bytes, m.len, &r), SL_OK);
	assert_true(r.local);
	m = route_message(RTN_BLACKHOLE, 32, false);
	assert_int_equal(route_parse(m.bytes, m.len, &r), SL_E_UNREACHABLE);
	m = (struct message){.len = sizeof(struct nlmsghdr)};
	put(&m, &error, sizeof(error));
	close_message(&m, 0, NLMSG_ERROR);
	assert_int_equal(route_parse(m.bytes, m.len, &r), SL_E_UNREACHABLE);
	m = (struct message){.len = sizeof(struct nlmsghdr)};
	close_message(&m, 0, NLMSG_DONE);
	assert_int_equal(route_parse(m.bytes, m.len, &r), SL_E_FORMAT);
}

static void add_neighbour(struct message *m, int interface, uint16_t nud,
			  const uint8_t address[4])
{
	struct ndmsg body = {.ndm_family = 2, .ndm_ifindex = interface, .ndm_state = nud};
	size_t begin = m->len;

	m->len += sizeof(struct nlmsghdr);
	put(m, &body, sizeof(body));
	attribute(m, NDA_DST, address, 4);
	close_message(m, begin, RTM_NEWNEIGH);
}

static void test_neighbours(void **state)
{
	static const uint8_t ours[4] = {192, 0, 2, 2}, other[4] = {192, 0, 2, 3};
	static const struct {
		uint16_t nud;
		enum route_neighbour want;
	} rows[] = {{NUD_PERMANENT, ROUTE_PERMANENT}, {NUD_NOARP, ROUTE_PERMANENT},
		    {NUD_REACHABLE, ROUTE_ANSWERED},  {NUD_STALE, ROUTE_ANSWERED},
		    {NUD_FAILED, ROUTE_UNANSWERED},   {NUD_INCOMPLETE, ROUTE_UNANSWERED},
		    {NUD_NONE, ROUTE_NOBODY}};
	enum route_neighbour n;
	bool done = false;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct message m = {.len = 0};
		size_t begin;

		add_neighbour(&m, 7, NUD_STALE, other);
		add_neighbour(&m, 8, NUD_STALE, ours);
		add_neighbour(&m, 7, rows[i].nud, ours);
		n = ROUTE_NOBODY;
		assert_int_equal(route_parse_neighbours(m.bytes, m.len, 7, ours, 4, &n, &done),
				 SL_OK);
		assert_int_equal(n, rows[i].want);
		assert_false(done);
		assert_int_equal(
			route_parse_neighbours(m.bytes, m.len - 1, 7, ours, 4, &n, &done),
			SL_E_FORMAT);
		begin = m.len;
		m.len += sizeof(struct nlmsghdr);
		close_message(&m, begin, NLMSG_DONE);
		assert_int_equal(route_parse_neighbours(m.bytes, m.len, 7, ours, 4, &n, &done),
				 SL_OK);
		assert_true(done);
	}
}

static const char snmp[] =
	"Ip: Forwarding DefaultTTL\nIp: 1 64\n"
	"Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors "
	"IgnoredMulti MemErrors\n"
	"Udp: 1000 5 394 900 194 0 3 0 0\n"
	"UdpLite: InDatagrams NoPorts InErrors\nUdpLite: 0 0 0\n";
static const char dev[] =
	"Inter-|   Receive                                                |  Transmit\n"
	" face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets "
	"errs "
	"drop fifo colls carrier compressed\n"
	"    lo: 100 10 0 0 0 0 0 0 100 10 0 0 0 0 0 0\n"
	"  eth1: 80014094    9227    1    2    3     4          0         0     9590      25   "
	" 6"
	"    7    0     0       0          0\n";

static void test_proc(void **state)
{
	struct proc_net_softnet s;
	struct proc_net_device d;
	struct proc_net_udp u;

	(void)state;
	assert_true(proc_net_udp_of(snmp, &u));
	assert_int_equal(u.taken, 1000);
	assert_int_equal(u.errors, 394);
	assert_int_equal(u.buffer_full, 194);
	assert_int_equal(u.checksum, 3);
	assert_false(proc_net_udp_of("", &u));
	assert_false(proc_net_udp_of("Udp: InDatagrams\n", &u));
	assert_false(proc_net_udp_of("Udp: InDatagrams\nUdp: x\n", &u));
	assert_true(proc_net_device_of(dev, "eth1", &d));
	assert_int_equal(d.in_packets, 9227);
	assert_int_equal(d.in_errors, 1);
	assert_int_equal(d.in_dropped, 2);
	assert_int_equal(d.in_overrun, 3);
	assert_int_equal(d.out_packets, 25);
	assert_int_equal(d.out_dropped, 7);
	assert_false(proc_net_device_of(dev, "eth", &d));
	assert_false(proc_net_device_of("eth1: 1 2\n", "eth1", &d));
	assert_true(proc_net_softnet_of("0000000a 00000001 0000000f 00\n"
					"0000000b 000000ff 00000001 00\n",
					&s));
	assert_int_equal(s.dropped, 0x100);
	assert_int_equal(s.squeezed, 0x10);
	assert_false(proc_net_softnet_of("", &s));
	assert_false(proc_net_softnet_of("0000000a\n", &s));
}

static void test_nft(void **state)
{
	static const char one[] =
		"table netdev sluice_out {\n\tchain link {\n"
		"\t\ttype filter hook egress device \"eth1\" priority filter; policy "
		"drop;\n\t}\n}\n"
		"table netdev t {\n\tchain in {\n"
		"\t\ttype filter hook ingress device \"eth1\" priority filter; policy accept;\n"
		"\t}\n}\n";
	static const char list[] = "type filter hook egress devices = { eth0, \"eth1\" } "
				   "priority 0; policy drop;\n";
	static const char next_line[] =
		"type filter hook egress device \"eth1\" priority 0; policy accept;\n"
		"type filter hook egress device \"eth2\" priority 0; policy drop;\n";

	(void)state;
	assert_int_equal(link_facts_returns(one, "egress", "eth1"), LINK_RETURNS_DROPPED);
	assert_int_equal(link_facts_returns(one, "ingress", "eth1"), LINK_RETURNS_OPEN);
	assert_int_equal(link_facts_returns(one, "egress", "eth"), LINK_RETURNS_OPEN);
	assert_int_equal(link_facts_returns(list, "egress", "eth1"), LINK_RETURNS_DROPPED);
	assert_int_equal(link_facts_returns(next_line, "egress", "eth1"), LINK_RETURNS_OPEN);
	assert_int_equal(link_facts_returns(next_line, "egress", "eth2"), LINK_RETURNS_DROPPED);
	assert_int_equal(link_facts_returns("", "egress", "eth1"), LINK_RETURNS_OPEN);
}

/* An interface behind a real diode that is set up well. */
static struct link_facts good(void)
{
	return (struct link_facts){
		.host = "192.0.2.2",
		.found = true,
		.route = {.interface = 7, .source = "192.0.2.1"},
		.neighbour = ROUTE_PERMANENT,
		.source_here = true,
		.nic = {.name = "eth1",
			.up = true,
			.carrier = true,
			.arp = true,
			.mtu = 1500,
			.queue = 1000,
			.speed = 1000000000,
			.ring = 512,
			.ring_max = 512},
		.counted = true,
		.buffer_limit = 64 << 20,
		.governor = "performance",
		.buffer_got = 64 << 20,
		.buffer_asked = 64 << 20,
		.backlog = 10000,
		.budget = 600,
		.udp_counted = true,
		.softnet_counted = true,
		.returns = LINK_RETURNS_DROPPED,
	};
}

static struct link_facts bad(void)
{
	struct link_facts f = good();

	f.neighbour = ROUTE_UNANSWERED;
	f.route.usual = true;
	f.nic.carrier = false;
	f.nic.mtu = 1400;
	f.nic.queue = 100;
	f.nic.speed = 10000000;
	f.nic.ring = 256;
	f.nic.pause_known = f.nic.pause_take = true;
	f.buffer_limit = f.buffer_got = 208 << 10;
	(void)snprintf(f.governor, sizeof(f.governor), "powersave");
	f.device = (struct proc_net_device){
		.in_packets = 12, .in_errors = 1, .in_dropped = 2, .out_packets = 3};
	f.backlog = 1000;
	f.budget = 300;
	f.udp.errors = 5;
	f.udp.buffer_full = 4;
	f.softnet.dropped = 6;
	f.returns = LINK_RETURNS_OPEN;
	f.strict_source = 1;
	return f;
}

/* "ok name: detail" or "!"/"~" with what to do, then the commands. */
static void same_text(const struct report *r, const struct settings *s, const char *want)
{
	struct buf b;
	json_t *item;
	size_t i;

	buf_init(&b, 1 << 16);
	json_array_foreach(r->items, i, item)
	{
		const char *mark = !json_is_true(json_object_get(item, "ok")) ? "WRONG"
				   : json_object_get(item, "warning") != NULL ? "SOON"
									      : "ok";

		buf_putf(&b, "%s %s: %s\n", mark, json_str(item, "name"),
			 json_str(item, "detail"));
		assert_true(strcmp(mark, "ok") == 0 || json_str(item, "next") != NULL);
	}
	json_array_foreach(s->items, i, item)
	{
		assert_true(strlen(json_str(item, "reason")) > 0);
		buf_putf(&b, "%s\n", json_str(item, "command"));
	}
	assert_string_equal(buf_str(&b), want);
	buf_release(&b);
}

static void check(bool gateway, const struct link_facts *f, bool ok, const char *want)
{
	struct gateway_config g = {.link = {.address = (char[]){"192.0.2.2:8481"},
					    .rate = (char[]){"100Mbit"},
					    .rate_bits = 100000000,
					    .mtu = 1500}};
	struct outlet_config o = {.link = {.listen = (char[]){"192.0.2.2:8481"}}};
	struct settings s;
	struct report r;

	report_init(&r);
	settings_init(&s);
	if (gateway)
		link_check_gateway(&g, f, &r, &s);
	else
		link_check_outlet(&o, f, &r, &s);
	same_text(&r, &s, want);
	assert_int_equal(r.all_ok, ok);
	settings_release(&s);
	report_release(&r);
}

static void test_gateway(void **state)
{
	struct link_facts f = good();

	(void)state;
	check(true, &f, true,
	      "ok link.address: 192.0.2.2:8481 over eth1, from 192.0.2.1\n"
	      "ok link.neighbour: its hardware address is set for good\n"
	      "ok link.carrier: eth1 is up\n"
	      "ok link.mtu: packets of 1500 bytes, eth1 carries 1500\n"
	      "ok link.rate: 100Mbit of the 1000 Mbit of eth1\n"
	      "ok link.queue: 1000 packets\n"
	      "ok link.return: a rule drops whatever comes in over eth1\n"
	      "ok link.send_buffer: 65536 KiB\n"
	      "ok link.processor: performance\n");
	f = bad();
	f.buffer_got = 0;
	check(true, &f, false,
	      "SOON link.address: 192.0.2.2:8481 goes out by the default route, over eth1\n"
	      "WRONG link.neighbour: nobody on eth1 answers for 192.0.2.2: nothing leaves this "
	      "host\n"
	      "WRONG link.carrier: eth1 has no carrier\n"
	      "SOON link.pause: eth1 uses flow control\n"
	      "WRONG link.mtu: packets of 1500 bytes, eth1 carries 1400\n"
	      "WRONG link.rate: 100Mbit, but eth1 has 10 Mbit\n"
	      "SOON link.queue: 100 packets, 1000 would be better\n"
	      "SOON link.return: 12 packets came in over eth1 since it is there\n"
	      "SOON link.send_buffer: 208 KiB of the 4096 KiB that are asked for\n"
	      "SOON link.processor: governed by powersave\n"
	      "ip neigh replace 192.0.2.2 lladdr OUTLET_MAC dev eth1 nud permanent\n"
	      "ethtool -s eth1 autoneg off speed 1000 duplex full\n"
	      "ethtool -A eth1 autoneg off rx off tx off\n"
	      "ip link set dev eth1 mtu 1500\n"
	      "ip link set dev eth1 txqueuelen 1000\n"
	      "nft add table netdev sluice_in && nft add chain netdev sluice_in link '{ type "
	      "filter hook ingress device \"eth1\" priority 0; policy drop; }'\n"
	      "sysctl -w net.core.wmem_max=4194304\n"
	      "cpupower frequency-set -g performance\n");
	/* The kernel sends to an address of its own over loopback. */
	f = good();
	f.route.local = f.nic.loopback = true;
	f.nic.arp = false;
	check(true, &f, true,
	      "SOON link.address: 192.0.2.2:8481 is this host's own\n"
	      "ok link.carrier: eth1 is up\n"
	      "ok link.mtu: packets of 1500 bytes, eth1 carries 1500\n"
	      "ok link.rate: 100Mbit of the 1000 Mbit of eth1\n"
	      "ok link.queue: 1000 packets\n"
	      "ok link.send_buffer: 65536 KiB\n"
	      "ok link.processor: performance\n");
	/* Its interface is switched off, and the way gone with it. */
	f = (struct link_facts){
		.host = "192.0.2.2", .source_here = true, .nic = {.name = "eth1"}};
	check(true, &f, false,
	      "WRONG link.carrier: eth1 is switched off\n"
	      "ok link.send_buffer: net.core.wmem_max cannot be read\n"
	      "ok link.processor: the host does not say how its clock is governed\n"
	      "ip link set dev eth1 up\n");
	f = (struct link_facts){.host = "192.0.2.2", .source_here = true};
	check(true, &f, false,
	      "WRONG link.address: there is no way to 192.0.2.2:8481\n"
	      "ok link.send_buffer: net.core.wmem_max cannot be read\n"
	      "ok link.processor: the host does not say how its clock is governed\n");
}

static void test_outlet(void **state)
{
	struct link_facts f = good();

	(void)state;
	check(false, &f, true,
	      "ok link.listen: 192.0.2.2:8481 on eth1, which carries 1500 bytes\n"
	      "ok link.carrier: eth1 is up\n"
	      "ok link.ring: 512 packets\n"
	      "ok link.return: a rule drops whatever would leave by eth1\n"
	      "ok link.buffer: 65536 KiB\n"
	      "ok link.backlog: net.core.netdev_max_backlog 10000\n"
	      "ok link.budget: net.core.netdev_budget 600\n"
	      "ok link.card: 0 packets came in over eth1, none damaged or dropped\n"
	      "ok link.datagrams: none was dropped by this host\n"
	      "ok link.processor: performance\n");
	f = bad();
	check(false, &f, false,
	      "ok link.listen: 192.0.2.2:8481 on eth1, which carries 1400 bytes\n"
	      "WRONG link.carrier: eth1 has no carrier\n"
	      "SOON link.pause: eth1 uses flow control\n"
	      "SOON link.ring: 256 packets of 512\n"
	      "SOON link.return: no rule drops what leaves by eth1 (3 packets did)\n"
	      "SOON link.source_filter: eth1 takes packets only from addresses that it would "
	      "send to\n"
	      "SOON link.buffer: 208 KiB of the 65536 KiB that are asked for\n"
	      "SOON link.backlog: net.core.netdev_max_backlog is 1000, 5000 would be better\n"
	      "SOON link.budget: net.core.netdev_budget is 300, 600 would be better\n"
	      "SOON link.card: 12 packets came in over eth1; 1 damaged, 2 dropped, 0 overrun\n"
	      "SOON link.datagrams: 5 dropped by this host, 4 of them since a buffer was full\n"
	      "SOON link.processors: 6 packets came faster than the processors took them\n"
	      "SOON link.processor: governed by powersave\n"
	      "ethtool -s eth1 autoneg off speed 1000 duplex full\n"
	      "ethtool -A eth1 autoneg off rx off tx off\n"
	      "ethtool -G eth1 rx 512\n"
	      "nft add table netdev sluice_out && nft add chain netdev sluice_out link '{ type "
	      "filter hook egress device \"eth1\" priority 0; policy drop; }'\n"
	      "sysctl -w net.ipv4.conf.eth1.rp_filter=2\n"
	      "sysctl -w net.core.rmem_max=67108864\n"
	      "sysctl -w net.core.netdev_max_backlog=5000\n"
	      "sysctl -w net.core.netdev_budget=600\n"
	      "cpupower frequency-set -g performance\n");
}

/* This very host: loopback is there, and is found as what it is. */
static void test_loopback(void **state)
{
	struct gateway_config c = {
		.link = {.address = (char[]){"127.0.0.1:9"}, .rate_bits = 1, .mtu = 1500}};
	struct link_facts f;

	(void)state;
	link_facts_gateway(&c, &f);
	assert_true(f.found && f.source_here && f.nic.loopback && f.nic.up);
	assert_true(f.route.local);
	assert_string_equal(f.nic.name, "lo");
	assert_true(f.nic.mtu >= 1500);
	assert_true(f.counted);
	c.link.source = (char[]){"192.0.2.77"};
	link_facts_gateway(&c, &f);
	assert_false(f.source_here);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_route),	 cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_proc),	 cmocka_unit_test(test_nft),
		cmocka_unit_test(test_gateway),	 cmocka_unit_test(test_outlet),
		cmocka_unit_test(test_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
