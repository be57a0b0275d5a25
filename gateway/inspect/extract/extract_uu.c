/* extract_uu.c - the transfer encoding of the news groups, which mail programs still undo.
 *
 * Hostile: every length.  A line says how many bytes it holds and must have the letters for
 * them, so that "begin 100 …" in a letter is no file. */
#include "inspect/extract/extract_uu.h"

#include <string.h>

#include "base/text.h"

enum { LINE_BYTES_MAX = 45, LETTER_FIRST = ' ', LETTER_LAST = '`' };

static size_t line_end(const char *s, size_t at, size_t len)
{
	const char *end = memchr(s + at, '\n', len - at);

	return end != NULL ? (size_t)(end - s) : len;
}

static bool put_line(const char *s, size_t len, struct buf *bytes)
{
	size_t want, n = 0;
	uint32_t bits = 0;

	if (len > 0 && s[len - 1] == '\r')
		len--;
	if (len == 0 || s[0] < LETTER_FIRST || s[0] > LETTER_LAST)
		return false;
	want = (size_t)(s[0] - LETTER_FIRST) & 0x3f;
	/* Blanks at the end of a line get lost on the way. */
	if (want == 0 || want > LINE_BYTES_MAX || len > 2 + (LINE_BYTES_MAX / 3 + 1) * 4 ||
	    len - 1 + 3 < want * 4 / 3)
		return false;
	for (size_t i = 1; i < len; i++)
		if (s[i] < LETTER_FIRST || s[i] > LETTER_LAST)
			return false;
	for (size_t i = 0; n < want; i++) {
		uint32_t v = 1 + i < len ? (uint32_t)(s[1 + i] - LETTER_FIRST) & 0x3f : 0;

		bits = (bits << 6 | v) & 0xffffff;
		if (i % 4 != 3)
			continue;
		for (unsigned k = 0; k < 3 && n < want; k++, n++)
			buf_put_u8(bytes, (uint8_t)(bits >> (16 - 8 * k)));
	}
	return true;
}

/* "begin 644 name" */
static bool begins(const char *s, size_t len)
{
	if (len < 11 || memcmp(s, "begin ", 6) != 0 || s[9] != ' ')
		return false;
	for (size_t i = 6; i < 9; i++)
		if (s[i] < '0' || s[i] > '7')
			return false;
	return true;
}

bool extract_uu_next(const char *s, size_t len, size_t *at, char name[EXTRACT_UU_NAME_MAX],
		     struct buf *bytes)
{
	while (*at < len) {
		const char *hit = memmem(s + *at, len - *at, "begin ", 6);
		size_t from = hit != NULL ? (size_t)(hit - s) : len, end;

		if (hit == NULL)
			break;
		end = line_end(s, from, len);
		*at = from + 6;
		if ((from > 0 && s[from - 1] != '\n') || !begins(hit, end - from))
			continue;
		(void)text_safe(hit + 10, end - from - 10, name, EXTRACT_UU_NAME_MAX);
		*at = end;
		while (end < len) {
			size_t next = line_end(s, end + 1, len);

			if (end + 1 >= len || !put_line(s + end + 1, next - end - 1, bytes))
				break;
			*at = end = next;
		}
		if (bytes->len > 0)
			return true;
	}
	return false;
}
