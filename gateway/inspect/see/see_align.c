/* see_align.c - two rows of characters, step by step.
 *
 * Only what is judged takes part (views.h): letters, digits and Chinese characters.  Equal
 * ones are a step; where they differ, the shortest way to where two in a row are equal again
 * is a gap, and only small gaps are allowed: as many characters as the layer has, two for
 * one, or some where the layer has a mark (a dash is read as 一).
 *
 * Hostile: both rows.  A picture that reads as nothing beside one that reads as two shifts
 * what stands between them: so nothing is sure of a character that was not read where it
 * stands, nor of those beside it. */
#include "inspect/see/see_align.h"

#include <stdlib.h>

#include "inspect/views.h"

enum {
	GAP_MOST = 3, /* characters */
	LETTERS_LEAST = 2,
	ODD_PART = 4, /* at most one of so many may differ */
};

struct row {
	uint32_t fold[SEE_SYMBOLS_MOST + 1];
	uint32_t from[SEE_SYMBOLS_MOST + 1]; /* character or symbol */
	unsigned n;
};

struct alignment {
	const struct see_units *u;
	const struct see_line *line;
	const struct see_cut *cut;
	const struct see_symbol *symbols;
	struct row layer, read;
	bool same[SEE_SYMBOLS_MOST + 1];	     /* of the layer's characters */
	struct see_as as[SEE_SYMBOLS_MOST + 1];	     /* those that are not, read instead */
	struct see_as between[SEE_SYMBOLS_MOST + 1]; /* read before each, where a mark stands */
	unsigned odd, elsewhere; /* read as others, and not where they stand */
};

static bool take_rows(struct alignment *a, unsigned n)
{
	for (uint32_t i = a->line->first; i < a->line->end; i++) {
		uint32_t c = views_fold(a->u->letters[i].cp);

		if (c == 0)
			continue;
		if (a->layer.n == SEE_SYMBOLS_MOST)
			return false;
		a->layer.fold[a->layer.n] = c;
		a->layer.from[a->layer.n++] = i;
	}
	for (unsigned i = 0; i < n; i++) {
		uint32_t c = views_fold(a->symbols[i].cp);

		if (c == 0)
			continue;
		a->read.fold[a->read.n] = c;
		a->read.from[a->read.n++] = i;
	}
	return a->layer.n >= LETTERS_LEAST;
}

static bool stands_there(const struct alignment *a, unsigned i, unsigned j)
{
	const struct see_letter *l = &a->u->letters[a->layer.from[i]];
	const struct see_symbol *s = &a->symbols[a->read.from[j]];
	int middle = (s->left + s->right) / 2 / a->cut->enlarged - a->cut->dx;
	int slack = (l->cell.right - l->cell.left) / 2;

	return middle >= l->cell.left - slack && middle <= l->cell.right + slack;
}

static bool meet(const struct alignment *a, unsigned i, unsigned j)
{
	bool ended = i == a->layer.n && j == a->read.n;

	for (unsigned k = 0; !ended && k < 2; k++) {
		if (i + k >= a->layer.n || j + k >= a->read.n)
			return k > 0 && i + k == a->layer.n && j + k == a->read.n;
		if (a->layer.fold[i + k] != a->read.fold[j + k])
			return false;
	}
	return true;
}

/* The shortest gap from here, equally long in both when there is one of that length. */
static bool find_gap(const struct alignment *a, unsigned i, unsigned j, unsigned *ret_i,
		     unsigned *ret_j)
{
	for (unsigned sum = 1; sum <= 2 * GAP_MOST; sum++)
		for (unsigned off = sum % 2; off <= sum; off += 2)
			for (unsigned side = 0; side < 2; side++) {
				unsigned more = (sum + off) / 2, less = (sum - off) / 2;

				*ret_i = side == 0 ? less : more;
				*ret_j = side == 0 ? more : less;
				if (*ret_i <= GAP_MOST && *ret_j <= GAP_MOST &&
				    i + *ret_i <= a->layer.n && j + *ret_j <= a->read.n &&
				    meet(a, i + *ret_i, j + *ret_j))
					return true;
			}
	return false;
}

/* Marks with ink before the layer's character number i and after the one before it. */
static unsigned marks_before(const struct alignment *a, unsigned i)
{
	uint32_t from = i > 0 ? a->layer.from[i - 1] + 1 : a->line->first;
	uint32_t to = i < a->layer.n ? a->layer.from[i] : a->line->end;
	unsigned n = 0;

	for (uint32_t k = from; k < to; k++)
		n += a->u->units[a->u->letters[k].unit].n_runs > 0 &&
		     a->u->letters[k].cp != ' ';
	return n;
}

static struct see_as take_read(const struct alignment *a, unsigned j, unsigned n)
{
	struct see_as as = {.n = n};

	for (unsigned k = 0; k < n; k++)
		as.cp[k] = a->symbols[a->read.from[j + k]].cp;
	return as;
}

/* n symbols from j on were read for the layer's character i. */
static void put_read(struct alignment *a, unsigned i, unsigned j, unsigned n)
{
	if (stands_there(a, i, j))
		a->as[i] = take_read(a, j, n);
	else
		a->elsewhere++;
}

static bool take_gap(struct alignment *a, unsigned i, unsigned j, unsigned di, unsigned dj)
{
	a->odd += di > dj ? di : dj;
	if (di == 0) {
		if (dj > SEE_AS_MOST || dj > marks_before(a, i))
			return false;
		a->between[i] = take_read(a, j, dj);
		return true;
	}
	if (di == 1 && dj > 0 && dj <= SEE_AS_MOST) {
		put_read(a, i, j, dj);
		return true;
	}
	for (unsigned k = 0; di == dj && k < di; k++)
		put_read(a, i + k, j + k, 1);
	return di == dj;
}

static bool walk(struct alignment *a)
{
	unsigned i = 0, j = 0, di, dj;

	while (i < a->layer.n || j < a->read.n) {
		if (i < a->layer.n && j < a->read.n && a->layer.fold[i] == a->read.fold[j]) {
			a->same[i] = stands_there(a, i, j);
			a->elsewhere += !a->same[i++];
			j++;
			continue;
		}
		if (!find_gap(a, i, j, &di, &dj) || !take_gap(a, i, j, di, dj))
			return false;
		i += di;
		j += dj;
	}
	return a->odd * ODD_PART <= a->layer.n && a->elsewhere * ODD_PART <= a->layer.n;
}

/* The unit has the layer's characters [from, to): what was read of it and of its neighbours
 * tells whether that is sure. */
static struct see_shown show(const struct alignment *a, unsigned from, unsigned to)
{
	struct see_shown s = {.sure = (from == 0 || a->same[from - 1]) &&
				      (to == a->layer.n || a->same[to])};
	unsigned same = 0, between = 0;

	for (unsigned i = from; i < to; i++)
		same += a->same[i];
	for (unsigned i = from; i <= to; i++)
		between += a->between[i].n;
	if (from == to && between > 0) {
		s.as = a->between[from];
		s.sure = s.sure && marks_before(a, from) == 1;
	} else if (same < to - from) {
		s.as = a->as[from];
		s.sure = s.sure && to - from == 1 && between == 0 && s.as.n > 0;
	} else {
		s.sure = s.sure && between == 0;
	}
	return s;
}

bool see_align(const struct see_units *u, const struct see_line *line,
	       const struct see_cut *cut, const struct see_symbol *symbols, unsigned n,
	       struct see_shown *shown)
{
	struct alignment a = {.u = u, .line = line, .cut = cut, .symbols = symbols};
	uint32_t first = u->letters[line->first].unit;
	unsigned from = 0, to;

	/* As many as there is room for may not be all. */
	if (n >= SEE_SYMBOLS_MOST || !take_rows(&a, n) || !walk(&a))
		return false;
	for (uint32_t i = line->first; i < line->end;) {
		const struct see_unit *unit = &u->units[u->letters[i].unit];

		for (to = from; to < a.layer.n && a.layer.from[to] < unit->end;)
			to++;
		shown[u->letters[i].unit - first] = show(&a, from, to);
		/* More than the one character: its answer names only that. */
		if (unit->end - unit->first > 1 && shown[u->letters[i].unit - first].as.n > 0)
			shown[u->letters[i].unit - first].sure = false;
		from = to;
		i = unit->end;
	}
	return true;
}
