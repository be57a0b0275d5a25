/* clean_tiff.c - a TIFF of nothing but its pages: what describes the pixels, and the pixels.
 *
 * Written anew from the directories (TIFF 6.0): tags that decoders need are kept with as many
 * values as they may have, strips and tiles byte for byte, everything else is left out.
 * Hostile: every offset and count.  What is not understood ends the copy, so that a picture
 * is never another one afterwards. */
#include <stdlib.h>
#include <string.h>

#include "inspect/clean/clean_tiff_read.h"

enum {
	PAGES_MAX = 1000,
	STRIPS_MAX = 1 << 20,
	REDUCED = 1 /* NewSubfileType: a smaller copy of another page */
};

static int damaged(struct sl_why *why)
{
	return why_set(why, SL_E_FORMAT, "the picture is damaged");
}

static void put(struct tiff *t, uint32_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buf_put_u8(&t->r->bytes, (uint8_t)(v >> (8 * (t->big ? bytes - 1 - i : i))));
}

static void patch(struct tiff *t, size_t at, uint32_t v)
{
	for (unsigned i = 0; i < 4 && at + i < t->r->bytes.len; i++)
		t->r->bytes.data[at + i] = (uint8_t)(v >> (8 * (t->big ? 3 - i : i)));
}

/* --- pixels --- */

struct grid {		    /* strips or tiles */
	uint32_t n, rows;   /* rows: of one */
	uint32_t height;    /* of the page */
	uint64_t row_bytes; /* without compression; 0: not said by the tags */
	bool tiles;
};

static uint64_t parts_of(uint32_t all, uint32_t one)
{
	return one == 0 ? 0 : ((uint64_t)all + one - 1) / one;
}

/* More pieces than the picture has would be pixels that nobody sees. */
static int lay_grid(const struct tiff *t, const struct tiff_page *g, struct grid *ret_grid)
{
	uint32_t width = clean_tiff_number(t, g, TIFF_WIDTH, 0),
		 height = clean_tiff_number(t, g, TIFF_HEIGHT, 0);
	uint32_t samples = clean_tiff_number(t, g, TIFF_SAMPLES, 1),
		 bits = clean_tiff_number(t, g, TIFF_BITS, 1);
	uint32_t planes = clean_tiff_number(t, g, TIFF_PLANAR, 1) == 2 ? samples : 1;
	struct grid d = {.height = height, .tiles = g->offsets.tag == TIFF_TILES};
	uint32_t across = d.tiles ? clean_tiff_number(t, g, TIFF_TILE_WIDTH, 0) : width;
	uint64_t n;

	d.rows = clean_tiff_number(t, g, d.tiles ? TIFF_TILE_HEIGHT : TIFF_ROWS, height);
	if (d.rows > height && !d.tiles)
		d.rows = height;
	n = parts_of(width, across) * parts_of(height, d.rows);
	if (width == 0 || height == 0 || samples == 0 || samples > TIFF_SAMPLES_MAX ||
	    g->offsets.p == NULL || g->counts.p == NULL || n == 0 || n > STRIPS_MAX ||
	    (g->counts.tag == TIFF_TILE_LENGTHS && !d.tiles))
		return SL_E_FORMAT;
	d.n = (uint32_t)n * planes;
	if (d.n != g->offsets.count || d.n != g->counts.count || d.n > STRIPS_MAX)
		return SL_E_FORMAT;
	if (clean_tiff_number(t, g, TIFF_COMPRESSION, 1) == 1 &&
	    clean_tiff_number(t, g, TIFF_PHOTOMETRIC, 0) != TIFF_YCBCR)
		d.row_bytes = ((uint64_t)across * bits * (planes > 1 ? 1 : samples) + 7) / 8;
	*ret_grid = d;
	return SL_OK;
}

/* Bytes of piece i that are pixels. */
static size_t pixels_of(const struct grid *d, uint32_t i, uint32_t said)
{
	uint32_t at = d->tiles ? 0 : (i % (uint32_t)parts_of(d->height, d->rows)) * d->rows;
	uint32_t rows = !d->tiles && d->height - at < d->rows ? d->height - at : d->rows;

	if (d->row_bytes == 0 || d->row_bytes >= UINT32_MAX || said <= d->row_bytes * rows)
		return said;
	return (size_t)(d->row_bytes * rows);
}

/* Copies the pieces; their places and lengths into two new lists. */
static int put_pixels(struct tiff *t, const struct tiff_page *g, const struct grid *d,
		      uint32_t *places, uint32_t *lengths)
{
	for (uint32_t i = 0; i < d->n; i++) {
		uint32_t at = clean_tiff_value(t, &g->offsets, i),
			 said = clean_tiff_value(t, &g->counts, i);
		size_t n = pixels_of(d, i, said);

		if (said > t->len - t->copied || !clean_tiff_tick(t, at, n))
			return SL_E_FORMAT;
		t->copied += said;
		places[i] = (uint32_t)t->r->bytes.len;
		lengths[i] = (uint32_t)n;
		buf_put(&t->r->bytes, t->p + at, n);
		if (n % 2 != 0)
			buf_put_u8(&t->r->bytes, 0);
	}
	return buf_error(&t->r->bytes);
}

/* --- writing --- */

/* A value too long for its entry goes before the directory. */
static uint32_t put_value(struct tiff *t, const struct tiff_entry *e)
{
	uint32_t at = (uint32_t)t->r->bytes.len;

	if (e->len <= 4)
		return 0;
	buf_put(&t->r->bytes, e->p, e->len);
	if (e->len % 2 != 0)
		buf_put_u8(&t->r->bytes, 0);
	return at;
}

static void put_entry(struct tiff *t, const struct tiff_entry *e, uint32_t place)
{
	put(t, e->tag, 2);
	put(t, e->type, 2);
	put(t, e->count, 4);
	if (e->len > 4) {
		put(t, place, 4);
		return;
	}
	buf_put(&t->r->bytes, e->p, e->len);
	for (size_t i = e->len; i < 4; i++)
		buf_put_u8(&t->r->bytes, 0);
}

static uint32_t put_list(struct tiff *t, const uint32_t *list, uint32_t n)
{
	uint32_t at = (uint32_t)t->r->bytes.len;

	for (uint32_t i = 0; n > 1 && i < n; i++)
		put(t, list[i], 4);
	return n > 1 ? at : list[0];
}

static void put_list_entry(struct tiff *t, uint32_t tag, uint32_t n, uint32_t place)
{
	put(t, tag, 2);
	put(t, TIFF_LONG, 2);
	put(t, n, 4);
	put(t, place, 4);
}

static void put_directory(struct tiff *t, const struct tiff_page *g, uint32_t pieces,
			  uint32_t places, uint32_t lengths, const uint32_t *values)
{
	uint32_t first = g->offsets.tag,
		 second = first == TIFF_TILES ? TIFF_TILE_LENGTHS : TIFF_STRIP_LENGTHS;
	size_t i = 0;

	patch(t, t->next_at, (uint32_t)t->r->bytes.len);
	put(t, (uint32_t)g->n + 2, 2);
	for (; i < g->n && g->kept[i].tag < first; i++)
		put_entry(t, &g->kept[i], values[i]);
	put_list_entry(t, first, pieces, places);
	for (; i < g->n && g->kept[i].tag < second; i++)
		put_entry(t, &g->kept[i], values[i]);
	put_list_entry(t, second, pieces, lengths);
	for (; i < g->n; i++)
		put_entry(t, &g->kept[i], values[i]);
	t->next_at = t->r->bytes.len;
	put(t, 0, 4);
	t->pages++;
}

static int put_page(struct tiff *t, const struct tiff_page *g, struct sl_why *why)
{
	uint32_t values[TIFF_KEPT_MAX], places, lengths, *list = NULL;
	struct grid d;
	int r;

	if (!clean_tiff_is_whole(clean_tiff_number(t, g, TIFF_COMPRESSION, 1),
				 clean_tiff_find(g, TIFF_JPEG_TABLES)))
		return why_set(why, SL_E_UNSUPPORTED,
			       "the picture holds a JPEG of an old kind");
	r = lay_grid(t, g, &d);
	if (r != SL_OK)
		goto out;
	list = calloc((size_t)d.n * 2, sizeof(*list));
	r = list != NULL ? put_pixels(t, g, &d, list, list + d.n) : SL_E_NOMEM;
	if (r != SL_OK)
		goto out;
	places = put_list(t, list, d.n);
	lengths = put_list(t, list + d.n, d.n);
	for (size_t i = 0; i < g->n; i++)
		values[i] = put_value(t, &g->kept[i]);
	put_directory(t, g, d.n, places, lengths, values);
	r = buf_error(&t->r->bytes);
out:
	free(list);
	return r == SL_E_FORMAT ? damaged(why) : r;
}

int clean_tiff(const struct clean_job *job, struct clean_result *r, struct sl_why *why)
{
	struct tiff t = {.p = job->bytes, .len = job->len, .r = r, .next_at = 4};
	struct tiff_page g;
	uint32_t at;
	int e = SL_OK;

	if (job->len < 8 || job->len > UINT32_MAX ||
	    (memcmp(t.p, "II*\0", 4) != 0 && memcmp(t.p, "MM\0*", 4) != 0))
		return damaged(why);
	t.big = t.p[0] == 'M';
	t.seen = calloc(t.len / 8 + 1, 1);
	if (t.seen == NULL)
		return SL_E_NOMEM;
	buf_put(&r->bytes, t.p, 4);
	put(&t, 0, 4);
	(void)clean_tiff_tick(&t, 0, 8);
	at = clean_tiff_u32(&t, t.p + 4);
	for (unsigned i = 0; e == SL_OK && at != 0; i++) {
		e = i < PAGES_MAX ? clean_tiff_page(&t, at, &g) : SL_E_LIMIT;
		if (e != SL_OK)
			break;
		at = g.next;
		if (t.pages > 0 && (clean_tiff_number(&t, &g, TIFF_KIND, 0) & REDUCED) != 0)
			clean_say(r, "removed", "", "thumbnail", 1);
		else
			e = put_page(&t, &g, why);
	}
	if (e == SL_OK && t.pages == 0)
		e = SL_E_FORMAT;
	if (e == SL_OK && clean_tiff_has_more(&t))
		clean_say(r, "removed", "", "bytes between the parts", 1);
	free(t.seen);
	return e == SL_E_FORMAT ? damaged(why) : e;
}
