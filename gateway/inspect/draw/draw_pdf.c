/* draw_pdf.c - poppler draws one page with cairo, no larger than it will be shown. */
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/draw/draw.h"

void draw_pixels_release(struct draw_pixels *p)
{
	free(p->rgba);
	memset(p, 0, sizeof(*p));
}

/* cairo's 32 bits are xrgb in the machine's order. */
static int take_surface(cairo_surface_t *surface, struct draw_pixels *p)
{
	int stride = cairo_image_surface_get_stride(surface);
	const uint8_t *data = cairo_image_surface_get_data(surface);

	p->rgba = calloc((size_t)p->width * (size_t)p->height, 4);
	if (p->rgba == NULL)
		return SL_E_NOMEM;
	for (int y = 0; y < p->height; y++) {
		for (int x = 0; x < p->width; x++) {
			uint8_t *to = p->rgba + ((size_t)y * (size_t)p->width + (size_t)x) * 4;
			uint32_t v;

			memcpy(&v, data + (size_t)y * (size_t)stride + (size_t)x * sizeof(v),
			       sizeof(v));
			to[0] = (uint8_t)(v >> 16);
			to[1] = (uint8_t)(v >> 8);
			to[2] = (uint8_t)v;
			to[3] = 255;
		}
	}
	return SL_OK;
}

static int draw_page(PopplerPage *page, const struct draw_wish *w, struct draw_pixels *p)
{
	double width = 0, height = 0, f, by_width, by_height;
	cairo_surface_t *surface;
	cairo_t *cr;
	int r = SL_E_FORMAT;

	poppler_page_get_size(page, &width, &height);
	/* A page may call itself a mile wide, or nothing at all. */
	if (!(width >= 1 && height >= 1 && width < 1e6 && height < 1e6))
		return SL_E_LIMIT;
	by_width = w->cols * DRAW_CELL_WIDTH / width;
	by_height = w->rows * DRAW_CELL_HEIGHT / height;
	f = by_width < by_height ? by_width : by_height;
	p->width = (int)(width * f) > 0 ? (int)(width * f) : 1;
	p->height = (int)(height * f) > 0 ? (int)(height * f) : 1;
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, p->width, p->height);
	cr = cairo_create(surface);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, f, f);
	poppler_page_render(page, cr);
	if (cairo_status(cr) == CAIRO_STATUS_SUCCESS) {
		cairo_surface_flush(surface);
		r = take_surface(surface, p);
	}
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return r;
}

int draw_pdf(const uint8_t *bytes, size_t len, const struct draw_wish *w,
	     struct draw_pixels *ret_p)
{
	struct draw_pixels p = {0};
	GBytes *b = g_bytes_new_static(bytes, len);
	PopplerDocument *doc = poppler_document_new_from_bytes(b, NULL, NULL);
	PopplerPage *page = NULL;
	int n = doc != NULL ? poppler_document_get_n_pages(doc) : 0, r = SL_E_FORMAT;

	if (n > 0)
		r = w->page <= (unsigned)n ? SL_OK : SL_E_NOTFOUND;
	if (r == SL_OK) {
		page = poppler_document_get_page(doc, (int)w->page - 1);
		r = page != NULL ? draw_page(page, w, &p) : SL_E_FORMAT;
	}
	p.pages = (uint32_t)n;
	g_clear_object(&page);
	g_clear_object(&doc);
	g_bytes_unref(b);
	if (r == SL_OK)
		*ret_p = p;
	else
		draw_pixels_release(&p);
	return r;
}
