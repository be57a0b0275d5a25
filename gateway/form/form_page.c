/* form_page.c - text into lines, lines into boxes. */
#include "form/form_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { TEXT_MAX = 8 << 20, LINES_MAX = 200000, LETTERS_MAX = 2000 };

static double points_of(enum form_style style)
{
	return style == FORM_FINE ? 7.5 : 10.5;
}

static bool is_box(const char *s)
{
	return strncmp(s, "□", 3) == 0 || strncmp(s, "■", 3) == 0;
}

/* A box stays with its word: no line ends between the two.  And no hyphen is ever put where a
 * line ends: it would read as one of the text's. */
static PangoAttrList *line_ends(const char *text)
{
	PangoAttrList *list = pango_attr_list_new();

	pango_attr_list_insert(list, pango_attr_insert_hyphens_new(FALSE));
	for (const char *s = text; *s != '\0'; s++) {
		PangoAttribute *keep;
		const char *end;

		if (!is_box(s))
			continue;
		end = strstr(s, "　");
		keep = pango_attr_allow_breaks_new(FALSE);
		keep->start_index = (guint)(s - text);
		keep->end_index = (guint)(end != NULL ? end - text : (ptrdiff_t)strlen(text));
		pango_attr_list_insert(list, keep);
		if (end == NULL)
			break;
		s = end;
	}
	return list;
}

static PangoLayout *lay_out(struct form_ink *ink, PangoContext *context, enum form_style style,
			    const char *text, size_t len, double width)
{
	PangoFontDescription *font = form_ink_font(ink, points_of(style), style == FORM_WARN);
	PangoLayout *layout = pango_layout_new(context);
	PangoAttrList *keep;

	/* Left to right whatever the letters: a form has no other direction to offer. */
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_width(layout, (int)((width - 2.0 * FORM_PAD) * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(layout, style == FORM_LABEL || style == FORM_HEAD
						   ? PANGO_ALIGN_CENTER
					   : style == FORM_SIGN ? PANGO_ALIGN_RIGHT
								: PANGO_ALIGN_LEFT);
	pango_layout_set_text(layout, text, (int)len);
	keep = line_ends(pango_layout_get_text(layout));
	pango_layout_set_attributes(layout, keep);
	pango_attr_list_unref(keep);
	pango_font_description_free(font);
	return layout;
}

static int take_lines(PangoLayout *layout, struct form_laid *laid)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	int r = SL_OK;

	do {
		struct form_piece *more;
		PangoRectangle box;
		int top, bottom;

		more = laid->n == LINES_MAX
			       ? NULL
			       : reallocarray(laid->pieces, laid->n + 1, sizeof(*laid->pieces));
		if (more == NULL) {
			r = laid->n == LINES_MAX ? SL_E_LIMIT : SL_E_NOMEM;
			break;
		}
		laid->pieces = more;
		pango_layout_iter_get_line_extents(iter, NULL, &box);
		pango_layout_iter_get_line_yrange(iter, &top, &bottom);
		more[laid->n].layout = g_object_ref(layout);
		more[laid->n].line =
			pango_layout_line_ref(pango_layout_iter_get_line_readonly(iter));
		more[laid->n].x = (double)box.x / PANGO_SCALE;
		more[laid->n].baseline =
			(double)(pango_layout_iter_get_baseline(iter) - top) / PANGO_SCALE;
		more[laid->n].height = (double)(bottom - top) / PANGO_SCALE;
		laid->n++;
	} while (pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
	return r;
}

/* Where to cut a text that is too long for one layout: whoever writes a hundred thousand
 * letters without a place to break at would have the library try each of them in turn. */
static size_t piece_of(const char *text, size_t len)
{
	size_t at = 0, used;

	for (unsigned n = 0; at < len && n < LETTERS_MAX; n++, at += used)
		(void)text_decode(text + at, len - at, &used);
	return at;
}

static int lay_line(struct form_ink *ink, PangoContext *context, const struct form_line *line,
		    double width, struct form_laid *laid)
{
	struct buf text;
	size_t at = 0;
	int r;

	buf_init(&text, TEXT_MAX);
	form_ink_put(ink, line->text, &text);
	r = buf_error(&text);
	while (r == SL_OK) {
		size_t n = piece_of(buf_str(&text) + at, text.len - at);
		PangoLayout *layout =
			lay_out(ink, context, line->style, buf_str(&text) + at, n, width);

		r = take_lines(layout, laid);
		g_object_unref(layout);
		at += n;
		if (at == text.len)
			break;
	}
	buf_release(&text);
	return r;
}

int form_laid_cell(struct form_ink *ink, PangoContext *context, const struct form_cell *cell,
		   double width, struct form_laid *ret_laid)
{
	struct form_laid laid = {.pieces = NULL};
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < cell->n; i++)
		r = lay_line(ink, context, &cell->lines[i], width, &laid);
	if (r == SL_OK)
		*ret_laid = laid;
	else
		form_laid_release(&laid);
	return r;
}

void form_laid_release(struct form_laid *laid)
{
	for (size_t i = 0; i < laid->n; i++) {
		pango_layout_line_unref(laid->pieces[i].line);
		g_object_unref(laid->pieces[i].layout);
	}
	free(laid->pieces);
	memset(laid, 0, sizeof(*laid));
}

double form_laid_left(const struct form_laid *laid)
{
	double height = 0;

	for (size_t i = laid->done; i < laid->n; i++)
		height += laid->pieces[i].height;
	return height;
}

size_t form_laid_fit(const struct form_laid *laid, double room, double *ret_height)
{
	double height = 0;
	size_t n = 0;

	while (laid->done + n < laid->n &&
	       height + laid->pieces[laid->done + n].height <= room) {
		height += laid->pieces[laid->done + n].height;
		n++;
	}
	*ret_height = height;
	return n;
}

void form_laid_draw(struct form_laid *laid, size_t n, cairo_t *cr, double x, double y,
		    double height)
{
	double own = 0, at;

	for (size_t i = 0; i < n; i++)
		own += laid->pieces[laid->done + i].height;
	at = y + (height > own ? (height - own) / 2 : 0);
	for (size_t i = 0; i < n; i++) {
		const struct form_piece *p = &laid->pieces[laid->done + i];

		if (cr != NULL) {
			cairo_move_to(cr, x + FORM_PAD + p->x, at + p->baseline);
			pango_cairo_show_layout_line(cr, p->line);
		}
		at += p->height;
	}
	laid->done += n;
}

void form_draw_text(struct form_ink *ink, PangoContext *context, cairo_t *cr, double points,
		    bool bold, const char *text, int align, double x, double y)
{
	PangoFontDescription *font = form_ink_font(ink, points, bold);
	PangoLayout *layout = pango_layout_new(context);
	PangoRectangle box;
	struct buf safe;
	double left;

	buf_init(&safe, TEXT_MAX);
	form_ink_put(ink, text, &safe);
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_text(layout, buf_str(&safe), (int)safe.len);
	pango_layout_get_extents(layout, NULL, &box);
	left = align < 0   ? x
	       : align > 0 ? x - (double)box.width / PANGO_SCALE
			   : x - (double)box.width / PANGO_SCALE / 2;
	cairo_move_to(cr, left, y + (double)pango_layout_get_baseline(layout) / PANGO_SCALE);
	pango_cairo_show_layout_line(cr, pango_layout_get_line_readonly(layout, 0));
	buf_release(&safe);
	g_object_unref(layout);
	pango_font_description_free(font);
}
