/* see_lines.c - is a line of the layer a line for the eye?
 *
 * True characters in a wrong order lie as well as false ones: two lines pushed into each
 * other (机 and 密 of two "lines" on one height), characters that change places, a stroke
 * of one that reaches into the next.  The layer's order is believed only where the places
 * leave no other. */
#include "inspect/see/see_lines.h"

#include <stdlib.h>

#include "inspect/views.h"

enum {
	OVERLAP_PERCENT = 20, /* of a character's width, by the next one */
	MIDDLE_PERCENT = 30,  /* of a height, between middles */
	HEIGHT_PERCENT = 60,  /* a character's least height of its line's largest */
	HAN_PERCENT = 50,   /* a Chinese character's least width of its height: two narrow ones
			       look like a third */
	REACH_PERCENT = 15, /* of a height, beside the place */
	RISE_PERCENT = 30,  /* of a height, above and below the place */
	INTO_PERCENT = 25,  /* of the lower of two lines' heights, into each other */
	ROUNDING = 2,	    /* pixels */
};

static int width(const struct see_box *b)
{
	return b->right - b->left;
}

static int height(const struct see_box *b)
{
	return b->bottom - b->top;
}

bool see_lines_is_blank(uint32_t cp)
{
	return cp == ' ' || cp == 0xa0 || cp == 0x3000;
}

static bool is_blank(const struct see_letter *l)
{
	return see_lines_is_blank(l->cp);
}

static bool is_han(uint32_t cp)
{
	return views_fold(cp) >= 0x3400;
}

static bool in_order(const struct see_letter *before, const struct see_letter *l)
{
	int least =
		width(&before->cell) < width(&l->cell) ? width(&before->cell) : width(&l->cell);

	return l->cell.left >= before->cell.left &&
	       l->cell.left + least * OVERLAP_PERCENT / 100 + ROUNDING >= before->cell.right;
}

static bool on_line(const struct see_letter *l, const struct see_box *largest)
{
	int off = abs(l->cell.top + l->cell.bottom - largest->top - largest->bottom);

	return off * 100 <= 2 * height(largest) * MIDDLE_PERCENT &&
	       height(&l->cell) * 100 >= height(largest) * HEIGHT_PERCENT &&
	       (!is_han(l->cp) || width(&l->cell) * 100 >= height(&l->cell) * HAN_PERCENT);
}

static bool is_straight(const struct see_units *u, const struct see_line *line)
{
	const struct see_box *largest = NULL;
	const struct see_letter *before = NULL;

	for (uint32_t i = line->first; i < line->end; i++)
		if (!is_blank(&u->letters[i]) &&
		    (largest == NULL || height(&u->letters[i].cell) > height(largest)))
			largest = &u->letters[i].cell;
	for (uint32_t i = line->first; i < line->end; i++) {
		const struct see_letter *l = &u->letters[i];

		if (before != NULL && !in_order(before, l))
			return false;
		if (!is_blank(l) && !on_line(l, largest))
			return false;
		before = l;
	}
	return true;
}

/* More marks than letters, or a row of bars: such lines draw pictures and codes. */
static bool is_of_words(const struct see_units *u, const struct see_line *line)
{
	enum { BARS_MOST = 8, MARKS_MOST = 6 };
	unsigned judged = 0, others = 0, bars = 0;

	for (uint32_t i = line->first; i < line->end; i++) {
		uint32_t cp = u->letters[i].cp;

		if (is_blank(&u->letters[i]))
			continue;
		judged += views_fold(cp) != 0;
		others += views_fold(cp) == 0;
		bars += views_fold(cp) == '1' || cp == '|' || cp == '!';
	}
	return (judged >= others || others <= MARKS_MOST) &&
	       (bars < BARS_MOST || bars * 2 < judged);
}

static bool stays_in(const struct see_units *u, const struct see_unit *unit)
{
	const struct see_box *first = &u->letters[unit->first].cell;
	const struct see_box *last = &u->letters[unit->end - 1].cell;
	int reach = height(first) * REACH_PERCENT / 100 + ROUNDING;
	int rise = height(first) * RISE_PERCENT / 100 + ROUNDING;

	return unit->n_runs == 0 ||
	       (unit->ink.left >= first->left - reach &&
		unit->ink.right <= last->right + reach && unit->ink.top >= first->top - rise &&
		unit->ink.bottom <= first->bottom + rise);
}

/* One stands in the other's way: in it, or so near beside it that both are one line. */
static bool are_entangled(const struct see_box *a, const struct see_box *b)
{
	int least = height(a) < height(b) ? height(a) : height(b);
	int into = (a->bottom < b->bottom ? a->bottom : b->bottom) -
		   (a->top > b->top ? a->top : b->top);
	int gap = (a->left > b->left ? a->left : b->left) -
		  (a->right < b->right ? a->right : b->right);

	return into * 100 > least * INTO_PERCENT && gap < least;
}

/* Characters one below the other may be read downwards. */
static bool are_column(const struct see_line *a, const struct see_line *b)
{
	int least = height(&a->ink) < height(&b->ink) ? height(&a->ink) : height(&b->ink);
	int gap = (a->ink.top > b->ink.top ? a->ink.top : b->ink.top) -
		  (a->ink.bottom < b->ink.bottom ? a->ink.bottom : b->ink.bottom);
	bool narrow =
		width(&a->ink) < 2 * height(&a->ink) && width(&b->ink) < 2 * height(&b->ink);

	return narrow && gap < least && a->ink.left < b->ink.right &&
	       b->ink.left < a->ink.right;
}

static bool has_ink(const struct see_line *l)
{
	return l->ink.right > l->ink.left;
}

void see_lines_judge(struct see_units *u)
{
	for (uint32_t i = 0; i < u->n_lines; i++)
		if (!is_straight(u, &u->lines[i]) || !is_of_words(u, &u->lines[i]))
			u->lines[i].plain = false;
	for (uint32_t i = 0; i < u->n_units; i++)
		if (!stays_in(u, &u->units[i]) ||
		    u->units[i].end - u->units[i].first > SEE_UNIT_MOST)
			u->lines[u->letters[u->units[i].first].line].plain = false;
	for (uint32_t i = 0; i < u->n_lines; i++)
		for (uint32_t k = i + 1; k < u->n_lines; k++) {
			struct see_line *a = &u->lines[i], *b = &u->lines[k];

			if (has_ink(a) && has_ink(b) &&
			    (are_entangled(&a->ink, &b->ink) || are_column(a, b)))
				a->plain = b->plain = false;
		}
}
