/* see_ink.c - runs of dark pixels, joined from row to row.
 *
 * Hostile: the pixels.  A page of noise has millions of runs: there is a ceiling. */
#include "inspect/see/see_ink.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_RUNS = 1 << 16, RUNS_MAX = 2 << 20 };

struct finder {
	struct see_run *runs;
	size_t n, cap;
	uint32_t *parent; /* of each run, the number of another of its piece */
};

static int put(struct finder *f, uint16_t y, uint16_t x, uint16_t len)
{
	if (f->n == f->cap) {
		size_t cap = f->cap == 0 ? FIRST_RUNS : f->cap * 2;
		struct see_run *runs;
		uint32_t *parent;

		if (cap > RUNS_MAX)
			return SL_E_LIMIT;
		runs = reallocarray(f->runs, cap, sizeof(*runs));
		if (runs == NULL)
			return SL_E_NOMEM;
		f->runs = runs;
		parent = reallocarray(f->parent, cap, sizeof(*parent));
		if (parent == NULL)
			return SL_E_NOMEM;
		f->parent = parent;
		f->cap = cap;
	}
	f->parent[f->n] = (uint32_t)f->n;
	f->runs[f->n++] = (struct see_run){.y = y, .x = x, .len = len};
	return SL_OK;
}

static uint32_t root_of(struct finder *f, uint32_t i)
{
	while (f->parent[i] != i) {
		f->parent[i] = f->parent[f->parent[i]];
		i = f->parent[i];
	}
	return i;
}

/* The smaller number is the root, so that the first run of a piece is. */
static void join(struct finder *f, uint32_t a, uint32_t b)
{
	a = root_of(f, a);
	b = root_of(f, b);
	if (a < b)
		f->parent[b] = a;
	else
		f->parent[a] = b;
}

static int take_row(struct finder *f, PIX *gray, int y, int w)
{
	const l_uint32 *row = pixGetData(gray) + (size_t)y * (size_t)pixGetWpl(gray);
	int r = SL_OK;

	for (int x = 0; r == SL_OK && x < w;) {
		int from = x;

		/* Four pixels of paper at once: most of a page is. */
		if ((x & 3) == 0 && row[x >> 2] == UINT32_MAX) {
			x += 4;
			continue;
		}
		while (x < w && GET_DATA_BYTE(row, x) < SEE_INK)
			x++;
		if (x > from)
			r = put(f, (uint16_t)y, (uint16_t)from, (uint16_t)(x - from));
		else
			x++;
	}
	return r;
}

/* Runs [above, row) stand one row higher than [row, f->n). */
static void join_rows(struct finder *f, size_t above, size_t row)
{
	for (size_t i = above, j = row; i < row && j < f->n;) {
		const struct see_run *a = &f->runs[i], *b = &f->runs[j];
		int a_end = a->x + a->len, b_end = b->x + b->len;

		if (a_end >= b->x && b_end >= a->x)
			join(f, (uint32_t)i, (uint32_t)j);
		if (a_end < b_end)
			i++;
		else
			j++;
	}
}

static void grow(struct see_box *box, const struct see_run *run)
{
	if (run->x < box->left)
		box->left = run->x;
	if (run->x + run->len > box->right)
		box->right = run->x + run->len;
	if (run->y < box->top)
		box->top = run->y;
	if (run->y + 1 > box->bottom)
		box->bottom = run->y + 1;
}

/* Number the pieces in the order of their first runs. */
static int number(struct finder *f, struct see_ink *ink)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->n; i++)
		n += root_of(f, i) == i;
	ink->pieces = calloc((size_t)n + 1, sizeof(*ink->pieces));
	if (ink->pieces == NULL)
		return SL_E_NOMEM;
	for (uint32_t i = 0; i < f->n; i++) {
		uint32_t root = root_of(f, i);

		if (root == i) {
			f->runs[i].piece = ink->n_pieces++;
			ink->pieces[f->runs[i].piece] =
				(struct see_box){.left = INT32_MAX, .top = INT32_MAX};
		}
		f->runs[i].piece = f->runs[root].piece;
		grow(&ink->pieces[f->runs[i].piece], &f->runs[i]);
	}
	return SL_OK;
}

int see_ink_find(PIX *gray, struct see_ink *ret_ink)
{
	int w = pixGetWidth(gray), h = pixGetHeight(gray);
	int r = w <= SEE_INK_SIDE && h <= SEE_INK_SIDE ? SL_OK : SL_E_LIMIT;
	struct finder f = {.runs = NULL};
	struct see_ink ink = {.runs = NULL};
	size_t above = 0;

	for (int y = 0; r == SL_OK && y < h; y++) {
		size_t row = f.n;

		r = take_row(&f, gray, y, w);
		join_rows(&f, above, row);
		above = row;
	}
	if (r == SL_OK)
		r = number(&f, &ink);
	if (r == SL_OK) {
		ink.runs = f.runs;
		ink.n_runs = f.n;
		f.runs = NULL; /* moved */
		*ret_ink = ink;
	} else {
		free(ink.pieces);
	}
	free(f.runs);
	free(f.parent);
	return r;
}

void see_ink_release(struct see_ink *ink)
{
	free(ink->runs);
	free(ink->pieces);
	*ink = (struct see_ink){.runs = NULL};
}

void see_box_add(struct see_box *all, const struct see_box *one)
{
	if (one->left >= one->right)
		return;
	if (all->left >= all->right) {
		*all = *one;
		return;
	}
	all->left = one->left < all->left ? one->left : all->left;
	all->top = one->top < all->top ? one->top : all->top;
	all->right = one->right > all->right ? one->right : all->right;
	all->bottom = one->bottom > all->bottom ? one->bottom : all->bottom;
}
