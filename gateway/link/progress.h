/* progress.h - which transfer units the installer has dealt with.
 *
 * DATA/state/installer.json, written by the installer alone, read by receiver
 * and status: {"ahead":[9,12],"next":7}: everything below 7 is dealt with, and
 * so are 9 and 12 (recalls that overtook). */
#ifndef SL_LINK_PROGRESS_H
#define SL_LINK_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { PROGRESS_AHEAD_MAX = 4096 };
#define PROGRESS_FILE "installer.json"

struct progress {
	int64_t next;
	int64_t ahead[PROGRESS_AHEAD_MAX]; /* ascending, all > next */
	unsigned n_ahead;
};
void progress_init(struct progress *p); /* next = 1 */
/* A missing file is a fresh start; SL_E_CORRUPT when it is not what we wrote. */
int progress_read(int state_fd, struct progress *ret_p) SL_MUST_USE;
int progress_write(int state_fd, const struct progress *p) SL_MUST_USE;
bool progress_done(const struct progress *p, int64_t serial);
/* Note one unit as dealt with. SL_E_LIMIT when too many are ahead. */
int progress_add(struct progress *p, int64_t serial) SL_MUST_USE;

#endif
