/* respell_scan.c - read hostile text for spellings of the phrases.
 *
 * At each place where a phrase may start, its units are taken one after the other, the
 * longest reading first and without going back: work per place is bounded by the phrase. */
#include "policy/respell_private.h"

#include <string.h>

#include "policy/normalise.h"

enum { NEAR = 6, STAR = 0x2605, WHITE_STAR = 0x2606 };

/* How the units of a hit were written. */
struct spelling {
	unsigned same, sounds, letters, initials, parts;
};

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_han(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9fff) || c >= 0x20000;
}

static uint32_t at(const char *s, size_t len, size_t i, size_t *ret_used)
{
	size_t end = i;
	uint32_t c = i < len ? normalise_next(s, &end) : 0;

	*ret_used = end - i;
	return c;
}

/* Past at most two characters that are neither Han nor letters nor a line's end. */
static size_t skip_gap(const char *s, size_t len, size_t i)
{
	size_t used;

	for (int n = 0; n < RESPELL_GAP; n++) {
		uint32_t c = at(s, len, i, &used);

		if (used == 0 || c == '\n' || c == STAR || is_han(c) || is_letter(c) ||
		    (c >= '0' && c <= '9'))
			break;
		i += used;
	}
	return i;
}

/* Its parts, perhaps apart; 0: they are not there. */
static size_t take_parts(const struct respell_unit *u, const char *s, size_t len, size_t i)
{
	size_t used, end;

	for (unsigned k = 0; k < u->n_parts; k++) {
		end = i;
		for (unsigned n = 0; u->parts[k][n] != 0; n++) {
			end = n > 0 ? skip_gap(s, len, end) : end;
			if (at(s, len, end, &used) != u->parts[k][n]) {
				end = 0;
				break;
			}
			end += used;
		}
		if (end > 0)
			return end;
	}
	return 0;
}

/* Letters of the syllable, or its first one or two (zh, ch, sh). */
static size_t take_letters(const struct respell *r, const struct respell_unit *u, const char *s,
			   size_t len, size_t i, struct spelling *sp)
{
	const char *syllable = r->syllable[u->sound];
	size_t n = strlen(syllable), same = 0;

	if (u->sound == 0)
		return 0;
	while (same < n && i + same < len &&
	       (s[i + same] == syllable[same] || s[i + same] == syllable[same] - 'a' + 'A'))
		same++;
	if (same == 0)
		return 0;
	if (same == n) {
		sp->letters++;
		return i + n;
	}
	sp->initials++;
	return i + (same > 1 && syllable[1] == 'h' ? 2 : 1);
}

static size_t take_unit(const struct respell *r, const struct respell_unit *u, const char *s,
			size_t len, size_t i, struct spelling *sp)
{
	size_t used, end;
	uint32_t c = at(s, len, i, &used);

	if (used == 0)
		return 0;
	if ((end = take_parts(u, s, len, i)) > 0) {
		sp->parts++;
		return end;
	}
	if (c == u->cp || (u->cp == STAR && (c == WHITE_STAR || c == '*'))) {
		sp->same += u->cp != STAR;
		return i + used;
	}
	if (u->sound != 0 && c < 0x10000 && r->sound[c] == u->sound) {
		sp->sounds++;
		return i + used;
	}
	return take_letters(r, u, s, len, i, sp);
}

static size_t step_back(const char *s, size_t i)
{
	i--;
	while (i > 0 && ((unsigned char)s[i] & 0xc0) == 0x80)
		i--;
	return i;
}

/* Letters that stand among Chinese text, not in a foreign word, a name or code: nothing
 * that a word is made of touches them, and Han characters are near. */
static bool among_han(const char *s, size_t len, size_t from, size_t to)
{
	bool han = false;
	size_t used, i = from;

	for (int n = 0; n < NEAR && i > 0; n++) {
		uint32_t c;

		i = step_back(s, i);
		c = at(s, len, i, &used);
		if (n == 0 && (is_letter(c) || (c >= '0' && c <= '9')))
			return false;
		han = han || is_han(c);
	}
	i = to;
	for (int n = 0; n < NEAR && i < len; n++, i += used) {
		uint32_t c = at(s, len, i, &used);

		if (n == 0 && is_letter(c))
			return false;
		han = han || is_han(c);
	}
	return han || (from == 0 && to == len);
}

/* Is it more than chance? */
static bool counts(const struct respell_phrase *ph, const struct spelling *sp, const char *s,
		   size_t len, size_t from, size_t to)
{
	bool star = ph->unit[ph->n - 1].cp == STAR;
	unsigned n = ph->n - star, other = sp->sounds + sp->letters + sp->initials + sp->parts;

	if (other == 0)
		return false; /* the phrase itself is another item's business */
	/* Characters that sound the same fill every text: half must be the right ones. */
	if (sp->sounds > 0 && sp->same * 2 < n && sp->letters + sp->parts == 0)
		return false;
	/* A single initial says nothing, two are an abbreviation of anything. */
	if (sp->initials > 0 && sp->initials * 2 > n && n < 4 && !star)
		return false;
	return star || sp->letters + sp->initials == 0 || among_han(s, len, from, to);
}

static size_t match_phrase(const struct respell *r, const struct respell_phrase *ph,
			   const char *s, size_t len, size_t from)
{
	struct spelling sp = {0};
	size_t i = from;

	for (unsigned k = 0; k < ph->n; k++) {
		if (k > 0)
			i = skip_gap(s, len, i);
		i = take_unit(r, &ph->unit[k], s, len, i, &sp);
		if (i == 0)
			return 0;
	}
	return counts(ph, &sp, s, len, from, i) ? i : 0;
}

void respell_scan(const struct respell *r, const char *text, size_t len, size_t from, size_t to,
		  void (*hit)(unsigned index, size_t from, size_t to, void *arg), void *arg)
{
	for (size_t i = from, next = from; i < to; i = next) {
		uint32_t c = normalise_next(text, &next);
		uint64_t phrases = c < 0x10000 ? r->starts[r->start[c]] : 0;

		/* Letters inside a word begin nothing. */
		if (phrases == 0 ||
		    (is_letter(c) && i > 0 && is_letter((unsigned char)text[i - 1])))
			continue;
		for (; phrases != 0; phrases &= phrases - 1) {
			unsigned k = (unsigned)__builtin_ctzll(phrases);
			size_t end = match_phrase(r, &r->phrase[k], text, len, i);

			if (end > 0)
				hit(k, i, end, arg);
		}
	}
}
