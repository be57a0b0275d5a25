/* commands.h - the commands of sluice-keys; each returns an enum cli_exit. */
#ifndef SL_KEYS_COMMANDS_H
#define SL_KEYS_COMMANDS_H

#include "base/cli.h"
#include "crypto/key.h"

int generate_run(const struct cli *c); /* generate --use USE --out FILE [--no-passphrase] */
int show_run(const struct cli *c);     /* show FILE */
int persons_run(const struct cli *c);  /* roster check|show FILE */
int roster_command_run(const struct cli *c); /* roster WHAT FILE … */
int ceremony_run(const struct cli *c);	     /* ceremony init|sign|merge|status|due … */
int witness_policy_run(const struct cli *c); /* witness-policy --log … --witness … */
extern const struct cli_option ceremony_options[], roster_options[], witness_policy_options[];
int demo_command_run(const struct cli *c); /* demo-set DIR */

/* What a secret key file says it is for; nothing is proved yet.  SL_E_FORMAT. */
int show_secret_use(const char *path, enum key_use *ret_use, struct sl_why *why) SL_MUST_USE;
/* Fingerprint of a key in sixteen groups of four digits, for reading aloud: the
 * key id with spaces.  out gets SHOW_GROUPS + 1 bytes. */
enum { SHOW_GROUPS = 64 + 15 };
void show_groups(const char *keyid, char out[SHOW_GROUPS + 1]);

#endif
