/* extract_ofd_page.c - the objects of one OFD page, put together into lines.
 *
 * Producers write runs of a few letters, often single ones, each with its place; words
 * only appear when runs that stand beside each other are joined.  Hostile: places,
 * numbers and nesting. */
#include "inspect/extract/extract_ofd.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/extract/extract_boxes.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_xml.h"

enum { RUNS_MAX = 500000, TINY = 700 /* 1/1000 mm: two points */, ATTR_MAX = 256 };

struct run {
	int64_t x, y, size;
	size_t start, len, box; /* text in the pool; its box */
	uint8_t where;
	const char *evidence; /* why hidden, or NULL */
};

struct page {
	struct extract_part *part;
	enum segment_where where;
	int64_t width, height;
	struct run *runs;
	size_t n, cap;
	struct buf pool;
	struct extract_boxes boxes;
	/* the object that is read */
	int64_t boundary[4];
	int64_t size, text_x, text_y;
	bool in_object, in_code, invisible, white, text_object;
	size_t box;
	int error;
};

unsigned ofd_numbers(const char *text, int64_t *out, unsigned n)
{
	unsigned i = 0;
	char *end;

	for (; i < n; i++) {
		double v = strtod(text, &end);

		if (end == text || !(v > -1e6 && v < 1e6))
			break;
		out[i] = (int64_t)(v * 1000);
		text = end;
	}
	return i;
}

static bool attr_numbers(const struct extract_xml_attrs *a, const char *name, int64_t *out,
			 unsigned n)
{
	char v[ATTR_MAX];

	return extract_xml_attr(a, name, v, sizeof(v)) && ofd_numbers(v, out, n) == n;
}

static void start_object(struct page *g, const struct extract_xml_attrs *a, const char *name)
{
	struct extract_box *b;
	int64_t alpha;
	char v[8];

	g->text_object = strcmp(name, "TextObject") == 0;
	g->in_object = true;
	g->white = false;
	g->size = 0;
	if (!attr_numbers(a, "Boundary", g->boundary, 4))
		memset(g->boundary, 0, sizeof(g->boundary));
	(void)attr_numbers(a, "Size", &g->size, 1);
	g->invisible = (extract_xml_attr(a, "Visible", v, sizeof(v)) &&
			(strcmp(v, "false") == 0 || strcmp(v, "0") == 0)) ||
		       (attr_numbers(a, "Alpha", &alpha, 1) && alpha == 0);
	if (g->text_object)
		return;
	g->error = extract_boxes_add(&g->boxes, &g->box);
	if (g->error != SL_OK)
		return;
	b = &g->boxes.box[g->box];
	b->x = g->boundary[0];
	b->y = g->boundary[1];
	b->w = g->boundary[2];
	b->h = g->boundary[3];
	b->placed = b->w > 0 && b->h > 0;
	b->opaque = !g->invisible &&
		    (strcmp(name, "ImageObject") == 0 ||
		     (strcmp(name, "PathObject") == 0 && extract_xml_true(a, "Fill"))) &&
		    !(attr_numbers(a, "Alpha", &alpha, 1) && alpha < 200000);
	b->plain = b->opaque && strcmp(name, "PathObject") == 0; /* black unless said */
}

static void fill_colour(struct page *g, const struct extract_xml_attrs *a)
{
	int64_t rgb[3], alpha;

	if (!attr_numbers(a, "Value", rgb, 3))
		return;
	if (g->text_object) {
		g->white = rgb[0] == 255000 && rgb[1] == 255000 && rgb[2] == 255000;
		g->invisible =
			g->invisible || (attr_numbers(a, "Alpha", &alpha, 1) && alpha == 0);
		return;
	}
	if (g->box < g->boxes.n) {
		g->boxes.box[g->box].plain = rgb[0] == rgb[1] && rgb[1] == rgb[2] &&
					     (rgb[0] == 0 || rgb[0] == 255000);
		if (attr_numbers(a, "Alpha", &alpha, 1) && alpha < 200000)
			g->boxes.box[g->box].opaque = false;
	}
}

static const char *why_hidden(const struct page *g)
{
	const int64_t *b = g->boundary;

	if (g->invisible)
		return "invisible-text";
	if (g->size > 0 && g->size <= TINY)
		return "tiny-text";
	if (g->white)
		return "white-text";
	if (g->width > 0 && b[2] > 0 &&
	    (b[0] >= g->width || b[1] >= g->height || b[0] + b[2] <= 0 || b[1] + b[3] <= 0))
		return "beside-the-page";
	return NULL;
}

static void start_run(struct page *g)
{
	struct run *run;
	struct extract_box *b;
	void *list = g->runs;

	g->error = extract_grow(&list, g->n, &g->cap, sizeof(*run), RUNS_MAX);
	g->runs = list;
	if (g->error != SL_OK)
		return;
	run = &g->runs[g->n];
	*run = (struct run){.x = g->boundary[0] + g->text_x,
			    .y = g->boundary[1] + g->text_y,
			    .size = (g->size > 0) ? g->size : 3000,
			    .start = g->pool.len,
			    .evidence = why_hidden(g)};
	run->where = (uint8_t)((run->evidence != NULL) ? WHERE_HIDDEN : g->where);
	g->error = extract_boxes_add(&g->boxes, &run->box);
	if (g->error != SL_OK)
		return;
	b = &g->boxes.box[run->box];
	b->x = g->boundary[0];
	b->y = g->boundary[1];
	b->w = g->boundary[2];
	b->h = g->boundary[3];
	b->placed = b->w > 0 && b->h > 0;
	b->end = 1; /* says something: it is no bar itself */
	g->n++;
}

static bool is_object(const char *name)
{
	return strcmp(name, "TextObject") == 0 || strcmp(name, "PathObject") == 0 ||
	       strcmp(name, "ImageObject") == 0 || strcmp(name, "CompositeObject") == 0;
}

static void on_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct page *g = arg;

	if (g->error != SL_OK)
		return;
	if (is_object(name)) {
		start_object(g, a, name);
	} else if (strcmp(name, "TextCode") == 0) {
		/* X and Y stay those of the last run when they are left out. */
		(void)attr_numbers(a, "X", &g->text_x, 1);
		(void)attr_numbers(a, "Y", &g->text_y, 1);
		g->in_code = true;
		start_run(g);
	} else if (strcmp(name, "FillColor") == 0 && g->in_object) {
		fill_colour(g, a);
	} else {
		extract_attrs(g->part, a);
	}
}

static void on_end(void *arg, const char *name)
{
	struct page *g = arg;

	if (strcmp(name, "TextCode") == 0)
		g->in_code = false;
	else if (is_object(name))
		g->in_object = false;
}

static void on_text(void *arg, const char *s, size_t len)
{
	struct page *g = arg;

	if (g->error != SL_OK)
		return;
	if (g->in_code && g->n > 0) {
		buf_put(&g->pool, s, len);
		g->runs[g->n - 1].len += len;
	} else if (!g->in_code && extract_is_wordy(s, len) && g->part != NULL) {
		/* Outlines of shapes are long rows of numbers, not words. */
		if (memchr(s, '.', len) == NULL || (uint8_t)s[0] >= 0x80)
			extract_line(g->part, WHERE_METADATA, NULL, s, len);
	}
}

/* By stream, by line (bands of the height of letters), then from left to right. */
static int by_place(const void *x, const void *y)
{
	const struct run *a = x, *b = y;

	if (a->where != b->where)
		return (a->where < b->where) ? -1 : 1;
	if (a->y != b->y)
		return (a->y < b->y) ? -1 : 1;
	if (a->x != b->x)
		return (a->x < b->x) ? -1 : 1;
	return (a->start < b->start) ? -1 : (a->start > b->start);
}

/* Runs whose base lines differ by less than half a letter stand on one line. */
static void align(struct page *g)
{
	for (size_t i = 1; i < g->n; i++) {
		struct run *a = &g->runs[i - 1], *b = &g->runs[i];

		if (a->where == b->where && b->y - a->y < a->size / 2)
			b->y = a->y;
	}
}

static void say_run(struct page *g, const struct run *before, struct run *run,
		    enum segment_where w, size_t *ret_start)
{
	if (before == NULL || before->y != run->y) {
		extract_line_end(g->part, w);
	} else {
		/* A gap of more than a letter and a half is a gap for the reader too. */
		int64_t width = g->boxes.box[before->box].w;
		int64_t end = (width > 0 && width < before->size * 200) ? before->x + width
									: before->x;

		if (run->x > end + run->size * 3 / 2)
			extract_text(g->part, w, " ", 1);
	}
	*ret_start = extract_stream_len(g->part, w);
	extract_text(g->part, w, (const char *)g->pool.data + run->start, run->len);
}

static void say_page(struct page *g)
{
	const struct run *before = NULL, *before_covered = NULL;
	size_t start, covered = SIZE_MAX;
	enum extract_cover worst = COVER_NONE;

	if (g->n > 1)
		qsort(g->runs, g->n, sizeof(*g->runs), by_place);
	align(g);
	if (g->n > 1)
		qsort(g->runs, g->n, sizeof(*g->runs), by_place);
	for (size_t i = 0; i < g->n; i++) {
		struct run *run = &g->runs[i];
		enum extract_cover how;

		if (before != NULL && before->where != run->where)
			before = NULL;
		say_run(g, before, run, (enum segment_where)run->where, &start);
		if (run->evidence != NULL)
			extract_mark(g->part, "DH-003", SEV_S1, WHERE_HIDDEN, start,
				     run->evidence);
		before = run;
		how = extract_boxes_cover(&g->boxes, run->box);
		if (how == COVER_NONE)
			continue;
		say_run(g, before_covered, run, WHERE_COVERED, &start);
		covered = (covered == SIZE_MAX) ? start : covered;
		worst = (how > worst) ? how : worst;
		before_covered = run;
	}
	for (int w = 0; w < WHERE_COUNT; w++)
		extract_line_end(g->part, (enum segment_where)w);
	if (covered != SIZE_MAX)
		extract_mark(g->part, "DH-007", (worst == COVER_WHOLE) ? SEV_S1 : SEV_S2,
			     WHERE_COVERED, covered,
			     (worst == COVER_WHOLE) ? "covered-text" : "bar-over-text");
}

int ofd_page_read(struct extract_part *p, const struct extract_member *m,
		  enum segment_where where, int64_t width, int64_t height)
{
	static const struct extract_xml_events events = {
		.start = on_start, .end = on_end, .text = on_text};
	struct page g = {.part = p, .where = where, .width = width, .height = height};
	int r;

	buf_init(&g.pool, EXTRACT_XML_MAX);
	r = (m->data == NULL) ? SL_E_FORMAT : extract_xml_parse(m->data, m->len, &events, &g);
	if (r == SL_OK)
		r = g.error;
	if (r == SL_OK)
		r = buf_error(&g.pool);
	if (r == SL_OK)
		say_page(&g);
	free(g.runs);
	buf_release(&g.pool);
	extract_boxes_release(&g.boxes);
	return r;
}
