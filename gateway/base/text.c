/* text.c - the one boundary that untrusted text passes on its way to people. */
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

uint32_t text_decode(const char *s, size_t len, size_t *ret_used)
{
	const unsigned char *u = (const unsigned char *)s;
	uint32_t cp;
	size_t need;

	*ret_used = 1;
	if (u[0] < 0x80)
		return u[0];
	if (u[0] >= 0xc2 && u[0] <= 0xdf) {
		need = 2;
		cp = u[0] & 0x1fu;
	} else if (u[0] >= 0xe0 && u[0] <= 0xef) {
		need = 3;
		cp = u[0] & 0x0fu;
	} else if (u[0] >= 0xf0 && u[0] <= 0xf4) {
		need = 4;
		cp = u[0] & 0x07u;
	} else {
		return TEXT_BAD;
	}
	if (len < need)
		return TEXT_BAD;
	for (size_t i = 1; i < need; i++) {
		if ((u[i] & 0xc0u) != 0x80)
			return TEXT_BAD;
		cp = (cp << 6) | (u[i] & 0x3fu);
	}
	if ((need == 3 && cp < 0x800) || (need == 4 && cp < 0x10000) || cp > 0x10ffff ||
	    (cp >= 0xd800 && cp <= 0xdfff))
		return TEXT_BAD;
	*ret_used = need;
	return cp;
}

size_t text_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | (cp >> 6));
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		if (cp >= 0xd800 && cp <= 0xdfff)
			return 0;
		out[0] = (char)(0xe0 | (cp >> 12));
		out[1] = (char)(0x80 | ((cp >> 6) & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	if (cp > 0x10ffff)
		return 0;
	out[0] = (char)(0xf0 | (cp >> 18));
	out[1] = (char)(0x80 | ((cp >> 12) & 0x3f));
	out[2] = (char)(0x80 | ((cp >> 6) & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

/* How many bytes at the start are ASCII for certain: whole words of them. */
static size_t ascii_words(const char *s, size_t len)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	size_t n = 0;

	while (len - n >= sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, s + n, sizeof(word));
		if ((word & high) != 0)
			break;
		n += sizeof(word);
	}
	return n;
}

bool text_is_utf8(const char *s, size_t len)
{
	size_t used;

	for (size_t i = 0; i < len; i += used) {
		used = ascii_words(s + i, len - i);
		if (used == 0 && text_decode(s + i, len - i, &used) == TEXT_BAD)
			return false;
	}
	return true;
}

size_t text_count(const char *s, size_t len)
{
	size_t n = 0, used;

	for (size_t i = 0; i < len; i += used, n++)
		(void)text_decode(s + i, len - i, &used);
	return n;
}

int text_width(uint32_t cp)
{
	int w = wcwidth((wchar_t)cp);

	return w < 0 ? 1 : w;
}

bool text_next_line(const char **s, const char *end, const char **ret_line, size_t *ret_len)
{
	const char *stop = *s == end ? NULL : memchr(*s, '\n', (size_t)(end - *s));

	if (stop == NULL)
		return false;
	*ret_line = *s;
	*ret_len = (size_t)(stop - *s);
	*s = stop + 1;
	return true;
}

bool text_is_invisible(uint32_t cp)
{
	static const uint32_t ranges[][2] = {
		{0x00ad, 0x00ad}, {0x034f, 0x034f},   {0x061c, 0x061c}, {0x115f, 0x1160},
		{0x17b4, 0x17b5}, {0x180b, 0x180f},   {0x200b, 0x200f}, {0x202a, 0x202e},
		{0x2060, 0x206f}, {0x3164, 0x3164},   {0xfeff, 0xfeff}, {0xffa0, 0xffa0},
		{0xfff9, 0xfffb}, {0xe0000, 0xe007f},
	};

	if (cp < 0xad)
		return false;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]) && cp >= ranges[i][0]; i++) {
		if (cp <= ranges[i][1])
			return true;
	}
	return false;
}

bool text_is_deceptive(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x2028 || cp == 0x2029 ||
	       text_is_invisible(cp);
}

static size_t safe_copy(const char *s, size_t len, char *out, size_t cap, bool lines)
{
	size_t pos = 0, used;

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);
		char piece[16];
		int n;

		if (cp == TEXT_BAD) {
			n = snprintf(piece, sizeof(piece), "\\x%02x", (unsigned char)s[i]);
		} else if (lines && (cp == '\n' || cp == '\t')) {
			piece[0] = (char)cp;
			n = 1;
		} else if (text_is_deceptive(cp)) {
			n = snprintf(piece, sizeof(piece), "\\u{%x}", cp);
		} else {
			memcpy(piece, s + i, used);
			n = (int)used;
		}
		if ((size_t)n >= cap - pos)
			break;
		memcpy(out + pos, piece, (size_t)n);
		pos += (size_t)n;
	}
	out[pos] = '\0';
	return pos;
}

size_t text_safe(const char *s, size_t len, char *out, size_t cap)
{
	return safe_copy(s, len, out, cap, false);
}

size_t text_safe_lines(const char *s, size_t len, char *out, size_t cap)
{
	return safe_copy(s, len, out, cap, true);
}

void text_hex(const uint8_t *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * len] = '\0';
}

static int nibble(char c, bool capitals)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (capitals && c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool unhex(const char *hex, size_t hex_len, bool capitals, uint8_t *out, size_t len)
{
	if (hex_len != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int hi = nibble(hex[2 * i], capitals), lo = nibble(hex[2 * i + 1], capitals);

		if (hi < 0 || lo < 0)
			return false;
		out[i] = (uint8_t)((unsigned)hi << 4 | (unsigned)lo);
	}
	return true;
}

bool text_unhex(const char *hex, size_t hex_len, uint8_t *out, size_t len)
{
	/* Lower case only: two spellings of one digest would defeat a bytewise compare. */
	return unhex(hex, hex_len, false, out, len);
}

bool text_unhex_any_case(const char *hex, size_t hex_len, uint8_t *out, size_t len)
{
	return unhex(hex, hex_len, true, out, len);
}

bool text_is_sha256(const char *s)
{
	return strspn(s, "0123456789abcdef") == 64 && s[64] == '\0';
}

bool text_is_safe_name(const char *s, size_t len)
{
	size_t used;

	if (len == 0 || len > 200 || s[0] == '-' || s[len - 1] == '.' || s[len - 1] == ' ')
		return false;
	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(s + i, len - i, &used);

		if (cp == TEXT_BAD || cp == '/' || cp == '\\' || text_is_deceptive(cp))
			return false;
	}
	return true; /* "." and ".." end in a dot */
}

bool text_to_u64(const char *s, size_t len, uint64_t max, uint64_t *ret_value)
{
	uint64_t v = 0;

	if (len == 0 || len > 20 || (len > 1 && s[0] == '0'))
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned d = (unsigned)(unsigned char)s[i] - '0';

		if (d > 9 || v > (UINT64_MAX - d) / 10)
			return false;
		v = v * 10 + d;
	}
	if (v > max)
		return false;
	*ret_value = v;
	return true;
}
