/* office_book_stream.c - Excel: records from the first to the last sheet, and what follows. */
#include "inspect/office/office_rest.h"
#include "inspect/office/office_streams.h"
#include "inspect/office/office_summary.h"
#include "inspect/type/identify.h"

enum {
	HEAD = 4,
	BOF = 0x0809,
	END = 0x000a,
	WRITER = 0x005c, /* WriteAccess, MS-XLS 2.4.349 */
	SHEET = 0x0085,	 /* BoundSheet8, MS-XLS 2.4.28 */
	SHEET_MACRO = 1,
	SHEET_MODULE = 6,
	WIDE = 1,
	UTF16 = 1200,
	WESTERN = 1252,
	DEPTH_MAX = 16,
};

static void say_writer(struct extract_part *p, const uint8_t *s, size_t len)
{
	size_t n;

	if (len < 3)
		return;
	n = identify_le16(s);
	if ((s[2] & WIDE) != 0)
		n *= 2;
	if (n <= len - 3)
		office_summary_text(p, "last-saved-by", s + 3, n,
				    (s[2] & WIDE) != 0 ? UTF16 : WESTERN);
}

static void say_record(struct extract_part *p, uint32_t type, const uint8_t *s, size_t len)
{
	if (type == WRITER)
		say_writer(p, s, len);
	if (type == SHEET && len >= 6 && (s[5] == SHEET_MACRO || s[5] == SHEET_MODULE))
		extract_mark(p, "DH-005", SEV_S1, WHERE_ATTACHMENT, 0, "macro-sheet");
}

int office_book_stream(struct extract_part *p, const struct ole *o, struct buf *stream,
		       struct buf *rest)
{
	unsigned depth = 0;
	size_t at = 0;

	(void)o;
	while (stream->len - at >= HEAD) {
		uint32_t type = identify_le16(stream->data + at);
		size_t len = identify_le16(stream->data + at + 2);

		if (len > stream->len - at - HEAD)
			return SL_E_FORMAT;
		if ((type & 0xff) == (BOF & 0xff) && type <= BOF) {
			if (++depth > DEPTH_MAX)
				return SL_E_FORMAT;
		} else if (depth == 0) {
			break; /* no substream any more */
		}
		say_record(p, type, stream->data + at + HEAD, len);
		if (type == END)
			depth--;
		at += HEAD + len;
	}
	if (depth != 0)
		return SL_E_FORMAT;
	office_rest_piece(rest, stream->data + at, stream->len - at);
	return SL_OK;
}
