/* author_files.h - the files of a draft on their way to the desk. */
#ifndef SL_INTAKE_AUTHOR_FILES_H
#define SL_INTAKE_AUTHOR_FILES_H

#include "base/json.h"
#include "wire/session.h"

/* Open, check the names, hash.  Files that fit into one request together are
 * returned in `bytes`, one after the other, to ride on draft.prepare; larger
 * ones are uploaded here, in pieces and resumable, and `bytes` stays empty.
 * *ret_files: rows {"name","sha256","length","media_type"} for draft.prepare;
 * caller owns it. `bytes` has a ceiling of WIRE_DATA_MAX. progress may be NULL. */
int author_files(struct session *s, char *const *paths, int n,
		 void (*progress)(uint64_t done, uint64_t total), json_t **ret_files,
		 struct buf *bytes, struct sl_why *why) SL_MUST_USE;

#endif
