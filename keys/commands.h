/* commands.h - the commands of sluice-keys; each returns an enum cli_exit. */
#ifndef SL_KEYS_COMMANDS_H
#define SL_KEYS_COMMANDS_H

#include "base/cli.h"

int generate_run(const struct cli *c);	   /* generate --use USE --out FILE [--no-passphrase] */
int show_run(const struct cli *c);	   /* show FILE */
int persons_run(const struct cli *c);	   /* roster check|show FILE */
int demo_command_run(const struct cli *c); /* demo-set DIR */

/* Fingerprint of a key in eight groups of eight digits, for reading aloud: the
 * key id with spaces.  out gets SHOW_GROUPS + 1 bytes. */
enum { SHOW_GROUPS = 64 + 7 };
void show_groups(const char *keyid, char out[SHOW_GROUPS + 1]);

#endif
