/* make_zip.h - small ZIP files built in memory, so that tests can say exactly what is in them.
 */
#ifndef SL_TESTS_MAKE_ZIP_H
#define SL_TESTS_MAKE_ZIP_H

#include <stddef.h>

#include "base/buf.h"

struct zip_entry {
	const char *name;
	const char *data;
	size_t len;    /* 0: strlen(data) */
	int encrypted; /* set the flag bit */
	int method;    /* as written; the bytes are stored whatever it says */
};
/* Append a ZIP with these members (stored); name NULL ends the list. */
void make_zip(const struct zip_entry *entries, struct buf *out);

#endif
