/* sluiced_doctor_link.c - doctor --link: is this host fit to send, and a probe to measure with.
 *
 * Nothing is changed: what should be is printed as commands.  The probe is sent beside a
 * running sender; link/calibrate.h says why that hurts no unit. */
#include "sluiced.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "link/calibrate.h"
#include "link/columns.h"
#include "link/link_check.h"
#include "link/sending.h"

enum { PATIENCE_MS = 60000 };

struct probe_job {
	const struct cli *cli;
	struct calibrate plan;
	struct calibrate_result result;
	int sending; /* -1: no sender has ever run */
	bool sent;
};

static bool busy(void *arg)
{
	const struct probe_job *job = arg;

	return job->sending >= 0 && sending_now(job->sending);
}

static void begins(void *arg, unsigned step)
{
	const struct probe_job *job = arg;

	cli_progress(_("probe"), step, job->plan.n);
}

static void look_at_keys(const struct gateway_config *c, struct report *r,
			 struct mac_key **ret_key)
{
	uint8_t public[KEY_PUBLIC];
	struct sl_why why = {.text = ""};
	enum key_use use = KEY_USE_COUNT;
	int e = mac_key_load(c->link.mac_key, ret_key, &why);

	if (e == SL_OK)
		report_add(r, "link.mac_key", true, NULL,
			   _("%s: %.4s %.4s %.4s %.4s ...; the outlet must have the same"),
			   c->link.mac_key, mac_key_id(*ret_key), mac_key_id(*ret_key) + 4,
			   mac_key_id(*ret_key) + 8, mac_key_id(*ret_key) + 12);
	else
		report_add(
			r, "link.mac_key", false,
			_("Create it with sluice-keys generate --use link-mac, chmod 600 it, "
			  "and take a copy to the outlet on a medium."),
			"%s", why_text(&why, e));
	e = c->link.outlet_key == NULL
		    ? why_set(&why, SL_E_NOTFOUND, "link.outlet_key is not set")
		    : key_read_public(c->link.outlet_key, public, &use, &why);
	if (e == SL_OK && use != KEY_LINK)
		e = why_set(&why, SL_E_CONFIG, "%s is a key of use %s", c->link.outlet_key,
			    key_use_name(use));
	report_add(r, "link.outlet_key", e == SL_OK,
		   _("Copy the outlet's public link key here: units are sealed to it."), "%s",
		   e == SL_OK ? c->link.outlet_key : why_text(&why, e));
}

static void describe(const struct gateway_config *c, const struct link_facts *f,
		     struct probe_job *job)
{
	int64_t session = clock_now() - DATAGRAM_EPOCH;

	random_bytes(&job->plan.run, sizeof(job->plan.run));
	job->plan.session = session < 1 ? 1 : (uint32_t)session;
	job->plan.rate_bits = c->link.rate_bits;
	job->plan.ceiling_bits = f->nic.speed;
	job->plan.mtu = c->link.mtu;
	/* Larger packets than the interface of loopback has would only be a trick of it. */
	job->plan.mtu_more = f->nic.mtu > c->link.mtu && !f->nic.loopback ? f->nic.mtu : 0;
	job->plan.six = f->six;
	job->plan.busy = busy;
	job->plan.begins = begins;
	job->plan.arg = job;
	job->plan.patience_ms = PATIENCE_MS;
	calibrate_plan(&job->plan);
}

static int open_sending(const struct gateway_config *c, struct probe_job *job,
			struct sl_why *why)
{
	char outbox[SLUICED_PATH];
	int r = file_join(outbox, sizeof(outbox), c->data, "outbox");

	if (r == SL_OK)
		r = job->sending = sending_look_open(outbox);
	if (r == SL_E_NOTFOUND)
		return SL_OK;
	return r >= 0 ? SL_OK
		      : why_set(why, r,
				"%s cannot be read, so that the probe could get in a unit's "
				"way",
				outbox);
}

static int send_probe(const struct gateway_config *c, const struct mac_key *key,
		      struct probe_job *job, struct sl_why *why)
{
	struct udp_out *u = NULL;
	int r = open_sending(c, job, why);

	if (r == SL_OK)
		r = udp_out_open(c->link.address, c->link.source, !c->link.no_offload, &u, why);
	if (r == SL_OK && !job->cli->json)
		(void)fprintf(stderr,
			      _("Probe %08x: %u steps, about %lld seconds; the sender goes "
				"first.\n"),
			      job->plan.run, job->plan.n,
			      (long long)(calibrate_ms(&job->plan) + 999) / 1000);
	if (r == SL_OK)
		r = calibrate_send(&job->plan, u, key, &job->result);
	if (r == SL_E_TIMEOUT)
		(void)why_set(why, r, "the sender has had work all the time");
	udp_out_close(u);
	file_close(job->sending);
	cli_progress(_("probe"), job->plan.n, job->plan.n);
	job->sent = r == SL_OK;
	return r;
}

static json_t *probe_json(const struct probe_job *job)
{
	json_t *table = json_array();
	char run[9];

	for (unsigned i = 0; i < job->plan.n; i++) {
		const struct calibrate_step *s = &job->plan.step[i];

		(void)json_array_append_new(
			table,
			json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "step", (json_int_t)i,
				  "percent", (json_int_t)s->percent, "rate_kbit",
				  (json_int_t)s->rate_kbit, "size", (json_int_t)s->size, "sent",
				  (json_int_t)s->of, "sent_kbit",
				  (json_int_t)(job->result.step[i].bits / 1000), "waited_ms",
				  (json_int_t)job->result.step[i].paused_ms));
	}
	(void)snprintf(run, sizeof(run), "%08x", job->plan.run);
	return json_pack("{s:s,s:I,s:o}", "run", run, "steps", (json_int_t)job->plan.n, "table",
			 table);
}

static void print_probe(const struct cli *c, const struct probe_job *job)
{
	static const struct {
		const char *text;
		int cells;
	} heads[] = {{N_("rate Mbit"), 10},
		     {N_("bytes"), 8},
		     {N_("datagrams"), 11},
		     {N_("sent at Mbit"), 13},
		     {N_("waited s"), 10}};

	(void)printf("\n%s", cli_paint(c, CLI_BOLD));
	(void)printf(_("Probe %08x was sent."), job->plan.run);
	(void)printf("%s\n", cli_paint(c, CLI_RESET));
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		columns_right(_(heads[i].text), heads[i].cells);
	(void)printf("\n");
	for (unsigned i = 0; i < job->plan.n; i++) {
		const struct calibrate_step *s = &job->plan.step[i];
		uint64_t bits = job->result.step[i].bits;

		(void)printf("%10.3f %7u %10u %s%12.3f%s %9.1f\n", s->rate_kbit / 1e3, s->size,
			     s->of,
			     bits / 1000 * 10 < s->rate_kbit * UINT64_C(9)
				     ? cli_paint(c, CLI_YELLOW)
				     : "",
			     (double)bits / 1e6, cli_paint(c, CLI_RESET),
			     (double)job->result.step[i].paused_ms / 1e3);
	}
	(void)printf("%s\n  sluice-outlet --config outlet.yaml doctor --probe\n",
		     _("What arrived is known at the outlet only; ask there:"));
	(void)printf(_("It must name probe %08x; what it says of link.rate, link.loss, "
		       "link.interleave and\nlink.mtu belongs into gateway.yaml.\n"),
		     job->plan.run);
}

/* A full-sized step that this host could not send fast enough measures this host. */
static void judge_speed(const struct gateway_config *c, const struct probe_job *job,
			struct report *r)
{
	for (unsigned i = 0; i < job->plan.n; i++) {
		const struct calibrate_step *s = &job->plan.step[i];

		if (s->percent != 100 || s->size == CALIBRATE_SMALL)
			continue;
		if (job->result.step[i].bits / 10 * 11 >= c->link.rate_bits)
			report_add(r, "link.sent_at", true, NULL, _("%.1f Mbit"),
				   (double)job->result.step[i].bits / 1e6);
		else
			report_warn(
				r, "link.sent_at",
				_("Lower link.rate to it, or see what else this host does."),
				_("%.1f Mbit instead of link.rate"),
				(double)job->result.step[i].bits / 1e6);
	}
}

static int print_all(const struct cli *c, const struct report *report,
		     const struct settings *settings, const struct probe_job *job)
{
	if (c->json)
		return json_print_take(json_pack("{s:O,s:O,s:b,s:o*}", "commands",
						 settings->items, "link", report->items, "ok",
						 (int)report->all_ok, "probe",
						 job->sent ? probe_json(job) : NULL));
	report_print(report, c);
	if (job->sent)
		print_probe(c, job);
	settings_print(settings, c);
	(void)printf("\n%s%s%s\n", cli_paint(c, CLI_BOLD),
		     report->all_ok ? _("This host is fit to send over the link.")
				    : _("This host needs attention."),
		     cli_paint(c, CLI_RESET));
	return SL_OK;
}

static void probe(const struct gateway_config *c, const struct link_facts *facts,
		  const struct mac_key *key, struct probe_job *job, struct report *r)
{
	struct sl_why why = {.text = ""};
	int e;

	if (key == NULL || !facts->found || facts->nic.mtu < c->link.mtu) {
		report_add(r, "link.probe", false, _("Cure what is wrong first."), "%s",
			   _("not sent"));
		return;
	}
	describe(c, facts, job);
	e = send_probe(c, key, job, &why);
	if (e != SL_OK)
		report_add(r, "link.probe", false, _("Try again when the cause is gone."), "%s",
			   why_text(&why, e));
	else
		judge_speed(c, job, r);
}

int sluiced_doctor_link(const struct cli *c)
{
	struct probe_job *job = calloc(1, sizeof(*job));
	struct gateway_config *config;
	struct mac_key *key = NULL;
	struct settings settings;
	struct link_facts facts;
	struct report report;
	int code = CLI_REFUSED;

	report_init(&report);
	settings_init(&settings);
	config = sluiced_config(c, &code);
	if (config == NULL || job == NULL || crypto_start() != SL_OK)
		goto out;
	if (strcmp(config->link.mode, "udp") != 0) {
		code = cli_fail(SL_E_UNSUPPORTED, NULL,
				_("only a link of mode udp can be measured"),
				_("sluiced check looks at what the other modes need."));
		goto out;
	}
	job->cli = c;
	job->sending = -1;
	look_at_keys(config, &report, &key);
	link_facts_gateway(config, &facts);
	link_check_gateway(config, &facts, &report, &settings);
	if (!cli_has(c, "no-probe"))
		probe(config, &facts, key, job, &report);
	code = print_all(c, &report, &settings, job) == SL_OK && report.all_ok ? CLI_DONE
									       : CLI_REFUSED;
out:
	mac_key_free(key);
	settings_release(&settings);
	report_release(&report);
	free(job);
	config_gateway_free(config);
	return code;
}
