/* office_word_stream.c - Word: the pieces that make the text, and what lies beside them.
 *
 * MS-DOC 2.4.1: the text is what the table of pieces points at; a quick save leaves
 * deleted text where it was.  Sources of offsets: MS-DOC 2.5 (FIB). */
#include "inspect/office/office_streams.h"

#include <string.h>

#include "inspect/extract/extract_props.h"
#include "inspect/office/office_rest.h"
#include "inspect/office/office_summary.h"
#include "inspect/type/identify.h"

enum {
	FIB_LEAST = 0x20,
	FIB_97 = 0x2da,
	AT_VERSION = 2,
	AT_FLAGS = 10,
	AT_TEXT = 0x18,	   /* first byte of the text, and the one behind it */
	AT_PIECES = 0x1a2, /* offset and length in the table stream */
	AT_SAVED_BY = 0x2d2,
	VERSION_97 = 193,
	FLAG_TABLE_1 = 0x0200,
	CLX_FORMATS = 1,
	CLX_PIECES = 2,
	PIECE = 8,
	UTF16 = 1200,
	SAVES_MAX = 64,
};
static const uint32_t COMPRESSED = UINT32_C(0x40000000);

static void blank(struct buf *stream, uint64_t from, uint64_t len)
{
	if (from >= stream->len)
		return;
	if (len > stream->len - from)
		len = stream->len - from;
	memset(stream->data + from, 0, (size_t)len);
}

/* The table of pieces in a CLX (MS-DOC 2.9.38); false when it is broken. */
static bool find_pieces(const uint8_t *clx, size_t len, const uint8_t **ret_p, size_t *ret_n)
{
	size_t at = 0;

	while (len - at >= 5) {
		size_t n;

		if (clx[at] == CLX_FORMATS) {
			n = 3 + identify_le16(clx + at + 1);
			if (n > len - at)
				return false;
			at += n;
			continue;
		}
		n = identify_le32(clx + at + 1);
		if (clx[at] != CLX_PIECES || n > len - at - 5 || n < 4)
			return false;
		*ret_p = clx + at + 5;
		*ret_n = (n - 4) / (4 + PIECE);
		return true;
	}
	return false;
}

static bool blank_pieces(struct buf *stream, const uint8_t *clx, size_t len)
{
	const uint8_t *table;
	size_t n;

	if (!find_pieces(clx, len, &table, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		uint32_t from = identify_le32(table + 4 * i);
		uint32_t to = identify_le32(table + 4 * i + 4);
		uint32_t fc = identify_le32(table + 4 * (n + 1) + PIECE * i + 2);
		uint64_t chars;

		if (to < from)
			return false;
		chars = to - from;
		if ((fc & COMPRESSED) != 0)
			blank(stream, (fc & ~COMPRESSED) / 2, chars);
		else
			blank(stream, fc, 2 * chars);
	}
	return true;
}

/* Who saved it, and in which file, up to ten times (MS-DOC 2.9.291). */
static void say_saves(struct extract_part *p, const uint8_t *s, size_t len)
{
	size_t at = 6, n;

	if (len < 6 || identify_le16(s) != 0xffff)
		return;
	for (unsigned i = 0; i < SAVES_MAX && at + 2 <= len; i++) {
		n = 2 * (size_t)identify_le16(s + at);
		at += 2;
		if (n > len - at)
			return;
		office_summary_text(p, (i % 2 == 0) ? "last-saved-by" : "saved-as", s + at, n,
				    UTF16);
		at += n;
	}
}

static bool within(const struct buf *b, uint32_t at, uint32_t len)
{
	return at <= b->len && len <= b->len - at;
}

static int word_97(struct extract_part *p, const struct ole *o, struct buf *stream)
{
	bool one = (identify_le16(stream->data + AT_FLAGS) & FLAG_TABLE_1) != 0;
	const struct ole_entry *e = ole_find(o, one ? "1Table" : "0Table");
	const uint8_t *fib = stream->data;
	uint32_t at = identify_le32(fib + AT_PIECES), len = identify_le32(fib + AT_PIECES + 4);
	uint32_t saves = identify_le32(fib + AT_SAVED_BY);
	uint32_t saves_len = identify_le32(fib + AT_SAVED_BY + 4);
	struct buf table;
	int r = SL_E_FORMAT;

	buf_init(&table, o->len);
	if (e == NULL || e->kind != 2)
		goto out;
	r = office_stream(o, e, &table);
	if (r != SL_OK)
		goto out;
	r = SL_E_FORMAT;
	if (!within(&table, at, len) || !blank_pieces(stream, table.data + at, len))
		goto out;
	if (within(&table, saves, saves_len))
		say_saves(p, table.data + saves, saves_len);
	r = SL_OK;
out:
	buf_release(&table);
	return r;
}

int office_word_stream(struct extract_part *p, const struct ole *o, struct buf *stream,
		       struct buf *rest)
{
	uint32_t from, to;
	int r = SL_OK;

	if (stream->len < FIB_LEAST)
		return SL_E_FORMAT;
	from = identify_le32(stream->data + AT_TEXT);
	to = identify_le32(stream->data + AT_TEXT + 4);
	if (identify_le16(stream->data + AT_VERSION) < VERSION_97)
		blank(stream, from, (to > from) ? to - from : 0);
	else
		r = (stream->len >= FIB_97) ? word_97(p, o, stream) : SL_E_FORMAT;
	if (r == SL_OK)
		office_rest_piece(rest, stream->data, stream->len);
	return r;
}
