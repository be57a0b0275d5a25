/* clean_zip.h - a ZIP package written into memory, the same bytes for the same members. */
#ifndef SL_INSPECT_CLEAN_ZIP_H
#define SL_INSPECT_CLEAN_ZIP_H

#include "base/buf.h"

struct clean_zip;
int clean_zip_new(struct clean_zip **ret_z) SL_MUST_USE;
void clean_zip_free(struct clean_zip *z); /* also after clean_zip_write */
/* Members stand in the order in which they are added; all are of 1 January 1980.  Bytes are
 * copied.  stored: not compressed. */
int clean_zip_add(struct clean_zip *z, const char *name, const struct buf *bytes,
		  bool stored) SL_MUST_USE;
int clean_zip_write(struct clean_zip *z, struct buf *out) SL_MUST_USE;

#endif
