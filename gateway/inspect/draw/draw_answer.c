/* draw_answer.c - pixels become cells or terminal codes by libchafa. */
#include <chafa.h>
#include <string.h>

#include "inspect/draw/draw.h"

enum { NO_COLOR = 256 };

static ChafaCanvas *canvas_of(const struct draw_pixels *p, const struct draw_wish *w,
			      gint *cols, gint *rows)
{
	ChafaCanvasConfig *config = chafa_canvas_config_new();
	ChafaSymbolMap *symbols = chafa_symbol_map_new();
	ChafaCanvas *canvas;

	*cols = (gint)w->cols;
	*rows = (gint)w->rows;
	chafa_calc_canvas_geometry(p->width, p->height, cols, rows,
				   (gfloat)DRAW_CELL_WIDTH / DRAW_CELL_HEIGHT, FALSE, FALSE);
	*cols = CLAMP(*cols, 1, (gint)w->cols);
	*rows = CLAMP(*rows, 1, (gint)w->rows);
	/* What every font has; the other side takes no other. */
	chafa_symbol_map_add_by_tags(symbols, CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_BLOCK |
						      CHAFA_SYMBOL_TAG_BORDER);
	chafa_canvas_config_set_symbol_map(config, symbols);
	chafa_canvas_config_set_geometry(config, *cols, *rows);
	chafa_canvas_config_set_cell_geometry(config, DRAW_CELL_WIDTH, DRAW_CELL_HEIGHT);
	chafa_canvas_config_set_pixel_mode(config, w->kind == 'x'   ? CHAFA_PIXEL_MODE_SIXELS
						   : w->kind == 'k' ? CHAFA_PIXEL_MODE_KITTY
								    : CHAFA_PIXEL_MODE_SYMBOLS);
	chafa_canvas_config_set_canvas_mode(config, w->kind != 's' ? CHAFA_CANVAS_MODE_TRUECOLOR
						    : w->color ? CHAFA_CANVAS_MODE_INDEXED_240
							       : CHAFA_CANVAS_MODE_FGBG);
	canvas = chafa_canvas_new(config);
	chafa_symbol_map_unref(symbols);
	chafa_canvas_config_unref(config);
	return canvas;
}

static unsigned color_of(gint c)
{
	return c >= 0 && c < NO_COLOR ? (unsigned)c : NO_COLOR;
}

static void put_cells(ChafaCanvas *canvas, const struct draw_wish *w, gint cols, gint rows,
		      struct buf *out)
{
	for (gint y = 0; y < rows; y++) {
		for (gint x = 0; x < cols; x++) {
			gint ink = -1, ground = -1;
			gunichar c = chafa_canvas_get_char_at(canvas, x, y);

			if (w->color)
				chafa_canvas_get_raw_colors_at(canvas, x, y, &ink, &ground);
			buf_put_u32(out, c != 0 ? c : ' ');
			buf_put_u16(out, (uint16_t)color_of(ink));
			buf_put_u16(out, (uint16_t)color_of(ground));
		}
	}
}

static void put_codes(ChafaCanvas *canvas, struct buf *out)
{
	ChafaTermDb *db = chafa_term_db_new();
	ChafaTermInfo *info = chafa_term_db_get_fallback_info(db);
	GString *codes = chafa_canvas_print(canvas, info);
	const char *from = codes->str, *end = codes->str + codes->len;

	/* Of what chafa prints only the picture's own codes: no moving of the cursor. */
	while (from < end && !(from[0] == '\x1b' && (from[1] == 'P' || from[1] == '_')))
		from++;
	while (end > from && !(end - from > 1 && end[-1] == '\\' && end[-2] == '\x1b'))
		end--;
	buf_put_blob(out, from, (size_t)(end - from));
	g_string_free(codes, TRUE);
	chafa_term_info_unref(info);
	chafa_term_db_unref(db);
}

int draw_answer(const struct draw_pixels *p, const struct draw_wish *w, struct buf *out)
{
	gint cols = 0, rows = 0;
	ChafaCanvas *canvas;

	/* No threads: there is no call for them where this runs. */
	chafa_set_n_threads(1);
	canvas = canvas_of(p, w, &cols, &rows);
	chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGBA8_UNASSOCIATED, p->rgba, p->width,
				     p->height, p->width * 4);
	buf_puts(out, "SLDRAWN1");
	buf_put_u32(out, p->pages);
	buf_put_u16(out, (uint16_t)cols);
	buf_put_u16(out, (uint16_t)rows);
	buf_put_u8(out, (uint8_t)w->kind);
	if (w->kind == 's')
		put_cells(canvas, w, cols, rows, out);
	else
		put_codes(canvas, out);
	chafa_canvas_unref(canvas);
	return buf_error(out);
}
