/* installer_role.c - sluice-installer: the program around the installer. */
#include "base/process.h"
#include "outlet/installer.h"
#include "sandbox/role.h"

static int run(const struct cli *c)
{
	return role_run(c, installer_main, _("the installer stopped"));
}

int main(int argc, char **argv)
{
	return role_main("sluice-installer",
			 N_("Proves transfer units and places them in the published tree."),
			 run, argc, argv);
}
