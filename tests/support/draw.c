/* draw.c - cairo draws; letters come from whatever Chinese font the host has. */
#include "tests/support/draw.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/err.h"

static const double SCALE = 150.0 / 72;

static cairo_status_t take(void *arg, const unsigned char *bytes, unsigned len)
{
	buf_put(arg, bytes, len);
	return buf_error(arg) == SL_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* A line of text as pixels of 150 dpi. */
static void draw_picture(cairo_t *cr, const struct draw_item *d)
{
	double w = DRAW_WIDTH - d->x, h = 2 * d->size;
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(w * SCALE),
							(int)(h * SCALE));
	cairo_t *on = cairo_create(s);

	cairo_set_source_rgb(on, 1, 1, 1);
	cairo_paint(on);
	cairo_scale(on, SCALE, SCALE);
	cairo_set_font_face(on, cairo_get_font_face(cr));
	cairo_set_font_size(on, d->size);
	cairo_set_source_rgb(on, d->shade, d->shade, d->shade);
	cairo_move_to(on, 0, 1.5 * d->size);
	cairo_show_text(on, d->text);
	cairo_destroy(on);
	cairo_save(cr);
	cairo_translate(cr, d->x, d->y - 1.5 * d->size);
	cairo_scale(cr, 1 / SCALE, 1 / SCALE);
	cairo_set_source_surface(cr, s, 0, 0);
	cairo_paint(cr);
	cairo_restore(cr);
	cairo_surface_destroy(s);
}

static void draw_letters(cairo_t *cr, const struct draw_item *d)
{
	cairo_set_font_size(cr, d->size);
	cairo_move_to(cr, d->x, d->y);
	if (d->as == DRAW_TEXT) {
		cairo_show_text(cr, d->text);
	} else {
		cairo_text_path(cr, d->text);
		cairo_fill(cr);
	}
}

static void draw(cairo_t *cr, const struct draw_item *items, size_t n)
{
	cairo_select_font_face(cr, "WenQuanYi Zen Hei", CAIRO_FONT_SLANT_NORMAL,
			       CAIRO_FONT_WEIGHT_NORMAL);
	for (size_t i = 0; i < n; i++) {
		const struct draw_item *d = &items[i];

		cairo_set_source_rgb(cr, d->shade, d->shade, d->shade);
		if (d->text == NULL) {
			cairo_rectangle(cr, d->x, d->y, d->w, d->h);
			cairo_fill(cr);
			continue;
		}
		if (d->as == DRAW_PICTURE)
			draw_picture(cr, d);
		else
			draw_letters(cr, d);
	}
}

static cairo_surface_t *pixels(const struct draw_item *items, size_t n, unsigned turns)
{
	bool aside = turns % 2 == 1;
	double w = aside ? DRAW_HEIGHT : DRAW_WIDTH, h = aside ? DRAW_WIDTH : DRAW_HEIGHT;
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(w * SCALE),
							(int)(h * SCALE));
	cairo_t *cr = cairo_create(s);

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, SCALE, SCALE);
	cairo_translate(cr, w / 2, h / 2);
	cairo_rotate(cr, turns * M_PI / 2);
	cairo_translate(cr, -DRAW_WIDTH / 2.0, -DRAW_HEIGHT / 2.0);
	draw(cr, items, n);
	cairo_destroy(cr);
	return s;
}

void draw_png(const struct draw_item *items, size_t n, unsigned turns, struct buf *out)
{
	cairo_surface_t *s = pixels(items, n, turns);

	BUG(cairo_surface_write_to_png_stream(s, take, out) != CAIRO_STATUS_SUCCESS);
	cairo_surface_destroy(s);
}

void draw_pdf(const struct draw_page *pages, struct buf *out)
{
	cairo_surface_t *pdf =
		cairo_pdf_surface_create_for_stream(take, out, DRAW_WIDTH, DRAW_HEIGHT);
	cairo_t *cr = cairo_create(pdf);

	for (; pages->n > 0; pages++) {
		cairo_surface_t *s;

		if (!pages->picture) {
			draw(cr, pages->items, pages->n);
			cairo_show_page(cr);
			continue;
		}
		s = pixels(pages->items, pages->n, 0);
		cairo_save(cr);
		cairo_scale(cr, 1 / SCALE, 1 / SCALE);
		cairo_set_source_surface(cr, s, 0, 0);
		cairo_paint(cr);
		cairo_restore(cr);
		cairo_show_page(cr);
		cairo_surface_destroy(s);
	}
	cairo_destroy(cr);
	cairo_surface_finish(pdf);
	BUG(cairo_surface_status(pdf) != CAIRO_STATUS_SUCCESS);
	cairo_surface_destroy(pdf);
}

static void chunk(struct buf *out, const char *type, const void *bytes, size_t len)
{
	size_t start;
	uLong crc;

	buf_put_u32(out, (uint32_t)len);
	start = out->len;
	buf_put(out, type, 4);
	buf_put(out, bytes, len);
	crc = crc32(0, out->data + start, (uInt)(len + 4));
	buf_put_u32(out, (uint32_t)crc);
}

static void frame(unsigned width, unsigned height, const void *pixels, size_t len,
		  struct buf *out)
{
	struct buf head;

	buf_init(&head, 64);
	buf_put_u32(&head, width);
	buf_put_u32(&head, height);
	buf_put(&head, "\1\0\0\0\0", 5); /* one bit of gray */
	buf_put(out, "\x89PNG\r\n\x1a\n", 8);
	chunk(out, "IHDR", head.data, head.len);
	chunk(out, "IDAT", pixels, len);
	chunk(out, "IEND", "", 0);
	buf_release(&head);
}

void draw_empty_png(unsigned width, unsigned height, struct buf *out)
{
	size_t row = 1 + (width + 7) / 8, raw_len = row * height;
	uLongf packed_len = compressBound(raw_len);
	uint8_t *raw = malloc(raw_len), *packed = malloc(packed_len);

	BUG(raw == NULL || packed == NULL);
	memset(raw, 0xff, raw_len);
	for (size_t y = 0; y < height; y++)
		raw[y * row] = 0; /* no filter */
	BUG(compress2(packed, &packed_len, raw, raw_len, 1) != Z_OK);
	frame(width, height, packed, packed_len, out);
	free(raw);
	free(packed);
}

void draw_hollow_png(unsigned width, unsigned height, struct buf *out)
{
	uint8_t packed[64];
	uLongf len = sizeof(packed);

	BUG(compress2(packed, &len, (const uint8_t *)"", 1, 1) != Z_OK);
	frame(width, height, packed, len, out);
}
