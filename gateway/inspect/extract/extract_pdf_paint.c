/* extract_pdf_paint.c - the cost of one content stream, operator by operator.
 *
 * Keeps as much of the graphics state as costs depend on: the coordinates, a box around
 * the clip and the path, the pattern and the font.  Hostile: all of it; numbers may be
 * anything finite, and work is linear in the bytes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_pdf_cost.h"
#include "inspect/extract/extract_pdf_tokens.h"

enum {
	STATES_MAX = 4096, /* saved graphics states; more are beyond any ceiling */
	DRAWN = 16,	   /* operators: a form or picture is looked up, set up and ended */
	EDGE = 64,	   /* square points: what one point of a line or an edge costs */
	LOOKED_UP = 4,	   /* operators: a font, a state, a pattern */
	TILE_OVERHEAD = 4, /* operators: each tile is begun and ended */
};

struct state {
	double m[6];
	struct pdf_box clip; /* in the coordinates of the stream */
	struct pdf_tile fill, stroke;
	double letter; /* a character of the font, beside the one that it is */
};

struct paint {
	struct pdf_costs *costs;
	struct pdf_scope *scope;
	struct pdf_cost sum;
	struct state now, *saved; /* owned list */
	size_t n_saved, cap_saved;
	struct pdf_box path;
	double x, y, length; /* last point of the path, and how long it is */
	bool has_path, clipping, has_text;
	struct pdf_drawn drawn; /* by the last "Do" */
	char name[PDF_WORD_MAX];
};

double extract_pdf_paint_area(const struct pdf_box *b)
{
	return b->x2 > b->x1 && b->y2 > b->y1 ? (b->x2 - b->x1) * (b->y2 - b->y1) : 0;
}

struct pdf_box extract_pdf_paint_meet(const struct pdf_box *a, const struct pdf_box *b)
{
	return (struct pdf_box){.x1 = fmax(a->x1, b->x1),
				.y1 = fmax(a->y1, b->y1),
				.x2 = fmin(a->x2, b->x2),
				.y2 = fmin(a->y2, b->y2)};
}

static void add_point(struct pdf_box *b, bool *has, const double m[6], double x, double y)
{
	double px = m[0] * x + m[2] * y + m[4], py = m[1] * x + m[3] * y + m[5];

	if (!*has)
		*b = (struct pdf_box){.x1 = px, .y1 = py, .x2 = px, .y2 = py};
	*has = true;
	b->x1 = fmin(b->x1, px);
	b->y1 = fmin(b->y1, py);
	b->x2 = fmax(b->x2, px);
	b->y2 = fmax(b->y2, py);
}

struct pdf_box extract_pdf_paint_box(const struct pdf_box *box, const double m[6])
{
	struct pdf_box out = {0};
	bool has = false;

	add_point(&out, &has, m, box->x1, box->y1);
	add_point(&out, &has, m, box->x2, box->y1);
	add_point(&out, &has, m, box->x1, box->y2);
	add_point(&out, &has, m, box->x2, box->y2);
	return out;
}

/* m = a x m: a is done first. */
static void concat(double m[6], const double a[6])
{
	double r[6] = {a[0] * m[0] + a[1] * m[2],	 a[0] * m[1] + a[1] * m[3],
		       a[2] * m[0] + a[3] * m[2],	 a[2] * m[1] + a[3] * m[3],
		       a[4] * m[0] + a[5] * m[2] + m[4], a[4] * m[1] + a[5] * m[3] + m[5]};

	memcpy(m, r, sizeof(r));
}

static void paint_area(struct paint *p, const struct pdf_box *box, const struct pdf_tile *tile)
{
	struct pdf_box seen = extract_pdf_paint_meet(box, &p->now.clip);
	double area = extract_pdf_paint_area(&seen);

	p->sum.fills++;
	p->sum.area += area;
	if (tile->step > 0)
		p->sum.ops += (tile->ops + TILE_OVERHEAD) * ceil(area / tile->step);
	else
		p->sum.ops += tile->ops;
}

/* A stroked line covers little of the box around it: it counts by its length, and its
 * pattern as if it covered all. */
static void paint_path(struct paint *p, bool fill, bool stroke)
{
	if (p->has_path && (fill || stroke)) {
		p->sum.area += p->length * EDGE;
		p->sum.fills++;
	}
	if (p->has_path && fill)
		paint_area(p, &p->path, &p->now.fill);
	if (p->has_path && stroke && p->now.stroke.ops > 0)
		paint_area(p, &p->path, &p->now.stroke);
}

static void end_path(struct paint *p)
{
	if (p->clipping && p->has_path)
		p->now.clip = extract_pdf_paint_meet(&p->now.clip, &p->path);
	p->clipping = p->has_path = false;
	p->length = 0;
}

static void draw(struct paint *p, const char *name)
{
	struct pdf_drawn d = p->drawn;
	double m[6], scale, area;
	struct pdf_box box;

	/* Symbols are drawn many times, one after the other. */
	if (strcmp(p->name, name) != 0) {
		d = p->drawn = extract_pdf_graph_drawn(p->costs, p->scope, name);
		(void)snprintf(p->name, sizeof(p->name), "%s", name);
	}
	memcpy(m, p->now.m, sizeof(m));
	concat(m, d.matrix);
	scale = fabs(m[0] * m[3] - m[1] * m[2]);
	box = extract_pdf_paint_box(&d.box, m);
	box = extract_pdf_paint_meet(&box, &p->now.clip);
	area = extract_pdf_paint_area(&box);
	p->sum.ops += DRAWN + d.cost.ops;
	p->sum.fills += d.cost.fills + d.group;
	/* Nothing that it paints is larger than what is seen of it. */
	if (d.cost.fills > 0)
		p->sum.area += fmin(d.cost.area * scale, d.cost.fills * area);
	if (d.group)
		p->sum.area += area;
}

static void add_points(struct paint *p, const struct pdf_operator *op)
{
	const double *m = p->now.m, *n = op->numbers;

	for (unsigned i = 0; i + 1 < op->n_numbers; i += 2) {
		double x = m[0] * n[i] + m[2] * n[i + 1], y = m[1] * n[i] + m[3] * n[i + 1];

		add_point(&p->path, &p->has_path, m, n[i], n[i + 1]);
		if (op->word[0] != 'm')
			p->length += fabs(x - p->x) + fabs(y - p->y);
		p->x = x;
		p->y = y;
	}
}

static void add_rectangle(struct paint *p, const double *n)
{
	add_point(&p->path, &p->has_path, p->now.m, n[0], n[1]);
	add_point(&p->path, &p->has_path, p->now.m, n[0] + n[2], n[1]);
	add_point(&p->path, &p->has_path, p->now.m, n[0], n[1] + n[3]);
	add_point(&p->path, &p->has_path, p->now.m, n[0] + n[2], n[1] + n[3]);
}

static bool is(const struct pdf_operator *op, const char *words)
{
	const char *at = strstr(words, op->word);
	size_t n = strlen(op->word);

	return at != NULL && (at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0');
}

/* Words that build, use or end a path. */
static bool on_path(struct paint *p, const struct pdf_operator *op)
{
	const char *w = op->word;

	if (is(op, "m l c v y")) {
		add_points(p, op);
	} else if (strcmp(w, "re") == 0) {
		if (op->n_numbers >= 4)
			add_rectangle(p, op->numbers + op->n_numbers - 4);
	} else if (is(op, "W W*")) {
		p->clipping = true;
	} else if (is(op, "f F f* B B* b b* S s n")) {
		paint_path(p, w[0] != 'S' && w[0] != 's' && w[0] != 'n',
			   w[0] != 'f' && w[0] != 'F' && w[0] != 'n');
		end_path(p);
	} else {
		return false;
	}
	return true;
}

static bool on_state(struct paint *p, const struct pdf_operator *op)
{
	static const struct pdf_tile plain = {0};

	if (strcmp(op->word, "q") == 0) {
		if (extract_grow((void **)&p->saved, p->n_saved, &p->cap_saved,
				 sizeof(*p->saved), STATES_MAX) == SL_OK)
			p->saved[p->n_saved++] = p->now;
		else
			p->sum.ops = INFINITY;
	} else if (strcmp(op->word, "Q") == 0) {
		if (p->n_saved > 0)
			p->now = p->saved[--p->n_saved];
	} else if (strcmp(op->word, "cm") == 0) {
		if (op->n_numbers == 6)
			concat(p->now.m, op->numbers);
	} else if (strcmp(op->word, "gs") == 0) {
		p->sum.ops += LOOKED_UP + extract_pdf_graph_state(p->costs, p->scope, op->name);
	} else if (is(op, "g rg k cs sc")) {
		p->now.fill = plain;
	} else if (is(op, "G RG K CS SC")) {
		p->now.stroke = plain;
	} else if (is(op, "scn SCN")) {
		struct pdf_tile *to = op->word[0] == 's' ? &p->now.fill : &p->now.stroke;

		*to = plain;
		if (op->name[0] != '\0') {
			p->sum.ops += LOOKED_UP;
			*to = extract_pdf_graph_tile(p->costs, p->scope, op->name);
		}
	} else {
		return false;
	}
	return true;
}

static void on_other(struct paint *p, const struct pdf_operator *op)
{
	static const struct pdf_tile plain = {0};
	static const struct pdf_box unit = {.x2 = 1, .y2 = 1};
	struct pdf_box box;

	if (strcmp(op->word, "Do") == 0) {
		draw(p, op->name);
	} else if (strcmp(op->word, "sh") == 0) {
		p->sum.ops += DRAWN + extract_pdf_graph_shading(p->costs, p->scope, op->name);
		paint_area(p, &p->now.clip, &plain);
	} else if (strcmp(op->word, "Tf") == 0) {
		p->sum.ops += LOOKED_UP;
		p->now.letter = extract_pdf_graph_letter(p->costs, p->scope, op->name);
	} else if (is(op, "Tj TJ ' \"")) {
		p->sum.ops += (double)op->string_bytes * (1 + p->now.letter);
		p->has_text = p->has_text || op->string_bytes > 0;
	} else if (strcmp(op->word, "ET") == 0) {
		/* With a pattern all its text is a clip, and that is painted. */
		if (p->has_text && p->now.fill.ops > 0)
			paint_area(p, &p->now.clip, &p->now.fill);
		p->has_text = false;
	} else if (strcmp(op->word, "BI") == 0) {
		p->sum.ops += extract_pdf_graph_inline(p->costs, op->picture.width,
						       op->picture.height);
		box = extract_pdf_paint_box(&unit, p->now.m);
		paint_area(p, &box, &plain);
	}
}

struct pdf_cost extract_pdf_paint(struct pdf_costs *c, const uint8_t *s, size_t len,
				  struct pdf_scope *scope, const struct pdf_box *box)
{
	struct pdf_tokens t = {.s = s, .len = len};
	struct paint p = {
		.costs = c, .scope = scope, .now = {.m = {1, 0, 0, 1, 0, 0}, .clip = *box}};
	struct pdf_operator op;

	/* Content is looked at because something draws it: beyond the ceiling no more counts.
	 */
	while (p.sum.ops <= EXTRACT_OPERATORS_MAX && extract_pdf_tokens_next(&t, &op)) {
		p.sum.ops++;
		if (!on_path(&p, &op) && !on_state(&p, &op))
			on_other(&p, &op);
	}
	free(p.saved);
	if (!(p.sum.ops <= EXTRACT_OPERATORS_MAX))
		p.sum = (struct pdf_cost){.ops = INFINITY};
	return p.sum;
}
