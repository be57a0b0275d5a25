/* route_template.c - fixed pieces in order, with short blanks between them.
 *
 * reach[i] says that the text up to byte i fits the template up to the piece at hand; each
 * piece makes the next row out of it, so a hostile text costs at most
 * pieces * length * blank steps. */
#include "policy/route_template.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

static bool is_space(uint32_t cp)
{
	return cp == ' ' || cp == '\t' || cp == '\r' || cp == 0x3000 || cp == 0xa0 ||
	       cp == 0xfeff;
}

static bool ends_sentence(uint32_t cp)
{
	return cp == '\n' || cp == 0x3002 || cp == 0xff01 || cp == 0xff1f || cp == 0xff1b;
}

/* Without spaces, empty lines and the line break at either end. */
static int squeeze(const char *s, size_t len, struct buf *out)
{
	size_t used;

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);

		if (cp == TEXT_BAD)
			return SL_E_FORMAT;
		if (is_space(cp) ||
		    (cp == '\n' && (out->len == 0 || buf_str(out)[out->len - 1] == '\n')))
			continue;
		buf_put(out, s + i, used);
	}
	while (out->len > 0 && buf_str(out)[out->len - 1] == '\n')
		buf_cut(out, out->len - 1);
	return buf_error(out);
}

/* Where the piece of n bytes may end when a blank begins at s, which is byte `at`. */
static void fill_blank(const char *s, size_t left, const char *piece, size_t n, size_t at,
		       bool *next)
{
	size_t used, i = 0;

	for (unsigned chars = 0; chars < TEMPLATE_BLANK_MAX && i < left; chars++) {
		if (ends_sentence(text_decode(s + i, left - i, &used)))
			return;
		i += used;
		if (n <= left - i && memcmp(s + i, piece, n) == 0)
			next[at + i + n] = true;
	}
}

static bool match(const char *form, const char *s, size_t len, bool *reach, bool *next)
{
	const char *gap = strstr(form, "{}");
	size_t n = gap != NULL ? (size_t)(gap - form) : strlen(form);

	if (n > len || memcmp(s, form, n) != 0)
		return false;
	reach[n] = true;
	while (gap != NULL) {
		const char *piece = gap + 2;

		gap = strstr(piece, "{}");
		n = gap != NULL ? (size_t)(gap - piece) : strlen(piece);
		memset(next, 0, len + 1);
		for (size_t i = 0; i < len; i++) {
			if (reach[i])
				fill_blank(s + i, len - i, piece, n, i, next);
		}
		memcpy(reach, next, len + 1);
	}
	return reach[len];
}

static bool fits(const char *form, const char *s, size_t len)
{
	bool *rows = NULL, ok = false;
	struct buf want, have;

	buf_init(&want, TEMPLATE_TEXT_MAX);
	buf_init(&have, TEMPLATE_TEXT_MAX);
	if (len > TEMPLATE_TEXT_MAX || squeeze(form, strlen(form), &want) != SL_OK ||
	    squeeze(s, len, &have) != SL_OK)
		goto out;
	rows = calloc(2, have.len + 1);
	if (rows != NULL)
		ok = match(buf_str(&want), buf_str(&have), have.len, rows, rows + have.len + 1);
out:
	free(rows);
	buf_release(&want);
	buf_release(&have);
	return ok;
}

bool route_template_fits(const struct route_template *t, const char *title, const char *text,
			 size_t len)
{
	return fits(t->title, title, strlen(title)) && fits(t->text, text, len);
}
