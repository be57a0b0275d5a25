/* see_cut.c - the runs of some units, painted on white. */
#include "inspect/see/see_cut.h"

enum {
	MARGIN = 5,	    /* pixels of white around it */
	GOOD_HEIGHT = 24,   /* of a place; what is smaller is enlarged */
	LIGHTER_MOST = 112, /* of 255: thin strokes are lighter than thick ones */
};

static struct see_box ink_of(const struct see_units *u, uint32_t from, uint32_t to)
{
	struct see_box all = {0};

	for (uint32_t i = from; i <= to; i++)
		see_box_add(&all, &u->units[i].ink);
	return all;
}

/* The run with the lighter pixel at both ends, which makes an edge smooth. */
static void paint_run(PIX *page, const struct see_run *run, PIX *to, int dx, int dy)
{
	const l_uint32 *from = pixGetData(page) + (size_t)run->y * (size_t)pixGetWpl(page);
	int y = run->y + dy;
	l_uint32 *row = pixGetData(to) + (size_t)y * (size_t)pixGetWpl(to);

	if (y < 0 || y >= pixGetHeight(to))
		return;
	for (int x = run->x - 1; x <= run->x + run->len; x++)
		if (x >= 0 && x < pixGetWidth(page) && x + dx >= 0 &&
		    x + dx < pixGetWidth(to) &&
		    GET_DATA_BYTE(from, x) < GET_DATA_BYTE(row, x + dx))
			SET_DATA_BYTE(row, x + dx, GET_DATA_BYTE(from, x));
}

int see_cut_out(const struct see_units *u, PIX *gray, uint32_t first, uint32_t end,
		struct see_cut *ret_c)
{
	uint32_t from = u->letters[first].unit, to = u->letters[end - 1].unit;
	const struct see_box *cell = &u->letters[first].cell;
	struct see_box ink = ink_of(u, from, to);
	int top = cell->top < ink.top ? cell->top : ink.top;
	int bottom = cell->bottom > ink.bottom ? cell->bottom : ink.bottom;
	struct see_cut c = {.dx = MARGIN - ink.left,
			    .enlarged = bottom - top < GOOD_HEIGHT ? 2 : 1};
	PIX *pix = pixCreate(ink.right - ink.left + 2 * MARGIN, bottom - top + 2 * MARGIN, 8);

	if (pix == NULL)
		return SL_E_NOMEM;
	(void)pixSetAll(pix);
	for (uint32_t i = from; i <= to; i++) {
		const struct see_unit *unit = &u->units[i];

		for (size_t k = unit->run; k < unit->run + unit->n_runs; k++)
			paint_run(gray, &u->runs[k], pix, c.dx, MARGIN - top);
	}
	c.pix = c.enlarged == 1 ? pixClone(pix)
				: pixScale(pix, (float)c.enlarged, (float)c.enlarged);
	pixDestroy(&pix);
	*ret_c = c;
	return c.pix != NULL ? SL_OK : SL_E_NOMEM;
}

bool see_cut_is_even(const struct see_units *u, uint32_t first, uint32_t end)
{
	int darkest = UINT8_MAX, lightest = 0;

	for (uint32_t i = u->letters[first].unit; i <= u->letters[end - 1].unit; i++) {
		const struct see_unit *unit = &u->units[i];

		if (unit->n_runs == 0)
			continue;
		darkest = unit->darkest < darkest ? unit->darkest : darkest;
		lightest = unit->darkest > lightest ? unit->darkest : lightest;
	}
	return lightest - darkest <= LIGHTER_MOST;
}
