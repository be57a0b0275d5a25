/* see_page.c - poppler draws with cairo; the result becomes gray pixels.
 *
 * Hostile: sizes (a page may call itself a mile wide), so pixels are bounded before
 * there is a surface. */
#include "inspect/see/see_page.h"

#include <string.h>

#include "inspect/see/see_picture.h"

enum { POINTS = 72, SCAN_LETTERS = 40, CHINESE_PERCENT = 30 };

void see_page_open(struct see_page *g, PopplerPage *page, unsigned number)
{
	*g = (struct see_page){.page = page, .number = number};
	poppler_page_get_size(page, &g->width, &g->height);
	g->layer = poppler_page_get_text(page);
	if (!poppler_page_get_text_layout(page, &g->rects, &g->n_rects))
		g->n_rects = 0;
	if (g->layer != NULL)
		g->letters = see_letters(g->layer, strlen(g->layer));
	g->dpi = g->letters < SCAN_LETTERS ? SEE_SCAN_DPI : SEE_DPI;
}

void see_page_close(struct see_page *g)
{
	g_free(g->layer);
	g_free(g->rects);
	if (g->surface != NULL)
		cairo_surface_destroy(g->surface);
	*g = (struct see_page){.number = 0};
}

cairo_surface_t *see_page_draw(const struct see_page *g, const PopplerRectangle *clip,
			       double dpi)
{
	double f = dpi / POINTS, w = (clip->x2 - clip->x1) * f, h = (clip->y2 - clip->y1) * f;
	cairo_surface_t *surface;
	cairo_t *cr;

	if (!(w >= 1 && h >= 1 && w < SEE_SIDE_MAX && h < SEE_SIDE_MAX &&
	      w * h < SEE_PIXELS_MAX))
		return NULL;
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)w, (int)h);
	cr = cairo_create(surface);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, f, f);
	cairo_translate(cr, -clip->x1, -clip->y1);
	poppler_page_render(g->page, cr);
	if (cairo_status(cr) != CAIRO_STATUS_SUCCESS)
		g_clear_pointer(&surface, cairo_surface_destroy);
	cairo_destroy(cr);
	if (surface != NULL)
		cairo_surface_flush(surface);
	return surface;
}

PIX *see_page_gray(cairo_surface_t *surface)
{
	enum { RED = 77, GREEN = 151, BLUE = 28 /* of 256: as bright as an eye finds them */ };
	int w = cairo_image_surface_get_width(surface);
	int h = cairo_image_surface_get_height(surface);
	int stride = cairo_image_surface_get_stride(surface);
	const uint8_t *data = cairo_image_surface_get_data(surface);
	PIX *gray = pixCreate(w, h, 8);

	if (gray != NULL)
		(void)pixSetAll(gray);
	for (int y = 0; gray != NULL && y < h; y++) {
		l_uint32 *row = pixGetData(gray) + (size_t)y * (size_t)pixGetWpl(gray);

		for (int x = 0; x < w; x++) {
			uint32_t v;

			memcpy(&v, data + (size_t)y * (size_t)stride + (size_t)x * sizeof(v),
			       sizeof(v));
			if ((v & 0xffffff) == 0xffffff)
				continue; /* paper, as most of it */
			v = (v >> 16 & 255) * RED + (v >> 8 & 255) * GREEN + (v & 255) * BLUE;
			SET_DATA_BYTE(row, x, (uint8_t)(v >> 8));
		}
	}
	return gray;
}

bool see_layer_is_chinese(const struct see_page *g)
{
	const char *s = g->layer;
	unsigned han = 0;

	/* Three bytes each, and nothing else that counts as a letter has three. */
	for (; s != NULL && *s != '\0'; s++)
		han += (uint8_t)*s >= 0xe3 && (uint8_t)*s <= 0xe9;
	return g->letters >= SCAN_LETTERS && han * 100 > g->letters * CHINESE_PERCENT;
}
