/* extract_package.h - the members of a ZIP package (docx, odt, …), each opened once.
 *
 * Every member is inflated to its end, so that its checksum is verified; XML is
 * kept.  What libarchive opens is compared with what the end record promises. */
#ifndef SL_INSPECT_EXTRACT_PACKAGE_H
#define SL_INSPECT_EXTRACT_PACKAGE_H

#include <stddef.h>
#include <stdint.h>

#include "inspect/extract/extract.h"

struct extract_member {
	char *name;		   /* owned, as in the package */
	char *data;		   /* owned, NUL after len bytes; NULL when not kept */
	size_t len;		   /* inflated bytes */
	int error;		   /* why it could not be read, or 0 */
	struct extract_part *part; /* its ledger entry, owned by the document */
};

struct extract_package {
	struct extract_member *members;
	size_t n, cap;
};

/* One part per member, failed when it could not be read.  `keep` chooses whose
 * bytes stay in memory.  SL_E_FORMAT, SL_E_LIMIT, SL_E_NOTFOUND (truncated),
 * SL_E_DENIED (encrypted) speak of the package; SL_E_NOMEM. */
int extract_package_read(struct extract *x, bool (*keep)(const char *name),
			 struct extract_package *pkg) SL_MUST_USE;
void extract_package_release(struct extract_package *pkg);
/* Borrowed; NULL when there is none or it could not be read or was not kept. */
struct extract_member *extract_package_find(const struct extract_package *pkg,
					    const char *name);
/* The bytes of a picture, sound or film, into extract_shown; not kept: it is not read. */
int extract_package_shown(struct extract *x, struct extract_member *m,
			  const char *reason) SL_MUST_USE;
/* The member that libarchive stands at, inflated to its end.  The bytes go to `keep` when that
 * is not NULL; when they do not fit in there they are dropped and only counted.  SL_E_FORMAT
 * (method, checksum or damaged data), SL_E_LIMIT (more than max), SL_E_NOMEM. */
struct archive;
int extract_inflate(struct archive *a, size_t max, struct buf *keep,
		    size_t *ret_len) SL_MUST_USE;
/* Did something grow more than documents do? */
bool extract_is_bomb(size_t unpacked, size_t packed);
/* libarchive converts names with the locale; make that UTF-8 for good. */
int extract_package_init(void) SL_MUST_USE;

bool extract_ends_with(const char *s, const char *tail);

#endif
