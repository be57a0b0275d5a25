/* sluice-review.c - the reviewers' program; everything is in the command table. */
#include "commands.h"

int main(int argc, char **argv)
{
	return cli_main(&commands_program, argc, argv);
}
