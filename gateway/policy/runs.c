/* runs.c - what a simple expression may match, and where such bytes stand in a row.
 *
 * The expressions come from signed packs, the text is hostile.  Work is linear: a byte is
 * looked at twice at most. */
#include "policy/runs.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	BEFORE_HAN = 0xe3, /* first byte from which on characters fill Chinese text */
	COUNT_MAX = 1000,
};

static void set_byte(struct runs *r, unsigned char b)
{
	r->byte[b / 64] |= UINT64_C(1) << (b % 64);
}

static bool has_byte(const struct runs *r, char c)
{
	unsigned char b = (unsigned char)c;

	return (r->byte[b / 64] >> (b % 64) & 1) != 0;
}

static void set_range(struct runs *r, unsigned char from, unsigned char to)
{
	for (unsigned b = from; b <= to; b++)
		set_byte(r, (unsigned char)b);
}

/* One character as it stands, perhaps after a backslash; bytes of it, 0: something else.
 * *ret_ascii is the character if it is one byte. */
static size_t literal(const char *s, const char *special, char *ret_ascii)
{
	size_t used, escaped = s[0] == '\\';

	s += escaped;
	*ret_ascii = '\0';
	if (s[0] == '\0' || (unsigned char)s[0] >= BEFORE_HAN)
		return 0;
	if ((unsigned char)s[0] >= 0x80)
		return !escaped && text_decode(s, strlen(s), &used) != TEXT_BAD ? used : 0;
	/* A backslash before a letter or digit is a class, an anchor or a reference. */
	if (escaped ? strchr("\\^$.|?*+()[]{}/#-\"'=:<>_,;", s[0]) == NULL
		    : strchr(special, s[0]) != NULL)
		return 0;
	*ret_ascii = s[0];
	return 1 + escaped;
}

static void set_literal(struct runs *r, const char *s, size_t n, char ascii)
{
	if (ascii != '\0')
		set_byte(r, (unsigned char)ascii);
	for (size_t i = 0; ascii == '\0' && i < n; i++)
		set_byte(r, (unsigned char)s[i]);
}

/* "[...]" at s; bytes of it, 0: not simple. */
static size_t take_class(struct runs *r, const char *s)
{
	size_t i = 1, n;
	char low, high;

	if (s[i] == '^' || s[i] == ']')
		return 0;
	for (; s[i] != ']'; i += n) {
		if (s[i] == '\\' && s[i + 1] == 'd') {
			set_range(r, '0', '9');
			n = 2;
			continue;
		}
		n = literal(s + i, "[&", &low);
		if (n == 0)
			return 0;
		if (s[i + n] != '-' || s[i + n + 1] == ']') {
			set_literal(r, s + i, n, low);
			continue;
		}
		i += n + 1;
		n = literal(s + i, "[&", &high);
		if (n == 0 || low == '\0' || high == '\0' || high < low)
			return 0;
		set_range(r, (unsigned char)low, (unsigned char)high);
	}
	return i + 1;
}

/* "{n}", "{n,m}", "?" or nothing: the smallest count. */
static bool take_count(const char *s, size_t *ret_used, size_t *ret_least)
{
	char *end;

	*ret_used = 0;
	*ret_least = 1;
	if (s[0] == '?') {
		*ret_used = 1;
		*ret_least = 0;
	} else if (s[0] == '{') {
		if (s[1] < '0' || s[1] > '9')
			return false;
		*ret_least = strtoul(s + 1, &end, 10);
		if (*end == ',' && end[1] >= '0' && end[1] <= '9')
			(void)strtoul(end + 1, &end, 10);
		if (*end != '}' || *ret_least > COUNT_MAX)
			return false;
		*ret_used = (size_t)(end + 1 - s);
	}
	/* Lazy and possessive counts are left to who knows them. */
	return strchr("?*+{", s[*ret_used]) == NULL || s[*ret_used] == '\0';
}

/* Letters of the other case too, and the two characters beyond ASCII that count as one. */
static void both_cases(struct runs *r)
{
	for (char c = 'a'; c <= 'z'; c++) {
		char upper = (char)(c - 'a' + 'A');

		if (!has_byte(r, c) && !has_byte(r, upper))
			continue;
		set_byte(r, (unsigned char)c);
		set_byte(r, (unsigned char)upper);
	}
	if (has_byte(r, 'k'))
		set_literal(r, "\xe2\x84\xaa", 3, '\0'); /* U+212A, the sign of kelvin */
	if (has_byte(r, 's'))
		set_literal(r, "\xc5\xbf", 2, '\0'); /* U+017F, the long s */
}

bool runs_add(struct runs *r, const char *expr, bool caseless)
{
	struct runs all = *r;
	size_t least = 0, i = 0;

	while (expr[i] != '\0') {
		size_t used, count;
		char ascii;

		if (expr[i] == '[') {
			used = take_class(&all, expr + i);
		} else if (expr[i] == '\\' && expr[i + 1] == 'd') {
			set_range(&all, '0', '9');
			used = 2;
		} else {
			used = literal(expr + i, "\\^$.|?*+()[]{}", &ascii);
			set_literal(&all, expr + i, used, ascii);
		}
		if (used == 0)
			return false;
		i += used;
		if (!take_count(expr + i, &used, &count))
			return false;
		i += used;
		least += count;
	}
	if (least < RUNS_LEAST)
		return false;
	if (caseless)
		both_cases(&all);
	all.least = r->least == 0 || least < r->least ? least : r->least;
	*r = all;
	return true;
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Bytes of the character that begins with c. */
static size_t length(char c)
{
	unsigned char b = (unsigned char)c;

	return b < 0xc0 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
}

/* Without the parts of characters at both ends that have other bytes too. */
static void trim(const char *s, size_t *from, size_t *to)
{
	size_t last;

	while (*from < *to && continues(s[*from]))
		++*from;
	for (last = *to; last > *from && continues(s[last - 1]);)
		last--;
	if (last > *from && last - 1 + length(s[last - 1]) > *to)
		*to = last - 1;
}

bool runs_next(const struct runs *r, const char *s, size_t from, size_t to, size_t *ret_from,
	       size_t *ret_to)
{
	size_t i = from;

	if (r->least == 0)
		return false;
	/* A run of `least` bytes holds one of any `least` places in a row. */
	while (to - i >= r->least) {
		size_t a = i + r->least - 1, b = a;

		if (!has_byte(r, s[a])) {
			i += r->least;
			continue;
		}
		while (a > i && has_byte(r, s[a - 1]))
			a--;
		while (b < to && has_byte(r, s[b]))
			b++;
		i = b;
		trim(s, &a, &b);
		if (b - a >= r->least) {
			*ret_from = a;
			*ret_to = b;
			return true;
		}
	}
	return false;
}
