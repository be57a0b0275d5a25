/* desk_commands.h - what sluice-desk does beside answering people. */
#ifndef SL_DESK_COMMANDS_H
#define SL_DESK_COMMANDS_H

#include "base/cli.h"

/* One line for the supervisor: "sound", "damaged: why" or "unwritable: why". */
int desk_commands_look(const struct cli *c);
/* Everything that can be read of the store into the new file of the first operand;
 * CLI_REFUSED when rows are missing. */
int desk_commands_export(const struct cli *c);
/* The transcript of a ceremony whose files are installed becomes an audit entry. */
int desk_commands_record(const struct cli *c);

#endif
