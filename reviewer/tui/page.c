/* page.c - wrap runs into lines once, draw any window of them quickly. */
#include "tui/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "tui/match.h"

enum { PAGE_TEXT_MAX = 300 << 20, PAGE_PIECES_MAX = 8 << 20, LINE_MAX_TEXT = 2001 };

struct piece { /* a run of one look inside one line */
	uint32_t line;
	uint32_t at, len; /* in page->text */
	int32_t mark;
	uint8_t look;
};
struct page {
	struct buf text; /* every run; '\n' where a line was ended on purpose */
	struct piece *pieces;
	size_t n, cap;
	uint32_t line; /* being filled */
	int used;      /* cells used in it */
	int cols;
	page_more more; /* NULL: that was all */
	void *arg;
	int error; /* what stopped `more` */
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

void page_begin(struct page *p, int cols, page_more more, void *arg)
{
	buf_clear(&p->text);
	p->n = 0;
	p->line = 0;
	p->used = 0;
	p->cols = cols > 4 ? cols : 4;
	p->more = more;
	p->arg = arg;
	p->error = SL_OK;
}

int page_cols(const struct page *p)
{
	return p->cols;
}

static int add_piece(struct page *p, const char *s, size_t len, enum screen_look look, int mark)
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
					   .mark = mark};
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

int page_run(struct page *p, enum screen_look look, const char *s, size_t len, int mark)
{
	size_t from = 0, i = 0, used;
	int r = SL_OK;

	while (r == SL_OK && i < len) {
		uint32_t cp = text_decode(s + i, len - i, &used);
		int w = cp == '\t' || cp == '\r' ? 0 : cells_of(cp, s + i, used);

		if (cp == '\n' || p->used + w > p->cols) {
			r = add_piece(p, s + from, i - from, look, mark);
			if (cp == '\n')
				buf_puts(&p->text, "\n");
			p->line++;
			p->used = 0;
			from = cp == '\n' ? i + 1 : i;
		}
		if (cp == '\t' || cp == '\r') {
			r = r == SL_OK ? add_piece(p, s + from, i - from, look, mark) : r;
			if (r == SL_OK && cp == '\t')
				r = add_piece(p, "    ", 4, look, mark);
			p->used += cp == '\t' ? 4 : 0;
			from = i + 1;
		} else if (cp != '\n') {
			p->used += w;
		}
		i += used;
	}
	return r == SL_OK ? add_piece(p, s + from, len - from, look, mark) : r;
}

void page_end_line(struct page *p)
{
	if (p->used == 0 && (p->text.len == 0 || p->text.data[p->text.len - 1] == '\n'))
		return;
	buf_puts(&p->text, "\n");
	p->line++;
	p->used = 0;
}

int page_line(struct page *p, enum screen_look look, const char *text)
{
	int r;

	page_end_line(p);
	r = page_run(p, look, text, strlen(text), -1);
	if (r == SL_OK)
		r = page_run(p, look, "\n", 1, -1);
	return r;
}

int page_linef(struct page *p, enum screen_look look, const char *fmt, ...)
{
	char line[LINE_MAX_TEXT];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	return page_line(p, look, line);
}

int page_need(struct page *p, unsigned lines)
{
	while (p->more != NULL && page_lines(p) < lines) {
		int r = p->more(p->arg, p);

		if (r == SL_OK)
			continue;
		p->more = NULL;
		p->error = r == SL_E_NOTFOUND ? SL_OK : r;
	}
	return p->error;
}

unsigned page_lines(const struct page *p)
{
	return p->line + (p->used > 0 ? 1 : 0);
}

bool page_is_all(const struct page *p)
{
	return p->more == NULL;
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

/* ---- drawing ---- */

struct brush {
	struct page *p;
	const struct match *m; /* NULL: nothing is searched for */
	int row, col, end;
	enum screen_look look;
	size_t hit, hit_end; /* the next hit that is not drawn yet, in p->text */
	size_t reach;	     /* hits that begin after what is drawn are not looked for */
};

static void put(struct brush *b, enum screen_look look, size_t at, size_t end)
{
	if (end > at)
		b->col += screen_put(b->row, b->col, b->end - b->col, look,
				     (const char *)b->p->text.data + at, end - at, false);
}

/* A piece, with what was found in it (or the part of it that stands in this piece) in reverse.
 */
static void draw_piece(struct brush *b, const struct piece *q)
{
	size_t at = q->at, end = (size_t)q->at + q->len;

	while (b->m != NULL && b->hit < end) {
		size_t from = b->hit > at ? b->hit : at;
		size_t to = b->hit_end < end ? b->hit_end : end;

		put(b, b->look, at, from);
		put(b, LOOK_FOUND, from, to);
		at = to > at ? to : at;
		if (b->hit_end > end)
			return;
		if (!match_next(b->m, b->p->text.data, b->reach, b->hit_end, &b->hit,
				&b->hit_end))
			b->hit = b->hit_end = SIZE_MAX;
	}
	put(b, b->look, at, end);
}

/* A hit may begin a little before the first byte that is drawn. */
static void first_hit(struct brush *b, size_t at, unsigned next_line)
{
	size_t back = match_longest(b->m), i = first_piece(b->p, next_line);

	at = at > back ? at - back : 0;
	b->reach = b->p->text.len;
	if (i < b->p->n && b->reach - b->p->pieces[i].at > back)
		b->reach = b->p->pieces[i].at + back;
	if (!match_next(b->m, b->p->text.data, b->reach, at, &b->hit, &b->hit_end))
		b->hit = b->hit_end = SIZE_MAX;
}

void page_draw(struct page *p, unsigned first, int row, int rows, int col, int cols,
	       const char *words, int chosen)
{
	struct brush b = {.p = p, .end = col + cols};
	struct match m;
	int drawn = -1;
	size_t i;

	(void)page_need(p, first + (unsigned)rows);
	for (int k = 0; k < rows; k++)
		(void)screen_puts(row + k, col, cols, LOOK_PLAIN, "");
	i = first_piece(p, first);
	if (words != NULL && match_init(&m, words) && i < p->n) {
		b.m = &m;
		first_hit(&b, p->pieces[i].at, first + (unsigned)rows);
	}
	for (; i < p->n && (int)(p->pieces[i].line - first) < rows; i++) {
		const struct piece *q = &p->pieces[i];

		b.row = row + (int)(q->line - first);
		b.col = b.row == drawn ? b.col : col;
		drawn = b.row;
		b.look = chosen >= 0 && q->mark == chosen ? LOOK_SELECTED
							  : (enum screen_look)q->look;
		draw_piece(&b, q);
	}
}

/* ---- marks ---- */

bool page_mark_line(struct page *p, int mark, unsigned *ret_line)
{
	for (size_t i = 0;; i++) {
		while (i >= p->n && !page_is_all(p))
			(void)page_need(p, page_lines(p) + 1);
		if (i >= p->n)
			return false;
		if (p->pieces[i].mark == mark) {
			*ret_line = p->pieces[i].line;
			return true;
		}
	}
}

bool page_next_mark(struct page *p, unsigned from, bool backwards, unsigned *ret_line)
{
	size_t i = first_piece(p, backwards ? from : from + 1);

	while (backwards && i-- > 0) {
		int mark = p->pieces[i].mark;

		if (mark < 0)
			continue;
		/* To its first line. */
		while (i > 0 && p->pieces[i - 1].mark == mark)
			i--;
		*ret_line = p->pieces[i].line;
		return true;
	}
	for (; !backwards; i++) {
		while (i >= p->n && !page_is_all(p))
			(void)page_need(p, page_lines(p) + 1);
		if (i >= p->n)
			return false;
		if (p->pieces[i].mark >= 0 &&
		    (i == 0 || p->pieces[i].mark != p->pieces[i - 1].mark)) {
			*ret_line = p->pieces[i].line;
			return true;
		}
	}
	return false;
}

/* ---- searching ---- */

static unsigned line_at(const struct page *p, size_t at)
{
	size_t lo = 0, hi = p->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if ((size_t)p->pieces[mid].at + p->pieces[mid].len <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < p->n ? p->pieces[lo].line : p->line;
}

static bool find_forward(struct page *p, const struct match *m, size_t from, size_t *ret_at)
{
	enum { STEP = 500 }; /* lines that are wrapped before it is looked again */
	size_t end;

	while (!match_next(m, p->text.data, p->text.len, from, ret_at, &end)) {
		size_t back = match_longest(m), had = p->text.len;

		if (page_is_all(p))
			return false;
		(void)page_need(p, page_lines(p) + STEP);
		/* The end of what was there may be the beginning of a hit. */
		from = had > back && had - back > from ? had - back : from;
	}
	return true;
}

static bool find_backward(struct page *p, const struct match *m, size_t before, size_t *ret_at)
{
	size_t at = 0, hit, end;
	bool found = false;

	while (match_next(m, p->text.data, p->text.len, at, &hit, &end) && hit < before) {
		*ret_at = hit;
		found = true;
		at = end;
	}
	return found;
}

bool page_find(struct page *p, const char *words, bool backwards, bool fresh, unsigned from,
	       struct page_hit *h)
{
	struct match m;
	size_t i = first_piece(p, from), at;
	size_t here = i < p->n ? p->pieces[i].at : p->text.len;
	bool found;

	if (!match_init(&m, words))
		return false;
	h->wrapped = false;
	if (backwards)
		found = find_backward(p, &m, fresh ? here : h->at, &at);
	else
		found = find_forward(p, &m, fresh ? here : h->at + 1, &at);
	if (!found) {
		h->wrapped = true;
		if (backwards)
			(void)page_need(p, UINT32_MAX);
		found = backwards ? find_backward(p, &m, SIZE_MAX, &at)
				  : find_forward(p, &m, 0, &at);
	}
	if (!found)
		return false;
	h->at = at;
	h->line = line_at(p, at);
	return true;
}
