/* receiver_role.c - sluice-receiver: the program around the receiver. */
#include "base/process.h"
#include "link/receiver.h"
#include "sandbox/role.h"

static int run(const struct cli *c)
{
	struct sl_why why = {.text = ""};
	int r;

	if (c->config == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("no configuration file given"),
				_("Use --config outlet.yaml."));
	r = receiver_main(c->config, &why);
	if (r == SL_OK)
		return CLI_DONE;
	process_say_failed(why_text(&why, r));
	return cli_fail(r, &why, _("the receiver stopped"), NULL);
}

int main(int argc, char **argv)
{
	return role_main("sluice-receiver",
			 N_("Takes transfer units off the one-way link into the quarantine."),
			 run, argc, argv);
}
