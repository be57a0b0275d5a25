/* see_bmp.c - rows of a BMP, plain or run-length coded.
 *
 * Hostile: runs past the end of a row, colours past the end of the table.  A run that
 * leaves the picture is damage; a pixel that nothing wrote has the first colour, as
 * every viewer shows it. */
#include "inspect/see/see_bmp.h"

#include <stdbool.h>

#include "inspect/type/bmp.h"
#include "inspect/type/identify.h"

struct canvas {
	const struct bmp *b;
	const uint8_t *bytes;
	PIX *pix;
	bool alpha; /* one pixel is not transparent */
};

static l_uint32 *row_of(const struct canvas *v, uint32_t y)
{
	uint32_t at = v->b->top_down ? y : v->b->height - 1 - y;

	return pixGetData(v->pix) + (size_t)at * (size_t)pixGetWpl(v->pix);
}

static l_uint32 colour(uint32_t red, uint32_t green, uint32_t blue, uint32_t alpha)
{
	return red << L_RED_SHIFT | green << L_GREEN_SHIFT | blue << L_BLUE_SHIFT |
	       alpha << L_ALPHA_SHIFT;
}

static l_uint32 of_table(const struct canvas *v, unsigned index)
{
	const uint8_t *c = v->bytes + v->b->colours + (size_t)index * v->b->colour_len;

	return index < v->b->n_colours ? colour(c[2], c[1], c[0], 255) : colour(0, 0, 0, 255);
}

/* The bits under a mask, as 0 to 255. */
static uint32_t part(uint32_t v, uint32_t mask)
{
	uint64_t most;

	if (mask == 0)
		return 0;
	while ((mask & 1) == 0) {
		mask >>= 1;
		v >>= 1;
	}
	most = mask;
	return (uint32_t)(((uint64_t)(v & mask) * 255 + most / 2) / most);
}

static l_uint32 of_masks(struct canvas *v, uint32_t value)
{
	const uint32_t *m = v->b->masks;
	uint32_t alpha = part(value, m[3]);

	v->alpha = v->alpha || alpha != 0;
	return colour(part(value, m[0]), part(value, m[1]), part(value, m[2]),
		      m[3] != 0 ? alpha : 255);
}

static l_uint32 plain_pixel(struct canvas *v, const uint8_t *row, uint32_t x)
{
	switch (v->b->bits) {
	case 1:
		return of_table(v, row[x / 8] >> (7 - x % 8) & 1);
	case 4:
		return of_table(v, row[x / 2] >> (x % 2 == 0 ? 4 : 0) & 15);
	case 8:
		return of_table(v, row[x]);
	case 16:
		return of_masks(v, identify_le16(row + 2 * (size_t)x));
	case 24:
		row += 3 * (size_t)x;
		return colour(row[2], row[1], row[0], 255);
	default:
		return of_masks(v, identify_le32(row + 4 * (size_t)x));
	}
}

static void plain(struct canvas *v)
{
	for (uint32_t y = 0; y < v->b->height; y++) {
		const uint8_t *row = v->bytes + v->b->pixels + y * v->b->stride;
		l_uint32 *out = row_of(v, y);

		for (uint32_t x = 0; x < v->b->width; x++)
			out[x] = plain_pixel(v, row, x);
	}
}

/* --- runs --- */

enum { RUN_LINE_END, RUN_END, RUN_MOVE, RUN_FEWEST };

struct runs {
	struct canvas *v;
	const uint8_t *p;
	size_t len, at;
	uint32_t x, y;
};

/* Rows may be coded with the bytes that fill up a word, as ImageMagick does. */
static uint32_t coded_width(const struct bmp *b)
{
	return b->width + (0 - b->width) % 4;
}

/* `n` pixels from here on, those in the filling for nobody; false when they leave the row. */
static bool paint(struct runs *r, const uint8_t *from, uint32_t n, bool repeated)
{
	bool four = r->v->b->coding == BMP_RLE4;
	l_uint32 *out;

	if (r->y >= r->v->b->height || n > coded_width(r->v->b) - r->x)
		return false;
	out = row_of(r->v, r->y) + r->x;
	for (uint32_t i = 0; i < n && r->x + i < r->v->b->width; i++) {
		uint32_t k = repeated ? i % 2 : i;
		unsigned index = !four	      ? from[repeated ? 0 : i]
				 : k % 2 == 0 ? from[k / 2] >> 4
					      : from[k / 2] & 15;

		out[i] = of_table(r->v, index);
	}
	r->x += n;
	return true;
}

/* Pixels as they are, in whole words. */
static bool literal(struct runs *r, uint32_t n)
{
	size_t bytes = r->v->b->coding == BMP_RLE4 ? (n + 1) / 2 : n;

	if (bytes > r->len - r->at || !paint(r, r->p + r->at, n, false))
		return false;
	bytes += bytes & 1;
	r->at = bytes > r->len - r->at ? r->len : r->at + bytes;
	return true;
}

static bool move(struct runs *r)
{
	if (r->len - r->at < 2 || r->p[r->at] > coded_width(r->v->b) - r->x ||
	    r->p[r->at + 1] > r->v->b->height - r->y)
		return false;
	r->x += r->p[r->at];
	r->y += r->p[r->at + 1];
	r->at += 2;
	return true;
}

/* One pair of bytes and what belongs to it; *ret_end: the last one. */
static bool one_run(struct runs *r, bool *ret_end)
{
	uint8_t n = r->p[r->at], what = r->p[r->at + 1];

	r->at += 2;
	if (n > 0)
		return paint(r, r->p + r->at - 1, n, true);
	switch (what) {
	case RUN_LINE_END:
		r->x = 0;
		r->y++;
		return r->y <= r->v->b->height;
	case RUN_END:
		*ret_end = true;
		return true;
	case RUN_MOVE:
		return move(r);
	default:
		return literal(r, what);
	}
}

static bool run_length(struct canvas *v)
{
	struct runs r = {
		.v = v, .p = v->bytes + v->b->pixels, .len = v->b->pixels_len, .at = 0};
	l_uint32 first = of_table(v, 0);
	bool end = false;

	for (uint32_t y = 0; y < v->b->height; y++) {
		l_uint32 *out = row_of(v, y);

		for (uint32_t x = 0; x < v->b->width; x++)
			out[x] = first;
	}
	while (!end && r.len - r.at >= 2)
		if (!one_run(&r, &end))
			return false;
	/* Some writers leave the end out; what follows one is no picture. */
	return r.len - r.at < RUN_FEWEST && (end || r.y + 1 >= v->b->height);
}

PIX *see_bmp(const uint8_t *bytes, size_t len)
{
	struct bmp b;
	struct canvas v = {.b = &b, .bytes = bytes};

	if (bmp_open(bytes, len, &b) != NULL)
		return NULL;
	v.pix = pixCreate((l_int32)b.width, (l_int32)b.height, 32);
	if (v.pix == NULL)
		return NULL;
	if (b.coding == BMP_PLAIN)
		plain(&v);
	else if (!run_length(&v))
		pixDestroy(&v.pix);
	/* Nothing to see at all: many writers leave the fourth byte empty. */
	if (v.pix != NULL && v.alpha)
		(void)pixSetSpp(v.pix, 4);
	return v.pix;
}
