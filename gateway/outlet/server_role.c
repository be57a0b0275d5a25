/* server_role.c - sluice-server: the program around the server. */
#include "base/process.h"
#include "outlet/server.h"
#include "sandbox/role.h"

static int run(const struct cli *c)
{
	return role_run(c, server_main, _("the server stopped"));
}

int main(int argc, char **argv)
{
	return role_main("sluice-server",
			 N_("Serves the published tree over HTTP and announces new versions."),
			 run, argc, argv);
}
