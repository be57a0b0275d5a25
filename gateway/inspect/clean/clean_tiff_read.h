/* clean_tiff_read.h - the directories of a TIFF, and which bytes something refers to. */
#ifndef SL_INSPECT_CLEAN_CLEAN_TIFF_READ_H
#define SL_INSPECT_CLEAN_CLEAN_TIFF_READ_H

#include "inspect/clean/clean.h"
#include "inspect/clean/clean_tiff_tags.h"

struct tiff {
	const uint8_t *p;
	size_t len;
	bool big;
	uint8_t *seen; /* owned: a bit for each byte that something refers to */
	uint64_t ticked;
	size_t copied; /* bytes of strips so far: each byte is one strip's */
	struct clean_result *r;
	size_t next_at; /* where the place of the next directory is written */
	size_t pages;
};

struct tiff_page {
	struct tiff_entry kept[TIFF_KEPT_MAX]; /* in the order of tags */
	size_t n;
	struct tiff_entry offsets, counts;
	uint32_t next;
};

uint32_t clean_tiff_u32(const struct tiff *t, const uint8_t *p);
/* Something refers to these bytes; false: they are not in the file, or too much refers to
 * the same bytes. */
bool clean_tiff_tick(struct tiff *t, uint64_t at, uint64_t len);
/* Does it hold bytes that nothing refers to?  Programs leave zeros between the parts. */
bool clean_tiff_has_more(const struct tiff *t);
/* The directory at `at`, which must be a new one; what is left out of it is said.
 * SL_E_FORMAT. */
int clean_tiff_page(struct tiff *t, uint32_t at, struct tiff_page *g) SL_MUST_USE;
/* The i-th number of a value, 0 when it has none. */
uint32_t clean_tiff_value(const struct tiff *t, const struct tiff_entry *e, uint32_t i);
/* A kept entry, with p NULL when there is none; its number. */
const struct tiff_entry *clean_tiff_find(const struct tiff_page *g, uint32_t tag);
uint32_t clean_tiff_number(const struct tiff *t, const struct tiff_page *g, uint32_t tag,
			   uint32_t missing);

#endif
