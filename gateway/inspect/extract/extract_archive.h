/* extract_archive.h - the inner parts of the archive reader. */
#ifndef SL_INSPECT_EXTRACT_ARCHIVE_H
#define SL_INSPECT_EXTRACT_ARCHIVE_H

#include "inspect/extract/extract.h"

/* What an archive says beside its members: comments, notes in extra fields, the name and
 * comment in a gzip header.  Lines of METADATA of the archive's own part, which is failed
 * "unknown-field" when a field could hide text that nobody here reads. */
void extract_archive_notes(struct extract *x);
/* The same of any ZIP, whatever document it is the package of. */
void extract_zip_notes(struct extract *x);
/* A member's name as UTF-8: as it is, else from GB18030.  SL_E_FORMAT: neither, or a name
 * that would leave its directory or deceive a reader. */
int extract_archive_name(const char *raw, struct buf *ret_name) SL_MUST_USE;

#endif
