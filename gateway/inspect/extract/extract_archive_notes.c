/* extract_archive_notes.c - names of members, and what an archive says beside them.
 *
 * Hostile: names and fields are bytes of any kind.  A field that we know to be numbers
 * (times, owners, 64-bit sizes) is passed over; any other is read as text, and one that
 * is neither and long enough to carry a message fails the archive. */
#include <string.h>

#include "base/text.h"
#include "inspect/extract/extract_archive.h"
#include "inspect/extract/extract_decode.h"
#include "inspect/type/identify.h"
#include "inspect/type/zip.h"

enum {
	NOTE_MAX = 1 << 20,
	UNREAD_MAX = 16, /* bytes of a field that may stay unread */
	TAR_BLOCK = 512,
	TAR_SIZE = 124, /* octal digits of a member's length */
	TAR_SIZE_END = 136,
	TAR_KIND = 156,
	GZIP_HEAD = 10,
	GZIP_EXTRA = 1 << 2,
	GZIP_NAME = 1 << 3,
	GZIP_COMMENT = 1 << 4,
	FIELD_ZIP64 = 0x0001,
	FIELD_NTFS = 0x000a,
	FIELD_UNICODE_PATH = 0x7075,
	FIELD_UNICODE_COMMENT = 0x6375,
	FIELD_GROWTH = 0xa220, /* room that Office leaves in its packages: zeros */
	GROWTH_HEAD = 4,
	UNICODE_HEAD = 5, /* version and checksum before the text */
	NTFS_LEN = 32,
};

int extract_archive_name(const char *raw, struct buf *ret_name)
{
	size_t len = strlen(raw), start = 0;
	const char *s;
	struct buf own;
	int r;

	buf_init(&own, ret_name->max);
	r = extract_decode((const uint8_t *)raw, len,
			   text_is_utf8(raw, len) ? EXTRACT_UTF8 : EXTRACT_GB18030, &own, &s,
			   &len);
	if (r == SL_OK && (len == 0 || s[0] == '/' || (len > 1 && s[1] == ':')))
		r = SL_E_FORMAT;
	for (size_t i = 0, used; r == SL_OK && i < len; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);

		if (cp < 0x20 || cp == 0x7f || cp == '\\' || text_is_deceptive(cp))
			r = SL_E_FORMAT;
	}
	for (size_t i = 0; r == SL_OK && i <= len; i++) {
		if (i < len && s[i] != '/')
			continue;
		if (i - start == 2 && memcmp(s + start, "..", 2) == 0)
			r = SL_E_FORMAT;
		start = i + 1;
	}
	if (r == SL_OK) {
		buf_put(ret_name, s, len);
		r = buf_error(ret_name);
	}
	buf_release(&own);
	return r;
}

/* Text becomes a line; what is no text and long fails the archive. */
static void note(struct extract_part *p, const char *name, const uint8_t *bytes, size_t len)
{
	struct buf own;
	const char *s;
	size_t n;

	if (len == 0)
		return;
	buf_init(&own, NOTE_MAX);
	if (extract_decode(bytes, len, EXTRACT_DETECT, &own, &s, &n) == SL_OK)
		extract_line(p, WHERE_METADATA, name, s, n);
	else if (len > UNREAD_MAX)
		extract_fail(p, "unknown-field");
	buf_release(&own);
}

/* Times, owners and sizes: numbers, no longer than they have to be. */
static bool is_numbers(uint32_t id, size_t len)
{
	static const struct {
		uint32_t id;
		size_t max;
	} rows[] = {
		{FIELD_ZIP64, 28}, {FIELD_NTFS, NTFS_LEN}, {0x5455, 13}, {0x5855, 12},
		{0x7855, 4},	   {0x7875, 24},	   {0x756e, 14}, {0xcafe, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].id == id)
			return len <= rows[i].max;
	return false;
}

static bool all_zero(const uint8_t *p, size_t len)
{
	return len == 0 || (p[0] == 0 && memcmp(p, p + 1, len - 1) == 0);
}

static bool is_room(uint32_t id, const uint8_t *f, size_t len)
{
	return id == FIELD_GROWTH && len >= GROWTH_HEAD &&
	       all_zero(f + GROWTH_HEAD, len - GROWTH_HEAD);
}

static void zip_fields(struct extract_part *p, const uint8_t *f, size_t len)
{
	while (len >= 4) {
		uint32_t id = identify_le16(f);
		size_t n = identify_le16(f + 2);

		f += 4;
		len -= 4;
		if (n > len) {
			extract_fail(p, "corrupt");
			return;
		}
		if ((id == FIELD_UNICODE_PATH || id == FIELD_UNICODE_COMMENT) &&
		    n > UNICODE_HEAD)
			note(p, "name", f + UNICODE_HEAD, n - UNICODE_HEAD);
		else if (!is_numbers(id, n) && !is_room(id, f, n))
			note(p, "field", f, n);
		f += n;
		len -= n;
	}
	if (len > 0)
		extract_fail(p, "corrupt");
}

/* The local header repeats the fields, or has others. */
static void zip_local_fields(struct extract_part *p, const struct zip *z,
			     const struct zip_entry *e)
{
	const uint8_t *h = z->p + e->offset;

	zip_fields(p, h + 30 + identify_le16(h + 26), identify_le16(h + 28));
}

void extract_zip_notes(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	struct zip z;

	/* The checks fill in where local headers are; the type filter has passed them. */
	if (zip_open(&z, x->bytes, x->len) != NULL || zip_check(&z) != NULL) {
		extract_fail(p, "corrupt");
	} else {
		note(p, "comment", z.comment, z.comment_len);
		for (uint32_t i = 0; i < z.n; i++) {
			note(p, "comment", z.entries[i].comment, z.entries[i].comment_len);
			zip_fields(p, z.entries[i].extra, z.entries[i].extra_len);
			zip_local_fields(p, &z, &z.entries[i]);
		}
	}
	zip_release(&z);
}

/* A text ended by NUL at *at; false: there is no end. */
static bool gzip_text(const struct extract *x, const char *name, size_t *at)
{
	const uint8_t *s = x->bytes + *at, *end = memchr(s, 0, x->len - *at);

	if (end == NULL)
		return false;
	note(x->file, name, s, (size_t)(end - s));
	*at += (size_t)(end - s) + 1;
	return true;
}

static void gzip_notes(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	uint8_t flags = x->len > GZIP_HEAD ? x->bytes[3] : 0;
	size_t at = GZIP_HEAD;

	if (x->len <= GZIP_HEAD || (flags & GZIP_EXTRA) != 0) {
		extract_fail(p, x->len <= GZIP_HEAD ? "truncated" : "unknown-field");
		return;
	}
	if (((flags & GZIP_NAME) != 0 && !gzip_text(x, "name", &at)) ||
	    ((flags & GZIP_COMMENT) != 0 && !gzip_text(x, "comment", &at)))
		extract_fail(p, "truncated");
}

/* The records of pax headers, "LENGTH KEYWORD=VALUE": comments and attributes among them.
 * The type filter has walked the blocks. */
static void tar_notes(struct extract *x)
{
	size_t at = 0;

	while (x->len - at >= TAR_BLOCK && x->bytes[at] != 0) {
		const uint8_t *block = x->bytes + at;
		size_t size = 0;

		for (size_t i = TAR_SIZE;
		     i < TAR_SIZE_END && block[i] >= '0' && block[i] <= '7'; i++)
			size = size << 3 | (size_t)(block[i] - '0');
		at += TAR_BLOCK;
		if (size > x->len - at)
			return;
		if (block[TAR_KIND] == 'x' || block[TAR_KIND] == 'g')
			note(x->file, "pax", x->bytes + at, size);
		size = (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
		if (block[TAR_SIZE] == 0x80 || size > x->len - at)
			return;
		at += size;
	}
}

void extract_archive_notes(struct extract *x)
{
	const char *type = extract_file(x)->object.type;

	if (strcmp(type, "application/zip") == 0)
		extract_zip_notes(x);
	else if (strcmp(type, "application/gzip") == 0)
		gzip_notes(x);
	else if (strcmp(type, "application/x-tar") == 0)
		tar_notes(x);
}
