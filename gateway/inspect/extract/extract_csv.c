/* extract_csv.c - tables in text: cells, and what they do in an office program. */
#include "inspect/extract/extract_csv.h"

#include <string.h>
#include <strings.h>

#include "inspect/extract/extract.h"
#include "inspect/extract/extract_formula.h"

enum { CELL_SHOWN = 200 };

static bool divides(char c)
{
	return c == ',' || c == ';' || c == '\t' || c == '\r' || c == '\n';
}

/* Where a cell without quotes ends. */
static size_t plain_end(const struct extract_csv *c, size_t at)
{
	while (at < c->len && !divides(c->s[at]))
		at++;
	return at;
}

/* The quote that ends the cell which one begins at `at`; c->len: there is none. */
static size_t closing_quote(const struct extract_csv *c, size_t at)
{
	for (at++; at < c->len; at++) {
		if (c->s[at] != '"')
			continue;
		if (at + 1 == c->len || c->s[at + 1] != '"')
			return at;
		at++; /* two of them are one in the text */
	}
	return c->len;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A line break at `at`, before `end`: what stands for it. Returns the bytes it takes. */
static size_t join(const char *s, size_t at, size_t end, size_t start, struct buf *value)
{
	size_t n = 1;
	char last = value->len > start ? (char)value->data[value->len - 1] : ' ', next;

	if (s[at] == '\r' && at + 1 < end && s[at + 1] == '\n')
		n = 2;
	next = at + n < end ? s[at + n] : ' ';
	if (!((is_digit(last) && is_digit(next)) ||
	      (((uint8_t)last & 0x80) != 0 && ((uint8_t)next & 0x80) != 0)))
		buf_put_u8(value, ' ');
	return n;
}

static void put_quoted(const char *s, size_t from, size_t end, struct buf *value)
{
	size_t start = value->len;

	for (size_t at = from; at < end;) {
		if (s[at] == '\n' || s[at] == '\r') {
			at += join(s, at, end, start, value);
			continue;
		}
		buf_put_u8(value, (uint8_t)s[at]);
		at += s[at] == '"' ? 2 : 1;
	}
}

bool extract_csv_next(struct extract_csv *c, struct buf *value,
		      struct extract_csv_cell *ret_cell)
{
	struct extract_csv_cell cell = {.raw = c->s + c->at};
	size_t end, quote;

	if (c->at >= c->len)
		return false;
	quote = c->s[c->at] == '"' ? closing_quote(c, c->at) : c->len;
	cell.quoted = quote < c->len;
	if (cell.quoted) {
		end = plain_end(c, quote + 1);
		put_quoted(c->s, c->at + 1, quote, value);
		buf_put(value, c->s + quote + 1, end - quote - 1);
	} else {
		end = plain_end(c, c->at);
		buf_put(value, c->s + c->at, end - c->at);
	}
	cell.raw_len = end - c->at;
	cell.end = c->s + end;
	if (end < c->len)
		cell.end_len =
			c->s[end] == '\r' && end + 1 < c->len && c->s[end + 1] == '\n' ? 2 : 1;
	c->at = end + cell.end_len;
	*ret_cell = cell;
	return true;
}

/* Does a cell do something when an office program opens it? */
static bool is_active(const char *s, size_t len)
{
	static const char *const calls[] = {"HYPERLINK(", "WEBSERVICE(", "DDE(", "IMPORT",
					    "RTD(",	  "CALL(",	 "EXEC("};

	if (len < 2 || strchr("=+-@", s[0]) == NULL)
		return false;
	if (memchr(s, '|', len) != NULL && memchr(s, '!', len) != NULL)
		return true;
	for (size_t i = 0; s[0] != '-' && i < sizeof(calls) / sizeof(calls[0]); i++)
		for (size_t k = 1; k + strlen(calls[i]) <= len; k++)
			if (strncasecmp(s + k, calls[i], strlen(calls[i])) == 0)
				return true;
	return false;
}

static void mark_active(struct extract_part *p, const char *s, size_t len)
{
	size_t start = extract_stream_len(p, WHERE_FIELD);

	while (len > 0 && *s == ' ') {
		s++;
		len--;
	}
	if (!is_active(s, len))
		return;
	extract_line(p, WHERE_FIELD, NULL, s, len < CELL_SHOWN ? len : CELL_SHOWN);
	extract_mark(p, "DH-005", SEV_S1, WHERE_FIELD, start, "formula");
}

/* The pieces that a formula puts together. */
static void say_joined(struct extract_part *p, const char *s, size_t len)
{
	struct buf lines;

	if (len < 2 || s[0] != '=')
		return;
	buf_init(&lines, len * 2);
	extract_formula_join(s, len, &lines);
	extract_line_end(p, WHERE_FIELD);
	extract_text(p, WHERE_FIELD, buf_str(&lines), lines.len);
	if (buf_error(&lines) == SL_E_NOMEM)
		p->owner->nomem = true;
	buf_release(&lines);
}

/* Is there an exponent in the table: "5E"? */
static bool has_exponent(const char *s, size_t len)
{
	for (size_t i = 1; i < len; i++)
		if ((s[i] | 0x20) == 'e' && is_digit(s[i - 1]))
			return true;
	return false;
}

int extract_csv_document(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	int r = extract_plain_document(x);
	struct extract_csv c = {.s = p->borrowed, .len = p->borrowed_len};
	struct extract_csv_cell cell;
	char digits[EXTRACT_DIGITS_MAX];
	bool anew;
	size_t at = 0;
	struct buf out;

	if (r != SL_OK || c.s == NULL)
		return r;
	anew = memchr(c.s, '"', c.len) != NULL || has_exponent(c.s, c.len);
	buf_init(&out, SEGMENT_TOTAL_MAX);
	while (buf_error(&out) == SL_OK && extract_csv_next(&c, &out, &cell)) {
		mark_active(p, buf_str(&out) + at, out.len - at);
		say_joined(p, buf_str(&out) + at, out.len - at);
		if (extract_exponent(buf_str(&out) + at, out.len - at, digits)) {
			buf_cut(&out, at);
			buf_put(&out, digits, strlen(digits));
		}
		buf_put(&out, cell.end, cell.end_len);
		if (!anew) /* the text is what the table says */
			buf_clear(&out);
		at = out.len;
	}
	if (anew || buf_error(&out) != SL_OK)
		return extract_plain_instead(x, &out);
	buf_release(&out);
	return SL_OK;
}
