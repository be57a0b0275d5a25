/* installer_role.c - sluice-installer: the program around the installer. */
#include "base/process.h"
#include "outlet/installer.h"
#include "sandbox/role.h"

static int run(const struct cli *c)
{
	struct sl_why why = {.text = ""};
	int r;

	if (c->config == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("no configuration file given"),
				_("Use --config outlet.yaml."));
	r = installer_main(c->config, &why);
	if (r == SL_OK)
		return CLI_DONE;
	process_say_failed(why_text(&why, r));
	return cli_fail(r, &why, _("the installer stopped"), NULL);
}

int main(int argc, char **argv)
{
	return role_main("sluice-installer",
			 N_("Proves transfer units and places them in the published tree."),
			 run, argc, argv);
}
