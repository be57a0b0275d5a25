/* ole.c - header, DIFAT, FAT and directory of a compound file (MS-CFB 2).
 *
 * Chains are walked once with a mark on every sector: a loop or two streams
 * that share a sector are corrupt, a chain past the end of the file is
 * truncated, sectors that the FAT cannot describe are something else's data. */
#include "inspect/type/ole.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/type/identify.h"

enum {
	HEADER = 512,
	HEADER_DIFAT = 109,
	ENTRY = 128,
	KIND_STORAGE = 1,
	KIND_STREAM = 2,
	KIND_ROOT = 5,
	SECTORS_MAX = 1 << 22,
};
static const uint32_t END = UINT32_C(0xfffffffe), LAST = UINT32_C(0xfffffffa);

static const uint8_t *sector_at(const struct ole *o, uint32_t n)
{
	return n < o->sectors ? o->p + (size_t)(n + 1) * o->sector : NULL;
}

static const char *add_fat_sector(struct ole *o, uint32_t n)
{
	const uint8_t *s = sector_at(o, n);

	if (s == NULL)
		return "truncated";
	if (o->used[n]++ != 0)
		return "corrupt";
	for (uint32_t i = 0; i < o->sector / 4; i++)
		o->fat[o->n_fat++] = identify_le32(s + 4 * (size_t)i);
	return NULL;
}

/* The list of FAT sectors: 109 in the header, more in a chain of its own. */
static const char *load_fat(struct ole *o)
{
	uint32_t want = identify_le32(o->p + 44), next = identify_le32(o->p + 68), got = 0;
	uint32_t per = o->sector / 4 - 1;
	const char *why = NULL;

	if (want > o->sectors)
		return "truncated";
	o->fat = calloc((size_t)want * (o->sector / 4) + 1, sizeof(*o->fat));
	if (o->fat == NULL)
		return "over-limit";
	for (uint32_t i = 0; i < HEADER_DIFAT && got < want && why == NULL; i++, got++)
		why = add_fat_sector(o, identify_le32(o->p + 76 + 4 * (size_t)i));
	while (got < want && why == NULL) {
		const uint8_t *s = sector_at(o, next);

		if (s == NULL)
			return "truncated";
		if (o->used[next]++ != 0)
			return "corrupt";
		for (uint32_t i = 0; i < per && got < want && why == NULL; i++, got++)
			why = add_fat_sector(o, identify_le32(s + 4 * (size_t)i));
		next = identify_le32(s + 4 * (size_t)per);
	}
	return why;
}

/* Walk one chain; *ret_n sectors. */
static const char *walk(struct ole *o, uint32_t start, uint32_t *ret_n)
{
	uint32_t n = 0, s = start;

	while (s != END) {
		if (s > LAST || s >= o->n_fat)
			return "corrupt";
		if (s >= o->sectors)
			return "truncated";
		if (o->used[s]++ != 0)
			return "corrupt";
		n++;
		s = o->fat[s];
	}
	*ret_n = n;
	return NULL;
}

static void take_entry(struct ole *o, const uint8_t *raw)
{
	struct ole_entry *e = &o->entries[o->n];
	uint32_t len = identify_le16(raw + 64);

	e->kind = raw[66];
	if (e->kind != KIND_STORAGE && e->kind != KIND_STREAM && e->kind != KIND_ROOT)
		return;
	len = len >= 2 && len <= 64 ? len / 2 - 1 : 0;
	for (uint32_t i = 0; i < len && i + 1 < OLE_NAME_MAX; i++) {
		uint32_t c = identify_le16(raw + 2 * (size_t)i);

		e->name[i] = (char)(c < 0x7f ? c : '?');
	}
	e->start = identify_le32(raw + 116);
	/* Version 3 files may leave rubbish in the upper half (MS-CFB 2.6.1). */
	e->size = o->sector == 512 ? identify_le32(raw + 120) : identify_le64(raw + 120);
	o->n++;
}

static const char *load_directory(struct ole *o)
{
	uint32_t start = identify_le32(o->p + 48), n = 0, s = start;
	const char *why = walk(o, start, &n);

	if (why != NULL)
		return why;
	if ((uint64_t)n * (o->sector / ENTRY) > OLE_ENTRIES_MAX)
		return "over-limit";
	o->entries = calloc((size_t)n * (o->sector / ENTRY) + 1, sizeof(*o->entries));
	if (o->entries == NULL)
		return "over-limit";
	for (; s != END; s = o->fat[s]) {
		for (uint32_t i = 0; i < o->sector / ENTRY; i++)
			take_entry(o, sector_at(o, s) + (size_t)i * ENTRY);
	}
	return o->n > 0 && o->entries[0].kind == KIND_ROOT ? NULL : "corrupt";
}

/* Streams of at least `cutoff` bytes have chains in the FAT; the small ones all
 * live in the root entry's. */
static const char *check_streams(struct ole *o)
{
	for (uint32_t i = 0; i < o->n; i++) {
		const struct ole_entry *e = &o->entries[i];
		uint32_t n = 0;
		const char *why;

		if (e->kind == KIND_STORAGE || e->size == 0 ||
		    (e->kind == KIND_STREAM && e->size < o->cutoff))
			continue;
		why = walk(o, e->start, &n);
		if (why != NULL)
			return why;
		if ((uint64_t)n * o->sector < e->size)
			return "truncated";
	}
	return NULL;
}

static const char *open_header(struct ole *o)
{
	uint32_t shift = identify_le16(o->p + 30), version = identify_le16(o->p + 26);
	size_t body;

	if (identify_le16(o->p + 28) != 0xfffe || identify_le16(o->p + 32) != 6 ||
	    !((version == 3 && shift == 9) || (version == 4 && shift == 12)))
		return "corrupt";
	o->sector = 1u << shift;
	if (o->len < 2 * (size_t)o->sector)
		return "truncated";
	body = o->len - o->sector;
	/* The last sector may be cut short by its writer when its tail is slack. */
	o->sectors = (uint32_t)(body / o->sector);
	if (body / o->sector > SECTORS_MAX)
		return "over-limit";
	o->cutoff = identify_le32(o->p + 56);
	o->mini_start = identify_le32(o->p + 60);
	o->mini_count = identify_le32(o->p + 64);
	o->used = calloc((size_t)o->sectors + 1, 1);
	return o->used != NULL ? NULL : "over-limit";
}

const char *ole_open(struct ole *o, const uint8_t *p, size_t len)
{
	const char *why;
	uint32_t n = 0;

	memset(o, 0, sizeof(*o));
	o->p = p;
	o->len = len;
	if (len < HEADER)
		return "truncated";
	why = open_header(o);
	if (why == NULL)
		why = load_fat(o);
	/* One entry for each sector, or the rest of the file belongs to nobody. */
	if (why == NULL && (o->n_fat < o->sectors || o->len % o->sector != 0))
		why = o->n_fat < o->sectors ? "polyglot" : "truncated";
	if (why == NULL)
		why = load_directory(o);
	if (why == NULL && o->mini_count > 0)
		why = walk(o, o->mini_start, &n);
	return why == NULL ? check_streams(o) : why;
}

void ole_release(struct ole *o)
{
	free(o->fat);
	free(o->used);
	free(o->entries);
	memset(o, 0, sizeof(*o));
}

const struct ole_entry *ole_find(const struct ole *o, const char *name)
{
	for (uint32_t i = 0; i < o->n; i++) {
		if (strcmp(o->entries[i].name, name) == 0)
			return &o->entries[i];
	}
	return NULL;
}

/* Sector number `index` of a checked chain, END when shorter. */
static uint32_t nth(const struct ole *o, uint32_t s, uint64_t index)
{
	while (index-- > 0 && s != END && s < o->n_fat)
		s = o->fat[s];
	return s;
}

/* Where byte `at` of a stream lies and how many follow it there; 0 none. */
static size_t locate(const struct ole *o, const struct ole_entry *e, size_t at,
		     const uint8_t **ret_p)
{
	uint64_t within = at;
	uint32_t start = e->start, s;
	size_t room = o->sector;

	if (e->kind == KIND_STREAM && e->size < o->cutoff) {
		uint32_t mini = e->start;
		const uint8_t *table;

		for (size_t i = 0; i < at / 64 && mini <= LAST; i++) {
			table = sector_at(o, nth(o, o->mini_start, mini / (o->sector / 4)));
			if (table == NULL)
				return 0;
			mini = identify_le32(table + 4 * (size_t)(mini % (o->sector / 4)));
		}
		if (mini > LAST)
			return 0;
		within = (uint64_t)mini * 64 + at % 64;
		start = o->entries[0].start;
		room = 64 - at % 64;
	}
	s = nth(o, start, within / o->sector);
	if (sector_at(o, s) == NULL)
		return 0;
	*ret_p = sector_at(o, s) + within % o->sector;
	return room < o->sector - within % o->sector ? room
						     : (size_t)(o->sector - within % o->sector);
}

size_t ole_read(const struct ole *o, const struct ole_entry *e, size_t at, uint8_t *out,
		size_t cap)
{
	size_t done = 0;

	if (e->kind != KIND_STREAM || at >= e->size)
		return 0;
	if (cap > e->size - at)
		cap = (size_t)(e->size - at);
	while (done < cap) {
		const uint8_t *p = NULL;
		size_t n = locate(o, e, at + done, &p);

		if (n == 0)
			break;
		if (n > cap - done)
			n = cap - done;
		memcpy(out + done, p, n);
		done += n;
	}
	return done;
}
