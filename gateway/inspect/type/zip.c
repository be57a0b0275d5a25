/* zip.c - end record, central directory and local headers must tell one story.
 *
 * Programs differ in which of the three they believe; an attacker lives in the
 * difference.  Accepted is only a file in which local entries follow each other
 * without gap or overlap from offset 0 to the directory, and the directory
 * touches the end record, which touches the end of the file. */
#include "inspect/type/zip.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/type/identify.h"

enum {
	EOCD = 0x06054b50,
	EOCD_LEN = 22,
	COMMENT_MAX = 65535,
	LOCATOR = 0x07064b50,
	LOCATOR_LEN = 20,
	EOCD64 = 0x06064b50,
	EOCD64_LEN = 56,
	CENTRAL = 0x02014b50,
	CENTRAL_LEN = 46,
	LOCAL = 0x04034b50,
	LOCAL_LEN = 30,
	DESCRIPTOR = 0x08074b50,
	EXTRA_ZIP64 = 0x0001,
	FLAG_ENCRYPTED = 1u << 0,
	FLAG_DESCRIPTOR = 1u << 3,
	FLAG_STRONG = 1u << 6,
	FLAG_UTF8 = 1u << 11,
	FLAG_MASKED = 1u << 13,
	METHOD_STORED = 0,
	METHOD_DEFLATE = 8,
	METHOD_AES = 99,
	MODE_TYPE = 0170000,
	MODE_LINK = 0120000,
	MODE_FILE = 0100000,
	MODE_DIR = 0040000,
	MADE_BY_UNIX = 3,
};
static const uint32_t NEED64 = UINT32_C(0xffffffff);

/* The end record whose comment reaches exactly to the end of the file. */
static const char *find_end(const struct zip *z, size_t *ret_at)
{
	size_t least = z->len > EOCD_LEN + COMMENT_MAX ? z->len - EOCD_LEN - COMMENT_MAX : 0;
	bool seen = false;
	unsigned exact = 0;

	if (z->len < EOCD_LEN)
		return "truncated";
	for (size_t at = z->len - EOCD_LEN + 1; at-- > least;) {
		if (identify_le32(z->p + at) != EOCD)
			continue;
		seen = true;
		if (identify_le16(z->p + at + 20) == z->len - at - EOCD_LEN) {
			*ret_at = at;
			exact++;
		}
	}
	if (exact == 1)
		return NULL;
	return exact > 1 || seen ? "polyglot" : "truncated";
}

struct end {
	uint64_t entries, size, offset;
};

static const char *read_end64(const struct zip *z, size_t at, struct end *end,
			      uint64_t *ret_stop)
{
	const uint8_t *locator, *record;
	uint64_t record_at;

	if (at < LOCATOR_LEN + EOCD64_LEN)
		return "corrupt";
	locator = z->p + at - LOCATOR_LEN;
	if (identify_le32(locator) != LOCATOR || identify_le32(locator + 4) != 0 ||
	    identify_le32(locator + 16) > 1)
		return "corrupt";
	record_at = identify_le64(locator + 8);
	if (record_at > at - LOCATOR_LEN - EOCD64_LEN)
		return "corrupt";
	record = z->p + record_at;
	if (identify_le32(record) != EOCD64 ||
	    identify_le64(record + 4) != at - LOCATOR_LEN - record_at - 12 ||
	    identify_le32(record + 16) != 0 || identify_le32(record + 20) != 0 ||
	    identify_le64(record + 24) != identify_le64(record + 32))
		return "corrupt";
	end->entries = identify_le64(record + 32);
	end->size = identify_le64(record + 40);
	end->offset = identify_le64(record + 48);
	*ret_stop = record_at;
	return NULL;
}

static const char *read_end(const struct zip *z, size_t at, struct end *end, uint64_t *ret_stop)
{
	const uint8_t *e = z->p + at;
	const char *why;

	if (identify_le16(e + 4) != identify_le16(e + 6) ||
	    (identify_le16(e + 4) != 0 && identify_le16(e + 4) != 0xffff))
		return "unsupported"; /* several disks */
	if (identify_le16(e + 8) != identify_le16(e + 10))
		return "corrupt";
	end->entries = identify_le16(e + 10);
	end->size = identify_le32(e + 12);
	end->offset = identify_le32(e + 16);
	*ret_stop = at;
	if (at >= LOCATOR_LEN && identify_le32(e - LOCATOR_LEN) == LOCATOR) {
		struct end end64 = {0, 0, 0};

		why = read_end64(z, at, &end64, ret_stop);
		if (why != NULL)
			return why;
		/* The two records agree wherever the old one says anything. */
		if ((end->entries != 0xffff && end->entries != end64.entries) ||
		    (end->size != NEED64 && end->size != end64.size) ||
		    (end->offset != NEED64 && end->offset != end64.offset))
			return "polyglot";
		*end = end64;
	}
	if (end->entries > ZIP_ENTRIES_MAX)
		return "over-limit";
	if (end->offset > *ret_stop || end->size != *ret_stop - end->offset)
		return end->offset > *ret_stop || end->size > *ret_stop ? "truncated"
									: "polyglot";
	return NULL;
}

/* 64-bit sizes of an entry stand in an extra field, each only where the 32-bit
 * one is full. */
static bool read_extra64(const uint8_t *extra, size_t len, uint64_t *values[3])
{
	bool wanted = values[0] != NULL || values[1] != NULL || values[2] != NULL;

	while (len >= 4) {
		size_t id = identify_le16(extra), size = identify_le16(extra + 2), at = 4;

		if (size > len - 4)
			break;
		for (unsigned i = 0; id == EXTRA_ZIP64 && i < 3; i++) {
			if (values[i] == NULL)
				continue;
			if (at - 4 + 8 > size)
				return false;
			*values[i] = identify_le64(extra + at);
			at += 8;
		}
		if (id == EXTRA_ZIP64)
			return true;
		extra += 4 + size;
		len -= 4 + size;
	}
	return !wanted;
}

static const char *read_central(struct zip *z, struct zip_entry *e, uint64_t *at)
{
	const uint8_t *c = z->p + *at;
	uint64_t left = z->directory_end - *at, need;
	uint64_t *wide[3];
	uint32_t extra, comment, host;

	if (left < CENTRAL_LEN || identify_le32(c) != CENTRAL)
		return "corrupt";
	host = c[5];
	e->flags = identify_le16(c + 8);
	e->method = identify_le16(c + 10);
	e->crc = identify_le32(c + 16);
	e->packed = identify_le32(c + 20);
	e->size = identify_le32(c + 24);
	e->name_len = identify_le16(c + 28);
	extra = identify_le16(c + 30);
	comment = identify_le16(c + 32);
	e->mode = host == MADE_BY_UNIX ? identify_le32(c + 38) >> 16 : 0;
	e->offset = identify_le32(c + 42);
	need = (uint64_t)CENTRAL_LEN + e->name_len + extra + comment;
	if (need > left || identify_le16(c + 34) != 0)
		return "corrupt";
	e->name = c + CENTRAL_LEN;
	wide[0] = e->size == NEED64 ? &e->size : NULL;
	wide[1] = e->packed == NEED64 ? &e->packed : NULL;
	wide[2] = e->offset == NEED64 ? &e->offset : NULL;
	if (!read_extra64(e->name + e->name_len, extra, wide))
		return "corrupt";
	e->extra = e->name + e->name_len;
	e->extra_len = extra;
	e->comment = e->extra + extra;
	e->comment_len = comment;
	e->directory = e->name_len > 0 && e->name[e->name_len - 1] == '/';
	*at += need;
	return NULL;
}

const char *zip_open(struct zip *z, const uint8_t *p, size_t len)
{
	struct end end = {0, 0, 0};
	uint64_t at;
	size_t end_at = 0;
	const char *why;

	memset(z, 0, sizeof(*z));
	z->p = p;
	z->len = len;
	why = find_end(z, &end_at);
	if (why == NULL)
		why = read_end(z, end_at, &end, &z->directory_end);
	if (why != NULL)
		return why;
	z->comment = p + end_at + EOCD_LEN;
	z->comment_len = (uint32_t)(len - end_at - EOCD_LEN);
	z->directory = end.offset;
	z->entries = calloc(end.entries > 0 ? (size_t)end.entries : 1, sizeof(*z->entries));
	if (z->entries == NULL)
		return "over-limit";
	at = z->directory;
	for (; z->n < end.entries && why == NULL; z->n++)
		why = read_central(z, &z->entries[z->n], &at);
	if (why == NULL && at != z->directory_end)
		why = "polyglot"; /* bytes that the end record does not count */
	return why;
}

void zip_release(struct zip *z)
{
	free(z->entries);
	memset(z, 0, sizeof(*z));
}

static int by_offset(const void *a, const void *b)
{
	const struct zip_entry *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* What an entry asks of a reader must be something every reader does alike. */
static const char *check_means(const struct zip_entry *e)
{
	uint32_t kind = e->mode & MODE_TYPE;

	if ((e->flags & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED)) != 0)
		return "encrypted";
	if (e->method == METHOD_AES)
		return "unsupported";
	if (e->method != METHOD_STORED && e->method != METHOD_DEFLATE)
		return "unsupported";
	if (e->method == METHOD_STORED && e->packed != e->size)
		return "corrupt";
	if (e->directory && e->size != 0)
		return "corrupt";
	if (kind == MODE_LINK)
		return "unsupported";
	if (kind != 0 && kind != MODE_FILE && kind != MODE_DIR)
		return "unsupported";
	return NULL;
}

/* Sizes and CRC after the data, in one of its four historic forms. */
static bool descriptor_ok(const struct zip *z, const struct zip_entry *e, uint64_t at,
			  uint64_t len)
{
	const uint8_t *d = z->p + at;

	if (len == 16 || len == 24) {
		if (identify_le32(d) != DESCRIPTOR)
			return false;
		d += 4;
		len -= 4;
	}
	if (len == 12)
		return identify_le32(d) == e->crc && identify_le32(d + 4) == e->packed &&
		       identify_le32(d + 8) == e->size;
	return len == 20 && identify_le32(d) == e->crc && identify_le64(d + 4) == e->packed &&
	       identify_le64(d + 12) == e->size;
}

static bool local_numbers_ok(const struct zip_entry *e, const uint8_t *l, const uint8_t *extra,
			     size_t extra_len)
{
	uint32_t crc = identify_le32(l + 14);
	uint64_t packed = identify_le32(l + 18), size = identify_le32(l + 22);
	uint64_t *wide[3] = {size == NEED64 ? &size : NULL, packed == NEED64 ? &packed : NULL,
			     NULL};

	if (!read_extra64(extra, extra_len, wide))
		return false;
	if ((e->flags & FLAG_DESCRIPTOR) != 0 && (packed == 0 || size == 0))
		return (crc == 0 || crc == e->crc) && (packed == 0 || packed == e->packed) &&
		       (size == 0 || size == e->size);
	return crc == e->crc && packed == e->packed && size == e->size;
}

static const char *check_local(const struct zip *z, struct zip_entry *e, uint64_t stop)
{
	const uint8_t *l = z->p + e->offset;
	const uint32_t same =
		FLAG_ENCRYPTED | FLAG_DESCRIPTOR | FLAG_STRONG | FLAG_UTF8 | FLAG_MASKED;
	uint64_t left = stop - e->offset, head;
	uint32_t extra;

	if (left < LOCAL_LEN || identify_le32(l) != LOCAL)
		return "corrupt";
	extra = identify_le16(l + 28);
	head = (uint64_t)LOCAL_LEN + identify_le16(l + 26) + extra;
	if (head > left || e->packed > left - head)
		return "corrupt";
	if (identify_le16(l + 26) != e->name_len ||
	    memcmp(l + LOCAL_LEN, e->name, e->name_len) != 0 ||
	    ((identify_le16(l + 6) ^ e->flags) & same) != 0 ||
	    identify_le16(l + 8) != e->method)
		return "polyglot"; /* two readers would see two archives */
	if (!local_numbers_ok(e, l, l + LOCAL_LEN + e->name_len, extra))
		return "polyglot";
	e->data = e->offset + head;
	left -= head + e->packed;
	if ((e->flags & FLAG_DESCRIPTOR) != 0)
		return descriptor_ok(z, e, e->data + e->packed, left) ? NULL : "corrupt";
	return left == 0 ? NULL : "polyglot";
}

const char *zip_check(struct zip *z)
{
	uint64_t total = 0;

	qsort(z->entries, z->n, sizeof(*z->entries), by_offset);
	for (uint32_t i = 0; i < z->n; i++) {
		const char *why = check_means(&z->entries[i]);

		if (why != NULL)
			return why;
		if (z->entries[i].size > ZIP_TOTAL_MAX - total)
			return "over-limit";
		total += z->entries[i].size;
	}
	if (total > ZIP_RATIO_FROM && total / ZIP_RATIO_MAX > z->len)
		return "over-limit";
	if (z->n > 0 ? z->entries[0].offset != 0 : z->directory != 0)
		return "polyglot"; /* something stands before the archive */
	for (uint32_t i = 0; i < z->n; i++) {
		uint64_t stop = i + 1 < z->n ? z->entries[i + 1].offset : z->directory;
		const char *why;

		if (stop <= z->entries[i].offset || stop > z->directory)
			return "polyglot"; /* two names for the same bytes */
		why = check_local(z, &z->entries[i], stop);
		if (why != NULL)
			return why;
	}
	return NULL;
}

const struct zip_entry *zip_find(const struct zip *z, const char *name)
{
	size_t len = strlen(name);

	for (uint32_t i = 0; i < z->n; i++) {
		if (z->entries[i].name_len == len && memcmp(z->entries[i].name, name, len) == 0)
			return &z->entries[i];
	}
	return NULL;
}
