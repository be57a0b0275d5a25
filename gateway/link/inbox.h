/* inbox.h - frames of stream mode and files of directory mode become units in the
 * quarantine, bounded in memory and disk. */
#ifndef SL_LINK_INBOX_H
#define SL_LINK_INBOX_H

#include "link/frame.h"
#include "link/quarantine.h"

enum { INBOX_PARTS = 8 };

struct inbox;
/* The quarantine is borrowed. */
int inbox_open(struct quarantine *q, struct inbox **ret_i) SL_MUST_USE;
void inbox_close(struct inbox *i); /* unfinished parts are removed */
/* Take one frame.  1 when it completed a unit, 0 when it was taken, SL_E_EXISTS
 * for a unit that is here already, SL_E_REPLAY for a serial too far ahead,
 * SL_E_STATE for a piece out of order, SL_E_SIGNATURE for a whole whose hash is
 * wrong; SL_E_FULL, SL_E_IO. Nothing of a failed unit stays. */
int inbox_frame(struct inbox *i, const struct frame *f) SL_MUST_USE;
/* Directory mode: take the whole file e from `dir`. Returns as inbox_frame. */
int inbox_file(struct inbox *i, int dir, const struct spool_entry *e) SL_MUST_USE;

#endif
