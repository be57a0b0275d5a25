/* match.c - code point by code point; the words are few and the texts are looked through once.
 */
#include "tui/match.h"

#include <string.h>
#include <wctype.h>

#include "base/text.h"

static uint32_t small(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? cp + 'a' - 'A' : cp;
	/* No case in what most texts here are made of. */
	return cp == TEXT_BAD || cp >= 0x2e80 ? cp : (uint32_t)towlower((wint_t)cp);
}

bool match_init(struct match *m, const char *words)
{
	size_t len = strlen(words), used;

	m->n = 0;
	m->fold = true;
	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(words + i, len - i, &used);

		if (m->n == MATCH_MAX)
			return false;
		m->fold = m->fold && small(cp) == cp;
		m->cp[m->n++] = cp;
	}
	return m->n > 0;
}

static uint32_t as_asked(const struct match *m, uint32_t cp)
{
	return m->fold ? small(cp) : cp;
}

static bool stands_at(const struct match *m, const char *s, size_t len, size_t *ret_used)
{
	size_t i = 0, used;

	for (unsigned k = 0; k < m->n; k++) {
		if (i >= len || as_asked(m, text_decode(s + i, len - i, &used)) != m->cp[k])
			return false;
		i += used;
	}
	*ret_used = i;
	return true;
}

bool match_next(const struct match *m, const void *text, size_t len, size_t from,
		size_t *ret_at, size_t *ret_end)
{
	const char *s = text;
	size_t used;

	/* Not from within a character. */
	while (from < len && ((unsigned char)s[from] & 0xc0u) == 0x80)
		from++;
	for (size_t i = from; i < len; i += used) {
		size_t taken;

		if (as_asked(m, text_decode(s + i, len - i, &used)) != m->cp[0] ||
		    !stands_at(m, s + i, len - i, &taken))
			continue;
		*ret_at = i;
		*ret_end = i + taken;
		return true;
	}
	return false;
}

size_t match_longest(const struct match *m)
{
	return (size_t)m->n * 4;
}
