/* sender_role.c - sluice-sender: the program around the sender. */
#include "base/process.h"
#include "link/sender.h"
#include "sandbox/role.h"

static int run(const struct cli *c)
{
	return role_run(c, sender_main, _("the sender stopped"));
}

int main(int argc, char **argv)
{
	return role_main("sluice-sender",
			 N_("Pushes finished transfer units over the one-way link; never reads "
			    "from it."),
			 run, argc, argv);
}
