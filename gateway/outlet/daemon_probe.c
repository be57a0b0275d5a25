/* daemon_probe.c - the table of a probe: from the running receiver, or listened to here.
 *
 * Hostile when listening: every datagram; what no key of the link proves is not looked at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "link/columns.h"
#include "link/probe_advice.h"
#include "link/udp_in.h"
#include "outlet/daemon.h"
#include "outlet/daemon_link.h"

enum { LOOK_MS = 200, GRACE_MS = 60000, WAIT_MOST_S = 3600, INTERLEAVE_USUAL = 512 };

struct ear { /* our own, where no receiver runs */
	struct mac_key *key[CONFIG_MAC_KEYS_MAX];
	unsigned n_keys;
	struct probe_tally *tally;
};

static void hear_one(struct ear *e, const uint8_t *bytes, size_t len)
{
	struct datagram d;
	bool proved = false;

	for (unsigned i = 0; i < e->n_keys && !proved; i++)
		proved = datagram_proved(bytes, len, e->key[i]);
	/* Whatever does not count is not counted. */
	if (proved && datagram_parse(bytes, len, &d) == SL_OK && d.kind == DATAGRAM_PROBE)
		probe_tally_take(e->tally, &d, clock_now_ms());
}

static int hear(void *arg, const struct iovec *datagrams, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		hear_one(arg, datagrams[i].iov_base, datagrams[i].iov_len);
	return SL_OK;
}

static bool is_over(const json_t *probe)
{
	bool over = false;

	return json_bool(probe, "over", &over) && over;
}

/* One that has begun may end. */
static bool has_time(const json_t *probe, int64_t deadline)
{
	return clock_mono_ms() < deadline + (probe != NULL ? GRACE_MS : 0);
}

static int listen_for_it(const struct outlet_config *c, int64_t deadline, json_t **ret_probe,
			 struct sl_why *why)
{
	struct ear e = {.n_keys = 0};
	struct udp_in *u = NULL;
	json_t *probe = NULL;
	int64_t looked = 0;
	int r = probe_tally_new(&e.tally);

	for (unsigned i = 0; r == SL_OK && i < c->link.mac_keys.n; i++) {
		r = mac_key_load(c->link.mac_keys.item[i], &e.key[i], why);
		e.n_keys += r == SL_OK;
	}
	if (r == SL_OK)
		r = udp_in_open(c->link.listen, c->link.buffer_bytes, &u, why);
	while (r == SL_OK && !is_over(probe) && has_time(probe, deadline)) {
		int n = udp_in_recv(u, LOOK_MS, hear, &e);
		int64_t now = clock_mono_ms();

		r = n < 0 ? n : SL_OK;
		if (now - looked < LOOK_MS)
			continue;
		looked = now;
		json_decref(probe);
		probe = probe_tally_json(e.tally, clock_now_ms());
	}
	udp_in_close(u);
	for (unsigned i = 0; i < e.n_keys; i++)
		mac_key_free(e.key[i]);
	probe_tally_free(e.tally);
	if (r == SL_OK && probe == NULL)
		r = SL_E_TIMEOUT;
	if (r == SL_OK)
		*ret_probe = probe;
	else
		json_decref(probe);
	return r;
}

/* after: only a run that began then or later counts; 0: any. */
static int ask_receiver(const struct outlet_config *c, int64_t after, int64_t deadline,
			json_t **ret_probe)
{
	const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};

	for (;;) {
		json_t *receiver = daemon_receiver(c);
		json_t *probe = json_object_get(receiver, "probe");
		int64_t began = 0;
		bool fits = json_i64(probe, "began", &began) && began >= after, time;

		if (fits && is_over(probe)) {
			*ret_probe = json_incref(probe);
			json_decref(receiver);
			return SL_OK;
		}
		time = has_time(fits ? probe : NULL, deadline);
		json_decref(receiver);
		if (!time)
			return SL_E_TIMEOUT;
		(void)nanosleep(&pause, NULL);
	}
}

static unsigned headers(const struct outlet_config *c)
{
	return datagram_headers(c->link.listen[0] == '[');
}

static void print_table(const struct cli *c, const struct probe_run *run)
{
	static const struct {
		const char *text;
		int cells;
	} heads[] = {{N_("rate Mbit"), 10}, {N_("bytes"), 8},	   {N_("sent"), 11},
		     {N_("arrived"), 11},   {N_("came at"), 10},   {N_("lost %"), 9},
		     {N_("reordered"), 11}, {N_("burst lost"), 11}};
	char when[CLOCK_TEXT + 1];

	clock_format(run->began, when);
	(void)printf("%s", cli_paint(c, CLI_BOLD));
	(void)printf(_("Probe %s of %s."), run->run, when);
	(void)printf("%s\n", cli_paint(c, CLI_RESET));
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		columns_right(_(heads[i].text), heads[i].cells);
	(void)printf("\n");
	for (unsigned i = 0; i < run->n; i++) {
		const struct probe_row *r = &run->row[i];

		(void)printf("%10.3f %7u %10u %10u %9.3f %s%8.3f%s %10u %10u\n",
			     r->rate_kbit / 1e3, r->size, r->sent, r->arrived,
			     r->heard_kbit / 1e3,
			     cli_paint(c, r->lost == 0 ? CLI_GREEN : CLI_RED),
			     r->sent == 0 ? 0.0 : 100.0 * r->lost / r->sent,
			     cli_paint(c, CLI_RESET), r->reordered, r->burst);
	}
	if (run->n < run->steps)
		(void)printf(_("Of %u steps nothing arrived.\n"), run->steps - run->n);
	if (run->ignored > 0)
		(void)printf(_("%u datagrams of earlier probes were ignored.\n"), run->ignored);
}

static void advise(const struct outlet_config *c, const struct probe_advice *a,
		   struct settings *s)
{
	unsigned mtu = a->usual + headers(c);
	const char *reason;

	if (!a->arrived)
		return;
	reason = a->clean ? _("gateway.yaml, link: the highest rate tried that lost nothing")
			  : _("gateway.yaml, link: some were lost at every rate; up to this "
			      "one no more than at the lowest");
	if (a->rate_kbit % 1000 == 0)
		settings_add(s, reason, "rate: %uMbit", a->rate_kbit / 1000);
	else
		settings_add(s, reason, "rate: %ukbit", a->rate_kbit);
	settings_add(s,
		     a->clean ? _("gateway.yaml, link: none was lost, so the default is plenty")
			      : _("gateway.yaml, link: twice what was lost"),
		     "loss: %u", a->loss);
	if (a->interleave > INTERLEAVE_USUAL)
		settings_add(s,
			     _("gateway.yaml, link: so many blocks share the longest burst "
			       "that was lost"),
			     "interleave: %u", a->interleave);
	if (a->size > a->usual)
		settings_add(s,
			     _("gateway.yaml, link: larger packets arrive too, and cost less; "
			       "measure again with it"),
			     "mtu: %u", a->size + headers(c));
	else
		settings_add(s, _("gateway.yaml, link: packets of this size arrive"), "mtu: %u",
			     mtu);
}

static void print_advice(const struct cli *c, const struct probe_advice *a)
{
	if (a->blocked)
		(void)printf("%s%s%s\n", cli_paint(c, CLI_RED),
			     _("Small datagrams arrive and those of link.mtu do not: lower "
			       "link.mtu, or raise the MTU of both interfaces and of what is "
			       "between."),
			     cli_paint(c, CLI_RESET));
	else if (!a->arrived)
		(void)printf("%s%s%s\n", cli_paint(c, CLI_RED), _("Nothing arrived."),
			     cli_paint(c, CLI_RESET));
	else if (a->burst > 0)
		(void)printf(_("The longest row of lost datagrams is %u: link.interleave of %u "
			       "or more makes it good; the default is %u.\n"),
			     a->burst, a->interleave, INTERLEAVE_USUAL);
}

static json_t *advice_json(const struct probe_advice *a, unsigned beside)
{
	return json_pack("{s:b,s:b,s:b,s:I,s:I,s:I,s:I,s:I}", "arrived", (int)a->arrived,
			 "blocked", (int)a->blocked, "clean", (int)a->clean, "burst",
			 (json_int_t)a->burst, "interleave", (json_int_t)a->interleave, "loss",
			 (json_int_t)a->loss, "mtu",
			 (json_int_t)(a->size == 0 ? 0 : a->size + beside), "rate_kbit",
			 (json_int_t)a->rate_kbit);
}

static int show(const struct cli *c, const struct outlet_config *config, json_t *probe)
{
	struct probe_advice a;
	struct probe_run run;
	struct settings s;
	int code = CLI_REFUSED, r = probe_run_parse(probe, &run);

	if (r != SL_OK)
		return cli_fail(r, NULL, _("what the receiver says of the probe is damaged"),
				NULL);
	probe_advise(&run, &a);
	settings_init(&s);
	advise(config, &a, &s);
	if (c->json) {
		r = json_print_take(json_pack("{s:o,s:O,s:b,s:O}", "advice",
					      advice_json(&a, headers(config)), "commands",
					      s.items, "ok", (int)a.arrived, "probe", probe));
	} else {
		print_table(c, &run);
		print_advice(c, &a);
		settings_print(&s, c);
	}
	code = r == SL_OK && a.arrived ? CLI_DONE : CLI_REFUSED;
	settings_release(&s);
	return code;
}

static bool wait_seconds(const struct cli *c, int64_t *ret_s)
{
	const char *text = cli_value(c, "wait");
	uint64_t s = 0;

	if (text != NULL && !text_to_u64(text, strlen(text), WAIT_MOST_S, &s))
		return false;
	*ret_s = text == NULL ? 0 : (int64_t)s;
	return true;
}

int daemon_link_probe(const struct cli *c, const struct outlet_config *config)
{
	struct sl_why why = {.text = ""};
	int64_t wait = 0, deadline;
	json_t *probe = NULL;
	int code, r = crypto_start();

	if (r == SL_OK && !wait_seconds(c, &wait))
		return cli_fail(SL_E_USAGE, NULL, _("--wait takes seconds, at most 3600"),
				NULL);
	if (r == SL_OK && daemon_is_up(config)) {
		deadline = clock_mono_ms() + wait * 1000;
		r = ask_receiver(config, wait == 0 ? 0 : clock_now(), deadline, &probe);
	} else if (r == SL_OK) {
		deadline = clock_mono_ms() + (wait == 0 ? DAEMON_LINK_WAIT_S : wait) * 1000;
		r = listen_for_it(config, deadline, &probe, &why);
	}
	code = r == SL_OK ? show(c, config, probe)
			  : cli_fail(r, &why, _("no probe was heard"),
				     _("Send one at the gateway: sluiced --config gateway.yaml "
				       "doctor --link; meanwhile look at what the doctor says "
				       "without --probe."));
	json_decref(probe);
	return code;
}
