/* sluiced.c - the gateway's supervisor: command line only. */
#include "sluiced.h"

static const struct cli_option av_options[] = {
	{"older", NULL, N_("take them although newer ones are installed"), false},
	{.name = NULL},
};
static const struct cli_option policy_options[] = {
	{"new-key", NULL,
	 N_("take another hmac_key than the version in force has: suppressions, and what is "
	    "remembered of refused texts, end"),
	 false},
	{.name = NULL},
};
static const struct cli_option link_options[] = {
	{"all", NULL, N_("resend: every unit that is kept"), false},
	{"missing", "FILE",
	 N_("resend: the serials in FILE, such as the output of \"sluice-outlet status "
	    "--json\", or a list"),
	 false},
	{.name = NULL},
};
static const struct cli_option doctor_options[] = {
	{"link", NULL,
	 N_("look at this end of a link of mode udp instead, and send a probe of about ten "
	    "seconds"),
	 false},
	{"no-probe", NULL, N_("with --link: look only, send nothing"), false},
	{.name = NULL},
};
static const struct cli_command commands[] = {
	{"", "", N_("run the gateway until SIGTERM (the same as run)"), NULL, 0, 0,
	 sluiced_run},
	{"run", "", N_("run the gateway until SIGTERM"), NULL, 0, 0, sluiced_run},
	{"check", "", N_("look at the configuration: every file it names, keys, permissions"),
	 NULL, 0, 0, sluiced_check},
	{"doctor", "",
	 N_("look at the host: sandbox layers tried from inside, signatures, clock, disk"),
	 doctor_options, 0, 0, sluiced_doctor},
	{"status", "", N_("what the running gateway says: roles, memory, restarts"), NULL, 0, 0,
	 sluiced_status},
	{"export", "FILE",
	 N_("write what can be read of the store to FILE, a JSON object a line"), NULL, 1, 1,
	 sluiced_export},
	{"record", "TRANSCRIPT",
	 N_("enter the transcript of a key ceremony in the audit log, once its files are "
	    "installed"),
	 NULL, 1, 1, sluiced_record},
	{"audit", "verify",
	 N_("prove offline that nothing of the audit was changed or left out since it was "
	    "signed"),
	 NULL, 1, 1, sluiced_audit},
	{"policy", "install DIR",
	 N_("prove a set of rules (signatures, version, its own tests) and go by it from now "
	    "on"),
	 policy_options, 2, 2, sluiced_policy},
	{"av", "import MEDIUM",
	 N_("prove virus signatures from a mounted medium and go by them from now on"),
	 av_options, 2, 2, sluiced_av},
	{"link", "status | resend SERIAL[-SERIAL]...",
	 N_("the one-way link: what was sent, what comes again; send units again that are "
	    "missing at the outlet"),
	 link_options, 1, -1, sluiced_link},
	{.name = NULL},
};

static const struct cli_program program = {
	.name = "sluiced",
	.about = N_("The gateway: starts the desk, the filters, the releaser and the sender, "
		    "watches them,\n"
		    "and stops the line when it cannot inspect. It reads no document itself."),
	.commands = commands,
	.examples = N_("  sluiced --config gateway.yaml check     before the first start\n"
		       "  sluiced --config gateway.yaml           run in the foreground\n"
		       "  sluiced --config gateway.yaml status    from another terminal"),
};

struct gateway_config *sluiced_config(const struct cli *c, int *ret_exit)
{
	struct gateway_config *config = NULL;
	struct sl_why why = {.text = ""};
	int r;

	if (c->config == NULL) {
		*ret_exit = cli_fail(SL_E_USAGE, NULL, _("no configuration file given"),
				     _("Use --config gateway.yaml."));
		return NULL;
	}
	r = config_gateway_load(c->config, &config, &why);
	if (r != SL_OK) {
		*ret_exit = cli_fail(r, &why, _("the configuration cannot be used"), NULL);
		return NULL;
	}
	return config;
}

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
