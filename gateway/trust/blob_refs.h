/* blob_refs.h - which live releases use a blob: DIR/ab/<sha256>/<id>.<version>, empty files.
 *
 * Releaser and installer each keep such a directory of their own, so that a recall need
 * not read every manifest there is. */
#ifndef SL_TRUST_BLOB_REFS_H
#define SL_TRUST_BLOB_REFS_H

#include <stdint.h>

#include "base/err.h"

enum { BLOB_REFS_ID_MAX = 32 };

/* sha256: 64 hex digits.  What is there already is fine.  It is on the disk afterwards. */
int blob_refs_add(int dirfd, const char *sha256, const char *id, int64_t version) SL_MUST_USE;
/* The same for very many: they are on the disk after blob_refs_sync, which waits for all that
 * the file system has to write. */
int blob_refs_add_unsynced(int dirfd, const char *sha256, const char *id,
			   int64_t version) SL_MUST_USE;
int blob_refs_sync(int dirfd) SL_MUST_USE;
void blob_refs_remove(int dirfd, const char *sha256, const char *id, int64_t version);
/* fn for each release that uses the blob, in order of id; stops at the first non-zero and
 * returns it.  Nobody uses it: 0.  A file of another form is told as a use by the id "". */
int blob_refs_each(int dirfd, const char *sha256,
		   int (*fn)(const char *id, int64_t version, void *arg),
		   void *arg) SL_MUST_USE;

#endif
