/* editor.h - a reason written in $VISUAL, $EDITOR or vi. */
#ifndef SL_REVIEWER_TUI_EDITOR_H
#define SL_REVIEWER_TUI_EDITOR_H

#include <stddef.h>

#include "base/err.h"

/* Lend the terminal to the editor with `out` as what stands there, and take back what it
 * left, lines joined by blanks.  The file is private, lies below `dir` and is removed.
 * SL_E_CANCELED: the editor failed or was killed; SL_E_LIMIT: longer than cap - 1 bytes;
 * SL_E_FORMAT: not UTF-8.  `out` is as before then. */
int editor_run(const char *dir, char *out, size_t cap, struct sl_why *why) SL_MUST_USE;

#endif
