/* extract_attributes.c - counts attributes as libxml2 would, without keeping any.
 *
 * Hostile: all of it.  Each function takes a place in the text and returns a later one. */
#include "inspect/extract/extract_attributes.h"

#include <string.h>
#include <strings.h>

struct scan {
	const char *s;
	size_t len;
	bool html;
	unsigned max;
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
	       ((unsigned char)c & 0x80) != 0;
}

static size_t behind(const struct scan *sc, size_t at, const char *what)
{
	size_t n = strlen(what);
	const char *found = memmem(sc->s + at, sc->len - at, what, n);

	return found != NULL ? (size_t)(found - sc->s) + n : sc->len;
}

static size_t skip_blanks(const struct scan *sc, size_t at)
{
	while (at < sc->len && is_blank(sc->s[at]))
		at++;
	return at;
}

/* Up to a blank, the end of the tag or one of `stops`. */
static size_t skip_word(const struct scan *sc, size_t at, const char *stops)
{
	while (at < sc->len && !is_blank(sc->s[at]) && sc->s[at] != '>' &&
	       (sc->s[at] == '\0' || strchr(stops, sc->s[at]) == NULL))
		at++;
	return at;
}

static size_t skip_value(const struct scan *sc, size_t at)
{
	const char *end;
	char quote;

	at = skip_blanks(sc, at);
	if (at == sc->len)
		return at;
	quote = sc->s[at];
	if (quote != '"' && quote != '\'')
		return skip_word(sc, at, "");
	end = memchr(sc->s + at + 1, quote, sc->len - at - 1);
	return end != NULL ? (size_t)(end - sc->s) + 1 : sc->len;
}

/* Behind the name of an element; behind its tag then. */
static size_t skip_attributes(const struct scan *sc, size_t at, unsigned *ret_n)
{
	unsigned n = 0;

	while ((at = skip_blanks(sc, at)) < sc->len && sc->s[at] != '>' && n <= sc->max) {
		size_t name = at;

		at = skip_word(sc, at, "=/");
		n += at > name;
		if (at == name) /* a sign without a name before it */
			at++;
		at = skip_blanks(sc, at);
		if (at < sc->len && at > name && sc->s[at] == '=')
			at = skip_value(sc, at + 1);
	}
	*ret_n = n;
	return at;
}

/* What stands in scripts and style sheets is not looked at for tags. */
static bool is_raw(const struct scan *sc, size_t name, size_t n)
{
	return sc->html && ((n == 6 && strncasecmp(sc->s + name, "script", 6) == 0) ||
			    (n == 5 && strncasecmp(sc->s + name, "style", 5) == 0));
}

static size_t skip_special(const struct scan *sc, size_t at)
{
	if (sc->len - at >= 4 && memcmp(sc->s + at, "<!--", 4) == 0)
		return behind(sc, at + 4, "-->");
	if (!sc->html && sc->len - at >= 9 && memcmp(sc->s + at, "<![CDATA[", 9) == 0)
		return behind(sc, at + 9, "]]>");
	if (!sc->html && sc->len - at >= 2 && sc->s[at + 1] == '?')
		return behind(sc, at + 2, "?>");
	return at + 1;
}

bool extract_attributes_exceed(const char *s, size_t len, bool html, unsigned max)
{
	const struct scan sc = {.s = s, .len = len, .html = html, .max = max};
	size_t at = 0;

	while (at < len) {
		const char *open = memchr(s + at, '<', len - at);
		size_t name, end;
		unsigned n;

		if (open == NULL)
			return false;
		at = (size_t)(open - s);
		name = at + 1;
		if (name == len || !is_letter(s[name])) {
			at = skip_special(&sc, at);
			continue;
		}
		end = skip_word(&sc, name, "/");
		at = skip_attributes(&sc, end, &n);
		if (n > max)
			return true;
		if (is_raw(&sc, name, end - name))
			at = behind(&sc, at, "</");
	}
	return false;
}
