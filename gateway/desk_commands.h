/* desk_commands.h - what sluice-desk does beside answering people. */
#ifndef SL_DESK_COMMANDS_H
#define SL_DESK_COMMANDS_H

#include "base/cli.h"
#include "base/config.h"

/* What a command run by hand may touch: only these below DATA (at most DESK_CONFINE_MAX),
 * the first one also for writing. */
enum { DESK_CONFINE_MAX = 8 };
int desk_confine(const struct gateway_config *config, const char *const *names, size_t n,
		 struct sl_why *why) SL_MUST_USE;

/* One line for the supervisor: "sound", "damaged: why" or "unwritable: why". */
int desk_commands_look(const struct cli *c);
/* Everything that can be read of the store into the new file of the first operand;
 * CLI_REFUSED when rows are missing. */
int desk_commands_export(const struct cli *c);
/* The transcript of a ceremony whose files are installed becomes an audit entry. */
int desk_commands_record(const struct cli *c);

#endif
