/* see_layer.c - does the drawing show what the text layer says?
 *
 * Two questions.  Is there any trace where a character stands?  White text, text of no
 * render mode and text under an opaque box leave none.  And where there is something:
 * can it be read when it is drawn larger?  The answers are text; what follows from them
 * is decided outside, by someone who has not parsed the document. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspect/see/see_page.h"
#include "inspect/see/see_picture.h"
#include "inspect/see/see_reader.h"
#include "inspect/views.h"

enum {
	TRACE = 40,  /* of 255 in a colour: what an eye tells apart on paper */
	HAN_MIN = 2, /* characters without a trace that are worth a word */
	ALL_MIN = 4,
	LINE_MISSING = 4, /* of a line: then it is read again */
	LINES_MAX = 60,	  /* of one page */
	MARGIN = 4,	  /* points around a line */
	GOOD_HEIGHT = 32, /* pixels of a character that the models read best */
	DPI_LEAST = 100,
	DPI_MOST = 300,
	LETTER_LEAST = 3, /* points in height: below that nobody reads a page */
};

static bool is_han(uint32_t cp)
{
	return cp >= 0x3400 && cp <= 0x9fff;
}

static bool is_judged(uint32_t cp)
{
	return is_han(cp) || (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') ||
	       (cp >= 'a' && cp <= 'z');
}

struct shades {
	uint8_t least[3], most[3];
};

static void look_at(struct shades *s, uint32_t pixel)
{
	for (unsigned i = 0; i < 3; i++) {
		uint8_t v = (uint8_t)(pixel >> (8 * i));

		if (v < s->least[i])
			s->least[i] = v;
		if (v > s->most[i])
			s->most[i] = v;
	}
}

static int within(double v, int most)
{
	return v < 0 ? 0 : v > most ? most : (int)v;
}

/* Inside the character's box, away from its neighbours, there is more than one shade. */
static bool has_trace(const struct see_page *g, const PopplerRectangle *r)
{
	const uint8_t *data = cairo_image_surface_get_data(g->surface);
	int stride = cairo_image_surface_get_stride(g->surface);
	int w = cairo_image_surface_get_width(g->surface);
	int h = cairo_image_surface_get_height(g->surface);
	double f = g->dpi / 72, dx = (r->x2 - r->x1) / 10, dy = (r->y2 - r->y1) / 6;
	int left = within((r->x1 + dx) * f, w), right = within((r->x2 - dx) * f + 1, w);
	int top = within((r->y1 + dy) * f, h), bottom = within((r->y2 - dy) * f + 1, h);
	struct shades s = {.least = {255, 255, 255}};

	/* A line on its side is as high as its characters are wide. */
	if (r->y2 - r->y1 < LETTER_LEAST && r->x2 - r->x1 < LETTER_LEAST)
		return false;
	for (int y = top; y < bottom; y++)
		for (int x = left; x < right; x++) {
			uint32_t pixel;

			memcpy(&pixel,
			       data + (size_t)y * (size_t)stride + (size_t)x * sizeof(pixel),
			       sizeof(pixel));
			look_at(&s, pixel);
		}
	for (unsigned i = 0; i < 3; i++)
		if (s.most[i] >= s.least[i] && s.most[i] - s.least[i] >= TRACE)
			return true;
	return false;
}

/* What has been collected is a line when it is more than a stray character. */
static void flush(struct extract_part *p, struct buf *run, unsigned *han, unsigned *all)
{
	while (run->len > 0 && run->data[run->len - 1] <= ' ')
		buf_cut(run, run->len - 1);
	if (buf_error(run) != SL_OK)
		p->owner->nomem = true;
	else if (*han >= HAN_MIN || *all >= ALL_MIN)
		extract_line(p, WHERE_HIDDEN, NULL, buf_str(run), run->len);
	buf_clear(run);
	*han = *all = 0;
}

void see_layer_without_trace(const struct see_page *g, struct extract_part *p)
{
	size_t len = g->layer != NULL ? strlen(g->layer) : 0, at = 0, used;
	unsigned han = 0, all = 0;
	struct buf run;

	buf_init(&run, EXTRACT_CHUNK);
	for (guint i = 0; i < g->n_rects && at < len; i++, at += used) {
		uint32_t cp = text_decode(g->layer + at, len - at, &used);

		if (cp == '\n' || cp == TEXT_BAD ||
		    (is_judged(cp) && has_trace(g, &g->rects[i])))
			flush(p, &run, &han, &all);
		else if (is_judged(cp) || run.len > 0)
			buf_put(&run, g->layer + at, used);
		if (run.len > 0 && is_judged(cp)) {
			han += is_han(cp);
			all++;
		}
	}
	flush(p, &run, &han, &all);
	buf_release(&run);
}

/* --- the second look --- */

static void unite(PopplerRectangle *all, const PopplerRectangle *one)
{
	all->x1 = MIN(all->x1, one->x1 - MARGIN);
	all->y1 = MIN(all->y1, one->y1 - MARGIN);
	all->x2 = MAX(all->x2, one->x2 + MARGIN);
	all->y2 = MAX(all->y2, one->y2 + MARGIN);
}

/* One line, at the size that is read best. */
static int read_larger(const struct see_page *g, const PopplerRectangle *clip, struct buf *out)
{
	double height = clip->y2 - clip->y1 - 2 * MARGIN;
	double dpi = CLAMP(GOOD_HEIGHT * 72 / MAX(height, 1), DPI_LEAST, DPI_MOST);
	const struct see_read how = {.layout = SEE_LAYOUT_LINE, .dpi = (int)dpi};
	cairo_surface_t *surface = see_page_draw(g, clip, dpi);
	PIX *gray = surface != NULL ? see_page_gray(surface) : NULL;
	struct see_result result;
	int r = SL_OK;

	if (gray != NULL)
		r = see_reader_read(gray, &how, out, &result);
	else if (surface != NULL)
		r = SL_E_NOMEM;
	pixDestroy(&gray);
	if (surface != NULL)
		cairo_surface_destroy(surface);
	return r;
}

static unsigned missing(const struct views_page *seen, const char *s, size_t len)
{
	struct views_run run;
	unsigned n = 0;

	for (size_t at = 0; views_missing(seen, s, len, LINE_MISSING, &at, &run);)
		n += run.count;
	return n;
}

/* One line of the layer at its place; kept when it shows more of the line. */
static int look_again(const struct see_page *g, const char *line, size_t len,
		      const PopplerRectangle *clip, struct views_page *seen, struct buf *text)
{
	unsigned before = missing(seen, line, len);
	struct views_page *now = NULL;
	struct buf larger;
	int r = SL_OK;

	buf_init(&larger, EXTRACT_CHUNK);
	if (before > 0)
		r = read_larger(g, clip, &larger);
	if (r == SL_OK && larger.len > 0)
		r = views_page_new(&now);
	if (r == SL_OK && now != NULL)
		r = views_page_add(now, buf_str(&larger), larger.len);
	if (r == SL_OK && now != NULL && missing(now, line, len) < before) {
		buf_put(text, larger.data, larger.len);
		r = views_page_add(seen, buf_str(&larger), larger.len);
	}
	views_page_free(now);
	buf_release(&larger);
	return r == SL_OK ? buf_error(text) : r;
}

int see_layer_second_look(const struct see_page *g, struct buf *text)
{
	static const PopplerRectangle none = {.x1 = 1e6, .y1 = 1e6, .x2 = -1e6, .y2 = -1e6};
	size_t len = g->layer != NULL ? strlen(g->layer) : 0, at = 0, start = 0, used;
	PopplerRectangle clip = none;
	struct views_page *seen = NULL;
	unsigned lines = 0;
	int r = views_page_new(&seen);

	if (r == SL_OK)
		r = views_page_add(seen, buf_str(text), text->len);
	for (guint i = 0; r == SL_OK && i < g->n_rects && at < len && lines < LINES_MAX; i++) {
		uint32_t cp = text_decode(g->layer + at, len - at, &used);

		at += used;
		if (cp != '\n')
			unite(&clip, &g->rects[i]);
		if (cp != '\n' && at < len)
			continue;
		if (missing(seen, g->layer + start, at - start) > 0) {
			r = look_again(g, g->layer + start, at - start, &clip, seen, text);
			lines++;
		}
		start = at;
		clip = none;
	}
	views_page_free(seen);
	return r;
}
