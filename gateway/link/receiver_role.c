/* receiver_role.c - sluice-receiver: the program around the receiver. */
#include "base/process.h"
#include "link/receiver.h"
#include "sandbox/role.h"

static int run(const struct cli *c)
{
	return role_run(c, receiver_main, _("the receiver stopped"));
}

int main(int argc, char **argv)
{
	return role_main("sluice-receiver",
			 N_("Takes transfer units off the one-way link into the quarantine."),
			 run, argc, argv);
}
