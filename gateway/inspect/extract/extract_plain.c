/* extract_plain.c - files that are text as they are: txt, json, md.
 *
 * What a program would show otherwise than it is written is written so here: escapes of
 * JSON, character references of Markdown.  Marks stand for what it does not show. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract.h"
#include "inspect/extract/extract_decode.h"
#include "inspect/extract/extract_markdown.h"
#include "inspect/extract/extract_package.h"

enum { REFERENCE_DIGITS = 7 };

int extract_plain_document(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	int r;

	/* The decoded text may be moved into the stream: both have the same ceiling. */
	r = extract_decode(x->bytes, x->len, EXTRACT_DETECT, &p->text[WHERE_BODY], &p->borrowed,
			   &p->borrowed_len);
	if (r == SL_E_NOMEM)
		return r;
	if (r != SL_OK) {
		buf_clear(&p->text[WHERE_BODY]);
		extract_fail(p, extract_reason(r));
		return SL_OK;
	}
	if (p->borrowed_len > SEGMENT_TOTAL_MAX)
		x->over = true;
	return SL_OK;
}

/* --- JSON --- */

static bool unit(const char *s, size_t len, uint32_t *ret)
{
	uint32_t v = 0;

	if (len < 6 || s[0] != '\\' || s[1] != 'u')
		return false;
	for (unsigned i = 2; i < 6; i++) {
		int c = tolower((unsigned char)s[i]);

		if (!isxdigit(c))
			return false;
		v = v << 4 | (uint32_t)(isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	*ret = v;
	return true;
}

/* The escape at s: bytes it takes; what it stands for goes to `out`. */
static size_t escape(const char *s, size_t len, struct buf *out)
{
	uint32_t v, low;
	size_t used = 6;
	char c[4];

	if (!unit(s, len, &v)) {
		/* A line break in a string must not look like one of the file. */
		char next = len > 1 ? s[1] : '\\';

		buf_put_u8(out, (uint8_t)(strchr("nrtbf", next) != NULL ? ' ' : next));
		return len > 1 ? 2 : 1;
	}
	if (v >= 0xd800 && v < 0xdc00 && unit(s + 6, len - 6, &low) && low >= 0xdc00 &&
	    low < 0xe000) {
		v = 0x10000 + ((v & 0x3ff) << 10) + (low & 0x3ff);
		used = 12;
	}
	if (v >= 0x20 && text_encode(v, c) > 0)
		buf_put(out, c, text_encode(v, c));
	else
		buf_put(out, s, used); /* half a pair, a control character: as written */
	return used;
}

int extract_plain_instead(struct extract *x, struct buf *out)
{
	struct extract_part *p = extract_file(x);
	int r = buf_error(out);

	if (r == SL_OK) {
		buf_release(&p->text[WHERE_BODY]);
		p->text[WHERE_BODY] = *out; /* moved */
		p->borrowed = NULL;
		p->borrowed_len = 0;
		return SL_OK;
	}
	buf_release(out);
	x->over = x->over || r == SL_E_LIMIT;
	return (r == SL_E_NOMEM) ? r : SL_OK;
}

/* Moves text with what stands for other text replaced into the body. */
static int rewrite(struct extract *x,
		   size_t (*replace)(const char *s, size_t len, struct buf *out), char from)
{
	struct extract_part *p = extract_file(x);
	int r = extract_plain_document(x);
	const char *s = p->borrowed;
	size_t len = p->borrowed_len, at = 0;
	struct buf out;

	if (r != SL_OK || s == NULL || memchr(s, from, len) == NULL)
		return r;
	buf_init(&out, SEGMENT_TOTAL_MAX);
	while (at < len) {
		const char *hit = memchr(s + at, from, len - at);
		size_t stop = hit != NULL ? (size_t)(hit - s) : len;

		buf_put(&out, s + at, stop - at);
		at = stop;
		if (hit != NULL)
			at += replace(hit, len - at, &out);
	}
	return extract_plain_instead(x, &out);
}

int extract_json_document(struct extract *x)
{
	return rewrite(x, escape, '\\');
}

/* --- Markdown --- */

/* Signs by name that nobody sees, or that only keep letters apart. */
static size_t named(const char *s, size_t len, struct buf *out)
{
	static const struct {
		const char *name, *sign;
	} rows[] = {
		{"&zwnj;", "\u200c"},	{"&zwj;", "\u200d"},	 {"&shy;", "\u00ad"},
		{"&lrm;", "\u200e"},	{"&rlm;", "\u200f"},	 {"&ZeroWidthSpace;", "\u200b"},
		{"&nbsp;", "\u00a0"},	{"&ensp;", "\u2002"},	 {"&emsp;", "\u2003"},
		{"&thinsp;", "\u2009"}, {"&NoBreak;", "\u2060"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = strlen(rows[i].name);

		if (len >= n && memcmp(s, rows[i].name, n) == 0) {
			buf_put(out, rows[i].sign, strlen(rows[i].sign));
			return n;
		}
	}
	buf_put_u8(out, (uint8_t)s[0]);
	return 1;
}

/* "&#26426;" and "&#x673a;": what a reader of the page sees is the letter. */
static size_t reference(const char *s, size_t len, struct buf *out)
{
	bool hex = len > 3 && (s[2] | 0x20) == 'x';
	size_t at = hex ? 3 : 2, digits = 0;
	uint32_t v = 0;
	char c[4];

	if (len > 3 && s[1] == '#') {
		for (; at < len && digits < REFERENCE_DIGITS; at++, digits++) {
			int d = tolower((unsigned char)s[at]);

			if (hex ? !isxdigit(d) : !isdigit(d))
				break;
			v = v * (hex ? 16 : 10) +
			    (uint32_t)(isdigit(d) ? d - '0' : d - 'a' + 10);
		}
		if (digits > 0 && v >= 0x20 && text_encode(v, c) > 0) {
			buf_put(out, c, text_encode(v, c));
			return at + (at < len && s[at] == ';');
		}
	}
	return named(s, len, out);
}

/* A copy of what is not shown, with its mark. */
static void aside(struct extract_part *p, enum segment_where w, const char *rule,
		  const char *evidence, const char *s, size_t len)
{
	size_t start = extract_stream_len(p, w);

	extract_line(p, w, NULL, s, len);
	extract_mark(p, rule, SEV_S1, w, start, evidence);
}

static void unseen(struct extract_part *p, const char *s, size_t len)
{
	const char *end = s + len;

	for (const char *at = s; (at = memchr(at, '<', (size_t)(end - at))) != NULL; at++) {
		size_t left = (size_t)(end - at);
		const char *stop;

		if (left > 4 && memcmp(at, "<!--", 4) == 0) {
			stop = memmem(at, left, "-->", 3);
			aside(p, WHERE_COMMENT, "DH-002", "html-comment", at + 4,
			      (size_t)((stop != NULL ? stop : end) - at) - 4);
		} else if (left > 7 && strncasecmp(at, "<script", 7) == 0) {
			stop = memchr(at, '>', left);
			aside(p, WHERE_FIELD, "DH-005", "script", at,
			      (size_t)((stop != NULL ? stop : end) - at));
		} else if (left > 2 && isalpha((unsigned char)at[1])) {
			stop = memchr(at, '>', left);
			left = (size_t)((stop != NULL ? stop : end) - at);
			if (memmem(at, left, "hidden", 6) != NULL ||
			    memmem(at, left, "display:", 8) != NULL)
				aside(p, WHERE_FIELD, "DH-003", "hidden-element", at, left);
		}
	}
	/* "[//]: # (a note)" is how authors write what no page shows. */
	for (const char *at = s; (at = memmem(at, (size_t)(end - at), "[//]:", 5)) != NULL;
	     at++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		aside(p, WHERE_COMMENT, "DH-002", "markdown-comment", at,
		      (size_t)((stop != NULL ? stop : end) - at));
	}
}

static int read_markdown(struct extract *x)
{
	struct extract_part *p = extract_file(x);
	int r = rewrite(x, reference, '&');
	bool borrowed = p->borrowed != NULL;
	const char *s = borrowed ? p->borrowed : buf_str(&p->text[WHERE_BODY]);
	size_t len = borrowed ? p->borrowed_len : p->text[WHERE_BODY].len;
	struct buf out;

	if (r != SL_OK)
		return r;
	unseen(p, s, len);
	buf_init(&out, SEGMENT_TOTAL_MAX);
	extract_markdown_seen(s, len, &out);
	if (buf_error(&out) != SL_OK || out.len != len)
		return extract_plain_instead(x, &out);
	buf_release(&out);
	return SL_OK;
}

int extract_text_document(struct extract *x)
{
	static const char *const ends[] = {".md", ".markdown", ".mdown"};

	if (strcasecmp(extract_file(x)->object.type, "text/markdown") == 0)
		return read_markdown(x);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (extract_ends_with(x->name, ends[i]))
			return read_markdown(x);
	return extract_plain_document(x);
}
