/* zip.h - a ZIP file read the strict way: one reading only, every byte accounted for. */
#ifndef SL_INSPECT_TYPE_ZIP_H
#define SL_INSPECT_TYPE_ZIP_H

#include "base/buf.h"

enum {
	ZIP_ENTRIES_MAX = 16000,
	ZIP_RATIO_MAX = 250, /* whole archive, once it is larger than ZIP_RATIO_FROM */
	ZIP_RATIO_FROM = 32 << 20,
	ZIP_NAME_MAX = 1024,
};
#define ZIP_TOTAL_MAX (UINT64_C(1) << 30)

struct zip_entry {
	const uint8_t *name; /* borrowed from the file; not terminated */
	uint32_t name_len;
	uint32_t flags, method, crc;
	uint64_t packed, size, offset;	/* offset of the local header */
	uint64_t data;			/* offset of the packed bytes, once checked */
	uint32_t mode;			/* Unix mode, 0 unknown */
	const uint8_t *extra, *comment; /* of the directory; borrowed */
	uint32_t extra_len, comment_len;
	bool directory;
};
struct zip {
	const uint8_t *p;
	size_t len;
	struct zip_entry *entries; /* sorted by offset once zip_check has passed */
	uint32_t n;
	uint64_t directory;	/* offset of the central directory */
	uint64_t directory_end; /* where EOCD or the ZIP64 record begins */
	const uint8_t *comment; /* of the whole archive; borrowed */
	uint32_t comment_len;
};

/* Each returns NULL when fine, else the reason (static): truncated, corrupt,
 * polyglot, encrypted, unsupported, over-limit, duplicate-names, bad-name. */
const char *zip_open(struct zip *z, const uint8_t *p,
		     size_t len);     /* end record and directory */
const char *zip_check(struct zip *z); /* local headers, gaps, descriptors, methods, limits */
const char *zip_check_names(struct zip *z);	 /* form and duplicates */
const char *zip_check_data(const struct zip *z); /* unpack everything, compare sizes and CRCs */
void zip_release(struct zip *z);

/* Entry with exactly this name, or NULL. */
const struct zip_entry *zip_find(const struct zip *z, const char *name);
/* Unpack one entry of at most max bytes into out. */
int zip_read(const struct zip *z, const struct zip_entry *e, size_t max,
	     struct buf *out) SL_MUST_USE;

#endif
