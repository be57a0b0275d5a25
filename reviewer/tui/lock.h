/* lock.h - a terminal that was left: nothing to read on it, and no key in its memory. */
#ifndef SL_REVIEWER_TUI_LOCK_H
#define SL_REVIEWER_TUI_LOCK_H

#include "tui/state.h"

/* A key was pressed; after so long without one it locks. */
void lock_touch(struct tui *t);
bool lock_due(const struct tui *t);
/* Clear the screen, wipe the key and close the connection, until the passphrase opens both
 * again.  Sets t->quit when the person leaves instead. */
void lock_now(struct tui *t);

#endif
