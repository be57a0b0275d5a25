/* extract_attributes.c - walks tags as libxml2 would, counts attributes and keeps none.
 *
 * Hostile: all of it.  Each function takes a place in the text and returns a later one. */
#include "inspect/extract/extract_attributes.h"

#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "inspect/extract/extract_props.h"

enum { NAMES_MAX = 256 };

struct scan {
	const char *s;
	size_t len;
	bool html;
	unsigned max;
	bool dropped; /* words that the parser of HTML says nothing of */
	size_t names[NAMES_MAX], lengths[NAMES_MAX]; /* of this tag */
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

/* A comment or instruction; the parser of HTML drops one that nothing ends. */
static size_t behind_note(struct scan *sc, size_t at, const char *what)
{
	size_t end = behind(sc, at, what), n = strlen(what);

	if (end == sc->len && (end < at + n || memcmp(sc->s + end - n, what, n) != 0))
		sc->dropped = true;
	return end;
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

/* Of attributes with one name the parser keeps the first, and none without a name. */
static bool is_kept(const struct scan *sc, size_t name, size_t len, unsigned n)
{
	if (len == 0 || !is_letter(sc->s[name]))
		return false;
	for (unsigned i = 0; i < n && i < NAMES_MAX; i++)
		if (sc->lengths[i] == len &&
		    strncasecmp(sc->s + sc->names[i], sc->s + name, len) == 0)
			return false;
	return true;
}

/* Behind the name of an element; at the end of its tag then. */
static size_t skip_attributes(struct scan *sc, size_t at, unsigned *ret_n)
{
	unsigned n = 0;

	while ((at = skip_blanks(sc, at)) < sc->len && sc->s[at] != '>' && n <= sc->max) {
		size_t name = at, len;

		at = skip_word(sc, at, "=/");
		len = at - name;
		if (len == 0) /* a sign without a name before it */
			at++;
		at = skip_blanks(sc, at);
		if (len > 0 && at < sc->len && sc->s[at] == '=')
			at = skip_value(sc, at + 1);
		if (sc->html && !is_kept(sc, name, len, n) &&
		    extract_is_wordy(sc->s + name, at - name))
			sc->dropped = true;
		if (n < NAMES_MAX) {
			sc->names[n] = name;
			sc->lengths[n] = len;
		}
		n += len > 0;
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

/* Up to the end of a tag, where nothing is expected. */
static size_t skip_end(struct scan *sc, size_t at)
{
	const char *found = memchr(sc->s + at, '>', sc->len - at);
	size_t end = found != NULL ? (size_t)(found - sc->s) : sc->len;

	sc->dropped = sc->dropped || extract_is_wordy(sc->s + at, end - at);
	return end;
}

static size_t skip_name(const struct scan *sc, size_t at)
{
	return skip_blanks(sc, skip_word(sc, skip_blanks(sc, at), "\"'"));
}

static bool starts(const struct scan *sc, size_t at, const char *word)
{
	size_t n = strlen(word);

	return sc->len - at >= n && strncasecmp(sc->s + at, word, n) == 0;
}

/* A declaration of the type is a name and at most two quoted texts, which the parser hands
 * on; of anything else after "<!" it says nothing. */
static size_t skip_declaration(struct scan *sc, size_t at)
{
	size_t rest = at + 2, quoted = 0;

	if (starts(sc, at, "<!doctype")) {
		rest = skip_name(sc, at + 9);
		quoted = starts(sc, rest, "public") ? 2 : starts(sc, rest, "system");
		rest = quoted > 0 ? skip_blanks(sc, rest + 6) : rest;
		for (; quoted > 0 && rest < sc->len && strchr("\"'", sc->s[rest]) != NULL;
		     quoted--)
			rest = skip_blanks(sc, skip_value(sc, rest));
	}
	return skip_end(sc, rest);
}

static size_t skip_special(struct scan *sc, size_t at)
{
	size_t left = sc->len - at;

	if (left >= 4 && memcmp(sc->s + at, "<!--", 4) == 0)
		return behind_note(sc, at + 4, "-->");
	if (!sc->html && left >= 9 && memcmp(sc->s + at, "<![CDATA[", 9) == 0)
		return behind(sc, at + 9, "]]>");
	if (left >= 2 && sc->s[at + 1] == '?')
		return behind_note(sc, at + 2, sc->html ? ">" : "?>");
	if (sc->html && left >= 3 && sc->s[at + 1] == '/' && is_letter(sc->s[at + 2]))
		return skip_end(sc, at + 2);
	if (sc->html && left >= 2 && sc->s[at + 1] == '!')
		return skip_declaration(sc, at);
	return at + 1;
}

int extract_attributes_check(const char *s, size_t len, bool html, unsigned max)
{
	struct scan sc = {.s = s, .len = len, .html = html, .max = max};
	size_t at = 0;

	while (at < len) {
		const char *open = memchr(s + at, '<', len - at);
		size_t name, end;
		unsigned n;

		if (open == NULL)
			break;
		at = (size_t)(open - s);
		name = at + 1;
		if (name == len || !is_letter(s[name])) {
			at = skip_special(&sc, at);
			continue;
		}
		end = skip_word(&sc, name, "/");
		at = skip_attributes(&sc, end, &n);
		if (n > max)
			return SL_E_LIMIT;
		if (is_raw(&sc, name, end - name))
			at = behind(&sc, at, "</");
	}
	return html && sc.dropped ? SL_E_FORMAT : SL_OK;
}
