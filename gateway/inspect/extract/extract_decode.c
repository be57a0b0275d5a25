/* extract_decode.c - UTF-8, GB18030 and UTF-16 with ICU, each byte accounted for.
 *
 * Hostile: an encoding that we read differently from the reader's program
 * shows the inspector another text than the public.  So: one encoding for the
 * whole text, no substitution, a round trip for GB18030 (whose tables differ
 * between programs), no control characters, no HZ or UTF-7, and a GB18030 text
 * must look like one (Big5 decodes as GB18030 without error). */
#include "inspect/extract/extract_decode.h"

#include <stdbool.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include "base/text.h"
#include "policy/segment.h"

enum { STEP = 16384, PAIRS_MIN = 5, COMMON_PERCENT = 55, UTF7_RUN = 400 };

static UConverter *gb_in, *gb_out;

static int open_strict(UConverter **ret_c)
{
	UErrorCode e = U_ZERO_ERROR;
	UConverter *c = ucnv_open("gb18030", &e);

	if (U_FAILURE(e))
		return SL_E_CONFIG;
	ucnv_setFallback(c, false);
	ucnv_setToUCallBack(c, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &e);
	ucnv_setFromUCallBack(c, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &e);
	if (U_FAILURE(e)) {
		ucnv_close(c);
		return SL_E_CONFIG;
	}
	*ret_c = c;
	return SL_OK;
}

int extract_decode_init(void)
{
	int r = SL_OK;

	if (gb_in == NULL)
		r = open_strict(&gb_in);
	if (r == SL_OK && gb_out == NULL)
		r = open_strict(&gb_out);
	return r;
}

/* UTF-16 units to UTF-8; fails on a lone surrogate. */
static int put_units(struct buf *out, const UChar *u, int32_t n)
{
	static char utf8[STEP * 3 + 4];
	UErrorCode e = U_ZERO_ERROR;
	int32_t len = 0;

	u_strToUTF8(utf8, (int32_t)sizeof(utf8), &len, u, n, &e);
	if (U_FAILURE(e))
		return SL_E_FORMAT;
	buf_put(out, utf8, (size_t)len);
	return buf_error(out);
}

/* Encode the units again: they must give exactly the bytes they came from. */
static int round_trip(const UChar *u, int32_t n, const uint8_t **at, const uint8_t *end)
{
	static char back[STEP * 4 + 16];
	UErrorCode e = U_ZERO_ERROR;
	const UChar *src = u;
	char *dst = back;
	size_t made;

	ucnv_fromUnicode(gb_out, &dst, back + sizeof(back), &src, u + n, NULL, false, &e);
	made = (size_t)(dst - back);
	if (U_FAILURE(e) || src != u + n || made > (size_t)(end - *at) ||
	    memcmp(back, *at, made) != 0)
		return SL_E_FORMAT;
	*at += made;
	return SL_OK;
}

static int from_gb18030(const uint8_t *bytes, size_t len, struct buf *out)
{
	static UChar units[STEP];
	const char *src = (const char *)bytes, *end = src + len;
	const uint8_t *checked = bytes;
	UChar held = 0; /* a high surrogate that waits for its other half */

	ucnv_reset(gb_in);
	ucnv_reset(gb_out);
	for (;;) {
		UErrorCode e = U_ZERO_ERROR;
		UChar *dst = units;
		int32_t n;
		int r;

		if (held != 0)
			*dst++ = held;
		held = 0;
		ucnv_toUnicode(gb_in, &dst, units + STEP, &src, end, NULL, true, &e);
		if (U_FAILURE(e) && e != U_BUFFER_OVERFLOW_ERROR)
			return SL_E_FORMAT;
		n = (int32_t)(dst - units);
		if (e == U_BUFFER_OVERFLOW_ERROR && U16_IS_LEAD(units[n - 1]))
			held = units[--n];
		r = put_units(out, units, n);
		if (r == SL_OK)
			r = round_trip(units, n, &checked, bytes + len);
		if (r != SL_OK)
			return r;
		if (e != U_BUFFER_OVERFLOW_ERROR)
			return (checked == bytes + len) ? SL_OK : SL_E_FORMAT;
	}
}

static int from_utf16(const uint8_t *bytes, size_t len, bool big, struct buf *out)
{
	static UChar units[STEP];
	size_t at = 0;

	if (len % 2 != 0)
		return SL_E_FORMAT;
	while (at < len) {
		int32_t n = 0;
		int r;

		for (; n < STEP && at < len; at += 2)
			units[n++] = (UChar)(big ? bytes[at] << 8 | bytes[at + 1]
						 : bytes[at + 1] << 8 | bytes[at]);
		if (n == STEP && U16_IS_LEAD(units[n - 1])) {
			n--;
			at -= 2;
		}
		r = put_units(out, units, n);
		if (r != SL_OK)
			return r;
	}
	return SL_OK;
}

/* Are most of the two-byte characters Han and punctuation of the GB 2312 part?
 * Chinese text is there altogether, traditional text in GBK to about 70 %, Big5 and Shift JIS
 * read as GB18030 to less than half. */
static bool looks_like_gb(const uint8_t *s, size_t len)
{
	size_t pairs = 0, common = 0, i = 0;

	while (i < len) {
		if (s[i] < 0x80) {
			i++;
			continue;
		}
		if (i + 1 < len && s[i + 1] >= 0x30 && s[i + 1] <= 0x39) {
			i += 4;
			continue;
		}
		pairs++;
		common += i + 1 < len && s[i + 1] >= 0xa1 &&
			  ((s[i] >= 0xb0 && s[i] <= 0xf7) || (s[i] >= 0xa1 && s[i] <= 0xa3));
		i += 2;
	}
	return pairs < PAIRS_MIN || common * 100 >= pairs * COMMON_PERCENT;
}

static bool printable(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t c = (uint8_t)s[i];

		if (c == 0x7f || (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f'))
			return false;
		/* C1 controls are C2 80 to C2 9F. */
		if (c == 0xc2 && i + 1 < len && (uint8_t)s[i + 1] < 0xa0)
			return false;
	}
	return true;
}

/* "~{" with pairs of GL bytes up to "~}": text in HZ (RFC 1843). */
static bool is_hz(const char *s, size_t len)
{
	const char *end = s + len, *p = s;

	while ((p = memmem(p, (size_t)(end - p), "~{", 2)) != NULL) {
		const char *q = p + 2;

		while (end - q >= 2 && q[0] >= 0x21 && q[0] <= 0x77 && q[1] >= 0x21)
			q += 2;
		if (q > p + 2 && end - q >= 2 && q[0] == '~' && q[1] == '}')
			return true;
		p += 2;
	}
	return false;
}

static int base64(char c)
{
	static const char set[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = (c != '\0') ? strchr(set, c) : NULL;

	return (p != NULL) ? (int)(p - set) : -1;
}

/* "+" and base64 that decodes to at least two Han characters and nothing else:
 * text in UTF-7 (RFC 2152). */
static bool is_utf7(const char *s, size_t len)
{
	for (size_t i = 0; i + 6 < len; i++) {
		uint32_t bits = 0, have = 0, han = 0;
		bool only_han = true;

		if (s[i] != '+')
			continue;
		for (size_t k = i + 1;
		     k < len && k - i < UTF7_RUN && base64(s[k]) >= 0 && only_han; k++) {
			bits = (bits << 6 | (uint32_t)base64(s[k])) & 0x3fffff;
			have += 6;
			if (have < 16)
				continue;
			have -= 16;
			only_han = ((bits >> have) & 0xffff) >= 0x4e00 &&
				   ((bits >> have) & 0xffff) <= 0x9fff;
			han += only_han;
		}
		if (han >= 2 && only_han)
			return true;
	}
	return false;
}

static bool is_ascii(const uint8_t *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] >= 0x80)
			return false;
	return true;
}

static enum extract_charset detect(const uint8_t *s, size_t len)
{
	if (len >= 2 && s[0] == 0xff && s[1] == 0xfe)
		return EXTRACT_UTF16LE;
	if (len >= 2 && s[0] == 0xfe && s[1] == 0xff)
		return EXTRACT_UTF16BE;
	return text_is_utf8((const char *)s, len) ? EXTRACT_UTF8 : EXTRACT_GB18030;
}

static int convert(const uint8_t *s, size_t len, enum extract_charset cs, struct buf *own)
{
	switch (cs) {
	case EXTRACT_UTF16LE:
	case EXTRACT_UTF16BE:
		if (len >= 2 && (s[0] == 0xff || s[0] == 0xfe)) {
			s += 2;
			len -= 2;
		}
		return from_utf16(s, len, cs == EXTRACT_UTF16BE, own);
	default:
		return from_gb18030(s, len, own);
	}
}

int extract_decode(const uint8_t *bytes, size_t len, enum extract_charset cs, struct buf *own,
		   const char **ret_s, size_t *ret_len)
{
	bool guessed = cs == EXTRACT_DETECT;
	const char *s;
	size_t n;
	int r;

	if (guessed)
		cs = detect(bytes, len);
	if (cs == EXTRACT_UTF8) {
		bool bom = len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;

		s = (const char *)bytes + (bom ? 3 : 0);
		n = len - (bom ? 3 : 0);
		if (!text_is_utf8(s, n))
			return SL_E_FORMAT;
	} else {
		r = convert(bytes, len, cs, own);
		if (r != SL_OK)
			return r;
		s = buf_str(own);
		n = own->len;
	}
	if (!printable(s, n))
		return SL_E_FORMAT;
	if (cs == EXTRACT_GB18030 && guessed && !looks_like_gb(bytes, len))
		return SL_E_UNSUPPORTED;
	if (is_ascii((const uint8_t *)s, n) && (is_hz(s, n) || is_utf7(s, n)))
		return SL_E_UNSUPPORTED;
	*ret_s = s;
	*ret_len = n;
	return SL_OK;
}
