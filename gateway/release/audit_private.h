/* audit_private.h - shared by the audit_*.c files only. */
#ifndef SL_RELEASE_AUDIT_PRIVATE_H
#define SL_RELEASE_AUDIT_PRIVATE_H

#include "release/audit_log.h"

#define AUDIT_CHECKPOINT "checkpoint"
#define AUDIT_SIGNED	 "signed"
#define AUDIT_SIGNED_TOO "audit"
#define AUDIT_KIND_SIGN	 "audit.sign"

struct audit_note { /* one of the three files */
	bool there;
	struct tlog_checkpoint c;
	struct buf bytes;
};
void audit_note_release(struct audit_note *n);
/* Missing is fine; anything but a checkpoint of this log signed by this key is
 * SL_E_SIGNATURE. `where` names it for people. */
int audit_note_read(int dir_fd, const char *name, const char *where, const struct note_key *k,
		    struct audit_note *ret_n, struct sl_why *why) SL_MUST_USE;
/* Files below a directory, for tlog.h. */
struct tlog_reader audit_reader(const int *dir_fd);

#endif
