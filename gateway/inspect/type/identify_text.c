/* identify_text.c - is it text, in which character set, and of which kind?
 *
 * Decoding is strict and must round-trip: a byte that one program drops and
 * another shows is where words hide.  Accepted are UTF-8, UTF-16 with its mark
 * and GB18030; never NUL or control characters, never the seven-bit disguises
 * HZ and UTF-7. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <unicode/ucnv.h>

#include "base/text.h"
#include "inspect/type/identify.h"

enum { GB2312_SHARE = 80 /* percent of double bytes */, HEAD = 4096 };

static bool control_ok(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool char_ok(uint32_t c)
{
	if (c < 0x20)
		return control_ok(c);
	return c != 0x7f && !(c >= 0x80 && c < 0xa0) && (c & 0xfffe) != 0xfffe &&
	       !(c >= 0xfdd0 && c <= 0xfdef);
}

static bool utf8_ok(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t used = 1;
		uint32_t c =
			p[i] < 0x80 ? p[i] : text_decode((const char *)p + i, len - i, &used);

		/* A byte order mark inside the text is a zero-width character: a finding
		 * of the rules, not a fault of the form. */
		if (c == TEXT_BAD || !char_ok(c))
			return false;
		i += used;
	}
	return true;
}

static bool utf16_ok(const uint8_t *p, size_t len, bool big)
{
	if (len % 2 != 0)
		return false;
	for (size_t i = 0; i < len; i += 2) {
		uint32_t c = big ? identify_be16(p + i) : identify_le16(p + i);

		if (c >= 0xdc00 && c <= 0xdfff)
			return false;
		if (c >= 0xd800 && c <= 0xdbff) {
			uint32_t low;

			if (len - i < 4)
				return false;
			low = big ? identify_be16(p + i + 2) : identify_le16(p + i + 2);
			if (low < 0xdc00 || low > 0xdfff)
				return false;
			c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
			i += 2;
		}
		if (!char_ok(c))
			return false;
	}
	return true;
}

/* Big5, Shift-JIS and EUC-KR also decode as GB18030, into nonsense that no rule
 * would match: real Chinese text lies mostly in the GB 2312 rows. */
static bool looks_gb2312(const uint8_t *p, size_t len)
{
	size_t pairs = 0, common = 0;

	for (size_t i = 0; i + 1 < len; i++) {
		if (p[i] < 0x81)
			continue;
		if (p[i + 1] >= 0x30 && p[i + 1] <= 0x39) { /* four bytes */
			i += 3;
			continue;
		}
		pairs++;
		if (p[i] >= 0xa1 && p[i] <= 0xf7 && p[i + 1] >= 0xa1)
			common++;
		i++;
	}
	return pairs > 0 && common * 100 >= pairs * GB2312_SHARE;
}

static bool round_trip(UConverter *c, const uint8_t *p, size_t len)
{
	size_t room = len + 16;
	UChar *wide = calloc(room, sizeof(*wide));
	char *back = malloc(len + 16);
	UErrorCode err = U_ZERO_ERROR;
	int32_t n, m;
	bool ok = false;

	if (wide == NULL || back == NULL || len > INT32_MAX - 16)
		goto out;
	n = ucnv_toUChars(c, wide, (int32_t)room, (const char *)p, (int32_t)len, &err);
	m = U_SUCCESS(err) ? ucnv_fromUChars(c, back, (int32_t)(len + 16), wide, n, &err) : 0;
	ok = U_SUCCESS(err) && m >= 0 && (size_t)m == len && memcmp(back, p, len) == 0;
	for (int32_t i = 0; ok && i < n; i++)
		ok = char_ok(wide[i]);
out:
	free(wide);
	free(back);
	return ok;
}

static bool gb18030_ok(const uint8_t *p, size_t len)
{
	UErrorCode err = U_ZERO_ERROR;
	UConverter *c = ucnv_open("gb18030", &err);
	bool ok;

	if (U_FAILURE(err))
		return false;
	ucnv_setToUCallBack(c, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &err);
	ucnv_setFromUCallBack(c, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &err);
	ok = U_SUCCESS(err) && looks_gb2312(p, len) && round_trip(c, p, len);
	ucnv_close(c);
	return ok;
}

/* HZ (RFC 1843): ~{ pairs of printable ASCII ~} stand for GB 2312. */
static bool has_hz(const uint8_t *p, size_t len)
{
	const uint8_t *at = p, *end = p + len;

	while ((at = memmem(at, (size_t)(end - at), "~{", 2)) != NULL) {
		size_t n = 0;

		at += 2;
		while (at + n < end && at[n] > 0x20 && at[n] < 0x7e)
			n++;
		if (n >= 2 && n % 2 == 0 && end - at > (ptrdiff_t)n + 1 && at[n] == '~' &&
		    at[n + 1] == '}')
			return true;
	}
	return false;
}

static int base64_value(uint8_t c)
{
	static const char set[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *hit = c == 0 ? NULL : strchr(set, c);

	return hit == NULL ? -1 : (int)(hit - set);
}

/* One +...- run that decodes to whole UTF-16 letters (RFC 2152). */
static bool utf7_run(const uint8_t *p, size_t len)
{
	uint32_t bits = 0, n_bits = 0, units = 0;
	size_t i = 0;

	for (; i < len && base64_value(p[i]) >= 0; i++) {
		uint32_t unit;

		bits = bits << 6 | (uint32_t)base64_value(p[i]);
		n_bits += 6;
		if (n_bits < 16)
			continue;
		n_bits -= 16;
		unit = bits >> n_bits & 0xffff;
		if (!(unit >= 0x21 && unit < 0x7f) && !(unit >= 0x4e00 && unit < 0xa000) &&
		    !(unit >= 0x3000 && unit < 0x3100) && !(unit >= 0xff00 && unit < 0xfff0))
			return false;
		units++;
	}
	return units > 0 && n_bits < 6 && (bits & ((1u << n_bits) - 1)) == 0 && i < len &&
	       p[i] == '-';
}

static bool has_utf7(const uint8_t *p, size_t len)
{
	const uint8_t *at = p, *end = p + len;

	while ((at = memchr(at, '+', (size_t)(end - at))) != NULL) {
		at++;
		if (utf7_run(at, (size_t)(end - at)))
			return true;
	}
	return false;
}

static bool seven_bit(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i] >= 0x80)
			return false;
	}
	return true;
}

static const char *find_charset(const uint8_t *p, size_t len)
{
	if (len >= 2 && p[0] == 0xff && p[1] == 0xfe)
		return utf16_ok(p + 2, len - 2, false) ? "utf-16le" : NULL;
	if (len >= 2 && p[0] == 0xfe && p[1] == 0xff)
		return utf16_ok(p + 2, len - 2, true) ? "utf-16be" : NULL;
	if (utf8_ok(p, len))
		return "utf-8";
	return gb18030_ok(p, len) ? "gb18030" : NULL;
}

/* First bytes as lower-case ASCII, white space and the byte order mark skipped. */
static size_t head_of(const struct identify_in *in, const char *charset, char out[HEAD])
{
	bool wide = strncmp(charset, "utf-16", 6) == 0, big = strcmp(charset, "utf-16be") == 0;
	size_t at = wide						    ? 2
		    : in->len >= 3 && memcmp(in->p, "\xef\xbb\xbf", 3) == 0 ? 3
									    : 0,
	       n = 0;

	for (; at < in->len && n + 1 < HEAD; at += wide ? 2 : 1) {
		uint32_t c = !wide ? in->p[at]
			     : big ? identify_be16(in->p + at)
				   : identify_le16(in->p + at);

		if (n == 0 && (c == ' ' || control_ok(c)))
			continue;
		out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c < 0x80 ? c : '?');
	}
	out[n] = '\0';
	return n;
}

static bool head_is(const char *head, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strncmp(head, *words, strlen(*words)) == 0)
			return true;
	}
	return false;
}

/* Kind by content first: a page with scripts is one whatever its name says. */
static const char *kind_of(const struct identify_in *in, const char *head)
{
	static const char *const html[] = {"<!doctype html", "<html",	"<head",
					   "<body",	     "<script", NULL};
	const char *ext = identify_extension(in->name);

	if (head_is(head, html) || (head[0] == '<' && strstr(head, "<html") != NULL))
		return "text/html";
	if (strncmp(head, "%!ps", 4) == 0)
		return "application/postscript";
	if (strncmp(head, "<?xml", 5) == 0 || strncmp(head, "<svg", 4) == 0)
		return strstr(head, "<svg") != NULL ? "image/svg+xml" : "application/xml";
	if (strncmp(head, "begin:vcalendar", 15) == 0)
		return "text/calendar";
	if (strncmp(head, "begin:vcard", 11) == 0)
		return "text/vcard";
	if (identify_is_mail(in))
		return "message/rfc822";
	if ((strcasecmp(ext, "html") == 0 || strcasecmp(ext, "htm") == 0) &&
	    strchr(head, '<') != NULL)
		return "text/html";
	if (strcasecmp(ext, "xml") == 0 && head[0] == '<')
		return "application/xml";
	if (strcasecmp(ext, "json") == 0 && (head[0] == '{' || head[0] == '['))
		return "application/json";
	if (strcasecmp(ext, "csv") == 0)
		return "text/csv";
	return "text/plain";
}

bool identify_text(const struct identify_in *in, struct identity *ret_id)
{
	char head[HEAD];
	const char *charset = find_charset(in->p, in->len);

	if (charset == NULL)
		return false;
	(void)head_of(in, charset, head);
	ret_id->charset = charset;
	ret_id->type = kind_of(in, head);
	if (strcmp(charset, "utf-8") == 0 && seven_bit(in->p, in->len) &&
	    (has_hz(in->p, in->len) || has_utf7(in->p, in->len)))
		ret_id->reason = "unsupported-charset";
	return true;
}
