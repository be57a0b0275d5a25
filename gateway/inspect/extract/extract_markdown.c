/* extract_markdown.c - "138**1234**5678" is shown as one number.
 *
 * Hostile: marks without end.  Every look ahead is bounded, so the work is linear. */
#include "inspect/extract/extract_markdown.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum {
	MARK_MAX = 3,	 /* stars in a row; more are a mask, "138****5678" */
	REACH_MAX = 256, /* bytes to the mark that ends an emphasis, and of a tag */
	COMMENT_MAX = 4096,
};

struct markdown {
	const char *s;
	size_t len;
	size_t closing, closing_n; /* marks that end an emphasis which was left out */
};

/* Digits and words beyond ASCII are read across what is not seen. */
static bool glues(const struct markdown *m, size_t at)
{
	return at < m->len &&
	       (isdigit((unsigned char)m->s[at]) || ((uint8_t)m->s[at] & 0x80) != 0);
}

static bool between(const struct markdown *m, size_t from, size_t to)
{
	return from > 0 && glues(m, from - 1) && glues(m, to);
}

static size_t marks(const struct markdown *m, size_t at)
{
	size_t n = 0;

	while (at + n < m->len && m->s[at + n] == m->s[at])
		n++;
	return n;
}

/* The marks that end what those at `at` begin, in the same paragraph; len: none. */
static size_t closing(const struct markdown *m, size_t at, size_t n)
{
	size_t from = at + n, end = m->len - from < REACH_MAX ? m->len : from + REACH_MAX;

	if (from == m->len || isspace((unsigned char)m->s[from]))
		return m->len;
	for (size_t i = from; i < end; i++) {
		size_t same = m->s[i] == m->s[at] ? marks(m, i) : 0;

		if (m->s[i] == '\n' && i + 1 < end && m->s[i + 1] == '\n')
			break;
		/* Another one begins, which what follows belongs to. */
		if (same == n)
			return isspace((unsigned char)m->s[i - 1]) ? m->len : i;
		i += same > 0 ? same - 1 : 0;
	}
	return m->len;
}

/* Bytes at `at` that are marks of an emphasis around or inside a number; 0: they are seen. */
static size_t emphasis(struct markdown *m, size_t at)
{
	size_t n = marks(m, at), end;

	if (at == m->closing) {
		m->closing = m->len;
		return m->closing_n;
	}
	if (n > MARK_MAX)
		return 0;
	end = closing(m, at, n);
	if (end == m->len || (!between(m, at, at + n) && !between(m, end, end + n)))
		return 0;
	m->closing = end;
	m->closing_n = n;
	return n;
}

static bool is_inline(const char *name, size_t len)
{
	static const char *const names[] = {
		"a",	"abbr",	  "b",	 "bdi", "big",	"cite", "code", "del",	"em",
		"font", "i",	  "ins", "kbd", "mark", "q",	"s",	"samp", "small",
		"span", "strong", "sub", "sup", "tt",	"u",	"var",	"wbr"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len && strncasecmp(names[i], name, len) == 0)
			return true;
	return false;
}

/* A comment or a tag inside a line at `at`; 0: none. */
static size_t tag(const struct markdown *m, size_t at)
{
	const char *s = m->s + at, *end;
	size_t left = m->len - at, slash, n = 0;

	if (left > 4 && memcmp(s, "<!--", 4) == 0) {
		end = memmem(s, left < COMMENT_MAX ? left : COMMENT_MAX, "-->", 3);
		return end != NULL ? (size_t)(end - s) + 3 : 0;
	}
	slash = left > 1 && s[1] == '/';
	while (1 + slash + n < left && isalnum((unsigned char)s[1 + slash + n]))
		n++;
	end = memchr(s, '>', left < REACH_MAX ? left : REACH_MAX);
	return end != NULL && is_inline(s + 1 + slash, n) ? (size_t)(end - s) + 1 : 0;
}

/* Comments and tags in a row, when they stand in a number. */
static size_t tags(const struct markdown *m, size_t at)
{
	size_t n = 0, next;

	while (n < COMMENT_MAX && at + n < m->len && m->s[at + n] == '<' &&
	       (next = tag(m, at + n)) > 0)
		n += next;
	return n > 0 && between(m, at, at + n) ? n : 0;
}

void extract_markdown_seen(const char *s, size_t len, struct buf *out)
{
	struct markdown m = {.s = s, .len = len, .closing = len};

	for (size_t at = 0; at < len;) {
		size_t stop = at, gone = 0;

		while (stop < len && strchr("*~`<\\", s[stop]) == NULL)
			stop++;
		buf_put(out, s + at, stop - at);
		at = stop;
		if (at == len)
			break;
		if (s[at] == '<')
			gone = tags(&m, at);
		else if (s[at] == '\\')
			gone = between(&m, at, at + 1) && isdigit((unsigned char)s[at + 1]);
		else
			gone = emphasis(&m, at);
		if (gone == 0) {
			/* All of a row, so that its end does not look like another one. */
			size_t n = strchr("*~`", s[at]) != NULL ? marks(&m, at) : 1;

			buf_put(out, s + at, n);
			at += n;
		}
		at += gone;
	}
}
