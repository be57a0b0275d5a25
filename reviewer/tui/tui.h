/* tui.h - the terminal for reviewing: queue, draft with findings in place, vote. */
#ifndef SL_REVIEWER_TUI_TUI_H
#define SL_REVIEWER_TUI_TUI_H

#include "base/cli.h"

/* Runs until the person quits; returns an exit code. Needs a UTF-8 terminal of
 * at least 60x16 and says so otherwise. --readonly: nothing can be signed. */
int tui_run(const struct cli *c);

#endif
