/* due_files.h - the dates of what custodians and policy officers sign.
 *
 * Files are read for their dates only; nothing here verifies a signature, so nothing
 * here may decide anything. */
#ifndef SL_TRUST_DUE_FILES_H
#define SL_TRUST_DUE_FILES_H

#include "base/due.h"
#include "trust/roster.h"
#include "trust/tuf.h"

/* Each person's keys, for each use the one that lasts longest. */
void due_files_roster(struct due_list *l, const struct roster *r);
void due_files_meta(struct due_list *l, const struct tuf_meta *m, const char *name);
/* The newest root, targets and policy metadata below DIR/metadata; what is not there or
 * cannot be read is left out.  *ret_n (may be NULL): how many were found. */
void due_files_directory(struct due_list *l, const char *dir, unsigned *ret_n);
/* Newest version of root, targets and policy below METADATA_FD, which has at most `max`
 * files; 0 for none.  An error of file_each leaves ret_newest as it was. */
enum { DUE_FILES_ROLES = 3 };
const char *due_files_role(unsigned i); /* "root", "targets", "policy" */
int due_files_newest(int metadata_fd, size_t max,
		     uint64_t ret_newest[DUE_FILES_ROLES]) SL_MUST_USE;
/* One file: metadata of any kind, or an approval policy.  SL_E_FORMAT for others. */
int due_files_one(struct due_list *l, const char *path, struct sl_why *why) SL_MUST_USE;

#endif
