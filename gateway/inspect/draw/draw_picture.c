/* draw_picture.c - a picture, decoded under a ceiling and made as small as it is shown. */
#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/draw/draw.h"

static int take_pix(PIX *pix, struct draw_pixels *p)
{
	p->width = pixGetWidth(pix);
	p->height = pixGetHeight(pix);
	p->rgba = calloc((size_t)p->width * (size_t)p->height, 4);
	if (p->rgba == NULL)
		return SL_E_NOMEM;
	for (int y = 0; y < p->height; y++) {
		const l_uint32 *row = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);

		for (int x = 0; x < p->width; x++) {
			uint8_t *to = p->rgba + ((size_t)y * (size_t)p->width + (size_t)x) * 4;

			to[0] = (uint8_t)(row[x] >> L_RED_SHIFT);
			to[1] = (uint8_t)(row[x] >> L_GREEN_SHIFT);
			to[2] = (uint8_t)(row[x] >> L_BLUE_SHIFT);
			to[3] = 255;
		}
	}
	return SL_OK;
}

/* No larger than the cells; a small picture stays small. */
static PIX *made_small(PIX *pix, const struct draw_wish *w)
{
	int width = pixGetWidth(pix), height = pixGetHeight(pix);
	float by_width = (float)(w->cols * DRAW_CELL_WIDTH) / (float)width;
	float by_height = (float)(w->rows * DRAW_CELL_HEIGHT) / (float)height;
	float f = by_width < by_height ? by_width : by_height;
	int to_width, to_height;

	if (f >= 1)
		return pixClone(pix);
	to_width = (int)((float)width * f);
	to_height = (int)((float)height * f);
	return pixScaleToSize(pix, to_width > 0 ? to_width : 1, to_height > 0 ? to_height : 1);
}

int draw_picture(const uint8_t *bytes, size_t len, const struct draw_wish *w,
		 struct draw_pixels *ret_p)
{
	struct draw_pixels p = {.pages = 1};
	PIX *pix = NULL, *color = NULL, *small = NULL;
	l_int32 format = 0, width = 0, height = 0;
	int r = SL_E_FORMAT;

	if (w->page != 1)
		return SL_E_NOTFOUND;
	setMsgSeverity(L_SEVERITY_NONE);
	/* What it says of its size is asked before there is memory for it. */
	if (pixReadHeaderMem(bytes, len, &format, &width, &height, NULL, NULL, NULL) != 0 ||
	    width < 1 || height < 1)
		return SL_E_FORMAT;
	if (width > DRAW_PIXELS_MAX / height)
		return SL_E_LIMIT;
	pix = pixReadMem(bytes, len);
	if (pix != NULL && pixGetWidth(pix) <= DRAW_PIXELS_MAX / pixGetHeight(pix))
		color = pixConvertTo32(pix);
	if (color != NULL)
		small = made_small(color, w);
	if (small != NULL)
		r = take_pix(small, &p);
	pixDestroy(&small);
	pixDestroy(&color);
	pixDestroy(&pix);
	if (r == SL_OK)
		*ret_p = p;
	else
		draw_pixels_release(&p);
	return r;
}
