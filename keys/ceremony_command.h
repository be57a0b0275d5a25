/* ceremony_command.h - the commands of a ceremony, for people. */
#ifndef SL_KEYS_CEREMONY_COMMAND_H
#define SL_KEYS_CEREMONY_COMMAND_H

#include "base/cli.h"
#include "keys/ceremony.h"

int ceremony_init_run(const struct cli *c, const char *dir);
int ceremony_sign_run(const struct cli *c, const char *dir);
int ceremony_due_run(const struct cli *c);
/* The summary in the person's language; with --json the status document instead. */
void ceremony_command_show(const struct cli *c, const struct ceremony *x);

#endif
