/* make_zip.c - stored members, central directory, end record (APPNOTE 4.3). */
#include "tests/support/make_zip.h"

#include <string.h>

enum { ENTRIES_MAX = 400 };

static uint32_t crc32_of(const char *s, size_t len)
{
	uint32_t crc = ~UINT32_C(0);

	for (size_t i = 0; i < len; i++) {
		crc ^= (uint8_t)s[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (UINT32_C(0xedb88320) & (0 - (crc & 1)));
	}
	return ~crc;
}

static void le(struct buf *b, uint32_t v, int bytes)
{
	for (; bytes > 0; bytes--, v >>= 8)
		buf_put_u8(b, (uint8_t)v);
}

/* What local header and directory entry have in common. */
static void fields(struct buf *b, const struct zip_entry *e, size_t len)
{
	le(b, 20, 2);
	le(b, e->encrypted ? 1 : 0, 2);
	le(b, (uint32_t)e->method, 2);
	le(b, 0, 4);
	le(b, crc32_of(e->data, len), 4);
	le(b, (uint32_t)len, 4);
	le(b, (uint32_t)len, 4);
	le(b, (uint32_t)strlen(e->name), 2);
	le(b, 0, 2);
}

void make_zip(const struct zip_entry *entries, struct buf *out)
{
	uint32_t at[ENTRIES_MAX], directory, end, n = 0;

	for (; entries[n].name != NULL; n++) {
		size_t len = entries[n].len > 0 ? entries[n].len : strlen(entries[n].data);

		BUG(n == ENTRIES_MAX);
		at[n] = (uint32_t)out->len;
		buf_put(out, "PK\3\4", 4);
		fields(out, &entries[n], len);
		buf_puts(out, entries[n].name);
		buf_put(out, entries[n].data, len);
	}
	directory = (uint32_t)out->len;
	for (uint32_t i = 0; i < n; i++) {
		size_t len = entries[i].len > 0 ? entries[i].len : strlen(entries[i].data);

		buf_put(out, "PK\1\2", 4);
		le(out, 20, 2);
		fields(out, &entries[i], len);
		le(out, 0, 2 + 2 + 2);
		le(out, 0, 4);
		le(out, at[i], 4);
		buf_puts(out, entries[i].name);
	}
	end = (uint32_t)out->len;
	buf_put(out, "PK\5\6", 4);
	le(out, 0, 4);
	le(out, n, 2);
	le(out, n, 2);
	le(out, end - directory, 4);
	le(out, directory, 4);
	le(out, 0, 2);
	BUG(buf_error(out) != SL_OK);
}
