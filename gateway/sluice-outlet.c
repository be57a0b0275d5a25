/* sluice-outlet.c - the outlet's supervisor: command line only. */
#include "outlet/daemon.h"

static const struct cli_option doctor_options[] = {
	{"probe", NULL,
	 N_("instead: what arrived of a probe that sluiced doctor --link sent, and what to "
	    "set"),
	 false},
	{"wait", "SECONDS", N_("with --probe: wait so long for one that begins now"), false},
	{.name = NULL},
};
static const struct cli_command commands[] = {
	{"", "", N_("run the outlet until SIGTERM (the same as run)"), NULL, 0, 0, daemon_run},
	{"run", "", N_("run the outlet until SIGTERM"), NULL, 0, 0, daemon_run},
	{"check", "", N_("look at the configuration: every file it names, keys, permissions"),
	 NULL, 0, 0, daemon_check},
	{"doctor", "",
	 N_("look at the host: sandbox layers tried from inside, clock, disk, the link"),
	 doctor_options, 0, 0, daemon_doctor},
	{"status", "", N_("what is missing, how old the last timestamp is, roles and memory"),
	 NULL, 0, 0, daemon_status},
	{.name = NULL},
};

static const struct cli_program program = {
	.name = "sluice-outlet",
	.about = N_("The internet side: takes signed units off the one-way link, proves each "
		    "one, installs it\n"
		    "into a static tree and serves that. It holds no signing key."),
	.commands = commands,
	.examples = N_("  sluice-outlet --config outlet.yaml check     before the first start\n"
		       "  sluice-outlet --config outlet.yaml           run in the foreground\n"
		       "  sluice-outlet --config outlet.yaml status    from another terminal"),
};

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
