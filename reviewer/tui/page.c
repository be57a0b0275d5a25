/* page.c - wrap text into lines once, draw any window of them quickly. */
#include "tui/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "policy/present.h"
#include "policy/segment.h"
#include "show.h"

enum { PAGE_TEXT_MAX = 256 << 20, PAGE_PIECES_MAX = 8 << 20 };

struct piece { /* a run of one look inside one line */
	uint32_t line;
	uint32_t at, len; /* in page->text */
	uint8_t look;
	uint8_t marked;
};
struct page {
	struct buf text;
	struct piece *pieces;
	size_t n, cap;
	uint32_t line; /* being filled */
	int used;      /* cells used in it */
	int cols;
};

int page_new(struct page **ret_p)
{
	struct page *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return SL_E_NOMEM;
	buf_init(&p->text, PAGE_TEXT_MAX);
	*ret_p = p;
	return SL_OK;
}

void page_free(struct page *p)
{
	if (p == NULL)
		return;
	buf_wipe(&p->text);
	free(p->pieces);
	free(p);
}

static void page_reset(struct page *p, int cols)
{
	buf_clear(&p->text);
	p->n = 0;
	p->line = 0;
	p->used = 0;
	p->cols = cols > 4 ? cols : 4;
}

static int add_piece(struct page *p, const char *s, size_t len, enum screen_look look,
		     bool marked)
{
	struct piece *grown;

	if (len == 0)
		return SL_OK;
	if (p->n == p->cap) {
		size_t cap = p->cap == 0 ? 256 : p->cap * 2;

		if (cap > PAGE_PIECES_MAX)
			return SL_E_LIMIT;
		grown = realloc(p->pieces, cap * sizeof(*grown));
		if (grown == NULL)
			return SL_E_NOMEM;
		p->pieces = grown;
		p->cap = cap;
	}
	p->pieces[p->n++] = (struct piece){.line = p->line,
					   .at = (uint32_t)p->text.len,
					   .len = (uint32_t)len,
					   .look = (uint8_t)look,
					   .marked = marked};
	buf_put(&p->text, s, len);
	return buf_error(&p->text);
}

/* Cells that screen_put will use for this character. */
static int cells_of(uint32_t cp, const char *s, size_t used)
{
	char safe[24];

	if (cp != TEXT_BAD && !text_is_deceptive(cp))
		return text_width(cp);
	return (int)text_safe(s, used, safe, sizeof(safe));
}

static int add_run(struct page *p, const char *s, size_t len, enum screen_look look,
		   bool marked)
{
	size_t from = 0, i = 0, used;
	int r = SL_OK;

	while (r == SL_OK && i < len) {
		uint32_t cp = text_decode(s + i, len - i, &used);
		int w = cells_of(cp, s + i, used);

		if (cp == '\n' || p->used + w > p->cols) {
			r = add_piece(p, s + from, i - from, look, marked);
			p->line++;
			p->used = 0;
			from = cp == '\n' ? i + 1 : i;
		}
		if (cp == '\t' || cp == '\r') {
			r = r == SL_OK ? add_piece(p, s + from, i - from, look, marked) : r;
			if (r == SL_OK && cp == '\t')
				r = add_piece(p, "    ", 4, look, marked);
			p->used += cp == '\t' ? 4 : 0;
			from = i + 1;
		} else if (cp != '\n') {
			p->used += w;
		}
		i += used;
	}
	return r == SL_OK ? add_piece(p, s + from, len - from, look, marked) : r;
}

static void end_line(struct page *p)
{
	p->line++;
	p->used = 0;
}

int page_add(struct page *p, enum screen_look look, const char *text, int cols)
{
	int r;

	p->cols = cols > 4 ? cols : 4;
	r = add_run(p, text, strlen(text), look, false);
	end_line(p);
	return r;
}

static enum screen_look look_of(int severity)
{
	if (severity < 0)
		return LOOK_PLAIN;
	return severity <= 1 ? LOOK_S1 : severity == 2 ? LOOK_S2 : LOOK_S3;
}

static int on_segment(void *arg, const struct show_segment *g)
{
	struct page *p = arg;
	char label[64];

	if (p->used > 0)
		end_line(p);
	if (g->where == WHERE_BODY)
		return SL_OK;
	(void)snprintf(label, sizeof(label), "[%s] ", where_name(g->where));
	return add_run(p, label, strlen(label), LOOK_DIM, false);
}

static int on_span(void *arg, const struct show_span *s)
{
	struct page *p = arg;
	char label[32];
	int r = add_run(p, s->text, s->len, look_of(s->severity), s->severity >= 0);

	if (r != SL_OK || s->severity < 0 || s->rule == NULL)
		return r;
	/* The rule stands beside the text, so the mark means something without colour. */
	(void)snprintf(label, sizeof(label), "‹%.12s›", s->rule);
	return add_run(p, label, strlen(label), LOOK_DIM, false);
}

int page_fill_text(struct page *p, const struct review_case *c, unsigned file, int cols)
{
	struct show_walker w = {.segment = on_segment, .span = on_span, .arg = p};

	page_reset(p, cols);
	if (!c->files[file].have_text)
		return page_add(p, LOOK_ERROR,
				_("This part has no text that can be shown; save it with 's' "
				  "and open it."),
				cols);
	return show_walk(c, file, &w);
}

static int add_report(struct page *p, const struct review_case *c, int cols)
{
	char *text = NULL;
	size_t len = 0;
	struct cli plain = {0};
	FILE *f = open_memstream(&text, &len);
	int r;

	if (f == NULL)
		return SL_E_NOMEM;
	show_summary(f, &plain, c);
	show_fix(f, &plain, c);
	fputc('\n', f);
	present_report(f, &plain, c->report);
	fprintf(f, "\n%s\n", _("Votes:"));
	show_votes(f, &plain, c);
	r = fclose(f) == 0 ? SL_OK : SL_E_NOMEM;
	if (r == SL_OK)
		r = page_add(p, LOOK_PLAIN, text, cols);
	free(text);
	return r;
}

int page_fill_summary(struct page *p, const struct review_case *c, int cols)
{
	page_reset(p, cols);
	return add_report(p, c, cols);
}

unsigned page_lines(const struct page *p)
{
	return p->line + (p->used > 0 ? 1 : 0);
}

/* First piece whose line is >= line (binary search: pages can be long). */
static size_t first_piece(const struct page *p, unsigned line)
{
	size_t lo = 0, hi = p->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (p->pieces[mid].line < line)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void page_draw(const struct page *p, unsigned first, int row, int rows, int cols)
{
	int col = 0, drawn_row = -1;

	for (int i = 0; i < rows; i++)
		(void)screen_puts(row + i, 0, cols, LOOK_PLAIN, "");
	for (size_t i = first_piece(p, first); i < p->n; i++) {
		const struct piece *q = &p->pieces[i];
		int at = (int)(q->line - first);

		if (at >= rows)
			break;
		if (at != drawn_row) {
			drawn_row = at;
			col = 0;
		}
		col += screen_put(row + at, col, cols - col, (enum screen_look)q->look,
				  (const char *)p->text.data + q->at, q->len, false);
	}
}

unsigned page_next_mark(const struct page *p, unsigned from, bool backwards)
{
	unsigned best = from;
	bool found = false;

	for (size_t i = 0; i < p->n; i++) {
		const struct piece *q = &p->pieces[i];

		if (!q->marked || (backwards ? q->line >= from : q->line <= from))
			continue;
		if (!backwards)
			return q->line;
		best = q->line;
		found = true;
	}
	return found ? best : from;
}
