/* extract_coded.c - "5py65a+G" says nothing to a reader, and everything to who decodes it.
 *
 * Hostile: all of it.  Certificates, digests and tokens look the same and are common: only
 * what comes out decides, so that a row that is neither text nor a file says nothing.  Every
 * row is decoded at most three times, the last time line by line, so the work is linear. */
#include "inspect/extract/extract_coded.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract_decode.h"
#include "inspect/extract/extract_note.h"
#include "inspect/extract/extract_uu.h"

enum {
	ROW_MIN = 15, /* letters: eleven digits; four Han characters are one more */
	TEXT_MIN = 40,
	GAP_MAX = 80, /* bytes of blanks and quoting between two lines */
	DEPTH_MAX = 4,
	FILES_MAX = 64,
	LONG_NUMBER = 11,
	HAN_MIN = 2,
	LINK_MAX = 128, /* "data:image/svg+xml;charset=utf-8;base64," */
};

struct coded {
	struct extract *x;
	struct extract_part *part;
	struct buf said; /* lines for METADATA: its stream is being read */
	unsigned files;
	int error;
};

/* --- rows --- */

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '+' || c == '/' || c == '-' || c == '_';
}

static size_t letters(const char *s, size_t at, size_t len)
{
	size_t from = at;

	while (at < len && is_letter(s[at]))
		at++;
	return at - from;
}

/* The next row of ROW_MIN letters at or after *at; stretches without one are leapt over. */
static bool next_row(const char *s, size_t len, size_t *at, size_t *ret_n)
{
	size_t i = *at;

	while (len - i >= ROW_MIN) {
		size_t last = i + ROW_MIN;

		while (last > i && is_letter(s[last - 1]))
			last--;
		if (last == i) {
			*at = i;
			*ret_n = letters(s, i, len);
			return true;
		}
		i = last;
	}
	return false;
}

/* Blanks, one line break and the signs of a quoted mail. */
static size_t gap(const char *s, size_t at, size_t len)
{
	size_t n = 0;

	for (bool line = false; n < GAP_MAX && at + n < len; n++) {
		char c = s[at + n];

		if ((!isspace((unsigned char)c) && c != '>') || (c == '\n' && line))
			break;
		line = line || c == '\n';
	}
	return n;
}

/* Digests: hexadecimal digits come out as noise of any kind. */
static bool is_hex(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isxdigit((unsigned char)s[i]))
			return false;
	return true;
}

static void decode(const char *s, size_t len, struct buf *out)
{
	uint32_t bits = 0, have = 0;

	for (size_t i = 0; i < len; i++) {
		char c = s[i];
		int v = c >= 'A' && c <= 'Z'   ? c - 'A'
			: c >= 'a' && c <= 'z' ? c - 'a' + 26
			: c >= '0' && c <= '9' ? c - '0' + 52
			: c == '+' || c == '-' ? 62
			: c == '/' || c == '_' ? 63
					       : -1;

		if (v < 0)
			continue; /* between two lines */
		bits = (bits << 6 | (uint32_t)v) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_put_u8(out, (uint8_t)(bits >> have));
		}
	}
}

/* --- what comes out --- */

static bool is_file(const uint8_t *b, size_t len)
{
	static const struct {
		const char *magic;
		size_t n;
	} rows[] = {
		{"PK\3\4", 4},
		{"%PDF-", 5},
		{"\x89PNG\r\n", 6},
		{"\xff\xd8\xff", 3},
		{"\xd0\xcf\x11\xe0", 4},
		{"7z\xbc\xaf", 4},
		{"Rar!\x1a", 5},
		{"\x1f\x8b\x08", 3},
		{"GIF8", 4},
		{"II*\0", 4},
		{"MM\0*", 4},
		{"{\\rtf", 5},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (len > rows[i].n && memcmp(b, rows[i].magic, rows[i].n) == 0)
			return true;
	return false;
}

/* Printable through and through; how many Han characters, how long a number. */
static bool is_text(const char *s, size_t len, size_t *ret_han, size_t *ret_digits)
{
	size_t used, digits = 0;

	*ret_han = *ret_digits = 0;
	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);

		if (cp == TEXT_BAD || (cp < 0x20 && !isspace((int)cp)) ||
		    (cp >= 0x7f && cp < 0xa0) || (cp >= 0xe000 && cp < 0xf900) || cp >= 0xf0000)
			return false;
		*ret_han += cp >= 0x3000 && cp < 0xa000;
		digits = cp >= '0' && cp <= '9' ? digits + 1 : 0;
		*ret_digits = digits > *ret_digits ? digits : *ret_digits;
	}
	return len > 0;
}

/* GB 2312 alone: in the whole of GB18030 nearly any two bytes are a character. */
static bool is_gb(const uint8_t *b, size_t len)
{
	size_t han = 0;

	for (size_t i = 0; i < len; i++) {
		if (b[i] < 0x80)
			continue;
		if (len - i < 2 || b[i] < 0xa1 || b[i] > 0xf7 || b[i + 1] < 0xa1 ||
		    b[i + 1] == 0xff)
			return false;
		han += b[i] >= 0xb0;
		i++;
	}
	return han >= HAN_MIN;
}

/* GB18030 grows on its way to UTF-8: the ceiling is kept here as well. */
static void count(struct coded *c, size_t len)
{
	size_t left = EXTRACT_UNPACKED_MAX - c->x->unpacked;

	c->x->unpacked += len < left ? len : left;
}

static void look(struct coded *c, const char *s, size_t len, unsigned depth);

static void say(struct coded *c, const char *s, size_t len, unsigned depth)
{
	count(c, len);
	buf_put(&c->said, s, len);
	buf_put_u8(&c->said, '\n');
	if (depth + 1 < DEPTH_MAX) {
		look(c, s, len, depth + 1);
	} else {
		size_t at = 0, n;

		if (next_row(s, len, &at, &n) && n >= TEXT_MIN)
			extract_fail(c->part, "nested-too-deep");
	}
}

/* A line of several may begin and end inside a character. */
static void trim(const char **s, size_t *len)
{
	size_t used, cut = 0;

	for (; cut < 3 && *len > 0 && ((uint8_t) * *s & 0xc0) == 0x80; cut++) {
		*s += 1;
		*len -= 1;
	}
	for (cut = 1; cut <= 3 && cut <= *len; cut++) {
		const char *last = *s + *len - cut;

		if (((uint8_t)*last & 0xc0) == 0x80)
			continue;
		if (text_decode(last, cut, &used) == TEXT_BAD)
			*len -= cut;
		return;
	}
}

static bool say_text(struct coded *c, const struct buf *bytes, size_t row, unsigned depth)
{
	const char *s = buf_str(bytes), *text;
	size_t len = bytes->len, han, digits, n;
	struct buf own;
	int r;

	if (row >= TEXT_MIN)
		trim(&s, &len);
	if (is_text(s, len, &han, &digits)) {
		if (row < TEXT_MIN && han < HAN_MIN && digits < LONG_NUMBER)
			return false;
		say(c, s, len, depth);
		return true;
	}
	if (row < TEXT_MIN || !is_gb(bytes->data, bytes->len))
		return false;
	buf_init(&own, bytes->len * 2);
	r = extract_decode(bytes->data, bytes->len, EXTRACT_GB18030, &own, &text, &n);
	if (r == SL_OK && is_text(text, n, &han, &digits))
		say(c, text, n, depth);
	else if (r == SL_E_NOMEM)
		c->error = r;
	buf_release(&own);
	return r == SL_OK;
}

static void nest(struct coded *c, const char *name, struct buf *bytes)
{
	struct extract_part *p;

	if (c->files++ >= FILES_MAX) {
		extract_fail(c->part, "over-limit");
		return;
	}
	count(c, bytes->len);
	p = extract_part_new(c->x, name, bytes->len);
	if (p != NULL && extract_nested(c->x, p, name, bytes) != SL_OK)
		c->error = SL_E_NOMEM;
}

/* What kind of file does a link "data:…;base64," that ends right before `at` promise?  As the
 * end of a name; NULL: there is no such link. */
static const char *link_end(const char *s, size_t at)
{
	static const struct {
		const char *kind, *end;
	} rows[] = {{"html", ".html"}, {"svg", ".svg"}, {"xml", ".xml"}};
	size_t from = at > LINK_MAX ? at - LINK_MAX : 0;
	const char *link = NULL;

	if (at - from < 8 || strncasecmp(s + at - 8, ";base64,", 8) != 0)
		return NULL;
	for (size_t i = at - 5; link == NULL && i-- > from;)
		link = strncasecmp(s + i, "data:", 5) == 0 ? s + i : NULL;
	for (size_t i = 0; link != NULL && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (memmem(link, (size_t)(s + at - link), rows[i].kind, strlen(rows[i].kind)) !=
		    NULL)
			return rows[i].end;
	return link != NULL ? "" : NULL;
}

/* One row or several lines of one, `n` letters together.  true: something came out. */
static bool try_row(struct coded *c, const char *s, size_t at, size_t len, size_t n,
		    unsigned depth)
{
	const char *link = link_end(s, at);
	struct extract *x = c->x;
	struct buf bytes;
	bool done = true;
	char name[32];

	if (is_hex(s + at, len) || x->over)
		return false;
	if (n > EXTRACT_UNPACKED_MAX - x->unpacked) {
		extract_fail(c->part, "over-limit");
		return true;
	}
	buf_init(&bytes, n);
	decode(s + at, len, &bytes);
	if (buf_error(&bytes) == SL_E_NOMEM) {
		c->error = SL_E_NOMEM;
	} else if (n >= TEXT_MIN && (link != NULL || is_file(bytes.data, bytes.len))) {
		(void)snprintf(name, sizeof(name), "base64-%u%s", c->files + 1,
			       link != NULL ? link : "");
		nest(c, name, &bytes);
	} else {
		done = say_text(c, &bytes, n, depth);
	}
	buf_release(&bytes);
	return done;
}

struct row {
	size_t end, n;		 /* where it ends, and its letters */
	size_t long_end, long_n; /* the same without a last line that is short */
};

/* The lines from s[at] on that may go on where the one before ended. */
static struct row whole_row(const char *s, size_t at, size_t len, size_t first)
{
	struct row r = {.end = at + first, .n = first, .long_end = at + first, .long_n = first};

	while (r.end < len && s[r.end] != '=') {
		size_t g = gap(s, r.end, len), next = letters(s, r.end + g, len);

		if (g == 0 || next == 0)
			break;
		r.end += g + next;
		r.n += next;
		if (next < ROW_MIN)
			break;
		r.long_end = r.end;
		r.long_n = r.n;
	}
	return r;
}

/* Not one row of several lines: each of them by itself. */
static size_t each_line(struct coded *c, const char *s, size_t at, size_t end, unsigned depth)
{
	while (at < end && c->error == SL_OK) {
		size_t n = letters(s, at, end);

		if (n >= ROW_MIN)
			(void)try_row(c, s, at, n, n, depth);
		at += n;
		at += gap(s, at, end);
	}
	return end;
}

static void look(struct coded *c, const char *s, size_t len, unsigned depth)
{
	size_t at = 0, first;

	while (c->error == SL_OK && !c->x->over && next_row(s, len, &at, &first)) {
		struct row r = whole_row(s, at, len, first);

		/* A word of running text may stand behind the last line. */
		if (try_row(c, s, at, r.end - at, r.n, depth))
			at = r.end;
		else if (r.long_end < r.end &&
			 try_row(c, s, at, r.long_end - at, r.long_n, depth))
			at = r.long_end;
		else if (r.long_n > first)
			at = each_line(c, s, at, r.long_end, depth);
		else
			at = r.long_end;
	}
}

/* --- uuencode --- */

static void look_uu(struct coded *c, const char *s, size_t len)
{
	char name[EXTRACT_UU_NAME_MAX];
	struct buf bytes;
	size_t at = 0;

	buf_init(&bytes, EXTRACT_UNPACKED_MAX - c->x->unpacked);
	while (c->error == SL_OK && extract_uu_next(s, len, &at, name, &bytes)) {
		if (buf_error(&bytes) == SL_OK)
			nest(c, name, &bytes);
		else if (buf_error(&bytes) == SL_E_NOMEM)
			c->error = SL_E_NOMEM;
		else
			extract_fail(c->part, "over-limit");
		buf_release(&bytes);
		buf_init(&bytes, EXTRACT_UNPACKED_MAX - c->x->unpacked);
	}
	buf_release(&bytes);
}

int extract_coded(struct extract *x)
{
	struct coded c = {.x = x, .part = extract_file(x)};
	struct extract_part *p = c.part;

	buf_init(&c.said, SEGMENT_TOTAL_MAX);
	for (int w = 0; w < WHERE_COUNT && c.error == SL_OK; w++) {
		bool borrowed = w == WHERE_BODY && p->borrowed != NULL;
		const char *s = borrowed ? p->borrowed : buf_str(&p->text[w]);
		size_t len = borrowed ? p->borrowed_len : p->text[w].len;

		look(&c, s, len, 0);
		if (c.error == SL_OK)
			look_uu(&c, s, len);
	}
	if (buf_error(&c.said) == SL_E_NOMEM)
		c.error = SL_E_NOMEM;
	else if (buf_error(&c.said) != SL_OK)
		x->over = true;
	if (c.said.len > 0 && c.error == SL_OK) {
		extract_line_end(p, WHERE_METADATA);
		extract_text(p, WHERE_METADATA, buf_str(&c.said), c.said.len);
	}
	buf_release(&c.said);
	return c.error;
}
