/* sluice-keys.c - the program of custodians and of everyone who holds a key. */
#include "base/cli.h"
#include "keys/commands.h"

static const struct cli_option generate_options[] = {
	{"use", "USE", N_("what the key is for, such as dsse-reviewer; one key, one use"),
	 false},
	{"out", "FILE", N_("secret key file to create; FILE.pub gets the public half"), false},
	{"no-passphrase", NULL, N_("write the secret key unencrypted (machines only)"), false},
	{.name = NULL},
};
static const struct cli_option demo_options[] = {
	{"listen", "URL", N_("where the desk listens (default: a socket under DIR)"), false},
	{"link", "MODE", N_("how units cross: stream (default), udp or directory"), false},
	{"outlet-port", "N", N_("port of the outlet's web server (default 8480)"), false},
	{"policies", "DIR", N_("rule packs to use (default: those beside this program)"),
	 false},
	{"ssh-key", "PERSON=FILE",
	 N_("this person decides with the OpenSSH key of this .pub file"), false},
	{"tls", NULL,
	 N_("link and a second desk address over TLS on this host (needs openssl)"), false},
	{.name = NULL},
};
static const struct cli_command commands[] = {
	{"generate", "", N_("Make a new key."), generate_options, 0, 0, generate_run},
	{"show", "FILE", N_("Print use, key id and fingerprint of a key file."), NULL, 1, 1,
	 show_run},
	{"roster", "check|show|diff|new|join|leave|role|key|lost|stolen|substitute FILE...",
	 N_("Check, print or change an approval policy: persons, keys, roles, classes."),
	 roster_options, 2, 3, roster_command_run},
	{"ceremony", "init|sign|merge|status|due [DIR]",
	 N_("Change what custodians sign, on a folder carried by hand."), ceremony_options, 1,
	 2, ceremony_run},
	{"witness-policy", "",
	 N_("Write which release log counts and who must have seen it, for a ceremony."),
	 witness_policy_options, 0, 0, witness_policy_run},
	{"demo-set", "DIR", N_("Write a complete trial installation, for demonstration only."),
	 demo_options, 1, 1, demo_command_run},
	{.name = NULL},
};

int main(int argc, char **argv)
{
	static const struct cli_program program = {
		.name = "sluice-keys",
		.about = N_("Makes and shows the keys that Sluice signs with. A key is for one "
			    "use only: "
			    "a reviewer's key cannot sign releases, and a release key cannot "
			    "approve."),
		.commands = commands,
		.examples =
			N_("  sluice-keys generate --use dsse-reviewer --out reviewer.key\n"
			   "  sluice-keys show reviewer.key.pub\n"
			   "  sluice-keys roster check approval-policy.json\n"
			   "  sluice-keys roster join approval-policy.json --person p-21 "
			   "--unit u-03 --role desk --key p-21.pub --out next.json\n"
			   "  sluice-keys ceremony init /media/stick --repository repository "
			   "--approval-policy next.json\n"
			   "  sluice-keys ceremony sign /media/stick --key policy-1\n"
			   "  sluice-keys ceremony merge /media/stick\n"
			   "  sluice-keys ceremony due --repository repository\n"
			   "  sluice-keys demo-set trial\n"),
	};

	return cli_main(&program, argc, argv);
}
