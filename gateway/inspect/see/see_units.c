/* see_units.c - pieces of ink go to the characters that stand where they are.
 *
 * Hostile: the layer, its places and the pixels.  A place may be anywhere and of any size,
 * so a doubt never gives ink to a character: it takes from a line that it is plain. */
#include "inspect/see/see_units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "inspect/see/see_lines.h"
#include "inspect/views.h"

enum {
	NOBODY = 0,
	PLACES_MOST = 16, /* times the page, that all places may cover together */
};

struct sorter {
	struct see_units *u;
	const struct see_ink *ink;
	uint16_t *map; /* of each pixel, 1 + the character that stands there */
	int width, height;
	uint32_t *owner; /* of each piece, the same */
};

/* --- the layer --- */

static int pixel(double points, double f, int most)
{
	double v = points * f;

	return !(v > 0) ? 0 : v >= most ? most : (int)lround(v);
}

static void take_letter(struct sorter *s, uint32_t cp, const PopplerRectangle *r, double f)
{
	struct see_units *u = s->u;

	u->letters[u->n_letters++] = (struct see_letter){
		.cp = cp,
		.line = u->n_lines,
		.cell = {.left = pixel(r->x1, f, s->width),
			 .top = pixel(r->y1, f, s->height),
			 .right = pixel(r->x2, f, s->width),
			 .bottom = pixel(r->y2, f, s->height)},
	};
}

static void end_line(struct see_units *u, uint32_t first, size_t from, size_t to)
{
	u->lines[u->n_lines++] = (struct see_line){
		.first = first, .end = u->n_letters, .from = from, .to = to, .plain = true};
}

static int take_layer(struct sorter *s, const struct see_page *g)
{
	struct see_units *u = s->u;
	size_t len = strlen(g->layer), at = 0, from = 0, used;
	uint32_t first = 0;

	if (g->n_rects > SEE_LETTERS_MOST)
		return SL_E_LIMIT;
	u->letters = calloc((size_t)g->n_rects + 1, sizeof(*u->letters));
	u->lines = calloc(SEE_LINES_MOST, sizeof(*u->lines));
	if (u->letters == NULL || u->lines == NULL)
		return SL_E_NOMEM;
	for (guint i = 0; i < g->n_rects && at < len; i++, at += used) {
		uint32_t cp = text_decode(g->layer + at, len - at, &used);

		if (cp != '\n') {
			take_letter(s, cp, &g->rects[i], g->dpi / 72);
			continue;
		}
		if (u->n_lines + 1 >= SEE_LINES_MOST)
			return SL_E_LIMIT;
		end_line(u, first, from, at + 1);
		first = u->n_letters;
		from = at + 1;
	}
	/* Characters without a place, or places without a character: nothing is sure. */
	if (at < len)
		return SL_E_LIMIT;
	if (from < at)
		end_line(u, first, from, at);
	return SL_OK;
}

/* --- who stands where --- */

static int middle_distance(const struct see_box *b, int y)
{
	return abs(b->top + b->bottom - 2 * y);
}

/* Lines may be set so close that their places overlap: the nearer middle has the pixel. */
static void fill(struct sorter *s, uint32_t i)
{
	const struct see_box *c = &s->u->letters[i].cell;

	for (int y = c->top; y < c->bottom; y++) {
		uint16_t *row = s->map + (size_t)y * (size_t)s->width;

		for (int x = c->left; x < c->right; x++)
			if (row[x] == NOBODY ||
			    middle_distance(c, y) <
				    middle_distance(&s->u->letters[row[x] - 1].cell, y))
				row[x] = (uint16_t)(i + 1);
	}
}

static int fill_all(struct sorter *s)
{
	uint64_t pixels = 0, most = (uint64_t)s->width * (uint64_t)s->height * PLACES_MOST;

	for (uint32_t i = 0; i < s->u->n_letters; i++) {
		const struct see_box *c = &s->u->letters[i].cell;

		if (c->right > c->left && c->bottom > c->top)
			pixels +=
				(uint64_t)(c->right - c->left) * (uint64_t)(c->bottom - c->top);
		if (pixels > most)
			return SL_E_LIMIT;
		s->u->letters[i].unit = i;
		fill(s, i);
	}
	return SL_OK;
}

static uint32_t at(const struct sorter *s, int x, int y)
{
	return x >= 0 && y >= 0 && x < s->width && y < s->height
		       ? s->map[(size_t)y * (size_t)s->width + (size_t)x]
		       : NOBODY;
}

/* More than a tip of the piece reaches into the character's place. */
static bool covers(const struct see_box *piece, const struct see_box *cell)
{
	int left = piece->left > cell->left ? piece->left : cell->left;
	int right = piece->right < cell->right ? piece->right : cell->right;

	return cell->right > cell->left && (right - left) * 4 >= cell->right - cell->left;
}

static void unite(struct see_units *u, uint32_t from, uint32_t to)
{
	uint32_t unit = u->letters[from].unit;

	for (uint32_t i = from; i <= to; i++)
		if (u->letters[i].unit > unit)
			u->letters[i].unit = unit;
}

/* The piece belongs to the character in its middle and to those that it covers beside it. */
static void give(struct sorter *s, uint32_t piece)
{
	const struct see_box *b = &s->ink->pieces[piece];
	struct see_units *u = s->u;
	uint32_t owner = at(s, (b->left + b->right) / 2, (b->top + b->bottom) / 2), from, to;
	const struct see_line *l;

	s->owner[piece] = owner;
	if (owner == NOBODY)
		return;
	from = to = owner - 1;
	l = &u->lines[u->letters[from].line];
	while (from > l->first && covers(b, &u->letters[from - 1].cell))
		from--;
	while (to + 1 < l->end && covers(b, &u->letters[to + 1].cell))
		to++;
	unite(u, from, to);
}

/* Ink in a place of a line that it does not belong to: what that line shows is not only
 * its own. */
static void doubt_lines(struct sorter *s)
{
	struct see_units *u = s->u;

	for (size_t i = 0; i < s->ink->n_runs; i++) {
		const struct see_run *run = &s->ink->runs[i];
		uint32_t mine = s->owner[run->piece], there;

		for (int x = run->x; x < run->x + run->len; x++) {
			there = at(s, x, run->y);
			if (there != NOBODY &&
			    (mine == NOBODY ||
			     u->letters[mine - 1].line != u->letters[there - 1].line))
				u->lines[u->letters[there - 1].line].plain = false;
		}
	}
}

/* --- units --- */

/* Characters name the first of their unit: from now on, the unit. */
static int make_units(struct sorter *s)
{
	struct see_units *u = s->u;

	u->units = calloc((size_t)u->n_letters + 1, sizeof(*u->units));
	if (u->units == NULL)
		return SL_E_NOMEM;
	for (uint32_t i = 0; i < u->n_letters; i++) {
		bool more = i > 0 && u->letters[i].unit < i;

		if (!more)
			u->units[u->n_units++].first = i;
		u->letters[i].unit = u->n_units - 1;
		u->units[u->n_units - 1].end = i + 1;
	}
	for (uint32_t p = 0; p < s->ink->n_pieces; p++) {
		struct see_unit *unit;

		if (s->owner[p] == NOBODY)
			continue;
		unit = &u->units[u->letters[s->owner[p] - 1].unit];
		see_box_add(&unit->ink, &s->ink->pieces[p]);
		see_box_add(&u->lines[u->letters[s->owner[p] - 1].line].ink,
			    &s->ink->pieces[p]);
	}
	return SL_OK;
}

static struct see_unit *unit_of(const struct sorter *s, const struct see_run *run)
{
	uint32_t owner = s->owner[run->piece];

	return owner != NOBODY ? &s->u->units[s->u->letters[owner - 1].unit] : NULL;
}

static int sort_runs(struct sorter *s)
{
	struct see_units *u = s->u;
	size_t next = 0;

	u->runs = calloc(s->ink->n_runs + 1, sizeof(*u->runs));
	if (u->runs == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < s->ink->n_runs; i++) {
		struct see_unit *unit = unit_of(s, &s->ink->runs[i]);

		if (unit != NULL)
			unit->n_runs++;
	}
	for (uint32_t i = 0; i < u->n_units; i++) {
		u->units[i].run = next;
		next += u->units[i].n_runs;
		u->units[i].n_runs = 0;
	}
	for (size_t i = 0; i < s->ink->n_runs; i++) {
		struct see_unit *unit = unit_of(s, &s->ink->runs[i]);

		if (unit != NULL)
			u->runs[unit->run + unit->n_runs++] = s->ink->runs[i];
	}
	return SL_OK;
}

/* --- pictures --- */

/* Every character and every pixel with its shade and its place in the picture. */
static int digest(const struct see_units *u, struct see_unit *unit, PIX *gray, struct buf *b)
{
	buf_clear(b);
	unit->darkest = UINT8_MAX;
	for (uint32_t i = unit->first; i < unit->end; i++)
		buf_put_u32(b, u->letters[i].cp);
	buf_put_u32(b, UINT32_MAX);
	for (size_t i = unit->run; i < unit->run + unit->n_runs; i++) {
		const struct see_run *run = &u->runs[i];
		const l_uint32 *row =
			pixGetData(gray) + (size_t)run->y * (size_t)pixGetWpl(gray);

		buf_put_u16(b, (uint16_t)(run->y - unit->ink.top));
		buf_put_u16(b, (uint16_t)(run->x - unit->ink.left));
		buf_put_u16(b, run->len);
		for (int x = run->x; x < run->x + run->len; x++) {
			uint8_t v = (uint8_t)GET_DATA_BYTE(row, x);

			buf_put_u8(b, v);
			unit->darkest = v < unit->darkest ? v : unit->darkest;
		}
	}
	if (buf_error(b) != SL_OK)
		return buf_error(b);
	hash_bytes(b->data, b->len, unit->digest);
	return SL_OK;
}

static int digest_all(struct see_units *u, PIX *gray)
{
	enum { PICTURE_MAX = 1 << 26 };
	struct buf b;
	int r = SL_OK;

	buf_init(&b, PICTURE_MAX);
	for (uint32_t i = 0; r == SL_OK && i < u->n_units; i++)
		if (u->units[i].n_runs > 0)
			r = digest(u, &u->units[i], gray, &b);
	buf_release(&b);
	return r;
}

int see_units_find(const struct see_page *g, PIX *gray, struct see_units *ret_u)
{
	struct see_units u = {.letters = NULL};
	struct see_ink ink = {.runs = NULL};
	struct sorter s = {
		.u = &u, .ink = &ink, .width = pixGetWidth(gray), .height = pixGetHeight(gray)};
	int r = see_ink_find(gray, &ink);

	if (r == SL_OK)
		r = take_layer(&s, g);
	if (r != SL_OK)
		goto out;
	s.map = calloc((size_t)s.width * (size_t)s.height + 1, sizeof(*s.map));
	s.owner = calloc((size_t)ink.n_pieces + 1, sizeof(*s.owner));
	r = s.map != NULL && s.owner != NULL ? SL_OK : SL_E_NOMEM;
	if (r != SL_OK)
		goto out;
	r = fill_all(&s);
	if (r != SL_OK)
		goto out;
	for (uint32_t p = 0; p < ink.n_pieces; p++)
		give(&s, p);
	doubt_lines(&s);
	r = make_units(&s);
	if (r == SL_OK)
		r = sort_runs(&s);
	if (r == SL_OK)
		r = digest_all(&u, gray);
	if (r == SL_OK)
		see_lines_judge(&u);
out:
	free(s.map);
	free(s.owner);
	see_ink_release(&ink);
	if (r == SL_OK)
		*ret_u = u;
	else
		see_units_release(&u);
	return r;
}

void see_units_release(struct see_units *u)
{
	free(u->letters);
	free(u->units);
	free(u->lines);
	free(u->runs);
	*u = (struct see_units){.letters = NULL};
}
