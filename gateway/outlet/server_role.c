/* server_role.c - sluice-server: the program around the server. */
#include "base/process.h"
#include "outlet/server.h"
#include "sandbox/role.h"

static int run(const struct cli *c)
{
	struct sl_why why = {.text = ""};
	int r;

	if (c->config == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("no configuration file given"),
				_("Use --config outlet.yaml."));
	r = server_main(c->config, &why);
	if (r == SL_OK)
		return CLI_DONE;
	process_say_failed(why_text(&why, r));
	return cli_fail(r, &why, _("the server stopped"), NULL);
}

int main(int argc, char **argv)
{
	return role_main("sluice-server",
			 N_("Serves the published tree over HTTP and announces new versions."),
			 run, argc, argv);
}
