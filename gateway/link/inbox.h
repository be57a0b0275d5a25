/* inbox.h - assemble frames into quarantined units, bounded in memory and disk.
 *
 * What has arrived is never remembered apart from what is true on disk: a unit
 * is here when it lies in the quarantine or when the installer has dealt with
 * it (progress.h).  So a unit that the installer refused can arrive again. */
#ifndef SL_LINK_INBOX_H
#define SL_LINK_INBOX_H

#include "base/json.h"
#include "link/frame.h"
#include "link/spool.h"

enum { INBOX_PARTS = 8, INBOX_WINDOW = 4096, INBOX_UNITS_MAX = 4096 };
#define INBOX_BYTES_MAX	  (UINT64_C(4) << 30)
#define INBOX_SPARE_BYTES (UINT64_C(64) << 20) /* stays free on the file system */

struct inbox;
/* Directories are borrowed. Unfinished parts of an earlier run are removed. */
int inbox_open(int quarantine_fd, int state_fd, struct inbox **ret_i) SL_MUST_USE;
void inbox_close(struct inbox *i);
/* Is there room for more? Callers stop reading from the link while not. */
bool inbox_room(struct inbox *i);
/* Take one frame.  1 when it completed a unit, 0 when it was taken, SL_E_EXISTS
 * for a unit that is here already, SL_E_REPLAY for a serial too far ahead,
 * SL_E_STATE for a piece out of order, SL_E_SIGNATURE for a whole whose hash is
 * wrong; SL_E_FULL, SL_E_IO. Nothing of a failed unit stays. */
int inbox_frame(struct inbox *i, const struct frame *f) SL_MUST_USE;
/* Directory mode: take the whole file e from `dir`. Returns as inbox_frame. */
int inbox_file(struct inbox *i, int dir, const struct spool_entry *e) SL_MUST_USE;
/* Does the installer still need this unit? */
bool inbox_wants(struct inbox *i, int64_t serial);
bool inbox_finished(struct inbox *i, int64_t serial); /* installer has dealt with it */
/* {"arrived":n,"dropped":n,"highest":n,"missing":[…],"missing_count":n,"next":n,"time":…} */
json_t *inbox_report(struct inbox *i);

#endif
