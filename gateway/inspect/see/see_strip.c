/* see_strip.c - from what is settled, from what the same line said before, or read.
 *
 * Hostile: the pictures.  One that holds more than a character, or is lighter than its
 * neighbours, looks like a character or like paper to the models when it stands in a line:
 * its line is not read as one. */
#include "inspect/see/see_strip.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/see/see_align.h"
#include "inspect/see/see_lines.h"
#include "inspect/see/see_picture.h"
#include "inspect/see/see_sheet.h"
#include "inspect/views.h"

enum {
	STRIPS_KEPT = 512,
	NEIGHBOURS = 4,	  /* characters on each side of what is read */
	STRIPS_PAGE = 16, /* read of one page: more is a page */
	HEIGHT_MOST = 40, /* pixels of a place: in a higher one two lines may stand */
	STRIP_TEXT = 4096,
	SETTLED_PART = 4, /* at most one character of so many is settled as another */
};

struct strip {
	uint8_t digest[HASH_LEN];
	struct buf text; /* empty: it is not this line that was read */
};

struct see_strips {
	struct strip kept[STRIPS_KEPT];
	size_t n;
	uint32_t page; /* that was asked about last, and how many lines of it were read */
	unsigned read;
};

int see_strips_new(struct see_strips **ret_s)
{
	*ret_s = calloc(1, sizeof(**ret_s));
	return *ret_s != NULL ? SL_OK : SL_E_NOMEM;
}

void see_strips_free(struct see_strips *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		buf_release(&s->kept[i].text);
	free(s);
}

/* --- may it be read as a line? --- */

static bool is_fit(const struct see_units *u, const struct see_line *line)
{
	if (!line->plain || line->first == line->end || line->ink.right <= line->ink.left)
		return false;
	for (uint32_t i = line->first; i < line->end; i++) {
		const struct see_letter *l = &u->letters[i];
		const struct see_unit *unit = &u->units[l->unit];

		/* Whatever is not drawn, and no blank, hides or is odd. */
		if (l->cell.bottom - l->cell.top > HEIGHT_MOST ||
		    (unit->n_runs == 0 && !see_lines_is_blank(l->cp)))
			return false;
	}
	return see_cut_is_even(u, line->first, line->end);
}

/* --- what is settled --- */

static void put_cp(struct buf *b, uint32_t cp)
{
	char s[4];

	buf_put(b, s, text_encode(cp, s));
}

static void put_own(const struct see_units *u, const struct see_unit *unit, struct buf *text)
{
	for (uint32_t i = unit->first; i < unit->end; i++)
		put_cp(text, u->letters[i].cp);
}

/* Number `way` of the lines that what is settled makes; *ret_ways: there are so many. */
static bool put_settled_line(const struct see_units *u, const struct see_line *line,
			     const struct see_known *known, unsigned way, struct buf *text,
			     unsigned *ret_ways)
{
	unsigned others = 0, all = 0;
	struct see_as as[SEE_WAYS];

	for (uint32_t i = line->first; i < line->end;) {
		const struct see_unit *unit = &u->units[u->letters[i].unit];
		bool own = see_sheet_unit_known(u, unit, known);
		unsigned ways = own ? 1 : see_known_ways(known, unit->digest, as);
		const struct see_as *one = &as[way < ways ? way : 0];

		if (ways == 0)
			return false;
		if (own || one->n == 0)
			put_own(u, unit, text);
		for (unsigned k = 0; !own && k < one->n; k++)
			put_cp(text, one->cp[k]);
		for (; i < unit->end; i++)
			all += views_fold(u->letters[i].cp) != 0;
		others += !own;
		*ret_ways = ways > *ret_ways ? ways : *ret_ways;
	}
	buf_put_u8(text, '\n');
	return others * SETTLED_PART <= all;
}

static bool put_settled(const struct see_units *u, const struct see_line *line,
			const struct see_known *known, struct buf *text)
{
	unsigned ways = 1;

	for (unsigned way = 0; way < ways; way++)
		if (!put_settled_line(u, line, known, way, text, &ways))
			return false;
	return true;
}

/* --- what is read --- */

/* The pictures of the line and how they stand to each other. */
static int digest_of(const struct see_units *u, const struct see_line *line,
		     uint8_t digest[HASH_LEN])
{
	struct hash *h = NULL;
	int r = hash_new(&h);

	for (uint32_t i = line->first; r == SL_OK && i < line->end;) {
		const struct see_unit *unit = &u->units[u->letters[i].unit];
		const int32_t at[] = {unit->ink.left - line->ink.left,
				      unit->ink.top - line->ink.top};

		if (unit->n_runs > 0) {
			hash_update(h, at, sizeof(at));
			hash_update(h, unit->digest, HASH_LEN);
		}
		i = unit->end;
	}
	if (r == SL_OK)
		hash_final(h, digest);
	hash_free(h);
	return r;
}

static void put_symbols(const struct see_symbol *symbols, unsigned n, struct buf *text)
{
	enum { WIDE = 0x2e80 /* no blanks from here on */ };

	for (unsigned i = 0; i < n; i++) {
		if (i > 0 && symbols[i].word && symbols[i].cp < WIDE &&
		    symbols[i - 1].cp < WIDE)
			buf_put_u8(text, ' ');
		put_cp(text, symbols[i].cp);
	}
}

static void learn(const struct see_units *u, const struct see_line *line,
		  const struct see_shown *shown, struct see_known *known)
{
	uint32_t first = u->letters[line->first].unit;

	for (uint32_t i = line->first; i < line->end;) {
		const struct see_unit *unit = &u->units[u->letters[i].unit];

		if (unit->n_runs > 0 && shown[u->letters[i].unit - first].sure)
			see_known_line(known, unit->digest,
				       &shown[u->letters[i].unit - first].as);
		i = unit->end;
	}
}

static int read_strip(const struct see_units *u, const struct see_line *line, PIX *gray,
		      struct see_known *known, struct buf *text)
{
	static const struct see_read ways[] = {
		{.layout = SEE_LAYOUT_LINE, .dpi = SEE_DPI, .chinese_only = true},
		{.layout = SEE_LAYOUT_LINE, .dpi = SEE_DPI},
	};
	struct see_shown *shown = calloc(line->end - line->first, sizeof(*shown));
	struct see_symbol symbols[SEE_SYMBOLS_MOST];
	struct see_cut cut = {.pix = NULL};
	unsigned n = 0;
	int r = shown != NULL ? see_cut_out(u, gray, line->first, line->end, &cut) : SL_E_NOMEM;
	bool fits = false;

	for (size_t i = 0; r == SL_OK && !fits && i < sizeof(ways) / sizeof(ways[0]); i++) {
		r = see_reader_symbols(cut.pix, &ways[i], symbols, SEE_SYMBOLS_MOST, &n);
		fits = r == SL_OK && see_align(u, line, &cut, symbols, n, shown);
	}
	if (fits) {
		put_symbols(symbols, n, text);
		learn(u, line, shown, known);
	}
	pixDestroy(&cut.pix);
	free(shown);
	return r;
}

/* *ret_text is borrowed from s; empty: the line is left. */
static int look_up(struct see_strips *s, const struct see_units *u, const struct see_line *line,
		   PIX *gray, struct see_known *known, const struct buf **ret_text)
{
	static const struct buf nothing;
	struct strip *one;
	uint8_t digest[HASH_LEN];
	int r = digest_of(u, line, digest);

	*ret_text = &nothing;
	for (size_t i = 0; r == SL_OK && i < s->n; i++)
		if (memcmp(s->kept[i].digest, digest, HASH_LEN) == 0) {
			*ret_text = &s->kept[i].text;
			return SL_OK;
		}
	if (r != SL_OK || s->n == STRIPS_KEPT || s->read == STRIPS_PAGE)
		return r;
	s->read++;
	one = &s->kept[s->n++];
	memcpy(one->digest, digest, HASH_LEN);
	buf_init(&one->text, STRIP_TEXT);
	r = read_strip(u, line, gray, known, &one->text);
	*ret_text = &one->text;
	return r == SL_OK ? buf_error(&one->text) : r;
}

static bool is_open(const struct see_units *u, uint32_t letter, const struct see_known *known)
{
	return !see_sheet_unit_known(u, &u->units[u->letters[letter].unit], known);
}

/* From `first` on, the units that are open with neighbours on both sides. */
static struct see_line piece_from(const struct see_units *u, const struct see_line *line,
				  const struct see_known *known, uint32_t first)
{
	struct see_line piece = *line;
	uint32_t i = first, apart = 0;

	while (i < line->end && !is_open(u, i, known))
		i++;
	piece.first = piece.end = i;
	for (; i < line->end && apart <= 2 * NEIGHBOURS; i = u->units[u->letters[i].unit].end) {
		apart = is_open(u, i, known) ? 0 : apart + 1;
		if (apart == 0)
			piece.end = u->units[u->letters[i].unit].end;
	}
	for (unsigned n = 0; n < NEIGHBOURS && piece.first > first; n++)
		piece.first = u->units[u->letters[piece.first - 1].unit].first;
	for (unsigned n = 0; n < NEIGHBOURS && piece.end < line->end; n++)
		piece.end = u->units[u->letters[piece.end].unit].end;
	return piece;
}

/* What is known as it is, the rest as it is read.  False in *ret_taken: not all could be. */
static int put_pieces(struct see_strips *s, const struct see_units *u,
		      const struct see_line *line, PIX *gray, struct see_known *known,
		      struct buf *text, bool *ret_taken)
{
	const struct buf *read;
	uint32_t at = line->first;
	int r = SL_OK;

	*ret_taken = true;
	while (r == SL_OK && *ret_taken && at < line->end) {
		struct see_line piece = piece_from(u, line, known, at);

		for (; at < piece.first; at++)
			put_cp(text, u->letters[at].cp);
		if (piece.first == piece.end)
			break;
		r = look_up(s, u, &piece, gray, known, &read);
		*ret_taken = r == SL_OK && read->len > 0;
		if (*ret_taken)
			buf_put(text, read->data, read->len);
		at = piece.end;
	}
	buf_put_u8(text, '\n');
	return r;
}

int see_strips_take(struct see_strips *s, const struct see_units *u,
		    const struct see_line *line, PIX *gray, uint32_t page,
		    struct see_known *known, struct buf *text, bool *ret_taken)
{
	size_t before = text->len;
	int r = SL_OK;

	*ret_taken = false;
	if (s->page != page)
		s->read = 0;
	s->page = page;
	if (!is_fit(u, line))
		return SL_OK;
	if (put_settled(u, line, known, text)) {
		*ret_taken = true;
		return buf_error(text);
	}
	buf_cut(text, before);
	r = put_pieces(s, u, line, gray, known, text, ret_taken);
	if (r == SL_OK && !*ret_taken)
		buf_cut(text, before);
	return r == SL_OK ? buf_error(text) : r;
}
