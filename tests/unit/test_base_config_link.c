/* test_base_config_link.c - the link in both configuration files: numbers, modes, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config_link.h"
#include "base/file.h"

#define GATEWAY                                                                                \
	"data: data\npolicies: p\napproval_policy: a.json\nrepository: repo\n"                 \
	"trust_root: root.json\nlisten: [\"ipc:///abs.sock\"]\n"                               \
	"keys: {desk: d, inspector: i, gateway: g, releaser: r, checker: c, snapshot: s, "     \
	"timestamp: t}\nantivirus: {database: db}\nlink: "
#define OUTLET "data: d\ntrust_root: r.json\nlink: "

static char dir[64], file[128];

static int set_up(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/sl-config-link-XXXXXX");
	return mkdtemp(dir) == NULL ? -1 : file_join(file, sizeof(file), dir, "c.yaml");
}

static int tear_down(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static void put(const char *head, const char *link)
{
	char text[2048];
	int n = snprintf(text, sizeof(text), "%s%s\n", head, link);

	assert_in_range(n, 1, (int)sizeof(text) - 1);
	assert_int_equal(file_write_durable(AT_FDCWD, file, text, (size_t)n, 0600), SL_OK);
}

static void rates(void **state)
{
	static const struct {
		const char *text;
		int want;
		uint64_t bits;
	} rows[] = {
		{"800kbit", SL_OK, 800000},
		{"8kbit", SL_OK, 8000},
		{"100Mbit", SL_OK, 100000000},
		{"2.5Gbit", SL_OK, 2500000000},
		{"400Gbit", SL_OK, UINT64_C(400000000000)},
		{"0.01Mbit", SL_OK, 10000},
		{"7.9kbit", SL_E_LIMIT, 0},
		{"0Mbit", SL_E_LIMIT, 0},
		{"401Gbit", SL_E_LIMIT, 0},
		{"99999999999999999999999999Gbit", SL_E_LIMIT, 0},
		{"", SL_E_FORMAT, 0},
		{"100", SL_E_FORMAT, 0},
		{"Mbit", SL_E_FORMAT, 0},
		{"100 Mbit", SL_E_FORMAT, 0},
		{"100mbit", SL_E_FORMAT, 0},
		{"100Mbit ", SL_E_FORMAT, 0},
		{"100MBit/s", SL_E_FORMAT, 0},
		{"-1Mbit", SL_E_FORMAT, 0},
		{"+1Mbit", SL_E_FORMAT, 0},
		{".5Gbit", SL_E_FORMAT, 0},
		{"1.2.3Gbit", SL_E_FORMAT, 0},
		{"1e3kbit", SL_E_FORMAT, 0},
		{"0x10Mbit", SL_E_FORMAT, 0},
		{"infMbit", SL_E_FORMAT, 0},
		{"nanMbit", SL_E_FORMAT, 0},
		{" 100Mbit", SL_E_FORMAT, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t bits = 0;
		int r = config_rate(rows[i].text, &bits);

		if (r != rows[i].want || bits != rows[i].bits)
			fail_msg("\"%s\": %s, %llu", rows[i].text, sl_errname(r),
				 (unsigned long long)bits);
	}
}

static void durations(void **state)
{
	static const struct {
		const char *text;
		int want;
		uint32_t seconds;
	} rows[] = {
		{"1s", SL_OK, 1},
		{"5s", SL_OK, 5},
		{"90s", SL_OK, 90},
		{"10m", SL_OK, 600},
		{"1h", SL_OK, 3600},
		{"366d", SL_OK, 366 * 86400},
		{"0s", SL_E_LIMIT, 0},
		{"367d", SL_E_LIMIT, 0},
		{"99999999d", SL_E_LIMIT, 0},
		{"999999999s", SL_E_FORMAT, 0},
		{"", SL_E_FORMAT, 0},
		{"5", SL_E_FORMAT, 0},
		{"s", SL_E_FORMAT, 0},
		{"5 s", SL_E_FORMAT, 0},
		{"5ms", SL_E_FORMAT, 0},
		{"5S", SL_E_FORMAT, 0},
		{"1.5h", SL_E_FORMAT, 0},
		{"-5s", SL_E_FORMAT, 0},
		{"5w", SL_E_FORMAT, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t seconds = 0;
		int r = config_duration(rows[i].text, &seconds);

		if (r != rows[i].want || seconds != rows[i].seconds)
			fail_msg("\"%s\": %s, %u", rows[i].text, sl_errname(r), seconds);
	}
}

static void addresses(void **state)
{
	static const struct {
		const char *text, *host;
		uint16_t port; /* 0: refused */
	} rows[] = {
		{"192.0.2.1:8481", "192.0.2.1", 8481},
		{"[2001:db8::1]:1", "2001:db8::1", 1},
		{"0.0.0.0:65535", "0.0.0.0", 65535},
		{"", "", 0},
		{"192.0.2.1", "", 0},
		{"192.0.2.1:", "", 0},
		{"192.0.2.1:0", "", 0},
		{"192.0.2.1:65536", "", 0},
		{"192.0.2.1:084810", "", 0},
		{"192.0.2.1:-1", "", 0},
		{"192.0.2.1: 1", "", 0},
		{"192.0.2.1:1x", "", 0},
		{":8481", "", 0},
		{"192.0.2:8481", "", 0},
		{"192.0.2.256:8481", "", 0},
		{"outlet.example:8481", "", 0},
		{"2001:db8::1:8481", "", 0},
		{"[2001:db8::1:8481", "", 0},
		{"[]:8481", "", 0},
		{"[192.0.2.1]:8481", "", 0},
		{"[fe80::1%eth0]:8481", "", 0},
		{"[2001:db8:0000:0000:0000:0000:0000:0001:0000:0000:0000:0000:0000:0000:1]:1",
		 "", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char host[64] = "";
		uint16_t port = 0;
		int r = config_address(rows[i].text, host, &port);

		if (rows[i].port == 0 && r == SL_E_FORMAT && port == 0)
			continue;
		if (r != SL_OK || port != rows[i].port || strcmp(host, rows[i].host) != 0)
			fail_msg("\"%s\": %s, \"%s\" %u", rows[i].text, sl_errname(r), host,
				 port);
	}
}

#define UDP "mode: udp, address: '192.0.2.1:8481', mac_key: m"

/* says NULL: good. */
struct row {
	const char *link, *says;
};

static const struct row gateway_rows[] = {
	{"{mode: directory, directory: spool}", NULL},
	{"{mode: stream, url: 'ipc://run/l.sock'}", NULL},
	{"{mode: stream, url: 'tcp://127.0.0.1:8482'}", NULL},
	{"{mode: stream, url: 'tcp://127.9.9.9:8482'}", NULL},
	{"{mode: stream, url: 'tcp://[::1]:8482'}", NULL},
	{"{mode: stream, url: 'tls+tcp://out:9', ca: c, certificate: k}", NULL},
	{"{" UDP "}", NULL},
	{"{" UDP ", mtu: 576, loss: 50, interleave: 4096}", NULL},
	{"{" UDP ", mtu: 65535, rate: 8kbit, source: 192.0.2.2}", NULL},
	{"{" UDP ", repeat: [1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s]}", NULL},
	{"{mode: pigeon}", "link.mode is \"pigeon\"; it must be udp, stream or directory"},
	{"{mode: UDP}", "it must be udp, stream or directory"},
	{"{mode: stream}", "link.mode stream needs link.url"},
	{"{mode: directory}", "link.mode directory needs link.directory"},
	{"{mode: stream, url: 'tls+tcp://out:9', ca: c}", "out:9 needs link.certificate"},
	{"{mode: stream, url: 'tls+tcp://out:9', certificate: k}", "out:9 needs link.ca"},
	{"{mode: stream, url: 'tcp://out:9'}", "neither tls+tcp:// nor ipc://"},
	{"{mode: stream, url: 'tcp://localhost:9'}", "for this host alone"},
	{"{mode: stream, url: 'tcp://192.0.2.1:9', ca: c, certificate: k}", "this host alone"},
	{"{mode: stream, url: 'tcp://0.0.0.0:9'}", "for this host alone"},
	{"{mode: stream, url: 'tcp://*:9'}", "for this host alone"},
	{"{mode: stream, url: 'tcp://127.0.0.1.example:9'}", "for this host alone"},
	{"{mode: stream, url: 'tcp://192.0.2.1;127.0.0.1:9'}", "for this host alone"},
	{"{mode: stream, url: 'tcp://127.0.0.1'}", "for this host alone"},
	{"{mode: stream, url: 'ws://127.0.0.1:9'}", "neither tls+tcp:// nor ipc://"},
	{"{mode: stream, url: 'inproc://x'}", "neither tls+tcp:// nor ipc://"},
	{"{mode: stream, url: '127.0.0.1:9'}", "neither tls+tcp:// nor ipc://"},
	{"{mode: udp, mac_key: m}", "link.mode udp needs link.address"},
	{"{mode: udp, address: 'out:1', mac_key: m}", "needs link.address, a numeric address"},
	{"{mode: udp, address: '192.0.2.1:8481'}", "link.mode udp needs link.mac_key"},
	{"{" UDP ", mtu: 575}", "link.mtu must be 576 to 65535"},
	{"{" UDP ", mtu: 65536}", "link.mtu must be 576 to 65535"},
	{"{" UDP ", loss: 51}", "link.loss is more than 50 percent"},
	{"{" UDP ", interleave: 4097}", "link.interleave is more than 4096 blocks"},
	{"{" UDP ", rate: 100}", "link.rate is \"100\"; it must be a rate such as"},
	{"{" UDP ", rate: 1kbit}", "link.rate is \"1kbit\""},
	{"{mode: directory, directory: d, rate: fast}", "link.rate is \"fast\""},
	{"{" UDP ", repeat: [5s, soon]}", "link.repeat: \"soon\" is no pause such as 5s"},
	{"{" UDP ", repeat: [0s]}", "link.repeat: \"0s\" is no pause"},
	{"{" UDP ", repeat: []}", "c.yaml:"},
	{"{" UDP ", repeat: [5s, never]}", "\"never\" is no pause such as 5s"},
	{"{" UDP ", repeat: [1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s]}",
	 "link.repeat has more than 8 pauses"},
	{"{" UDP ", rate: -1}", "link.rate is \"-1\""},
	{"{" UDP ", mtu: -1}", "c.yaml"},
	{"{" UDP ", speed: 5}", "c.yaml"},
};

static void judge(const struct row *row, int r, const struct sl_why *why)
{
	if (row->says == NULL && r != SL_OK)
		fail_msg("%s: %s", row->link, why->text);
	if (row->says != NULL && (r != SL_E_CONFIG || strstr(why->text, row->says) == NULL ||
				  strstr(why->text, "c.yaml") == NULL))
		fail_msg("%s: %s, \"%s\"", row->link, sl_errname(r), why->text);
}

static void gateway_links(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(gateway_rows) / sizeof(gateway_rows[0]); i++) {
		struct gateway_config *c = NULL;
		struct sl_why why = {.text = ""};

		put(GATEWAY, gateway_rows[i].link);
		judge(&gateway_rows[i], config_gateway_load(file, &c, &why), &why);
		config_gateway_free(c);
	}
}

static const struct row outlet_rows[] = {
	{"{mode: directory, directory: in}", NULL},
	{"{mode: stream, url: 'ipc://run/l.sock'}", NULL},
	{"{mode: stream, url: 'tcp://127.0.0.1:8482'}", NULL},
	{"{mode: stream, url: 'tls+tcp://*:9', ca: c, certificate: k}", NULL},
	{"{mode: udp, listen: '0.0.0.0:8481', mac_keys: [m]}", NULL},
	{"{mode: udp, listen: '[::]:8481', mac_keys: [a, b, c, d]}", NULL},
	{"{mode: directory, directory: in, old_keys: [a, b, c, d]}", NULL},
	{"{mode: directory, directory: in, old_keys: [a, b, c, d, e]}",
	 "link.old_keys has more than 4 keys"},
	{"{mode: bird}", "it must be udp, stream or directory"},
	{"{mode: stream}", "link.mode stream needs link.url"},
	{"{mode: directory}", "link.mode directory needs link.directory"},
	{"{mode: stream, url: 'tls+tcp://*:9', certificate: k}", "needs link.ca"},
	{"{mode: stream, url: 'tls+tcp://*:9', ca: c}", "needs link.certificate"},
	{"{mode: stream, url: 'tcp://*:9'}", "for this host alone"},
	{"{mode: stream, url: 'wss://*:9', ca: c, certificate: k}", "neither tls+tcp://"},
	{"{mode: udp, mac_keys: [m]}", "link.mode udp needs link.listen"},
	{"{mode: udp, listen: 'here:1', mac_keys: [m]}", "needs link.listen, a numeric"},
	{"{mode: udp, listen: '0.0.0.0:8481'}", "needs link.mac_keys, one to 4 of them"},
	{"{mode: udp, listen: '0.0.0.0:8481', mac_keys: []}", "needs link.mac_keys"},
	{"{mode: udp, listen: '0.0.0.0:8481', mac_keys: [a, b, c, d, e]}", "link.mac_keys"},
	{"{mode: udp, listen: '0.0.0.0:8481', mac_key: m}", "c.yaml"},
};

static void outlet_links(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(outlet_rows) / sizeof(outlet_rows[0]); i++) {
		struct outlet_config *c = NULL;
		struct sl_why why = {.text = ""};

		put(OUTLET, outlet_rows[i].link);
		judge(&outlet_rows[i], config_outlet_load(file, &c, &why), &why);
		config_outlet_free(c);
	}
}

static struct gateway_config *loaded(const char *link)
{
	struct gateway_config *c = NULL;
	struct sl_why why = {.text = ""};

	put(GATEWAY, link);
	if (config_gateway_load(file, &c, &why) != SL_OK)
		fail_msg("%s", why.text);
	return c;
}

static void filled_in(void **state)
{
	struct gateway_config *c = loaded("{" UDP "}");
	struct outlet_config *o = NULL;
	struct sl_why why = {.text = ""};

	(void)state;
	assert_int_equal(c->link.rate_bits, 100000000);
	assert_int_equal(c->link.mtu, 1500);
	assert_int_equal(c->link.loss, 3);
	assert_int_equal(c->link.interleave, 512);
	assert_false(c->link.no_offload);
	assert_int_equal(c->link.keep_bytes, UINT64_C(4) << 30);
	assert_int_equal(c->link.n_repeat, 4);
	assert_int_equal(c->link.repeat_seconds[0], 5);
	assert_int_equal(c->link.repeat_seconds[3], 3600);
	config_gateway_free(c);

	c = loaded("{" UDP ", repeat: [never]}");
	assert_int_equal(c->link.n_repeat, 0);
	config_gateway_free(c);

	c = loaded("{" UDP ", repeat: [2d], rate: 2.5Gbit, mtu: 9000, loss: 10, interleave: 1, "
		   "no_offload: true, keep_bytes: 5}");
	assert_int_equal(c->link.n_repeat, 1);
	assert_int_equal(c->link.repeat_seconds[0], 2 * 86400);
	assert_int_equal(c->link.rate_bits, UINT64_C(2500000000));
	assert_int_equal(c->link.mtu, 9000);
	assert_int_equal(c->link.loss, 10);
	assert_int_equal(c->link.interleave, 1);
	assert_true(c->link.no_offload);
	assert_int_equal(c->link.keep_bytes, 5);
	config_gateway_free(c);

	put(OUTLET, "{mode: udp, listen: '0.0.0.0:8481', mac_keys: [a, /b], old_keys: [k]}");
	assert_int_equal(config_outlet_load(file, &o, &why), SL_OK);
	assert_int_equal(o->link.buffer_bytes, 64 << 20);
	assert_int_equal(o->link.mac_keys.n, 2);
	assert_non_null(strstr(o->link.mac_keys.item[0], dir));
	assert_string_equal(o->link.mac_keys.item[1], "/b");
	assert_non_null(strstr(o->link.old_keys.item[0], dir));
	config_outlet_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates),	cmocka_unit_test(durations),
		cmocka_unit_test(addresses),	cmocka_unit_test(gateway_links),
		cmocka_unit_test(outlet_links), cmocka_unit_test(filled_in),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
