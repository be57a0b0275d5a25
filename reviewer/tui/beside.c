/* beside.c - two pages, one separator, and each following the other. */
#include "tui/beside.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "tui/panel.h"

/* Three fifths for the text: it is what is signed. */
static int text_cols(const struct reader *r)
{
	return r->cols * 3 / 5;
}

static int list_cols(const struct reader *r)
{
	return r->cols - text_cols(r) - 2;
}

bool beside_fits(const struct reader *r, enum panel panel, unsigned part, int cols)
{
	return cols >= BESIDE_COLS && panel_findings_count(r->c) > 0 &&
	       (panel == PANEL_FINDINGS || (panel == PANEL_PART && part > 0));
}

/* One of the two: a panel fills r->page, r->cols wide. */
static int fill(struct reader *r, struct page **p, int cols,
		int (*panel)(struct reader *r, struct sl_why *why), struct sl_why *why)
{
	struct page *page = r->page;
	int whole = r->cols, e;

	r->page = *p;
	r->cols = cols;
	e = panel(r, why);
	r->page = page;
	r->cols = whole;
	return e;
}

int beside_fill(struct reader *r, struct sl_why *why)
{
	unsigned file = 0, of_file = 0;
	int e = SL_OK;

	if (r->side == NULL)
		e = page_new(&r->side);
	if (e == SL_OK && r->panel == PANEL_FINDINGS &&
	    panel_finding_at(r->c, r->chosen, &file, &of_file) != NULL)
		r->part = file + 1;
	if (e == SL_OK)
		e = fill(r, &r->page, text_cols(r), panel_text, why);
	if (e == SL_OK)
		e = fill(r, &r->side, list_cols(r), panel_findings, why);
	return e;
}

void beside_follow(struct reader *r)
{
	unsigned file = 0, of_file = 0, line = 0;
	struct sl_why why;

	if (panel_finding_at(r->c, r->chosen, &file, &of_file) == NULL)
		return;
	if (r->part != file + 1) {
		r->part = file + 1;
		r->top = 0;
		if (fill(r, &r->page, text_cols(r), panel_text, &why) != SL_OK)
			return; /* the page says what can be said */
	}
	/* With a few lines of what stands before it. */
	if (reader_line_of(r, file, of_file, &line))
		r->top = line > 3 ? line - 3 : 0;
}

/* "[findings] 2/4", in brackets when keys move it. */
static void draw_head(const struct reader *r, int row, int col)
{
	bool here = r->panel == PANEL_FINDINGS;
	char head[120];

	(void)snprintf(head, sizeof(head), "%s%s%s %u/%u  %s", here ? "[" : " ",
		       reader_panel_name(PANEL_FINDINGS), here ? "]" : " ", r->chosen + 1,
		       panel_findings_count(r->c),
		       here ? _("Enter: to the text") : _("f: to the findings"));
	(void)screen_puts(row, col, r->cols - col, LOOK_BOLD, head);
}

void beside_draw(struct reader *r, int row, int rows)
{
	const char *words = r->words[0] != '\0' ? r->words : NULL;
	int left = text_cols(r), right = left + 2;
	unsigned file = 0, of_file = 0, line = 0;

	if (panel_finding_at(r->c, r->chosen, &file, &of_file) == NULL)
		return;
	reader_draw_tabs(r, row, left);
	draw_head(r, row, right);
	page_draw(r->page, r->top, row + 1, rows - 1, 0, left, words,
		  file + 1 == r->part ? (int)of_file : -1);
	page_draw(r->side, r->side_top, row + 1, rows - 1, right, list_cols(r), words,
		  (int)r->chosen);
	for (int k = 0; k < rows; k++)
		(void)screen_puts(row + k, left, 2, LOOK_DIM, "│");
	/* Not by colour alone. */
	if (page_mark_line(r->side, (int)r->chosen, &line) && line >= r->side_top &&
	    line - r->side_top < (unsigned)rows - 1)
		(void)screen_puts(row + 1 + (int)(line - r->side_top), right, 1, LOOK_SELECTED,
				  ">");
}
