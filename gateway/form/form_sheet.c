/* form_sheet.c - rows below each other, broken where a page ends.
 *
 * A row that fits on a page is not broken unless it is long; a long one goes on over as many
 * pages as it needs, with its label again on each.  The head of a list is repeated.  Nothing is
 * cut: whatever does not fit any more is on the next page. */
#include "form/form_sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form/form_build.h"
#include "form/form_page.h"

/* Points.  The left margin is the wider one: there the sheet is bound. */
#define LEFT	   68.0
#define RIGHT	   (FORM_PAGE_WIDTH - 51.0)
#define TOP	   48.0
#define BOTTOM	   (FORM_PAGE_HEIGHT - 58.0)
#define SIDE	   26.0 /* column of the blocks' names */
#define UNIT	   ((RIGHT - LEFT - SIDE) / FORM_WIDTH)
#define LINE	   15.2
#define ROW_MIN	   23.0
#define BREAK_OVER 220.0 /* rows higher than this may be broken */
#define THIN	   0.6
#define THICK	   1.2

struct sheet {
	const struct form *f;
	struct form_ink *ink;
	PangoContext *context;
	cairo_t *cr; /* NULL while pages are counted */
	unsigned page, pages;
	bool bare; /* only notes are on this page from here on: no frame */
	double y, table_top, block_top;
	const struct form_block *block;
	const struct form_row *head; /* of the list that the next row belongs to */
};

static void box(const struct sheet *s, double x, double y, double w, double h, double line)
{
	if (s->cr == NULL)
		return;
	cairo_set_line_width(s->cr, line);
	cairo_rectangle(s->cr, x, y, w, h);
	cairo_stroke(s->cr);
}

static void text(const struct sheet *s, double points, bool bold, const char *words, int align,
		 double x, double y)
{
	if (s->cr != NULL)
		form_draw_text(s->ink, s->context, s->cr, points, bold, words, align, x, y);
}

static void page_head(struct sheet *s)
{
	double middle = (LEFT + RIGHT) / 2;

	/* 二号 on the first sheet, small on those that follow it. */
	if (s->page == 1) {
		text(s, 22, true, s->f->title, 0, middle, TOP);
		s->y = TOP + 44;
	} else {
		text(s, 14, true, s->f->title, 0, middle, TOP);
		s->y = TOP + 28;
	}
	text(s, 10.5, false, s->f->number, -1, LEFT, s->y);
	text(s, 10.5, false, s->f->date, 1, RIGHT, s->y);
	s->y += 17;
	/* On a line of its own where it is known: it is long. */
	text(s, 10.5, false, s->f->index_no, -1, LEFT, s->y);
	s->y += 19;
	s->table_top = s->block_top = s->y;
}

static void page_foot(const struct sheet *s)
{
	char page[24], pages[24];
	struct buf line;

	if (s->cr == NULL)
		return;
	form_buf(&line);
	text(s, 7, false, s->f->foot, -1, LEFT, BOTTOM + 5);
	buf_puts(&line, form_word(s->f->lang, "foot.record"));
	buf_puts(&line, s->f->record);
	text(s, 7, false, buf_str(&line), -1, LEFT, BOTTOM + 15);
	buf_clear(&line);
	(void)snprintf(page, sizeof(page), "%u", s->page);
	(void)snprintf(pages, sizeof(pages), "%u", s->pages);
	form_put_filled(&line, s->f->lang, "page", page, pages, NULL);
	text(s, 9, false, buf_str(&line), 0, (LEFT + RIGHT) / 2, BOTTOM + 28);
	buf_release(&line);
}

/* The block's name beside its rows: one character below the other, or turned. */
static void block_name(const struct sheet *s, double top, double bottom)
{
	const char *name = s->block->name;
	double middle = LEFT + SIDE / 2, height = bottom - top, need;
	size_t n = strlen(name) / 3;

	box(s, LEFT, top, SIDE, height, THIN);
	if (s->cr == NULL)
		return;
	cairo_save(s->cr);
	if (s->f->lang == FORM_ZH) {
		double size = 12, step = 18;

		need = step * (double)n;
		if (need > height - 4) {
			size *= (height - 4) / need;
			step *= (height - 4) / need;
		}
		for (size_t i = 0; i < n; i++) {
			char one[4] = {name[3 * i], name[3 * i + 1], name[3 * i + 2], '\0'};

			text(s, size, true, one, 0, middle,
			     (top + bottom) / 2 + ((double)i - (double)n / 2) * step);
		}
	} else {
		double size = 10.5;

		need = 0.58 * size * (double)strlen(name);
		if (need > height - 4)
			size *= (height - 4) / need;
		cairo_translate(s->cr, middle - size * 0.72, (top + bottom) / 2);
		cairo_rotate(s->cr, -1.5707963267948966);
		text(s, size, true, name, 0, 0, 0);
	}
	cairo_restore(s->cr);
}

static void end_block(struct sheet *s)
{
	if (s->y > s->block_top)
		block_name(s, s->block_top, s->y);
	s->block_top = s->y;
}

/* Around what stands of the table on this page. */
static void frame(struct sheet *s)
{
	if (!s->bare && s->y > s->table_top)
		box(s, LEFT, s->table_top, RIGHT - LEFT, s->y - s->table_top, THICK);
}

static int end_page(struct sheet *s)
{
	frame(s);
	page_foot(s);
	if (s->cr != NULL) {
		cairo_show_page(s->cr);
		if (cairo_status(s->cr) != CAIRO_STATUS_SUCCESS)
			return SL_E_NOMEM;
	}
	return s->page == FORM_PAGES_MAX ? SL_E_LIMIT : SL_OK;
}

static bool is_head(const struct form_row *row)
{
	for (unsigned c = 0; c < row->n; c++) {
		if (row->cell[c].n != 1 || row->cell[c].lines[0].style != FORM_HEAD)
			return false;
	}
	return row->n > 0;
}

static bool is_list(const struct form_row *row)
{
	return row->n > 0 && row->cell[0].n > 0 && row->cell[0].lines[0].style == FORM_HEAD;
}

static int put_row(struct sheet *s, const struct form_row *row, bool again);

static int next_page(struct sheet *s, bool in_list)
{
	int r;

	end_block(s);
	r = end_page(s);
	if (r != SL_OK)
		return r;
	s->page++;
	page_head(s);
	return in_list && s->head != NULL ? put_row(s, s->head, true) : SL_OK;
}

struct laid_row {
	const struct form_row *row;
	struct form_laid cell[FORM_CELLS_MAX];
	bool broken; /* a part of it is on an earlier page */
};

/* What is left of the row, with the room around its text. */
static double left_of(const struct laid_row *l)
{
	double most = l->row->blank * LINE, h;

	for (unsigned c = 0; c < l->row->n; c++) {
		h = form_laid_left(&l->cell[c]);
		most = h > most ? h : most;
	}
	most += 2 * FORM_PAD;
	return most > ROW_MIN ? most : ROW_MIN;
}

/* Draw as much of each cell as goes into `height`, and the boxes. */
static void draw_part(struct sheet *s, struct laid_row *l, double height)
{
	double x = LEFT + SIDE, unused;

	for (unsigned c = 0; c < l->row->n; c++) {
		double w = l->row->cell[c].width * UNIT;
		size_t n;

		/* A label stands again beside each part of its row. */
		if (l->broken && l->row->cell[c].n > 0 &&
		    l->row->cell[c].lines[0].style == FORM_LABEL)
			l->cell[c].done = 0;
		n = form_laid_fit(&l->cell[c], height - 2 * FORM_PAD + 0.01, &unused);
		form_laid_draw(&l->cell[c], n, s->cr, x, s->y + FORM_PAD,
			       height - 2 * FORM_PAD);
		box(s, x, s->y, w, height, THIN);
		x += w;
	}
	s->y += height;
	l->broken = true;
}

static bool is_done(const struct laid_row *l)
{
	for (unsigned c = 0; c < l->row->n; c++) {
		/* A label that is higher than the rest of its row is drawn with it or not at
		 * all. */
		if (l->row->cell[c].n > 0 && l->row->cell[c].lines[0].style == FORM_LABEL)
			continue;
		if (l->cell[c].done < l->cell[c].n)
			return false;
	}
	return true;
}

static int place(struct sheet *s, struct laid_row *l, bool again)
{
	bool fresh = again, in_list = is_list(l->row) && !is_head(l->row);
	int r = SL_OK;

	while (r == SL_OK) {
		double need = left_of(l), room = BOTTOM - s->y;

		/* The head of a list does not stand alone at the end of a page. */
		if (is_head(l->row) && !again)
			need += 2 * ROW_MIN;
		if (need <= room || (fresh && is_head(l->row))) {
			draw_part(s, l, left_of(l));
			return SL_OK;
		}
		if (!fresh && (need <= BREAK_OVER || room < 4 * LINE)) {
			r = next_page(s, in_list);
			fresh = true;
			continue;
		}
		draw_part(s, l, room);
		if (is_done(l))
			return SL_OK;
		r = next_page(s, in_list);
		fresh = true;
	}
	return r;
}

static int put_row(struct sheet *s, const struct form_row *row, bool again)
{
	struct laid_row l = {.row = row};
	int r = SL_OK;

	for (unsigned c = 0; r == SL_OK && c < row->n; c++)
		r = form_laid_cell(s->ink, s->context, &row->cell[c], row->cell[c].width * UNIT,
				   &l.cell[c]);
	if (r == SL_OK)
		r = place(s, &l, again);
	for (unsigned c = 0; c < row->n; c++)
		form_laid_release(&l.cell[c]);
	return r;
}

static int put_notes(struct sheet *s)
{
	int r = SL_OK;

	s->y += 4;
	for (size_t i = 0; r == SL_OK && i < s->f->n_notes; i++) {
		struct form_line line = {FORM_FINE, s->f->notes[i]};
		struct form_cell cell = {.width = FORM_WIDTH, .lines = &line, .n = 1};
		struct form_laid laid = {.pieces = NULL};
		double height;

		r = form_laid_cell(s->ink, s->context, &cell, RIGHT - LEFT, &laid);
		if (r != SL_OK)
			break;
		height = form_laid_left(&laid);
		if (height > BOTTOM - s->y) {
			r = end_page(s);
			s->page++;
			if (r == SL_OK)
				page_head(s);
		}
		form_laid_draw(&laid, laid.n, s->cr, LEFT, s->y, height);
		s->y += height;
		form_laid_release(&laid);
	}
	return r;
}

static int put_block(struct sheet *s, const struct form_block *block)
{
	int r = SL_OK;

	s->block = block;
	s->block_top = s->y;
	s->head = NULL;
	for (size_t i = 0; r == SL_OK && i < block->n; i++) {
		if (is_head(&block->rows[i]))
			s->head = &block->rows[i];
		else if (!is_list(&block->rows[i]))
			s->head = NULL;
		r = put_row(s, &block->rows[i], false);
	}
	if (r == SL_OK)
		end_block(s);
	return r;
}

int form_sheet(const struct form *f, struct form_ink *ink, cairo_t *cr, unsigned *pages)
{
	struct sheet s = {.f = f, .ink = ink, .cr = cr, .page = 1, .pages = *pages};
	int r = SL_OK;

	s.context = form_ink_context(ink, f->lang == FORM_ZH ? "zh-cn" : "en");
	if (cr != NULL)
		cairo_set_source_rgb(cr, 0, 0, 0);
	page_head(&s);
	for (size_t i = 0; r == SL_OK && i < f->n; i++)
		r = put_block(&s, &f->blocks[i]);
	if (r == SL_OK) {
		frame(&s);
		s.bare = true;
		r = put_notes(&s);
	}
	if (r == SL_OK)
		r = end_page(&s);
	g_object_unref(s.context);
	if (r == SL_OK)
		*pages = s.page;
	return r;
}
