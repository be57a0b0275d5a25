/* script.h - the commands of the table from a file, one a line. */
#ifndef SL_REVIEWER_SCRIPT_H
#define SL_REVIEWER_SCRIPT_H

#include "base/cli.h"

/* Lines as on the command line without the program's name ("show D-2026-000001",
 * words may be quoted with "..."), or the terminal's names ("filter due<1d", "sort risk"),
 * which do what the table of tui/command.h names beside them; '#' starts a comment.  Stops at
 * the first line that fails, naming it. Returns that command's exit code. */
int script_run(const struct cli *c, const char *path);

#endif
