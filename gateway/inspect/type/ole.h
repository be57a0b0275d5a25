/* ole.h - OLE2 compound files (MS-CFB), read with every chain checked. */
#ifndef SL_INSPECT_TYPE_OLE_H
#define SL_INSPECT_TYPE_OLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OLE_ENTRIES_MAX = 20000, OLE_NAME_MAX = 32 };

struct ole_entry {
	char name[OLE_NAME_MAX]; /* ASCII part of the UTF-16 name; other characters are '?' */
	uint8_t kind;		 /* 1 storage, 2 stream, 5 root */
	uint32_t start;
	uint64_t size;
};
struct ole {
	const uint8_t *p;
	size_t len;
	uint32_t sector;  /* bytes */
	uint32_t sectors; /* whole ones in the file, header not counted */
	uint32_t *fat;	  /* owned, n_fat entries */
	uint32_t n_fat;
	uint8_t *used; /* owned, one byte a sector: already in some chain */
	uint32_t cutoff, mini_start, mini_count;
	struct ole_entry *entries;
	uint32_t n;
};

/* NULL when every chain is sound and no byte is left over, else the reason. */
const char *ole_open(struct ole *o, const uint8_t *p, size_t len);
void ole_release(struct ole *o);
/* First stream or storage of this name, or NULL. */
const struct ole_entry *ole_find(const struct ole *o, const char *name);
/* Copy at most cap bytes from the start of a stream; returns how many. */
size_t ole_read(const struct ole *o, const struct ole_entry *e, size_t at, uint8_t *out,
		size_t cap);

#endif
