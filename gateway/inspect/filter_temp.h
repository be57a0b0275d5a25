/* filter_temp.h - where children that unpack may write: memory, when the host has it.
 *
 * Unpacked members of a draft are plaintext that needs no trace on a disk, and a
 * directory in memory costs a third of one on a disk. */
#ifndef SL_INSPECT_FILTER_TEMP_H
#define SL_INSPECT_FILTER_TEMP_H

#include <stddef.h>

#include "base/err.h"

enum { FILTER_TEMP_PATH = 160 };

/* Make an empty private directory for this filter: below /dev/shm/sluice-UID/ when that
 * is in memory and ours alone, else beside the socket in `dir`.  What an earlier
 * process of the same name, turn and dir left is removed. */
int filter_temp_open(const char *name, unsigned turn, const char *dir,
		     struct sl_why *why) SL_MUST_USE;
/* Remove it with all that is inside; nothing happens when none is open. */
void filter_temp_close(void);
/* The directory, NULL when none is open; and the one above it, where the parent may
 * remove it, NULL when that is `dir` itself. */
const char *filter_temp_root(void);
const char *filter_temp_holder(void);
/* Path of the directory for job n inside it. */
void filter_temp_job(unsigned long n, char out[FILTER_TEMP_PATH]);

#endif
