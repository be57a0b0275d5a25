/* normalise_escape.c - characters that are written out in the escapes of another notation.
 *
 * A link says %E6%9C%BA, a letter =E6=9C=BA, a script \u673a and a page &#26426;, and every
 * program shows 机.  Readers of a format undo the escapes of that format; here are those that
 * stand in text of any other, a link in a letter above all.  Only what certainly is an escape
 * counts: "100%25" and "C:\users" stay what they are. */
#include <ctype.h>
#include <string.h>

#include <unicode/ucnv.h>

#include "base/text.h"
#include "policy/normalise_private.h"

enum { UNIT = 3 /* %XX */, CODE = 6 /* \uXXXX */, CHARACTER = 4, REFERENCE_DIGITS = 7 };

static int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* n hexadecimal digits. */
static bool hex(const char *s, size_t len, size_t n, uint32_t *ret)
{
	uint32_t v = 0;

	if (len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!isxdigit((unsigned char)s[i]))
			return false;
		v = v << 4 | (uint32_t)digit(s[i]);
	}
	*ret = v;
	return true;
}

/* Blanks and signs in escapes tell nothing, and lines must not break anew. */
static bool counts(uint32_t cp)
{
	return cp >= 0xa0 || (cp < 0x80 && isalnum((int)cp));
}

/* Bytes of one character, and how many bytes of the text each of them takes. */
struct row_bytes {
	char byte[CHARACTER];
	uint8_t width[CHARACTER];
	size_t n;
};

/* The second byte of a GB18030 character may be a letter, or a digit where four belong
 * together; programs write those as they are: %8DA. */
static bool is_literal(const struct row_bytes *r, char c)
{
	unsigned char last = r->n > 0 ? (unsigned char)r->byte[r->n - 1] : 0;

	return (r->n == 1 || (r->n == 3 && isdigit((unsigned char)c))) && last >= 0x81 &&
	       r->width[r->n - 1] == UNIT && isalnum((unsigned char)c);
}

/* Up to CHARACTER bytes that stand at s[at] as %XX or =XX; `gb`: letters between them as well.
 */
static void take_bytes(const char *s, size_t at, size_t len, bool gb, struct row_bytes *ret_r)
{
	char sign = s[at];
	uint32_t v;

	ret_r->n = 0;
	while (ret_r->n < CHARACTER && at < len) {
		bool unit = s[at] == sign && hex(s + at + 1, len - at - 1, 2, &v);

		if (!unit && !(gb && is_literal(ret_r, s[at])))
			break;
		ret_r->byte[ret_r->n] = unit ? (char)v : s[at];
		ret_r->width[ret_r->n] = unit ? UNIT : 1;
		at += ret_r->width[ret_r->n++];
	}
}

/* Bytes of the text that the first n bytes of a row take. */
static size_t width(const struct row_bytes *r, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += r->width[i];
	return sum;
}

static uint32_t decode_gb(UConverter *c, const char *bytes, size_t n, size_t *ret_used)
{
	UErrorCode e = U_ZERO_ERROR;
	const char *at = bytes;
	UChar32 cp;

	ucnv_reset(c);
	cp = ucnv_getNextUChar(c, &at, bytes + n, &e);
	*ret_used = (size_t)(at - bytes);
	return U_FAILURE(e) || cp == 0xfffd || *ret_used == 0 ? TEXT_BAD : (uint32_t)cp;
}

/* The escapes in a row from s[at] on, read as UTF-8 (gb NULL) or GB18030: are all of them
 * characters?  GB18030 has to say a Han character of GB 2312 as well: nearly every pair of
 * bytes is something in it, half of a character in UTF-8 too. */
static bool run_is(const char *s, size_t at, size_t len, UConverter *gb, size_t *ret_end)
{
	bool all = true, han = gb == NULL;
	char sign = s[at];
	struct row_bytes r;
	size_t used;

	for (; at < len && s[at] == sign; at += width(&r, used)) {
		uint32_t cp;

		take_bytes(s, at, len, gb != NULL, &r);
		if (r.n == 0)
			break;
		cp = gb != NULL ? decode_gb(gb, r.byte, r.n, &used)
				: text_decode(r.byte, r.n, &used);
		if (cp == TEXT_BAD) {
			all = false;
			used = 1;
		}
		han = han ||
		      (used == 2 && (unsigned char)r.byte[0] >= 0xb0 &&
		       (unsigned char)r.byte[0] <= 0xf7 && (unsigned char)r.byte[1] >= 0xa1);
	}
	*ret_end = at;
	return all && han;
}

/* Is the run of escapes around `at` GB18030?  Asked once for each run. */
static bool is_gb(struct norm_escapes *e, const char *s, size_t at, size_t len)
{
	UErrorCode error = U_ZERO_ERROR;

	if (at < e->run_end)
		return e->run_gb;
	e->run_gb = false;
	if (run_is(s, at, len, NULL, &e->run_end))
		return false;
	if (e->gb == NULL)
		e->gb = ucnv_open("GB18030", &error);
	if (e->gb == NULL)
		e->failed = true;
	else
		e->run_gb = run_is(s, at, len, e->gb, &e->run_end);
	return e->run_gb;
}

/* Bytes of one character, each as %XX or =XX.  A letter or digit alone may be a percentage. */
static size_t percent(struct norm_escapes *e, const char *s, size_t at, size_t len,
		      uint32_t *ret_cp)
{
	struct row_bytes r;
	uint32_t v;
	size_t used;
	bool gb;

	take_bytes(s, at, len, false, &r);
	if (r.n == 0 || (s[at] == '=' && (unsigned char)r.byte[0] < 0x80))
		return 0;
	gb = is_gb(e, s, at, len);
	take_bytes(s, at, len, gb, &r);
	*ret_cp = gb ? decode_gb(e->gb, r.byte, r.n, &used) : text_decode(r.byte, r.n, &used);
	if (*ret_cp == TEXT_BAD || !counts(*ret_cp))
		return 0;
	if (used == 1 && r.n == 1 &&
	    !(at >= UNIT && s[at - UNIT] == '%' && hex(s + at - UNIT + 1, 2, 2, &v)))
		return 0;
	return width(&r, used);
}

static size_t code(const char *s, size_t len, uint32_t *ret_cp)
{
	uint32_t low;

	if (len < CODE || s[1] != 'u' || !hex(s + 2, len - 2, 4, ret_cp))
		return 0;
	if (*ret_cp >= 0xd800 && *ret_cp < 0xdc00 && len >= (size_t)2 * CODE &&
	    s[CODE] == '\\' && s[CODE + 1] == 'u' && hex(s + CODE + 2, 4, 4, &low) &&
	    low >= 0xdc00 && low < 0xe000) {
		*ret_cp = 0x10000 + ((*ret_cp & 0x3ff) << 10) + (low & 0x3ff);
		return (size_t)2 * CODE;
	}
	return (*ret_cp < 0xd800 || *ret_cp > 0xdfff) && counts(*ret_cp) ? CODE : 0;
}

/* The star of a mark has names in HTML 5 that older parsers hand on as they are. */
static size_t star(const char *s, size_t len, uint32_t *ret_cp)
{
	static const struct {
		const char *name;
		uint32_t cp;
	} rows[] = {{"&starf;", 0x2605}, {"&bigstar;", 0x2605}, {"&star;", 0x2606}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = strlen(rows[i].name);

		if (len >= n && memcmp(s, rows[i].name, n) == 0) {
			*ret_cp = rows[i].cp;
			return n;
		}
	}
	return 0;
}

static size_t reference(const char *s, size_t len, uint32_t *ret_cp)
{
	bool is_hex = len > 3 && s[1] == '#' && (s[2] | 0x20) == 'x';
	size_t at = is_hex ? 3 : 2, from = at;

	if (len < 4 || s[1] != '#')
		return star(s, len, ret_cp);
	for (*ret_cp = 0; at < len && at - from < REFERENCE_DIGITS; at++) {
		if (is_hex ? !isxdigit((unsigned char)s[at]) : !isdigit((unsigned char)s[at]))
			break;
		*ret_cp = *ret_cp * (is_hex ? 16 : 10) + (uint32_t)digit(s[at]);
	}
	if (at == from || at == len || s[at] != ';' || *ret_cp > 0x10ffff ||
	    (*ret_cp >= 0xd800 && *ret_cp <= 0xdfff) || !counts(*ret_cp))
		return 0;
	return at + 1;
}

size_t normalise_escape(struct norm_escapes *e, const char *s, size_t at, size_t len,
			uint32_t *ret_cp)
{
	switch (s[at]) {
	case '%':
	case '=': /* of quoted-printable */
		return percent(e, s, at, len, ret_cp);
	case '\\':
		return code(s + at, len - at, ret_cp);
	default:
		return reference(s + at, len - at, ret_cp);
	}
}

/* Each sign is sought once to the end of the text, however often others stand before it. */
size_t normalise_next_escape(struct norm_escapes *e, const char *s, size_t at, size_t len)
{
	static const char signs[NORM_ESCAPE_SIGNS] = {'%', '\\', '&', '='};
	size_t next = len;

	for (size_t i = 0; i < NORM_ESCAPE_SIGNS; i++) {
		if (!e->known || e->at[i] < at) {
			const char *hit = memchr(s + at, signs[i], len - at);

			e->at[i] = hit != NULL ? (size_t)(hit - s) : len;
		}
		next = e->at[i] < next ? e->at[i] : next;
	}
	e->known = true;
	return next;
}

void normalise_escapes_release(struct norm_escapes *e)
{
	ucnv_close(e->gb);
	e->gb = NULL;
}
