/* see_sheet.c - specimens in rows, read and compared.
 *
 * A Chinese character is read by itself, away from its neighbours, so that the models see
 * its strokes and have no sentence to guess from; letters and digits are read as the word
 * they stand in.  A picture becomes known only when its whole specimen is read as exactly
 * the characters that the layer has, none more and none less: whatever is read as
 * something else stays unknown, and the line it stands in is read as before.
 *
 * Hostile: the pictures and the characters, not their places (see_lines.h). */
#include "inspect/see/see_sheet.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/see/see_cut.h"
#include "inspect/see/see_lines.h"
#include "inspect/see/see_reader.h"
#include "inspect/views.h"

enum {
	SPECIMEN_LETTERS = 32, /* of a word */
	NEIGHBOURS = 2,
	SYMBOLS_MOST = 128, /* of a specimen */
	SLACK = 2,	    /* pixels, beside the ink */
};

struct specimen {
	uint32_t line, first, end; /* characters */
};

struct sheet {
	const struct see_units *u;
	PIX *gray;
	struct see_known *known;
	uint32_t page;
	struct specimen *list; /* owned */
	size_t n, cap;
};

/* Marks that may stand between words: their pictures say nothing else as long as nothing
 * else is read. Whatever is not here and not judged is never known. */
static bool is_mark(uint32_t cp)
{
	return (cp >= '!' && cp <= '~') || (cp >= 0x2010 && cp <= 0x2026) ||
	       (cp >= 0x3001 && cp <= 0x3002) || (cp >= 0x3008 && cp <= 0x3015) ||
	       (cp >= 0xff01 && cp <= 0xff5e) || cp == 0xb7 || cp == 0xa7 || cp == 0xb0 ||
	       cp == 0xffe5 || cp == 0x2103 || cp == 0x2030;
}

/* Ink that stands in the place of a blank belongs to a letter beside it, or is odd. */
static bool can_be_known(const struct see_units *u, const struct see_unit *unit)
{
	bool more = false;

	for (uint32_t i = unit->first; i < unit->end; i++) {
		uint32_t cp = u->letters[i].cp;

		if (see_lines_is_blank(cp))
			continue;
		if (views_fold(cp) == 0 && !is_mark(cp))
			return false;
		more = true;
	}
	return more;
}

bool see_sheet_unit_known(const struct see_units *u, const struct see_unit *unit,
			  const struct see_known *known)
{
	if (unit->n_runs > 0)
		return see_known_has(known, unit->digest);
	/* Whatever is not drawn, and no blank, hides or is odd. */
	for (uint32_t i = unit->first; i < unit->end; i++)
		if (!see_lines_is_blank(u->letters[i].cp))
			return false;
	return true;
}

bool see_sheet_line_known(const struct see_units *u, const struct see_line *line,
			  const struct see_known *known)
{
	for (uint32_t i = line->first; line->plain && i < line->end;) {
		const struct see_unit *unit = &u->units[u->letters[i].unit];

		if (!see_sheet_unit_known(u, unit, known))
			return false;
		i = unit->end;
	}
	return line->plain;
}

/* --- what to read --- */

static bool is_small(uint32_t cp) /* letters and digits: of a word */
{
	uint32_t c = views_fold(cp);

	return c != 0 && c < 0x3400;
}

/* A specimen never cuts a unit. */
static void widen(const struct see_units *u, const struct see_line *l, struct specimen *s)
{
	bool small = false, judged = false;

	for (uint32_t i = s->first; i < s->end; i++) {
		judged = judged || views_fold(u->letters[i].cp) != 0;
		small = small || is_small(u->letters[i].cp);
	}
	if (!judged) { /* a mark is told by its neighbours */
		if (s->first > l->first)
			s->first = u->units[u->letters[s->first - 1].unit].first;
		if (s->end < l->end)
			s->end = u->units[u->letters[s->end].unit].end;
		small = is_small(u->letters[s->first].cp) ||
			is_small(u->letters[s->end - 1].cp);
	}
	if (!small)
		return;
	while (s->first > l->first && is_small(u->letters[s->first - 1].cp) &&
	       s->end - s->first < SPECIMEN_LETTERS)
		s->first = u->units[u->letters[s->first - 1].unit].first;
	while (s->end < l->end && is_small(u->letters[s->end].cp) &&
	       s->end - s->first < SPECIMEN_LETTERS)
		s->end = u->units[u->letters[s->end].unit].end;
}

static int put(struct sheet *t, const struct specimen *s)
{
	const struct specimen *last = t->n > 0 ? &t->list[t->n - 1] : NULL;

	if (last != NULL && last->first <= s->first && last->end >= s->end)
		return SL_OK; /* the same word */
	if (t->n == t->cap) {
		size_t cap = t->cap == 0 ? 256 : t->cap * 2;
		struct specimen *list = reallocarray(t->list, cap, sizeof(*list));

		if (list == NULL)
			return SL_E_NOMEM;
		t->list = list;
		t->cap = cap;
	}
	t->list[t->n++] = *s;
	return SL_OK;
}

static int choose(struct sheet *t)
{
	const struct see_units *u = t->u;
	int r = SL_OK;

	for (uint32_t i = 0; r == SL_OK && i < u->n_units; i++) {
		const struct see_unit *unit = &u->units[i];
		uint32_t line = u->letters[unit->first].line;
		struct specimen s = {.line = line, .first = unit->first, .end = unit->end};

		if (!u->lines[line].plain || unit->n_runs == 0 || !can_be_known(u, unit) ||
		    !see_known_try(t->known, unit->digest, t->page))
			continue;
		widen(u, &u->lines[line], &s);
		r = put(t, &s);
	}
	return r;
}

/* --- reading --- */

/* The next character of it that is judged; NULL at the end. */
static const struct see_letter *next_letter(const struct sheet *t, const struct specimen *s,
					    uint32_t *at)
{
	while (*at < s->end) {
		const struct see_letter *l = &t->u->letters[(*at)++];

		if (views_fold(l->cp) != 0)
			return l;
	}
	return NULL;
}

/* The middle of what was read lies in the ink of the unit it is compared with.  Without
 * that a drawing that reads as nothing and one that reads as two letters would shift all
 * letters between them, and each would be known for another. */
static bool stands_there(const struct sheet *t, const struct see_letter *l,
			 const struct see_symbol *symbol, const struct see_cut *c)
{
	const struct see_box *ink = &t->u->units[l->unit].ink;
	int middle = (symbol->left + symbol->right) / 2 / c->enlarged - c->dx;

	return middle >= ink->left - SLACK && middle <= ink->right + SLACK;
}

/* What was read is exactly what the layer has? */
static bool agrees(const struct sheet *t, const struct specimen *s, const struct see_cut *cut,
		   const struct see_symbol *symbols, unsigned n)
{
	const struct see_letter *first = &t->u->letters[s->first];
	bool single = first->unit == t->u->letters[s->end - 1].unit;
	uint32_t at = s->first;

	for (unsigned i = 0; i < n; i++) {
		uint32_t c = views_fold(symbols[i].cp);
		const struct see_letter *l = c != 0 ? next_letter(t, s, &at) : NULL;

		if (c == 0)
			continue;
		if (l == NULL || views_fold(l->cp) != c ||
		    (!single && !stands_there(t, l, &symbols[i], cut)))
			return false;
	}
	return next_letter(t, s, &at) == NULL;
}

static void learn(const struct sheet *t, const struct specimen *s)
{
	const struct see_units *u = t->u;

	for (uint32_t i = u->letters[s->first].unit; i <= u->letters[s->end - 1].unit; i++)
		if (u->units[i].n_runs > 0 && can_be_known(u, &u->units[i]))
			see_known_add(t->known, u->units[i].digest);
}

/* The models take a single character for a word, or for a line, and err in different
 * ones: what one way does not find the other may. */
static int read_in_ways(const struct sheet *t, const struct specimen *s, bool *ret_known)
{
	static const struct see_read ways[] = {
		{.layout = SEE_LAYOUT_WORD, .dpi = SEE_DPI, .chinese_only = true},
		{.layout = SEE_LAYOUT_LINE, .dpi = SEE_DPI, .chinese_only = true},
		{.layout = SEE_LAYOUT_LINE, .dpi = SEE_DPI},
	};
	struct see_symbol symbols[SYMBOLS_MOST];
	struct see_cut cut = {.pix = NULL};
	bool known = false;
	unsigned n;
	int r;

	*ret_known = false;
	if (!see_cut_is_even(t->u, s->first, s->end))
		return SL_OK;
	r = see_cut_out(t->u, t->gray, s->first, s->end, &cut);

	for (size_t i = 0; r == SL_OK && !known && i < sizeof(ways) / sizeof(ways[0]); i++) {
		r = see_reader_symbols(cut.pix, &ways[i], symbols, SYMBOLS_MOST, &n);
		/* As many as there is room for may not be all. */
		known = r == SL_OK && n < SYMBOLS_MOST && agrees(t, s, &cut, symbols, n);
	}
	if (known)
		learn(t, s);
	pixDestroy(&cut.pix);
	*ret_known = known;
	return r;
}

/* What cannot be read alone is read with its neighbours. */
static int read_one(const struct sheet *t, const struct specimen *s)
{
	const struct see_units *u = t->u;
	const struct see_line *l = &u->lines[s->line];
	struct specimen more = *s;
	bool known;
	int r = read_in_ways(t, s, &known);

	for (unsigned i = 0; i < NEIGHBOURS && more.first > l->first; i++)
		more.first = u->units[u->letters[more.first - 1].unit].first;
	for (unsigned i = 0; i < NEIGHBOURS && more.end < l->end; i++)
		more.end = u->units[u->letters[more.end].unit].end;
	if (r == SL_OK && !known && more.end - more.first > s->end - s->first)
		r = read_in_ways(t, &more, &known);
	return r;
}

int see_sheet_read(const struct see_units *u, PIX *gray, uint32_t page, struct see_known *known)
{
	struct sheet t = {.u = u, .gray = gray, .known = known, .page = page};
	int r = choose(&t);

	for (size_t i = 0; r == SL_OK && i < t.n; i++)
		r = read_one(&t, &t.list[i]);
	free(t.list);
	return r;
}
