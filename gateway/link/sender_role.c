/* sender_role.c - sluice-sender: the program around the sender. */
#include "base/process.h"
#include "link/sender.h"
#include "sandbox/role.h"

static int run(const struct cli *c)
{
	struct sl_why why = {.text = ""};
	int r;

	if (c->config == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("no configuration file given"),
				_("Use --config gateway.yaml."));
	r = sender_main(c->config, &why);
	if (r == SL_OK)
		return CLI_DONE;
	process_say_failed(why_text(&why, r));
	return cli_fail(r, &why, _("the sender stopped"), NULL);
}

int main(int argc, char **argv)
{
	return role_main("sluice-sender",
			 N_("Pushes finished transfer units over the one-way link; never reads "
			    "from it."),
			 run, argc, argv);
}
