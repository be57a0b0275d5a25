/* sluiced_link.c - the gateway's end of the one-way link: as configured, as the sender says. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "link/datagram.h"
#include "link/geometry.h"
#include "link/link_facts.h"
#include "sluiced.h"
#include "sluiced_link.h"

enum { COSTS = 4 };

/* What a unit of so many bytes costs on the wire, IP and UDP headers too, in percent of its
 * size; 0: it cannot be sent so. */
static unsigned cost_of(const struct gateway_config *c, uint32_t bytes)
{
	uint32_t headers = datagram_headers(c->link.address[0] == '[');
	uint32_t payload = c->link.mtu - headers;
	struct geometry g;
	uint64_t wire;

	if (payload > DATAGRAM_MAX)
		payload = DATAGRAM_MAX;
	if (geometry_plan(bytes + DIGEST_LEN, payload - DATAGRAM_FRAMING, c->link.loss * 10,
			  &g) != SL_OK)
		return 0;
	wire = ((uint64_t)g.symbols + (uint64_t)g.blocks * g.m) *
	       (g.s + DATAGRAM_FRAMING + headers);
	return (unsigned)(wire * 100 / bytes);
}

static json_t *costs(const struct gateway_config *c)
{
	static const uint32_t sizes[COSTS] = {4 << 10, 100 << 10, 1 << 20, 100 << 20};
	json_t *all = json_array();

	for (unsigned i = 0; i < COSTS; i++)
		(void)json_array_append_new(all, json_pack("{s:I,s:I}", "bytes",
							   (json_int_t)sizes[i], "wire_percent",
							   (json_int_t)cost_of(c, sizes[i])));
	return all;
}

/* The kernel asks for the outlet's hardware address, and through a diode nobody answers.  The
 * sender cannot see that: what it hands over is thrown away without an error. */
static bool is_unanswered(const struct gateway_config *c)
{
	struct link_facts f;

	link_facts_way(c, &f);
	return f.found && f.nic.arp && f.neighbour == ROUTE_UNANSWERED;
}

json_t *sluiced_link_json(const struct gateway_config *c, bool running)
{
	bool udp = strcmp(c->link.mode, "udp") == 0;
	const char *to = udp				       ? c->link.address
			 : strcmp(c->link.mode, "stream") == 0 ? c->link.url
							       : c->link.directory;
	json_t *j = json_pack("{ss ss sb sI}", "mode", c->link.mode, "to", to, "running",
			      running, "keep_bytes", (json_int_t)c->link.keep_bytes);
	json_t *sender = NULL;

	if (j == NULL)
		return NULL;
	if (udp) {
		(void)json_object_set_new(j, "rate", json_string(c->link.rate));
		(void)json_object_set_new(j, "mtu", json_integer(c->link.mtu));
		(void)json_object_set_new(j, "loss_percent", json_integer(c->link.loss));
		(void)json_object_set_new(j, "cost", costs(c));
		(void)json_object_set_new(j, "unanswered", json_boolean(is_unanswered(c)));
	}
	if (sluiced_read_json(c->data, "status/sender.json", &sender) == SL_OK)
		(void)json_object_set_new(j, "sender", sender);
	return j;
}

static int64_t number(const json_t *j, const char *name)
{
	int64_t v = 0;

	(void)json_i64(j, name, &v);
	return v;
}

static const char *text(const json_t *j, const char *name)
{
	const char *s = json_str(j, name);

	return s != NULL ? s : "?";
}

static void print_size(uint64_t bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	double n = (double)bytes;
	unsigned i = 0;

	for (; n >= 1024 && i < 4; i++)
		n /= 1024;
	printf(i == 0 ? "%.0f %s" : "%.1f %s", n, units[i]);
}

/* What is wrong, in words; "" for nothing. */
static const char *trouble(const json_t *error)
{
	const char *name = json_str(error, "error");
	int code = name == NULL ? SL_OK : sl_err_from_name(name);

	switch (code) {
	case SL_OK:
		return "";
	case SL_E_UNREACHABLE:
		return _("the interface is down, there is no route, or nobody takes it at the "
			 "other end");
	case SL_E_CONFIG:
		return _("link.mtu is larger than the interface takes");
	case SL_E_DENIED:
		return _("a firewall rule of this host refuses it");
	case SL_E_FULL:
		return _("there is no space where units are put");
	default:
		return _(sl_strerror(code));
	}
}

static void print_wrong(const struct cli *c, const json_t *link)
{
	const json_t *sender = json_obj(link, "sender");
	const json_t *stuck = json_arr(sender, "stuck"),
		     *early = json_obj(sender, "pruned_early");
	bool connected = true, clock_only = false, unanswered = false;

	(void)json_bool(link, "unanswered", &unanswered);
	(void)json_bool(sender, "connected", &connected);
	(void)json_bool(sender, "clock_only", &clock_only);
	printf("%s", cli_paint(c, CLI_RED));
	if (!connected) {
		printf(_("  nothing can be sent since %s: %s"), text(sender, "down_since"),
		       trouble(json_obj(sender, "last_error")));
		putchar('\n');
	}
	if (unanswered) {
		printf(_("  nothing leaves this host: nobody answers for the hardware address "
			 "of %s"),
		       text(link, "to"));
		printf("\n  -> %s\n",
		       _("\"sluiced doctor --link\" gives the command that sets it; "
			 "what was sent meanwhile: \"sluiced link resend\"."));
	}
	for (size_t i = 0; i < json_array_size(stuck); i++) {
		printf(_("  unit %lld cannot be sent by this link and stays in the outbox"),
		       (long long)json_integer_value(json_array_get(stuck, i)));
		putchar('\n');
	}
	if (early != NULL) {
		printf(_("  %lld units were removed before their repetitions were over, the "
			 "last was %lld: link.keep_bytes is too little"),
		       (long long)number(early, "units"), (long long)number(early, "serial"));
		putchar('\n');
	}
	if (clock_only) {
		printf("%s\n",
		       _("  outbox/session was damaged: the outlet takes datagrams only "
			 "if this host's clock is right"));
	}
	printf("%s", cli_paint(c, CLI_RESET));
}

void sluiced_link_line(const struct cli *c, const json_t *link)
{
	const json_t *sender = json_obj(link, "sender");

	if (link == NULL)
		return;
	printf(_("link: %s to %s"), text(link, "mode"), text(link, "to"));
	if (number(sender, "sent") > 0) {
		printf(_(", unit %lld was sent last, %lld wait, %lld are repeated"),
		       (long long)number(sender, "sent"), (long long)number(sender, "waiting"),
		       (long long)number(json_obj(sender, "repeating"), "units"));
	}
	putchar('\n');
	print_wrong(c, link);
}

static void print_udp(const json_t *link, const json_t *sender)
{
	const json_t *one;
	size_t i;

	printf(_("  at most %s in packets of at most %lld bytes"), text(link, "rate"),
	       (long long)number(link, "mtu"));
	putchar('\n');
	printf(_("  made for a loss of %lld %%; on the wire a unit costs"),
	       (long long)number(link, "loss_percent"));
	json_array_foreach(json_arr(link, "cost"), i, one)
	{
		printf("%s %.2f x ", i > 0 ? "," : "",
		       (double)number(one, "wire_percent") / 100);
		print_size((uint64_t)number(one, "bytes"));
	}
	putchar('\n');
	if (sender == NULL)
		return;
	printf(_("  session %lld: %lld datagrams, "), (long long)number(sender, "session"),
	       (long long)number(sender, "datagrams"));
	print_size((uint64_t)number(sender, "bytes"));
	putchar('\n');
	if (number(sender, "icmp") > 0) {
		printf(_("  %lld ICMP errors came back: there is a way back over this link, or "
			 "no route"),
		       (long long)number(sender, "icmp"));
		putchar('\n');
	}
}

static void print_schedule(const json_t *sender)
{
	const json_t *repeating = json_obj(sender, "repeating"),
		     *ended = json_obj(sender, "ended");
	const json_t *next = json_obj(repeating, "next"), *kept = json_obj(sender, "kept");

	if (number(repeating, "units") > 0) {
		printf(_("  repeated: %lld units from %lld on; next is unit %lld at %s"),
		       (long long)number(repeating, "units"),
		       (long long)number(repeating, "lowest"),
		       (long long)number(next, "serial"), text(next, "time"));
		putchar('\n');
	} else {
		printf("%s\n", _("  repeated: nothing at present"));
	}
	if (ended != NULL) {
		printf(_("  the last schedule to end was that of unit %lld, at %s"),
		       (long long)number(ended, "serial"), text(ended, "time"));
		putchar('\n');
	}
	if (number(kept, "units") == 0)
		return;
	printf(_("  kept to be sent again: %lld units, from %lld to %lld, "),
	       (long long)number(kept, "units"), (long long)number(kept, "lowest"),
	       (long long)number(kept, "highest"));
	print_size((uint64_t)number(kept, "bytes"));
	printf(" / ");
	print_size((uint64_t)number(kept, "most"));
	putchar('\n');
}

static void print_people(const struct cli *c, const json_t *link, bool running)
{
	const json_t *sender = json_obj(link, "sender");

	printf("%s", cli_paint(c, CLI_BOLD));
	printf(_("link: %s to %s"), text(link, "mode"), text(link, "to"));
	printf("%s\n", cli_paint(c, CLI_RESET));
	if (!running)
		printf("%s%s%s\n", cli_paint(c, CLI_RED),
		       _("  the gateway does not run; as of its end:"),
		       cli_paint(c, CLI_RESET));
	if (number(sender, "sent") > 0) {
		printf(_("  unit %lld was sent last, %lld wait; as of %s"),
		       (long long)number(sender, "sent"), (long long)number(sender, "waiting"),
		       text(sender, "time"));
		putchar('\n');
	} else {
		printf("%s\n", _("  nothing was sent yet"));
	}
	print_wrong(c, link);
	if (strcmp(text(link, "mode"), "udp") == 0)
		print_udp(link, sender);
	if (sender != NULL)
		print_schedule(sender);
}

bool sluiced_link_runs(const struct gateway_config *c)
{
	json_t *j = NULL;
	bool runs = sluiced_read_json(c->data, "run/status.json", &j) == SL_OK &&
		    sluiced_writer_lives(j);

	json_decref(j);
	return runs;
}

static int link_status(const struct cli *c, const struct gateway_config *config)
{
	bool running = sluiced_link_runs(config);
	json_t *j = sluiced_link_json(config, running);

	if (j == NULL)
		return cli_fail(SL_E_NOMEM, NULL, _("the link cannot be shown"), NULL);
	if (c->json)
		(void)json_print(j);
	else
		print_people(c, j, running);
	json_decref(j);
	return running ? CLI_DONE : CLI_UNREACHABLE;
}

int sluiced_link(const struct cli *c)
{
	struct gateway_config *config;
	int code = CLI_DONE;

	if (strcmp(c->operands[0], "resend") != 0 &&
	    (strcmp(c->operands[0], "status") != 0 || c->n_operands > 1))
		return cli_fail(
			SL_E_USAGE, NULL, _("this is not known"),
			_("Use \"sluiced link status\", or \"sluiced link resend\" with "
			  "serials such as 7 or 9-12."));
	config = sluiced_config(c, &code);
	if (config == NULL)
		return code;
	code = strcmp(c->operands[0], "status") == 0 ? link_status(c, config)
						     : sluiced_resend(c, config);
	config_gateway_free(config);
	return code;
}
